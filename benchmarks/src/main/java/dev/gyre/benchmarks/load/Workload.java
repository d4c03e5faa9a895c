package dev.gyre.benchmarks.load;

/**
 * What the load generator is asked to do.
 *
 * @param port where the server listens on 127.0.0.1
 * @param serverPid the server's process, whose processor time is read at both ends of the window
 * @param path what to GET by HTTP, beginning with a slash; empty for echo
 * @param datagrams whether the server speaks UDP, and not TCP
 * @param size bytes in an echoed message, or in the body that {@code path} has; at least 1
 * @param connections at least 1
 * @param rate requests a second over all connections, each due at its own instant; 0 sends the next request of a
 *     connection as soon as the last is answered
 * @param leadNanos load before the window opens
 * @param windowNanos what is measured
 */
public record Workload(
        int port,
        long serverPid,
        String path,
        boolean datagrams,
        int size,
        int connections,
        long rate,
        long leadNanos,
        long windowNanos) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the component that is out of range
     */
    public Workload {
        require(port > 0 && port < 65536, "port", port);
        require(serverPid > 0, "server pid", serverPid);
        require(size >= 1, "size", size);
        require(connections >= 1, "connections", connections);
        require(rate >= 0, "rate", rate);
        require(leadNanos >= 0, "lead", leadNanos);
        require(windowNanos > 0, "window", windowNanos);
    }

    private static void require(boolean condition, String name, long value) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
