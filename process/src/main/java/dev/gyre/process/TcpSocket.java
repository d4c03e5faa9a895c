package dev.gyre.process;

import dev.gyre.io.Address;
import dev.gyre.io.Body;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Socket;
import dev.gyre.io.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a process owns. Made by {@link Sockets}.
 *
 * <pre>{@code
 * socket.setActive(ActiveMode.ONCE);
 * switch (self.receive()) {
 *     case SocketMessage.Data(TcpSocket from, byte[] bytes) -> from.send(bytes);
 *     case SocketMessage.Closed(TcpSocket from) -> from.close();
 *     case String command -> obey(command);
 *     default -> {}
 * }
 * }</pre>
 *
 * <p>To wait for a message and for passive reception at once: {@code self.untilMessage(() -> socket.receive(0))}, which
 * loses nothing.
 */
public final class TcpSocket extends ActiveSocket {
    private final Connection connection;
    private final TcpOptions options;
    private final Input input;
    private final Output output;

    /** Changed by whoever is {@link #reading}. */
    private volatile Framing framing;

    TcpSocket(ControlBlock owner, Connection connection, TcpOptions options) {
        super(owner, options.receiveQueue());
        this.connection = connection;
        this.options = options;
        framing = options.framing();
        input = new Input(connection, options);
        output = new Output(node, connection, options.sendQueue());
    }

    /**
     * Divides the stream in another way from here on: what has not been received yet, be it read already, and what is
     * sent. For a protocol that goes on in another way after its beginning. In passive mode; waits for who receives
     * just now, and is a cancellation point then.
     *
     * @param frames of which {@link TcpOptions#frameMax} bounds the length as before
     * @throws IoException with {@link Reason#CLOSED} if the socket is closed
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalStateException if the socket is active
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void setFraming(Framing frames) throws IoException {
        begin();
        requirePassive();
        reading.lock();
        try {
            input.setFraming(frames);
            framing = frames;
        } finally {
            reading.unlock();
        }
    }

    /**
     * Receives; as {@link #receive(int, Timeout)} for as long as it takes.
     *
     * @param length how many bytes; 0 for what is there, or a frame
     * @return new
     * @throws IoException as said there
     */
    public byte[] receive(int length) throws IoException {
        return receive(length, Timeout.NONE);
    }

    /**
     * Receives, in passive mode. A cancellation point. What had come when it ends early, by the limit or by a request
     * to stop, is there for the next one.
     *
     * @param length how many bytes, which may come in many pieces; 0 for whatever is there, 1 byte or more, up to the
     *     receive buffer. With a {@link Framing}, it is 0, and a frame is received
     * @param limit for all of it; zero looks for what has been read already, and answers at once
     * @return new
     * @throws IoException with a reason of {@link Operation#READ} or {@link Operation#READ_BUFFERED}: {@link
     *     Reason#CLOSED} at the end of the stream, {@link Reason#TIMED_OUT}; {@link Reason#TOO_LONG} for a frame, and
     *     then the connection is aborted; {@link Reason#END_OF_STREAM} once for a frame that is cut, before {@code
     *     CLOSED}
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the length is negative, or not 0 and there are frames
     * @throws IllegalStateException if the socket is active
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public byte[] receive(int length, Timeout limit) throws IoException {
        begin();
        if (length < 0 || (length > 0 && framing != Framing.RAW)) {
            throw new IllegalArgumentException("length " + length + (length < 0
                    ? " is negative"
                    : " is for connections without frames; here it is 0, for a frame of " + framing));
        }
        requirePassive();
        byte[] ready = tryTake(length);
        return ready != null
                ? ready
                : within(limit, Operation.READ, () -> {
                    reading.lock();
                    try {
                        return take(length);
                    } finally {
                        reading.unlock();
                    }
                });
    }

    private byte @Nullable [] tryTake(int length) throws IoException {
        if (!reading.tryLock()) {
            return null;
        }
        try {
            return has(length) ? obeying(() -> input.take(length)) : null;
        } finally {
            reading.unlock();
        }
    }

    private byte[] take(int length) throws IoException {
        if (!await(length)) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
        return obeying(() -> input.take(length));
    }

    /** Waits for so many bytes, or for a frame. False at the end of the stream. */
    private boolean await(int length) throws IoException {
        while (!has(length)) {
            if (!fill(length)) {
                input.requireWhole();
                return false;
            }
        }
        return true;
    }

    private boolean has(int length) throws IoException {
        return obeying(() -> input.has(length));
    }

    /** Does something that fails if the peer breaks the rules of the framing: then it is hung up on. */
    private <T> T obeying(Body<T, IoException> step) throws IoException {
        boolean obeys = false;
        try {
            T result = step.run();
            obeys = true;
            return result;
        } finally {
            if (!obeys) {
                hangUp();
            }
        }
    }

