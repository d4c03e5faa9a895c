package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Connections to one server, numbered from 0, driven by one thread that polls.
 *
 * <p>Nothing blocks but opening and closing.
 */
interface Transport extends AutoCloseable {
    /** Where received bytes go. */
    interface Receiver {
        /**
         * Bytes arrived.
         *
         * @param memory valid during the call only
         * @throws IOException if they are not what was expected; {@link #poll} passes it on
         */
        void received(int connection, MemorySegment memory, long offset, int length) throws IOException;
    }

    /**
     * Sends the whole of the request that the transport was opened with for this connection. Its memory is not to be
     * changed until it is answered.
     *
     * @throws IOException if the connection broke
     */
    void send(int connection) throws IOException;

    /**
     * Hands on everything that arrived by now.
     *
     * @return whether anything did
     * @throws IOException if a connection broke, the server closed one, or the receiver refused
     */
    boolean poll(Receiver receiver) throws IOException;

    @Override
    void close() throws IOException;
}
