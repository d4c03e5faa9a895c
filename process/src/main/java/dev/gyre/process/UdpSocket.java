package dev.gyre.process;

import dev.gyre.io.Address;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Socket;
import dev.gyre.io.Timeout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket of datagrams that a process owns. Made by {@link Sockets#bind}. */
public final class UdpSocket extends ActiveSocket {
    private final DatagramSocket socket;
    private final UdpOptions options;

    /** Room for what comes; made when it is first waited for. By whoever is {@link #reading}. */
    private @Nullable Datagram room;

    /** Whether something is in it. */
    private boolean filled;

    UdpSocket(ControlBlock owner, DatagramSocket socket, UdpOptions options) {
        super(owner, options.receiveQueue());
        this.socket = socket;
        this.options = options;
    }

    /**
     * Receives a datagram; as {@link #receive(Timeout)} for as long as it takes.
     *
     * @return the datagram
     * @throws IoException as said there
     */
    public SocketMessage.Packet receive() throws IoException {
        return receive(Timeout.NONE);
    }

    /**
     * Receives a datagram, in passive mode. A cancellation point; one that ends early has taken nothing.
     *
     * @param limit zero answers at once
     * @return the datagram; of one that is longer than the receive buffer, its beginning
     * @throws IoException with a reason of {@link Operation#RECEIVE}; {@link Reason#TIMED_OUT} after the limit
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalStateException if the socket is active
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public SocketMessage.Packet receive(Timeout limit) throws IoException {
        begin();
        requirePassive();
        return within(limit, Operation.READ, () -> {
            reading.lock();
            try {
                awaitNext();
                return takeNext();
            } finally {
                reading.unlock();
            }
        });
    }

    /**
     * Sends a datagram. A cancellation point; one that was canceled has sent nothing.
     *
     * @param bytes what it carries
     * @param to who is to get it
     * @throws IoException with a reason of {@link Operation#SEND}; it was not sent then
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the address has port 0
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void send(byte[] bytes, Address to) throws IoException {
        begin();
        Object _ = using(() -> {
            socket.send(MemorySegment.ofArray(bytes), to);
            return bytes;
        });
    }

    /**
     * Sends a datagram to the peer that the socket is connected to. A cancellation point; one that was canceled has
     * sent nothing.
     *
     * @param bytes what it carries
     * @throws IoException with a reason of {@link Operation#SEND}: {@link Reason#NO_DESTINATION} where it is not
     *     connected, {@link Reason#CONNECTION_REFUSED} for an earlier datagram. This one was not sent then
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void send(byte[] bytes) throws IoException {
        begin();
        Object _ = using(() -> {
            socket.send(MemorySegment.ofArray(bytes));
            return bytes;
        });
    }

    /**
     * Connects to a peer: what is sent without an address goes there, and only what comes from there is received. Does
     * not wait.
     *
     * @param peer the address
     * @throws IoException with a reason of {@link Operation#CONNECT}; the socket is as it was
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void connect(Address peer) throws IoException {
        begin();
        requireOpen();
        socket.connect(peer);
    }

    /**
     * The port that it receives at.
     *
     * @return the one that the kernel chose where 0 was asked for
     * @throws IoException if it is closed
     */
    public int port() throws IoException {
        return Sockets.portOf(localAddress());
    }

    @Override
    Socket below() {
        return socket;
    }

    @Override
    boolean awaitNext() throws IoException {
        if (!filled) {
            if (room == null) {
                room = new Datagram(MemorySegment.ofArray(new byte[options.receiveBuffer()]));
            }
            socket.receive(room);
            filled = true;
        }
        return true;
    }

    @Override
    SocketMessage.Packet takeNext() {
        Datagram datagram = Objects.requireNonNull(room);
        filled = false;
        return new SocketMessage.Packet(
                this,
                Objects.requireNonNull(datagram.address()),
                datagram.payload().toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    byte[] bytesOf(SocketMessage message) {
        return ((SocketMessage.Packet) message).bytes();
    }

    @Override
    @Nullable SocketMessage endOf(@Nullable Throwable failure) {
        return null;
    }

    @Override
    Throwable toldOf(Throwable failure) {
        return failure;
    }
}
