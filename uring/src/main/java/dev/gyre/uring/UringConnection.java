package dev.gyre.uring;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.BounceBuffer;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.FileSending;
import dev.gyre.posix.Handles;
import dev.gyre.posix.PosixClock;
import dev.gyre.posix.PosixFile;
import dev.gyre.posix.SocketCalls;
import dev.gyre.posix.StableMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** {@link Connection} over a ring. */
final class UringConnection implements Connection {
    private static final VarHandle RECEIVER;
    private static final VarHandle READINESS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RECEIVER = lookup.findVarHandle(UringConnection.class, "receiver", Receiver.class)
                    .withInvokeExactBehavior();
            READINESS = lookup.findVarHandle(UringConnection.class, "readiness", Readiness.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final UringIo io;
    private final Descriptor descriptor;

    /** What messages call it: the peer, or, where that was never asked for, the address it was accepted at. */
    private final Address known;

    private volatile @Nullable Address local;
    private volatile @Nullable Address remote;

    /** How the connection is read; which of the two depends on who reads it first, and there may be both. */
    private volatile @Nullable Receiver receiver;

    private volatile @Nullable Readiness readiness;

    /** Whether the latest receive left data behind, so that the next one need not wait for a poll. */
    private boolean moreExpected = true;

    UringConnection(UringIo io, int fd, Address known) {
        this.io = io;
        this.descriptor = new Descriptor(fd);
        this.known = known;
    }

    @Override
    public int read(MemorySegment buffer, Timeout timeout) throws IoException {
        FileCalls.requireWritable(buffer);
        Fiber fiber = io.fiber();
        long deadline = PosixClock.deadline(timeout);
        while (true) {
            fiber.checkCancel();
            if (buffer.byteSize() == 0) {
                return 0;
            }
            Receiver arriving = receiver(fiber);
            int result = arriving == null
                    ? fiber instanceof LoopFiber
                            ? receive(fiber, buffer, deadline)
                            : receiveDirectly(fiber, buffer, deadline)
                    : arriving.home().isCurrent()
                            ? arriving.read(fiber, buffer, deadline)
                            : arriving.readRemotely(fiber, buffer, deadline);
            if (result > 0) {
                return result;
            }
            if (descriptor.closing()) {
                throw Operation.READ.failure(Reason.CLOSED, this);
            }
            if (result == 0) {
                return -1;
            }
            throwUnlessAgain(Operation.READ, result);
        }
    }

    @Override
    public int write(MemorySegment buffer, Timeout timeout) throws IoException {
        FileCalls.requireNative(buffer);
        Fiber fiber = io.fiber();
        long deadline = PosixClock.deadline(timeout);
        while (true) {
            fiber.checkCancel();
            if (buffer.byteSize() == 0) {
                return 0;
            }
            int result = send(fiber, buffer, deadline);
            if (result > 0) {
                return result;
            }
            if (descriptor.closing()) {
                throw Operation.WRITE.failure(Reason.CLOSED, this);
            }
            throwUnlessAgain(Operation.WRITE, result);
        }
    }

    @Override
    public long sendFile(File file, long offset, long wanted, Timeout stall) throws IoException {
        long length = FileCalls.requireRange(offset, wanted);
        if (!(file instanceof PosixFile source)) {
            return FileSending.send(this, file, offset, length, stall);
        }
        Fiber fiber = io.fiber();
        fiber.checkCancel();
        hold(Operation.SEND_FILE);
        try {
            int in = source.hold(Operation.SEND_FILE);
            try {
                return CachedSending.send(this, source, in, fiber, offset, length, stall);
            } finally {
                source.release(fiber);
            }
        } finally {
            Handles.release(descriptor);
        }
    }

    @Override
    public void shutdown(Direction direction) throws IoException {
        hold(Operation.SHUTDOWN);
        try {
            SocketCalls.shutdown(descriptor.number(), direction, this);
        } finally {
            Handles.release(descriptor);
        }
    }

    @Override
    public Address localAddress() throws IoException {
        Address found = local;
        if (found == null) {
            found = ask(false);
            local = found;
        }
        return found;
    }

    @Override
    public Address remoteAddress() throws IoException {
        Address found = remote;
        if (found == null) {
            found = ask(true);
            remote = found;
        }
        return found;
    }

    @Override
    public void close() {
        if (descriptor.closing()) {
            return;
        }
        Readiness watched = readiness;
        if (watched != null) {
            watched.close();
        }
        Handles.closeSocket(descriptor);
        if (watched != null) {
            // The poller has forgotten it, and would not tell those who wait.
            watched.arrived();
        }
        Receiver arriving = receiver;
        if (arriving != null && arriving.home().isCurrent()) {
            arriving.close();
        } else if (arriving != null) {
            arriving.home().post(arriving::close);
        }
    }

    @Override
    public String toString() {
        return "connection " + known;
    }

    /**
     * The way in by the reading task's loop, which the first read decides on; null where there is none. There is none
     * for Unix sockets: where the end of the stream is there together with the last bytes, a multishot receive reports
     * those and then waits for ever (seen on Linux 6.18).
     */
    private @Nullable Receiver receiver(Fiber fiber) throws IoException {
        Receiver found = receiver;
        if (found == null
                && !(known instanceof UnixAddress)
                && fiber instanceof LoopFiber own
                && own.home().receiveBuffers() != null) {
            hold(Operation.READ);
            try {
                Receiver made = new Receiver(own.home(), descriptor, descriptor.number(), own.home().receiveBuffers());
                found = (Receiver) RECEIVER.compareAndExchange(this, (Receiver) null, made);
                return found == null ? made : found;
            } finally {
                Handles.release(descriptor);
            }
        }
        return found;
    }

    UringIo io() {
        return io;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /**
     * On the caller's own thread: the way to a loop and back costs more than an attempt that finds nothing. Only where
     * the kernel has no room to watch one more connection, that way is gone.
     */
    private int receiveDirectly(Fiber fiber, MemorySegment buffer, long deadline) throws IoException {
        hold(Operation.READ);
        try {
            Readiness arriving = readiness();
            while (true) {
                int seen = arriving == null ? 0 : arriving.arrivals();
                int result = (int)
                        Sockets.recv(descriptor.number(), buffer, buffer.byteSize(), Sockets.MSG_DONTWAIT);
                if (result != -Errno.EAGAIN.code() || receiver != null) {
                    return result;
                }
                if (arriving == null || !arriving.watch()) {
                    return receive(fiber, buffer, deadline);
                }
                int outcome = arriving.await(fiber, seen, deadline);
                if (outcome != 0) {
                    return outcome;
                }
            }
        } finally {
            Readiness watched = readiness;
            if (watched != null && descriptor.closing()) {
                watched.close();
            }
            Handles.release(descriptor);
        }
    }

    /** Null where there can be no poller. The caller holds the descriptor. */
    private @Nullable Readiness readiness() {
        Readiness found = readiness;
        if (found != null) {
            return found;
        }
        LoopThread loop = io.nextLoop();
        Poller poller = loop.poller();
        if (poller == null) {
            return null;
        }
        Readiness made = new Readiness(loop, poller, descriptor.number());
        found = (Readiness) READINESS.compareAndExchange(this, (Readiness) null, made);
        return found == null ? made : found;
    }

    private int receive(Fiber fiber, MemorySegment buffer, long deadline) throws IoException {
        hold(Operation.READ);
        try {
            if (StableMemory.isStable(buffer)) {
                return receiveInto(fiber, buffer, deadline);
            }
            try (BounceBuffer bounce = BounceBuffer.borrow(buffer.byteSize())) {
                int result = receiveInto(fiber, bounce.memory(buffer.byteSize()), deadline);
                if (result > 0) {
                    bounce.copyTo(buffer, result);
                }
                return result;
            }
        } finally {
            Handles.release(descriptor);
        }
    }

    private int receiveInto(Fiber fiber, MemorySegment stable, long deadline) {
        TransferPool.Receiving mine = TransferPool.receiving(fiber);
        mine.recv.from(descriptor.number(), stable, !moreExpected);
        int result = mine.call.run(io.loopFor(fiber), fiber, mine.recv, deadline);
        moreExpected = mine.recv.socketHasMore();
        boolean late = mine.call.timedOut();
        TransferPool.giveBack(fiber, mine);
        return late && result == -Errno.ECANCELED.code() ? -Errno.ETIME.code() : result;
    }

    private int sendFrom(Fiber fiber, MemorySegment stable, long deadline) {
        TransferPool.Sending mine = TransferPool.sending(fiber);
        mine.send.to(descriptor.number(), stable, 0);
        int result = mine.call.run(io.loopFor(fiber), fiber, mine.send, deadline);
        boolean late = mine.call.timedOut();
        TransferPool.giveBack(fiber, mine);
        return late && result == -Errno.ECANCELED.code() ? -Errno.ETIME.code() : result;
    }

    /**
     * Where other tasks are about to run on the loop, their sends and this one go to the kernel together, by the ring.
     * A task that is alone saves the way there and back by trying for itself: mostly there is room.
     */
    private int send(Fiber fiber, MemorySegment buffer, long deadline) throws IoException {
        hold(Operation.WRITE);
        try {
            int fd = descriptor.number();
            if (!(fiber instanceof LoopFiber own && own.home().hasRunnable())) {
                int direct = (int) Sockets.send(
                        fd, buffer, buffer.byteSize(), Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL);
                if (direct != -Errno.EAGAIN.code()) {
                    return direct;
                }
            }
            if (StableMemory.isStable(buffer)) {
                return sendFrom(fiber, buffer, deadline);
            }
            try (BounceBuffer bounce = BounceBuffer.of(buffer)) {
                return sendFrom(fiber, bounce.memory(buffer.byteSize()), deadline);
            }
        } finally {
            Handles.release(descriptor);
        }
    }

    /** Returns if the operation is to be tried again: then a request to stop, if there is one, is found first. */
    private void throwUnlessAgain(Operation operation, int result) throws IoException {
        if (result == -Errno.ETIME.code()) {
            throw operation.failure(Reason.TIMED_OUT, this);
        }
        // EAGAIN: submitted while the socket was non-blocking for a moment, see FileSending.
        if (result != -Errno.ECANCELED.code() && result != -Errno.EAGAIN.code() && !operation.retries(-result)) {
            throw operation.failure(-result, this);
        }
    }

    private void hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
    }

    private Address ask(boolean peer) throws IoException {
        hold(Operation.SHUTDOWN);
        try {
            return SocketCalls.name(Operation.SHUTDOWN, this, descriptor.number(), peer);
        } finally {
            Handles.release(descriptor);
        }
    }
}
