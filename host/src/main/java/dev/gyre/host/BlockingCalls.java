package dev.gyre.host;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.layout.Pollfd;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executor;

/**
 * System calls that may block, and that a request to stop brings back.
 *
 * <p>A fiber on a platform thread makes the call itself. One on a virtual thread would hold up the thread that carries
 * it, and everything else that waits for that one: its call is made by a thread of a pool, and it parks meanwhile. Such
 * a call must not use memory that could be freed ({@link StableMemory}).
 */
public final class BlockingCalls {
    /** One call. Answers 0 or more, or a negated error number; {@code EINTR} when it was interrupted. */
    @FunctionalInterface
    public interface Call {
        /**
         * Makes it.
         *
         * @return what the kernel answers
         */
        long make();
    }

    private final Executor threads;

    /**
     * The calls.
     *
     * @param threads where calls for virtual threads are made; it may block
     */
    public BlockingCalls(Executor threads) {
        this.threads = threads;
    }

    /**
     * Makes sure that calls can be interrupted.
     *
     * @throws BackendUnavailable if the process uses all signals that could serve
     */
    public static void prepare() throws BackendUnavailable {
        Interruption.prepare();
    }

    /**
     * Whether the calling thread makes its calls itself, and so may use memory of any native kind for them.
     *
     * @return false for virtual threads
     */
    public static boolean areMadeInPlace() {
        return !Thread.currentThread().isVirtual();
    }

    /**
     * Makes a call, once.
     *
     * @param fiber the calling one
     * @param operation what it is, in a word, for reports
     * @param target what it is done to, for reports; asked for its text only there, from any thread
     * @param call the call
     * @return what it answered; {@code -EINTR} too if it was interrupted before it was made
     */
    public long make(Fiber fiber, String operation, Object target, Call call) {
        SystemCall pending = areMadeInPlace()
                ? new SystemCall(fiber, operation, target, call)
                : new PooledCall(fiber, operation, target, threads, call);
        fiber.block(pending);
        long result = pending.result();
        if (result == -Errno.EINTR.code()) {
            fiber.throwShortage();
        }
        return result;
    }

    /**
     * Makes a call that no request to stop interrupts. Works after the end of the pool, too.
     *
     * @param fiber the calling one
     * @param operation what it is, in a word, for reports
     * @param target what it is done to, for reports
     * @param call the call
     * @return what it answered
     */
    public long makeUncancelable(Fiber fiber, String operation, Object target, Call call) {
        if (areMadeInPlace()) {
            return call.make();
        }
        PooledCall pending = null;
        try {
            pending = new PooledCall(fiber, operation, target, threads, call);
            fiber.blockUncancelable(pending);
        } catch (StackOverflowError | OutOfMemoryError shortage) {
            if (pending != null && pending.hasBegun()) {
                throw shortage;
            }
            return call.make();
        }
        return pending.wasRefused() ? call.make() : pending.result();
    }

    /**
     * Waits until a descriptor is ready.
     *
     * @param fiber the calling one
     * @param operation what is to be tried then, in a word, for reports
     * @param target what on, for reports
     * @param fd held by the caller
     * @param events {@code POLL*}
     * @param deadline by {@code System.nanoTime}; {@code Long.MAX_VALUE} for none
     * @return 1 if it is, 0 if the time is over, or a negated error number
     */
    public int poll(Fiber fiber, String operation, Object target, int fd, int events, long deadline) {
        return (int) make(fiber, operation, target, () -> {
            NativeThread self = NativeThread.current();
            Pollfd.set(self.pollfd(), 0, fd, events);
            MemorySegment timeout = MemorySegment.NULL;
            if (deadline != Long.MAX_VALUE) {
                timeout = self.argument();
                Timespec.set(timeout, Math.max(0, deadline - System.nanoTime()));
            }
            return Events.ppoll(self.pollfd(), 1, timeout);
        });
    }
}
