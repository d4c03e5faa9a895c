package dev.gyre.threaded;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.SocketAddresses;
import dev.gyre.posix.SocketCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Connecting a non-blocking socket.
 *
 * <p>TCP goes on by itself, and the socket becomes writable when it is through. A Unix socket whose listener's queue
 * is full does not even begin, and there is nothing to poll for: it has to block, for which the socket is made a
 * blocking one meanwhile.
 */
final class Connecting {
    private final ThreadedIo io;
    private final CallingFiber fiber;
    private final Address address;
    private final long deadline;

    /** Until {@code deadline} by {@code System.nanoTime}. */
    Connecting(ThreadedIo io, CallingFiber fiber, Address address, long deadline) {
        this.io = io;
        this.fiber = fiber;
        this.address = address;
        this.deadline = deadline;
    }

    /** Connects a fresh socket. */
    void connect(int fd) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockaddr = arena.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            int length = SocketAddresses.write(address, sockaddr);
            int result;
            do {
                result = Sockets.connect(fd, sockaddr, length);
            } while (result == -Errno.EINTR.code());
            if (result == -Errno.EINPROGRESS.code()) {
                awaitEnd(fd);
            } else if (result == -Errno.EAGAIN.code() && SocketAddresses.family(address) == Sockets.AF_UNIX) {
                awaitRoom(fd, fiber.forCall(sockaddr), length, arena);
            } else if (result < 0) {
                throw SocketCalls.connectFailure(-result, address);
            }
        }
    }

    private void awaitEnd(int fd) throws IoException {
        int ready = 0;
        while (ready <= 0) {
            fiber.checkCancel();
            ready = SystemCall.poll(io, fiber, Operation.CONNECT, fd, Events.POLLOUT, deadline);
            if (ready == 0) {
                throw Operation.CONNECT.failure(Reason.TIMED_OUT, address);
            }
            throwUnlessRetried(ready);
        }
        long error = Sockets.getsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_ERROR);
        if (error != 0) {
            throw SocketCalls.connectFailure((int) Math.abs(error), address);
        }
    }

    private void awaitRoom(int fd, MemorySegment sockaddr, int length, Arena arena) throws IoException {
        MemorySegment limit = arena.allocate(2 * Long.BYTES, Long.BYTES);
        setFlags(fd, 0);
        int result = -Errno.EAGAIN.code();
        while (result < 0) {
            fiber.checkCancel();
            setLimit(fd, limit);
            result = (int) SystemCall.run(io, fiber, Operation.CONNECT,
                    () -> Sockets.connect(fd, sockaddr, length));
            if (result != -Errno.EAGAIN.code()) {
                throwUnlessRetried(result);
            }
        }
        setFlags(fd, Files.O_NONBLOCK);
    }

    /** How long the socket blocks: a {@code timeval}, which is as long as a timespec; none means for ever. */
    private void setLimit(int fd, MemorySegment limit) throws IoException {
        if (deadline == Long.MAX_VALUE) {
            return;
        }
        long left = (deadline - System.nanoTime()) / 1000;
        if (left <= 0) {
            throw Operation.CONNECT.failure(Reason.TIMED_OUT, address);
        }
        limit.set(ValueLayout.JAVA_LONG, 0, left / 1_000_000);
        limit.set(ValueLayout.JAVA_LONG, Long.BYTES, left % 1_000_000);
        throwUnlessRetried(Sockets.setsockopt(
                fd, Sockets.SOL_SOCKET, Sockets.SO_SNDTIMEO, limit, (int) limit.byteSize()));
    }

    private void setFlags(int fd, int flags) throws IoException {
        throwUnlessRetried(Files.fcntl(fd, Files.F_SETFL, flags));
    }

    private void throwUnlessRetried(int result) throws IoException {
        if (result < 0 && !Operation.CONNECT.retries(-result)) {
            throw SocketCalls.connectFailure(-result, address);
        }
    }
}
