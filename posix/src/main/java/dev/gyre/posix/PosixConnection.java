package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EINVAL;
import static dev.gyre.io.ErrorNumber.ENOSYS;
import static dev.gyre.io.ErrorNumber.EOVERFLOW;
import static dev.gyre.io.ErrorNumber.EPERM;

import dev.gyre.io.Address;
import dev.gyre.io.BufferedSink;
import dev.gyre.io.Connection;
import dev.gyre.io.Credentials;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Passable;
import dev.gyre.io.Reason;
import dev.gyre.io.Sink;
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.SharedArena;
import dev.gyre.io.spi.StackRoom;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A connected socket behind a descriptor. */
final class PosixConnection extends PosixSocket implements Connection {
    /** So much of a file at once, that a request to stop need not wait for a slow disk and a fast peer for long. */
    private static final int PIECE = 1024 * 1024;

    /** So much of one that sendfile(2) refuses. */
    private static final int COPIED_PIECE = 128 * 1024;

    /** The longest message: what is copied is copied at once up to this length. */
    static final int MESSAGE_MAX = 1024 * 1024;

    private final SocketType type;

    private volatile @Nullable Address local;
    private volatile @Nullable Address remote;

    /** Whether nothing more is to be read. */
    private volatile boolean readingEnded;

    /** A connection that owns its descriptor from now on, however this ends: there may be no memory for it. */
    static PosixConnection owning(PosixIo io, int socket, Address known, SocketType type) {
        boolean complete = false;
        try {
            PosixConnection connection =
                    new PosixConnection(io, io.kernel().socketDescriptor(socket, known), known, type);
            complete = true;
            return connection;
        } finally {
            if (!complete) {
                io.kernel().closeSocket(socket);
            }
        }
    }

    /**
     * A connection.
     *
     * @param known the peer, or, where that was never asked for, the address it was accepted at
     */
    PosixConnection(PosixIo io, Descriptor descriptor, Address known, SocketType type) {
        super(io, descriptor, known, Options.Use.CONNECTION);
        this.type = type;
    }

    @Override
    public int read(MemorySegment buffer) throws IoException {
        try (SharedArena.Use _ = Buffers.useToWrite(buffer)) {
            Fiber fiber = io.begin();
            while (buffer.byteSize() > 0) {
                int result = isReadingOver() ? 0 : receive(fiber, buffer);
                if (hasRead(fiber, result)) {
                    return result == 0 ? -1 : result;
                }
            }
            return 0;
        }
    }

    /** Without an object for the call, as so many are made. */
    private int receive(Fiber fiber, MemorySegment buffer) throws IoException {
        hold(Operation.READ);
        try {
            return io.kernel().receive(fiber, descriptor, buffer);
        } catch (InternalError fault) {
            return Buffers.faulted(buffer, fault);
        } finally {
            release();
        }
    }

    @Override
    public int read(List<MemorySegment> buffers) throws IoException {
        try (BufferList list = BufferList.of(buffers)) {
            list.useToWrite();
            Fiber fiber = io.begin();
            return list.areEmpty()
                    ? 0
                    : read(fiber, () -> io.kernel().receive(fiber, descriptor, list.parts()), list::faulted);
        }
    }

    private int read(Fiber fiber, IntSupplier call, ToIntFunction<InternalError> faulted) throws IoException {
        while (true) {
            int result = isReadingOver() ? 0 : made(Operation.READ, call, faulted);
            if (hasRead(fiber, result)) {
                return result == 0 ? -1 : result;
            }
        }
    }

    /** Whether this end has ended the direction; the kernel would go on to deliver what arrives. */
    private boolean isReadingOver() throws IoException {
        if (readingEnded && descriptor.isClosing()) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
        return readingEnded;
    }

    /** Whether a call has read, or met the end; otherwise it is to be made again. */
    private boolean hasRead(Fiber fiber, int result) throws IoException {
        if (result < 0) {
            Results.requireSocketAgain(Operation.READ, result, descriptor, this);
            fiber.checkCancel();
            return false;
        }
        if (result == 0 && descriptor.isClosing()) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
        return true;
    }

