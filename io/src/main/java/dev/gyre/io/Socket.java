package dev.gyre.io;

/** What all sockets have: an address of their own, and options. Any thread may call its methods; none of them waits. */
public interface Socket extends AutoCloseable {

    /**
     * The socket's own address.
     *
     * @return with the port or the name that the kernel chose, where that was left to it
     * @throws IoException with a reason of {@link Operation#LOCAL_ADDRESS}
     */
    Address localAddress() throws IoException;

    /**
     * Asks the kernel for the value of an option.
     *
     * @param <T> the type of its values
     * @param option which one
     * @return the value, which may be another than the one that was set: the kernel rounds, doubles and cuts, as
     *     each option says
     * @throws IoException with a reason of {@link Operation#GET_OPTION}: {@link Reason#OPTION_UNSUPPORTED} where this
     *     kind of socket or this kernel does not have the option, {@link Reason#CLOSED} after {@link #close()}
     */
    <T> T option(SocketOption<T> option) throws IoException;

    /**
     * Sets an option, for what is sent and received from now on.
     *
     * @param <T> the type of its values
     * @param option which one
     * @param value within the option's range
     * @throws IoException with a reason of {@link Operation#SET_OPTION}: {@link Reason#OPTION_UNSUPPORTED} where this
     *     kind of socket or this kernel does not have the option, {@link Reason#OPTION_VALUE_REFUSED} where the kernel
     *     does not take the value, {@link Reason#CLOSED} after {@link #close()}
     * @throws IllegalArgumentException if the value is out of range, or the option is {@linkplain
     *     SocketOption#settable() not set} on a socket like this one
     */
    <T> void setOption(SocketOption<T> option, T value) throws IoException;

    /** Closes it. Closing again does nothing. Not a cancellation point. */
    @Override
    void close();
}
