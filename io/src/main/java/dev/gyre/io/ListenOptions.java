package dev.gyre.io;

/**
 * How to listen.
 *
 * @param backlog how many connections may wait to be accepted, 1 or more; the kernel caps it at
 *     {@code net.core.somaxconn}
 * @param reuseAddress whether a port whose last connections have not timed out may be taken again
 *     ({@code SO_REUSEADDR})
 * @param reusePort whether several listeners may share the port, each with a queue of its own
 *     ({@code SO_REUSEPORT}); unlike in some other libraries the two are not one option
 */
public record ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {
    /** Backlog 1024, the address is reused, the port is not shared. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false);

    /** Refuses a backlog below 1. */
    public ListenOptions {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + " is less than 1");
        }
    }

    /**
     * The same with another backlog.
     *
     * @param newBacklog 1 or more
     * @return the options
     */
    public ListenOptions withBacklog(int newBacklog) {
        return new ListenOptions(newBacklog, reuseAddress, reusePort);
    }

    /**
     * The same with or without {@code SO_REUSEADDR}.
     *
     * @param reuse whether to set it
     * @return the options
     */
    public ListenOptions withReuseAddress(boolean reuse) {
        return new ListenOptions(backlog, reuse, reusePort);
    }

    /**
     * The same with or without {@code SO_REUSEPORT}.
     *
     * @param reuse whether to set it
     * @return the options
     */
    public ListenOptions withReusePort(boolean reuse) {
        return new ListenOptions(backlog, reuseAddress, reuse);
    }
}