    /** Makes a call on the socket, once. */
    private int made(Operation operation, IntSupplier call, ToIntFunction<InternalError> faulted) throws IoException {
        hold(operation);
        try {
            return call.getAsInt();
        } catch (InternalError fault) {
            return faulted.applyAsInt(fault);
        } finally {
            release();
        }
    }

    @Override
    public int write(MemorySegment buffer) throws IoException {
        try (SharedArena.Use _ = Buffers.useToRead(buffer)) {
            Fiber fiber = io.begin();
            return buffer.byteSize() == 0 ? 0 : write(fiber, buffer, Kernel.NEVER, false);
        }
    }

    @Override
    public int write(List<MemorySegment> buffers) throws IoException {
        if (carriesMessages()) {
            return writeMessage(buffers);
        }
        try (BufferList list = BufferList.of(buffers)) {
            list.useToRead();
            Fiber fiber = io.begin();
            return list.areEmpty() ? 0 : write(fiber, list, false);
        }
    }

    @Override
    public void writeAll(MemorySegment buffer) throws IoException {
        writeAll(buffer, Timeout.NONE);
    }

    @Override
    public void writeAll(MemorySegment buffer, Timeout stall) throws IoException {
        try (SharedArena.Use _ = Buffers.useToRead(buffer)) {
            long written = 0;
            while (written < buffer.byteSize()) {
                Fiber fiber = io.begin();
                MemorySegment rest = written == 0 ? buffer : buffer.asSlice(written);
                written += write(fiber, rest, io.stallDeadline(stall), true);
            }
        }
    }

    @Override
    public void writeAll(List<MemorySegment> buffers) throws IoException {
        if (carriesMessages()) {
            int _ = writeMessage(buffers);
            return;
        }
        try (BufferList list = BufferList.ofAll(buffers)) {
            list.useToRead();
            while (!list.areEmpty()) {
                list.skip(write(io.begin(), list, true));
            }
        }
    }

    private int write(Fiber fiber, MemorySegment buffer, long deadline, boolean whole) throws IoException {
        requireMessage(buffer.byteSize());
        while (true) {
            int result = send(fiber, buffer, deadline, whole);
            if (hasWritten(fiber, result)) {
                return result;
            }
        }
    }

    /** Without an object for the call, as so many are made. */
    private int send(Fiber fiber, MemorySegment buffer, long deadline, boolean whole) throws IoException {
        hold(Operation.WRITE);
        try {
            return io.kernel().send(fiber, descriptor, buffer, deadline, whole);
        } catch (InternalError fault) {
            return Buffers.faulted(buffer, fault);
        } finally {
            release();
        }
    }

    private int write(Fiber fiber, BufferList list, boolean whole) throws IoException {
        return write(fiber, () -> io.kernel().send(fiber, descriptor, list.parts(), Kernel.NEVER, whole),
                list::faulted);
    }

    /** One message, of however many buffers; where they are more than the kernel takes at once, by way of one. */
    private int writeMessage(List<MemorySegment> buffers) throws IoException {
        try (BufferList list = BufferList.ofAll(buffers); Arena arena = Arena.ofConfined()) {
            list.useToRead();
            Fiber fiber = io.begin();
            if (list.areEmpty()) {
                return 0;
            }
            requireMessage(list.byteSize());
            return write(fiber,
                    () -> io.kernel().send(fiber, descriptor, list.atOnce(arena), Kernel.NEVER, true),
                    list::faulted);
        }
    }

    boolean carriesMessages() {
        return type == SocketType.SEQPACKET;
    }

    /** What is longer might go out in pieces, which would be several messages. */
    private void requireMessage(long length) throws IoException {
        if (type == SocketType.SEQPACKET && length > MESSAGE_MAX) {
            throw Operation.WRITE.failure(Reason.MESSAGE_TOO_BIG, this);
        }
    }

    private int write(Fiber fiber, IntSupplier call, ToIntFunction<InternalError> faulted) throws IoException {
        while (true) {
            int result = made(Operation.WRITE, call, faulted);
            if (hasWritten(fiber, result)) {
                return result;
            }
        }
    }

    /** Whether a call has written; otherwise it is to be made again. */
    private boolean hasWritten(Fiber fiber, int result) throws IoException {
        if (result <= 0) {
            Results.requireSocketAgain(Operation.WRITE, result, descriptor, this);
            fiber.checkCancel();
        }
        return result > 0;
    }