    private void hangUp() {
        input.drop();
        connection.abort();
    }

    private boolean fill(int length) throws IoException {
        try {
            return input.fill(length);
        } catch (IoException failure) {
            throw told(failure, Operation.READ);
        }
    }

    /**
     * Sends a message, framed as the connection is. A cancellation point. Several processes may send at once: each
     * message goes as a whole. When it returns, the kernel has all of it, and all that was {@linkplain #enqueue queued}
     * before.
     *
     * <p>When it ends early, by the send timeout or a request to stop, none of it has gone or will; or some has, and
     * then the rest follows by itself, so that the stream is never cut.
     *
     * @param bytes nothing to send is done at once, unless it is a frame. Not to be changed until then
     * @throws IoException with a reason of {@link Operation#WRITE}: {@link Reason#CLOSED} where the peer has ended the
     *     connection, {@link Reason#TIMED_OUT} after the send timeout
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if there is no frame that carries so many bytes
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void send(byte[] bytes) throws IoException {
        byte[] frame = frameOf(bytes);
        if (frame.length > 0) {
            within(options.sendTimeout(), Operation.WRITE, () -> {
                output.send(frame);
                return frame;
            });
        }
    }

    /**
     * Sends a message without waiting until the kernel takes it: it is put into a queue, which a task of the socket's
     * writes. A cancellation point where the queue is full: this waits then from the high watermark on, until it has
     * come down to the low one, for the send timeout at most.
     *
     * <p>What the peer does not take is lost with the connection, and with {@link #close()}: see {@link #flush()}.
     *
     * @param bytes as for {@link #send}; not to be changed any more
     * @throws IoException with a reason of {@link Operation#WRITE}: {@link Reason#CLOSED} where a message before this
     *     one found the connection ended, {@link Reason#TIMED_OUT} after the send timeout; it is not sent then
     * @throws dev.gyre.io.CanceledException if the calling task is to stop; it is not sent then
     * @throws IllegalArgumentException if there is no frame that carries so many bytes
     * @throws ProcessLimitException if no further task can be started; the next that is sent takes this one with it
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void enqueue(byte[] bytes) throws IoException {
        byte[] frame = frameOf(bytes);
        if (frame.length > 0) {
            within(options.sendTimeout(), Operation.WRITE, () -> {
                output.enqueue(frame);
                return frame;
            });
        }
    }

    /**
     * Waits until the kernel has all that was queued before. A cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#WRITE}: {@link Reason#TIMED_OUT} after the send timeout
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void flush() throws IoException {
        begin();
        requireOpen();
        within(options.sendTimeout(), Operation.WRITE, () -> {
            output.flush();
            return "";
        });
    }

    private byte[] frameOf(byte[] bytes) throws IoException {
        begin();
        requireOpen();
        return framing.encode(bytes);
    }

    @Override
    <T> T within(Timeout limit, Operation operation, Body<T, IoException> body) throws IoException {
        try {
            return super.within(limit, operation, body);
        } catch (IoException failure) {
            throw told(failure, operation);
        }
    }

    /**
     * Ends a direction, while the connection stays open: after {@link Direction#WRITE}, the peer reads the end of the
     * stream. What is queued and has not gone is not waited for.
     *
     * @param direction which one
     * @throws IoException with a reason of {@link Operation#SHUTDOWN}
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public void shutdown(Direction direction) throws IoException {
        begin();
        requireOpen();
        connection.shutdown(direction);
    }

    /**
     * The peer's address.
     *
     * @return asked from the kernel at the first call
     * @throws IoException with {@link Reason#NOT_CONNECTED} where the peer has vanished, {@link Reason#CLOSED} after
     *     {@link #close()}
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public Address remoteAddress() throws IoException {
        begin();
        return connection.remoteAddress();
    }

    @Override
    Socket below() {
        return connection;
    }

    @Override
    void end() {
        super.end();
        output.end();
    }

    @Override
    void awaitEnd() {
        super.awaitEnd();
        output.awaitEnd();
    }

    @Override
    boolean awaitNext() throws IoException {
        return await(0);
    }

    @Override
    SocketMessage takeNext() {
        return new SocketMessage.Data(this, input.take(0));
    }

    @Override
    byte[] bytesOf(SocketMessage message) {
        return ((SocketMessage.Data) message).bytes();
    }

    @Override
    SocketMessage endOf(@Nullable Throwable failure) {
        return new SocketMessage.Closed(this);
    }

    @Override
    @Nullable Throwable toldOf(Throwable failure) {
        if (failure instanceof IoException known) {
            return known.reason() == Reason.CLOSED ? null : known;
        }
        hangUp();
        return failure;
    }
}
