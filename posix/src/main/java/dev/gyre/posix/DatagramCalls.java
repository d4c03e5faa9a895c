package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.spi.Fiber;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls that have to do with datagrams. Sockets are bound and closed as those of streams are. Errors that come
 * back and multicast are, as they are here, those of a backend that has none.
 */
public interface DatagramCalls {
    /**
     * How to receive.
     *
     * @param waits whether to wait; otherwise {@code EAGAIN} says that there is none
     * @param control whether the socket asks for control data
     */
    record Receiving(boolean waits, boolean control) {}

    /**
     * Makes a socket of datagrams, closed on exec: socket(2). Does not wait.
     *
     * @param address of the family that it is to have
     * @return a descriptor
     */
    int datagramSocket(Address address);

    /**
     * Sets an option: setsockopt(2). Does not wait.
     *
     * @param socket from {@link #datagramSocket}
     * @param address of its family
     * @param flag which one
     * @return 0
     */
    int setOption(int socket, Address address, DatagramOptions.Flag flag);

    /**
     * Which options are set: getsockopt(2). Does not wait.
     *
     * @param socket of datagrams, which may be another program's
     * @param address of its family
     * @return those; one that the kernel does not tell, too
     */
    Set<DatagramOptions.Flag> datagramFlags(int socket, Address address);

    /**
     * Gives a socket its peer, or takes it: connect(2). Does not wait.
     *
     * @param socket held by the caller
     * @param peer null for none
     * @return 0
     */
    int connectDatagrams(Descriptor socket, @Nullable Address peer);

    /**
     * Sends some datagrams, waiting until there is room for the first: sendmmsg(2).
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @param datagrams at least one after those that were sent
     * @param sent how many of them were sent already
     * @param peer where those go that have no address; null where the socket is not connected
     * @return how many more were sent, 1 or more; an error is that of the first, {@code EAGAIN} if there may be room
     *     now
     */
    int sendDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> datagrams, int sent, @Nullable Address peer);

    /**
     * Receives some datagrams, waiting for the first: recvmmsg(2).
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @param datagrams writable, one or more
     * @param receiving how
     * @return how many were received, 1 or more; any error where the socket was closed meanwhile;
     *     {@code EAGAIN} after a wait if there may be one now
     */
    int receiveDatagrams(Fiber fiber, Descriptor socket, List<Datagram> datagrams, Receiving receiving);

    /**
     * Takes an error that came back: recvmsg(2) with {@code MSG_ERRQUEUE}. Does not wait.
     *
     * @param socket held by the caller
     * @return {@code EAGAIN} if there is none
     */
    default Answer<DatagramError> takeError(Descriptor socket) {
        return Answer.failed(-ErrorNumber.EAGAIN.code());
    }

    /**
     * Joins a group, or leaves it: setsockopt(2). Does not wait.
     *
     * @param socket held by the caller
     * @param group which one
     * @param joins or else leaves
     * @return 0
     */
    default int setMember(Descriptor socket, MulticastGroup group, boolean joins) {
        return -ErrorNumber.EOPNOTSUPP.code();
    }

    /**
     * Says how datagrams go to groups: setsockopt(2). Does not wait.
     *
     * @param socket held by the caller
     * @param family of the socket
     * @param options how
     * @return 0
     */
    default int setMulticast(Descriptor socket, Address family, MulticastOptions options) {
        return -ErrorNumber.EOPNOTSUPP.code();
    }
}
