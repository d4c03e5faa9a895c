package dev.gyre.threaded;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Pollfd;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import dev.gyre.linux.Timespec;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One system call that may block, from its beginning to its end.
 *
 * <p>A fiber on a platform thread makes the call itself. One on a virtual thread would hold up the thread that carries
 * it, and everything else that waits for that one: its call is made by a thread of the pool, and it parks meanwhile.
 *
 * <p>To end the call early, the thread that makes it is sent a signal ({@link Interruption}). Whether it still is in
 * the call, and the sending, are under this object's lock, so a signal never goes to a thread that has left, or to
 * another one that was given the same id. And one that left although signals were sent to it makes another call, from
 * which none returns before the last signal was dealt with: none of them strikes what the thread does afterwards.
 *
 * <p>A Java thread that is interrupted while it makes the call is told of it by {@link InterruptHook}, and likewise
 * brought out.
 */
final class SystemCall extends Waiting {
    /** The call. Answers 0 or more, or a negative error number; {@code EINTR} when it was interrupted. */
    @FunctionalInterface
    interface Body {
        long run();
    }

    private final CallingFiber fiber;
    private final Operation operation;
    private final Body body;

    // Guarded by this object's lock: who makes the call (0 when nobody is in it), and what happened to them.
    private int thread;
    private boolean canceled;
    private boolean signaled;

    private long result = -Errno.EINTR.code();
    private @Nullable Throwable fault;
    private volatile boolean done;

    private SystemCall(CallingFiber fiber, Operation operation, Body body) {
        this.fiber = fiber;
        this.operation = operation;
        this.body = body;
    }

    /**
     * Makes a call, once.
     *
     * @param operation what it is for
     * @return what it answered; {@code -EINTR} too if a request to stop came before it was made
     */
    static long run(ThreadedIo io, CallingFiber fiber, Operation operation, Body body) {
        SystemCall call = new SystemCall(fiber, operation, body);
        if (fiber.isVirtual()) {
            io.execute(call::performForFiber);
        }
        fiber.block(call);
        return call.result();
    }

    /** Makes a call that is not to be interrupted. */
    static long runUncancelable(ThreadedIo io, CallingFiber fiber, Operation operation, Body body) {
        if (!fiber.isVirtual()) {
            return body.run();
        }
        SystemCall call = new SystemCall(fiber, operation, body);
        io.execute(call::performForFiber);
        fiber.blockUncancelable(call);
        return call.result();
    }

    /**
     * Makes a call until it is answered by something else than that it must be made again. A cancellation point.
     *
     * @param operation what it is for
     * @param target for messages
     * @return 0 or more
     */
    static long complete(ThreadedIo io, CallingFiber fiber, Operation operation, Object target, Body body)
            throws IoException {
        while (true) {
            fiber.checkCancel();
            long result = run(io, fiber, operation, body);
            if (result >= 0) {
                return result;
            }
            if (!operation.retries((int) -result)) {
                throw operation.failure((int) -result, target);
            }
        }
    }

    /**
     * Waits until a descriptor is ready.
     *
     * @param operation what is to be tried then
     * @param events {@code POLL*}
     * @param deadline by {@code System.nanoTime}; {@code Long.MAX_VALUE} for none
     * @return 1 if it is, 0 if the time is over, or a negative error number
     */
    static int poll(
            ThreadedIo io, CallingFiber fiber, Operation operation, int fd, int events, long deadline) {
        return (int) run(io, fiber, operation, () -> {
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

    @Override
    void suspend() {
        if (fiber.isVirtual()) {
            LockSupport.park(this);
            return;
        }
        InterruptHook hook = new InterruptHook(this);
        hook.set();
        perform();
        hook.remove();
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public String operation() {
        return operation.verb();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (canceled) {
                return;
            }
            canceled = true;
        }
        Interruption.interrupt(this);
    }

    /** Sends a signal to the thread that is in the call. False if none is. */
    synchronized boolean signal(int process, int signal) {
        if (thread == 0) {
            return false;
        }
        signaled = true;
        int answer = Signals.tgkill(process, thread, signal);
        // Too many that have not been heard: one of them will do.
        if (answer < 0 && answer != -Errno.EAGAIN.code()) {
            throw new AssertionError("tgkill failed: " + Errno.describe(-answer));
        }
        return true;
    }

    private void perform() {
        try {
            if (enter(NativeThread.current().id())) {
                try {
                    result = body.run();
                } finally {
                    leave();
                }
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
        done = true;
    }

    private void performForFiber() {
        perform();
        fiber.unpark();
    }

    private synchronized boolean enter(int self) {
        if (canceled) {
            return false;
        }
        thread = self;
        return true;
    }

    private void leave() {
        boolean heard;
        synchronized (this) {
            thread = 0;
            heard = signaled;
        }
        if (heard) {
            Processes.gettid();
        }
    }

    private long result() {
        if (fault instanceof RuntimeException exception) {
            throw exception;
        } else if (fault instanceof Error error) {
            throw error;
        }
        return result;
    }

    /** Hears of an interrupt of the thread that set it. The JDK has nothing else in public that does. */
    private static final class InterruptHook extends AbstractInterruptibleChannel {
        private final SystemCall call;

        InterruptHook(SystemCall call) {
            this.call = call;
        }

        void set() {
            begin();
        }

        void remove() {
            try {
                end(true);
            } catch (ClosedByInterruptException interrupted) {
                // The thread's flag is set, and the fiber looks at it.
            } catch (AsynchronousCloseException impossible) {
                throw new AssertionError("nobody closes the hook", impossible);
            }
        }

        /** Called by the thread that interrupts, at any time after {@link #set}. */
        @Override
        protected void implCloseChannel() {
            call.cancel();
        }
    }
}