    @Override
    public int writeWith(MemorySegment buffer, List<? extends Passable> passed) throws IoException {
        requireNotEmpty(buffer);
        Passing.require(io, passed);
        if (passed.isEmpty()) {
            return write(buffer);
        }
        requireUnix(Operation.WRITE);
        requireMessage(buffer.byteSize());
        try (SharedArena.Use _ = Buffers.useToRead(buffer)) {
            Fiber fiber = io.begin();
            try (Passing passing = Passing.hold(fiber, passed)) {
                List<Descriptor> descriptors = passing.descriptors();
                return write(fiber, () -> io.kernel().sendWith(fiber, descriptor, buffer, descriptors),
                        fault -> Buffers.faulted(buffer, fault));
            }
        }
    }

    @Override
    public Received readWith(MemorySegment buffer, int passedMax) throws IoException {
        requireNotEmpty(buffer);
        if (passedMax < 0 || passedMax > Passing.MAX) {
            throw new IllegalArgumentException(
                    "the number of things to take, " + passedMax + ", is not within 0.." + Passing.MAX);
        }
        requireUnix(Operation.READ);
        PassedDescriptors passed = new PassedDescriptors(passedMax);
        try {
            int count = readWith(buffer, passed);
            // The kernel has the superuser send the end of a stream.
            Credentials sender = count < 0 ? null : passed.sender();
            return new Received(count, Passing.adopt(io, passed), passed.isCut(), passed.isPassedCut(), sender);
        } catch (Throwable failure) {
            passed.closeAfter(failure, io.kernel());
            throw failure;
        }
    }

    private int readWith(MemorySegment buffer, PassedDescriptors passed) throws IoException {
        try (SharedArena.Use _ = Buffers.useToWrite(buffer)) {
            Fiber fiber = io.beginOpening();
            return read(fiber, () -> io.kernel().receiveWith(fiber, descriptor, buffer, passed),
                    fault -> Buffers.faulted(buffer, fault));
        }
    }

    private static void requireNotEmpty(MemorySegment buffer) {
        if (buffer.byteSize() == 0) {
            throw new IllegalArgumentException("what is passed goes with a byte at least, and the buffer is empty");
        }
    }

    private void requireUnix(Operation operation) throws IoException {
        if (!(address instanceof UnixAddress)) {
            throw operation.failure(Reason.OPERATION_UNSUPPORTED, this);
        }
    }

    @Override
    public Credentials peerCredentials() throws IoException {
        requireUnix(Operation.PEER_CREDENTIALS);
        return held(Operation.PEER_CREDENTIALS, this, () -> Results.check(
                Operation.PEER_CREDENTIALS, io.kernel().peerCredentials(descriptor.number()), this));
    }

    @Override
    public long sendFile(File file, long offset, long wanted, Timeout stall) throws IoException {
        long length = Buffers.requireRange(offset, wanted);
        if (!(file instanceof PosixFile source) || source.io() != io) {
            return copyFile(file, offset, length, stall);
        }
        long sent = 0;
        while (sent < length) {
            long count = sendSome(source, offset + sent, length - sent, stall);
            if (count == 0) {
                break;
            }
            sent += count;
        }
        return sent;
    }

    /** Sends a piece of a part. Answers its length, 0 only at the end of the file. */
    long sendSome(PosixFile source, long offset, long length, Timeout stall) throws IoException {
        Fiber fiber = io.begin();
        long piece = Math.min(length, PIECE);
        long count = sendPiece(fiber, source, offset, piece, io.stallDeadline(stall));
        return count == -EINVAL.code() || count == -EOVERFLOW.code()
                ? copyFile(source, offset, Math.min(piece, COPIED_PIECE), stall)
                : count;
    }

    /** Answers a negated error number only where the part is to be copied. */
    private long sendPiece(Fiber fiber, PosixFile source, long offset, long length, long deadline)
            throws IoException {
        while (true) {
            long result;
            hold(Operation.SEND_FILE);
            try {
                Descriptor in = source.hold(Operation.SEND_FILE);
                try {
                    result = io.kernel().sendFile(fiber, descriptor, in, offset, length, deadline);
                } finally {
                    source.release(fiber);
                }
            } finally {
                release();
            }
            if (result >= 0 || result == -EINVAL.code() || result == -EOVERFLOW.code()) {
                return result;
            }
            Results.requireSocketAgain(Operation.SEND_FILE, result, descriptor, this);
            fiber.checkCancel();
        }
    }

