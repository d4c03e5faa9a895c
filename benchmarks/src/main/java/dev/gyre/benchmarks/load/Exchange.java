package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** What is said on the connections: the requests, and how their answers are told and checked. */
interface Exchange {
    /** The request of each connection, as it goes out; native memory. */
    MemorySegment[] requests();

    /** Makes the connection's next request differ from its last one. The last one must have been answered. */
    void renew(int connection);

    /**
     * Takes bytes that arrived on a connection.
     *
     * @return whether they complete the answer
     * @throws IOException if they are not the answer to this connection's request; the message says what is wrong
     */
    boolean take(int connection, MemorySegment memory, long offset, int length) throws IOException;
}
