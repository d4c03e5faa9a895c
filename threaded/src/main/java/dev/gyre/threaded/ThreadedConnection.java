package dev.gyre.threaded;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.FileSending;
import dev.gyre.posix.PosixClock;
import dev.gyre.posix.PosixFile;
import dev.gyre.posix.SocketCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** {@link Connection} over system calls. */
final class ThreadedConnection implements Connection {
    /** So much at once, that a request to stop need not wait for a slow disk and a fast peer for long. */
    private static final int SENDFILE_MAX = 1024 * 1024;

    /** Stands for a file that sendfile(2) refuses. */
    private static final long REFUSED = Long.MAX_VALUE;

    private final ThreadedIo io;
    private final Socket socket;

    /** What messages call it: the peer, or, where that was never asked for, the address it was accepted at. */
    private final Address known;

    private volatile @Nullable Address local;
    private volatile @Nullable Address remote;

    ThreadedConnection(ThreadedIo io, int fd, Address known) {
        this.io = io;
        this.socket = new Socket(io, fd);
        this.known = known;
    }

    @Override
    public int read(MemorySegment buffer, Timeout timeout) throws IoException {
        FileCalls.requireWritable(buffer);
        CallingFiber fiber = io.fiber();
        if (buffer.byteSize() == 0) {
            fiber.checkCancel();
            return 0;
        }
        int count = (int) socket.run(fiber, Operation.READ, this, Events.POLLIN, PosixClock.deadline(timeout),
                fd -> Sockets.recv(fd, buffer, buffer.byteSize(), Sockets.MSG_DONTWAIT));
        if (count == 0 && socket.isClosing()) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
        return count == 0 ? -1 : count;
    }

    @Override
    public int write(MemorySegment buffer, Timeout timeout) throws IoException {
        FileCalls.requireNative(buffer);
        CallingFiber fiber = io.fiber();
        if (buffer.byteSize() == 0) {
            fiber.checkCancel();
            return 0;
        }
        return (int) socket.run(fiber, Operation.WRITE, this, Events.POLLOUT, PosixClock.deadline(timeout),
                fd -> Sockets.send(fd, buffer, buffer.byteSize(), Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL));
    }

    @Override
    public long sendFile(File file, long offset, long wanted, Timeout stall) throws IoException {
        long length = FileCalls.requireRange(offset, wanted);
        if (!(file instanceof PosixFile source)) {
            return FileSending.send(this, file, offset, length, stall);
        }
        CallingFiber fiber = io.fiber();
        fiber.checkCancel();
        int in = source.hold(Operation.SEND_FILE);
        try {
            long sent = 0;
            while (sent < length) {
                long count = sendPiece(fiber, in, offset + sent, length - sent, stall);
                if (count == REFUSED) {
                    count = FileSending.send(this, file, offset + sent, length - sent, stall);
                }
                if (count == 0) {
                    break;
                }
                sent += count;
            }
            return sent;
        } finally {
            source.release(fiber);
        }
    }

    @Override
    public void shutdown(Direction direction) throws IoException {
        int fd = socket.hold(Operation.SHUTDOWN, this);
        try {
            SocketCalls.shutdown(fd, direction, this);
        } finally {
            socket.release();
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
        socket.close();
    }

    @Override
    public String toString() {
        return "connection " + known;
    }

    /** The file's part of it may wait for a disk, even where the socket takes everything at once. */
    private long sendPiece(CallingFiber fiber, int in, long offset, long length, Timeout stall) throws IoException {
        long count = Math.min(length, SENDFILE_MAX);
        return socket.run(fiber, Operation.SEND_FILE, this, Events.POLLOUT, PosixClock.deadline(stall),
                out -> SystemCall.run(io, fiber, Operation.SEND_FILE, () -> {
                    MemorySegment position = NativeThread.current().argument();
                    position.set(ValueLayout.JAVA_LONG, 0, offset);
                    long result = Files.sendfile(out, in, position, count);
                    return FileSending.isNeeded(result) ? REFUSED : result;
                }));
    }

    private Address ask(boolean peer) throws IoException {
        int fd = socket.hold(Operation.SHUTDOWN, this);
        try {
            return SocketCalls.name(Operation.SHUTDOWN, this, fd, peer);
        } finally {
            socket.release();
        }
    }
}
