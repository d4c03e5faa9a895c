package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Direction;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;

/**
 * The thin calls that never wait. Each answers what its system call would: 0 or more, or a negated
 * {@linkplain dev.gyre.io.ErrorNumber error number}. Any thread may make them. They retry nothing, decide nothing and
 * keep nothing: that is the contract's part, which calls them.
 */
public interface ImmediateCalls extends SocketCalls {
    /**
     * Makes a socket, closed on exec: socket(2).
     *
     * @param address of the family that it is to have
     * @param type what it carries
     * @return a descriptor
     */
    int socket(Address address, SocketType type);

    /**
     * Sets an option: setsockopt(2).
     *
     * @param socket a descriptor, which nobody else uses
     * @param setting which one, to what
     * @return 0
     */
    int setOption(int socket, SocketOption.Setting<?> setting);

    /**
     * Sets an option of a socket that may be in use: setsockopt(2).
     *
     * @param socket held by the caller
     * @param setting which one, to what
     * @return 0
     */
    default int setOption(Descriptor socket, SocketOption.Setting<?> setting) {
        return setOption(socket.number(), setting);
    }

    /**
     * Asks for an option: getsockopt(2).
     *
     * @param <T> the type of its values
     * @param socket a descriptor
     * @param option which one
     * @return the value
     */
    <T> Answer<T> option(int socket, SocketOption<T> option);

    /**
     * Gives a socket its address: bind(2).
     *
     * @param socket a descriptor
     * @param address which one; with port 0, or without a name, the kernel chooses
     * @return 0
     */
    int bind(int socket, Address address);

    /**
     * Lets a socket take connections: listen(2).
     *
     * @param socket a descriptor
     * @param backlog how many wait at most to be accepted
     * @return 0
     */
    int listen(int socket, int backlog);

    /**
     * A socket's own address: getsockname(2).
     *
     * @param socket a descriptor
     * @return the address
     */
    Answer<Address> localAddress(int socket);

    /**
     * The address of a socket's peer: getpeername(2).
     *
     * @param socket a descriptor
     * @return the address
     */
    Answer<Address> remoteAddress(int socket);

    /**
     * Ends a direction: shutdown(2). Whoever waits for it goes on.
     *
     * @param socket held by the caller
     * @param direction which one
     * @return 0
     */
    int shutdown(Descriptor socket, Direction direction);

    /**
     * Breaks a connection off, so that the peer hears of a reset: connect(2) with {@code AF_UNSPEC}. What waits on it
     * ends soon. Nothing but TCP has that.
     *
     * @param socket held by the caller
     * @return 0
     */
    int reset(Descriptor socket);

    /**
     * Moves a file's position: lseek(2).
     *
     * @param file held by the caller
     * @param distance in bytes
     * @param fromHere whether it counts from the present position, or else from the beginning
     * @return the new position
     */
    long moveTo(Descriptor file, long distance, boolean fromHere);

    /**
     * Makes a queue of what happens to files: inotify_init1(2).
     *
     * @return a descriptor, closed on exec, to be closed by {@link Kernel#close}
     */
    int openWatcher();

    /**
     * Watches a file no more: inotify_rm_watch(2).
     *
     * @param watcher from {@link #openWatcher}, held by the caller
     * @param watch from {@link Kernel#watch}
     * @return 0; {@code EINVAL} if it was not watched any more
     */
    int unwatch(Descriptor watcher, int watch);

    /**
     * Gives a socket's descriptor back: close(2). A socket has nothing to write back, so nobody can act on an error.
     *
     * @param socket a descriptor
     */
    void closeSocket(int socket);
}
