package dev.gyre.io;

import java.util.List;

/**
 * How to listen.
 *
 * @param backlog how many connections may wait to be accepted, 1 or more; the kernel caps it at
 *     {@code net.core.somaxconn}
 * @param reuseAddress whether a port whose last connections have not timed out may be taken again
 *     ({@link SocketOption#REUSE_ADDRESS}); without a meaning for Unix sockets
 * @param reusePort whether several listeners may share the port, each with a queue of its own
 *     ({@link SocketOption#REUSE_PORT}); unlike in some other libraries the two are not one option. Without a meaning
 *     for Unix sockets
 * @param type what connections carry
 * @param replaceStale whether the file of a Unix socket is removed that is in the way, if nobody listens there any
 *     more: one that another process, or an earlier run, has left. It must be a socket, and connecting to it must be
 *     refused; any other file, and a listener that is alive, are {@link Reason#ADDRESS_IN_USE}. Two that start at the
 *     same moment may both find it stale, and the later one then has the path
 * @param settings other options that the socket has before it is bound; what is accepted begins with them
 */
public record ListenOptions(
        int backlog, boolean reuseAddress, boolean reusePort, SocketType type, boolean replaceStale,
        List<SocketOption.Setting<?>> settings) {
    /** Backlog 1024, the address is reused, the port is not shared. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false);

    /** Refuses a backlog below 1, and options that are for those who connect, or for connections that exist. */
    public ListenOptions {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + " is less than 1");
        }
        settings = List.copyOf(settings);
        for (SocketOption.Setting<?> setting : settings) {
            SocketOption<?> option = setting.option();
            if (option.equals(SocketOption.REUSE_ADDRESS) || option.equals(SocketOption.REUSE_PORT)) {
                throw new IllegalArgumentException(option + " is given by withReuseAddress or withReusePort");
            }
            switch (option.settable()) {
                case ALWAYS, BEFORE_BIND, LISTENING -> {}
                case BEFORE_CONNECT -> throw new IllegalArgumentException(option + " is for those who connect");
                case CONNECTED -> throw new IllegalArgumentException(
                        option + " is set on a connection: call its setOption");
                case NEVER -> throw new AssertionError("a setting is of an option that can be set");
            }
        }
    }

    /**
     * For streams, without other options.
     *
     * @param backlog how many connections may wait to be accepted, 1 or more
     * @param reuseAddress whether a port whose last connections have not timed out may be taken again
     * @param reusePort whether several listeners may share the port
     */
    public ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {
        this(backlog, reuseAddress, reusePort, SocketType.STREAM, false, List.of());
    }

    /**
     * The same with another backlog.
     *
     * @param newBacklog 1 or more
     * @return the options
     */
    public ListenOptions withBacklog(int newBacklog) {
        return new ListenOptions(newBacklog, reuseAddress, reusePort, type, replaceStale, settings);
    }

    /**
     * The same with or without {@code SO_REUSEADDR}.
     *
     * @param reuse whether to set it
     * @return the options
     */
    public ListenOptions withReuseAddress(boolean reuse) {
        return new ListenOptions(backlog, reuse, reusePort, type, replaceStale, settings);
    }

    /**
     * The same with or without {@code SO_REUSEPORT}.
     *
     * @param reuse whether to set it
     * @return the options
     */
    public ListenOptions withReusePort(boolean reuse) {
        return new ListenOptions(backlog, reuseAddress, reuse, type, replaceStale, settings);
    }

    /**
     * The same for another type of socket.
     *
     * @param newType what connections carry
     * @return the options
     */
    public ListenOptions withType(SocketType newType) {
        return new ListenOptions(backlog, reuseAddress, reusePort, newType, replaceStale, settings);
    }

    /**
     * The same with or without removing the file of a Unix socket at which nobody listens any more.
     *
     * @param replace whether to remove it
     * @return the options
     */
    public ListenOptions withReplaceStale(boolean replace) {
        return new ListenOptions(backlog, reuseAddress, reusePort, type, replace, settings);
    }

    /**
     * The same with an option of the socket.
     *
     * @param <T> the type of its values
     * @param option which one
     * @param value within its range
     * @return the options
     * @throws IllegalArgumentException if the value is out of range, or the option is not for listeners
     */
    public <T> ListenOptions withOption(SocketOption<T> option, T value) {
        return new ListenOptions(
                backlog, reuseAddress, reusePort, type, replaceStale,
                SocketOption.Setting.with(settings, option.of(value)));
    }
}
