package dev.gyre.threaded;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Errno;
import dev.gyre.posix.Handles;

/**
 * A non-blocking socket.
 *
 * <p>An operation on it is first tried, and only where that finds nothing to do waited for. The waiting is by
 * ppoll(2), which takes nothing out of the socket: an operation that is canceled or runs out of time has no effect.
 */
final class Socket {
    /** One attempt at an operation: 0 or more, or a negative error number, {@code EAGAIN} if it would have to wait. */
    @FunctionalInterface
    interface Attempt {
        long on(int fd);
    }

    private final ThreadedIo io;
    private final Descriptor descriptor;

    Socket(ThreadedIo io, int fd) {
        this.io = io;
        this.descriptor = new Descriptor(fd);
    }

    /**
     * Tries an operation until it succeeds. A cancellation point.
     *
     * @param operation what it is
     * @param target for messages
     * @param events what to wait for between attempts, {@code POLL*}
     * @param deadline by {@code System.nanoTime}
     * @return the attempt's answer, 0 or more
     * @throws IoException with a reason of the operation
     */
    long run(CallingFiber fiber, Operation operation, Object target, int events, long deadline, Attempt attempt)
            throws IoException {
        while (true) {
            fiber.checkCancel();
            int fd = hold(operation, target);
            try {
                long result = attempt.on(fd);
                if (result >= 0) {
                    return result;
                }
                if (result == -Errno.EAGAIN.code()) {
                    result = SystemCall.poll(io, fiber, operation, fd, events, deadline);
                    if (result == 0) {
                        throw operation.failure(Reason.TIMED_OUT, target);
                    }
                }
                if (result < 0 && !operation.retries((int) -result)) {
                    throw descriptor.closing()
                            ? operation.failure(Reason.CLOSED, target)
                            : operation.failure((int) -result, target);
                }
            } finally {
                release();
            }
        }
    }

    /** Holds the descriptor until {@link #release}. */
    int hold(Operation operation, Object target) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, target);
        }
        return descriptor.number();
    }

    void release() {
        Handles.release(descriptor);
    }

    /** Whether {@link #close} was called. */
    boolean isClosing() {
        return descriptor.closing();
    }

    void close() {
        Handles.closeSocket(descriptor);
    }
}