    /** Sends a part of a file through memory. */
    private long copyFile(File file, long offset, long length, Timeout stall) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(length, 1, COPIED_PIECE), Long.BYTES);
            long sent = 0;
            while (sent < length) {
                MemorySegment piece = buffer.asSlice(0, Math.min(buffer.byteSize(), length - sent));
                int count = file.read(piece, offset + sent);
                if (count < 0) {
                    break;
                }
                writeAll(piece.asSlice(0, count), stall);
                sent += count;
            }
            return sent;
        } catch (IoException failed) {
            throw sendFailure(failed);
        }
    }

    /** What failed is the sending: the caller neither read nor wrote. */
    private IoException sendFailure(IoException failed) {
        IoException failure = failed.errorNumber() == 0
                ? Operation.SEND_FILE.failure(failed.reason(), this)
                : Operation.SEND_FILE.failure(failed.errorNumber(), this);
        failure.initCause(failed);
        return failure;
    }

    @Override
    public void shutdown(Direction direction) throws IoException {
        io.step();
        hold(Operation.SHUTDOWN);
        try {
            Results.check(Operation.SHUTDOWN, io.kernel().shutdown(descriptor, direction), this);
            if (direction != Direction.WRITE) {
                readingEnded = true;
            }
        } finally {
            release();
        }
    }

    @Override
    public Address localAddress() throws IoException {
        Address found = local;
        if (found == null) {
            found = super.localAddress();
            local = found;
        }
        return found;
    }

    @Override
    public Address remoteAddress() throws IoException {
        Address found = remote;
        if (found == null) {
            found = held(Operation.REMOTE_ADDRESS, this, () -> Results.check(
                    Operation.REMOTE_ADDRESS, io.kernel().remoteAddress(descriptor.number()), this));
            remote = found;
        }
        return found;
    }

    @Override
    public long transferTo(Sink sink, long max, LongConsumer moved) throws IoException {
        boolean byPipe = sink instanceof PosixConnection other && other.io == io;
        // Of messages, what has no room in the buffer is lost; what a sink has buffered goes first.
        boolean byMessage = carriesMessages() && !(sink instanceof BufferedSink);
        return byPipe || byMessage
                ? new ConnectionCopy(this, sink, max, moved).run()
                : Connection.super.transferTo(sink, max, moved);
    }

    /** Moves what has arrived into a pipe. As {@link #read}, but 0 where that has to be done by reading this time. */
    long spliceTo(int pipe, long length) throws IoException {
        while (true) {
            Fiber fiber = io.begin();
            long result;
            hold(Operation.READ);
            try {
                result = readingEnded ? 0 : io.kernel().spliceIn(fiber, descriptor, pipe, length);
            } finally {
                release();
            }
            if (result > 0) {
                return result;
            }
            if (result == 0) {
                if (descriptor.isClosing()) {
                    throw Operation.READ.failure(Reason.CLOSED, this);
                }
                return -1;
            }
            if (result == -EINVAL.code() || result == -ENOSYS.code() || result == -EPERM.code()) {
                return 0; // the last two by a filter of system calls
            }
            Results.requireSocketAgain(Operation.READ, result, descriptor, this);
            fiber.checkCancel();
        }
    }

    /** Writes what is in a pipe. */
    void spliceAllFrom(int pipe, long length) throws IoException {
        long left = length;
        while (left > 0) {
            Fiber fiber = io.begin();
            long result;
            hold(Operation.WRITE);
            try {
                result = io.kernel().spliceOut(fiber, descriptor, pipe, left);
            } finally {
                release();
            }
            if (result > 0) {
                left -= result;
            } else {
                Results.requireSocketAgain(Operation.WRITE, result, descriptor, this);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public void abort() {
        StackRoom.require(); // who has begun to close it must end that
        io.step();
        Sockets.abort(io.kernel(), descriptor);
    }

    @Override
    public String toString() {
        return "connection " + address;
    }
}
