package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket of datagrams: UDP or Unix. Made by {@link Network#bind}. What is sent at once arrives at once, or not at
 * all: boundaries are kept, those of datagrams without a byte too. UDP may lose datagrams, repeat them and change their
 * order; a Unix socket does not.
 *
 * <p>Any task may use it, several at once too; each datagram goes to one of them. All methods that wait are
 * cancellation points: one that was canceled has received nothing, and has sent nothing. A limit of time is that of
 * {@link Tasks#within}, which loses nothing either:
 *
 * <pre>{@code
 * Datagram answer = io.within(Timeout.after(Duration.ofSeconds(2)), () -> socket.receive(buffer));
 * }</pre>
 *
 * <p>A socket of IPv6 that is not {@linkplain SocketOption#IP6_ONLY for IPv6 only} can be sent IPv4 addresses
 * to, and receives from mapped ones.
 */
public non-sealed interface DatagramSocket extends Passable, Socket {

    /**
     * Sends a datagram. Waits until the kernel takes it; on a Unix socket, until its receiver has room.
     *
     * @param datagram the first {@link Datagram#length()} bytes of its buffer, to its address, or to the peer
     * @throws IoException with a reason of {@link Operation#SEND}; then it was not sent. A
     *     {@link Reason#CONNECTION_REFUSED} of a connected UDP socket is about an earlier datagram
     * @throws CanceledException if the calling task is to stop; then it was not sent
     * @throws IllegalArgumentException if the address has port 0, or the control data makes no sense for the protocol:
     *     any on a Unix socket, a time to live of 0 over IPv4, an address of IPv6 on a socket of IPv4; or it says what
     *     only the kernel says: a timestamp, credentials
     */
    void send(Datagram datagram) throws IoException;

    /**
     * Sends a datagram to an address.
     *
     * @param payload all of it
     * @param to who is to get it
     * @throws IoException as {@link #send(Datagram)}
     */
    default void send(MemorySegment payload, Address to) throws IoException {
        send(new Datagram(payload).address(to));
    }

    /**
     * Sends a datagram to the peer that the socket is {@linkplain #connect connected} to.
     *
     * @param payload all of it
     * @throws IoException as {@link #send(Datagram)}; {@link Reason#NO_DESTINATION} where it is not connected
     */
    default void send(MemorySegment payload) throws IoException {
        send(new Datagram(payload));
    }

    /**
     * Sends several datagrams, in their order, with few system calls (sendmmsg(2)).
     *
     * @param datagrams each as by {@link #send(Datagram)}
     * @return how many were sent: all; or fewer, where the next one failed or the task is to stop, as the next call
     *     will tell if it is still so
     * @throws IoException with a reason of {@link Operation#SEND} that the first has; then none was sent
     * @throws CanceledException if the calling task is to stop; then none was sent
     */
    int send(List<Datagram> datagrams) throws IoException;

    /**
     * Waits for a datagram.
     *
     * @param into its room, which is changed to say what came
     * @throws IoException with a reason of {@link Operation#RECEIVE}
     * @throws CanceledException if the calling task is to stop; then nothing was taken
     * @throws IllegalArgumentException if the buffer is read-only
     */
    void receive(Datagram into) throws IoException;

    /**
     * Waits for a datagram.
     *
     * @param buffer room for it, writable
     * @return what came
     * @throws IoException as {@link #receive(Datagram)}
     */
    default Datagram receive(MemorySegment buffer) throws IoException {
        Datagram datagram = new Datagram(buffer);
        receive(datagram);
        return datagram;
    }

    /**
     * Waits for a datagram, and takes with it all others that are there and have room (recvmmsg(2)).
     *
     * @param into the rooms; {@link Datagram#divide} makes several of one buffer
     * @return how many came: 1 or more, in the first so many; 0 only for an empty list
     * @throws IoException with a reason of {@link Operation#RECEIVE}
     * @throws CanceledException if the calling task is to stop; then nothing was taken
     */
    int receive(List<Datagram> into) throws IoException;

    /**
     * Takes a datagram that is there. Does not wait; a cancellation point all the same.
     *
     * @param into its room
     * @return false if there is none
     * @throws IoException with a reason of {@link Operation#RECEIVE}
     */
    boolean tryReceive(Datagram into) throws IoException;

    /**
     * Connects to a peer: what is sent without an address goes there, and only what comes from there is received, from
     * now on; what had arrived before stays. Over UDP nothing is sent for that. Connecting again changes the peer; a
     * Unix socket loses what a former peer has sent and was not received. Does not wait.
     *
     * @param peer the address
     * @throws IoException with a reason of {@link Operation#CONNECT}; the socket is as it was
     */
    void connect(Address peer) throws IoException;

    /**
     * Ends what {@link #connect} has begun. Does nothing where it is not connected; a Unix socket loses what its peer
     * has sent and was not received. Does not wait. For a moment, Linux gives up the port, if it has chosen that, and
     * the interface that the socket is bound to.
     *
     * @throws IoException with a reason of {@link Operation#CONNECT}: {@link Reason#ADDRESS_IN_USE}, where somebody
     *     else took the port in that moment; {@link Reason#PERMISSION_DENIED} before Linux 5.7, where the socket is
     *     bound to an interface, and the process has no {@code CAP_NET_RAW}
     */
    void disconnect() throws IoException;

    /**
     * Takes an error that came back for a datagram, of a socket made with {@link DatagramOptions.Flag#ERRORS}. Does not
     * wait. Errors are kept until they are taken; of more than 64, the newest are lost.
     *
     * @return the oldest; null if there is none
     * @throws IoException with a reason of {@link Operation#RECEIVE}
     */
    @Nullable DatagramError takeError() throws IoException;

    /**
     * Receives what is sent to a group, too, from now on, if it is sent to this socket's port. Does not wait.
     *
     * @param group which one
     * @throws IoException with a reason of {@link Operation#JOIN_GROUP}
     */
    void join(MulticastGroup group) throws IoException;

    /**
     * Ends what {@link #join} has begun. Does not wait.
     *
     * @param group as it was joined; without a source, whatever senders it was joined for
     * @throws IoException with a reason of {@link Operation#LEAVE_GROUP}
     */
    void leave(MulticastGroup group) throws IoException;

    /**
     * Says how datagrams go that this socket sends to groups; to those of IPv4, too, where it is one of IPv6. Does not
     * wait.
     *
     * @param options how
     * @throws IoException with a reason of {@link Operation#SET_MULTICAST}
     */
    void multicast(MulticastOptions options) throws IoException;

    /**
     * This socket's address.
     *
     * @return with the port that the kernel chose; where it was bound to all interfaces and is connected, that which
     *     leads to the peer
     * @throws IoException with {@link Reason#CLOSED} after {@link #close()}
     */
    @Override
    Address localAddress() throws IoException;

    /**
     * The peer's address.
     *
     * @return null where it is not connected
     * @throws IoException with {@link Reason#CLOSED} after {@link #close()}
     */
    @Nullable Address remoteAddress() throws IoException;

    /**
     * Closes it. Operations that wait fail with {@link Reason#CLOSED}. What has arrived and was not received is lost.
     * Closing again does nothing. Not a cancellation point.
     */
    @Override
    void close();
}
