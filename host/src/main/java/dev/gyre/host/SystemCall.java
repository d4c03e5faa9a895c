package dev.gyre.host;

import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.InPlaceBlocker;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import org.jspecify.annotations.Nullable;

/**
 * One system call that may block, from its beginning to its end.
 *
 * <p>A fiber on a platform thread makes the call itself. For one on a virtual thread there is {@link PooledCall}.
 *
 * <p>To end the call early, the thread that makes it is sent a signal ({@link Interruption}). Whether it still is in
 * the call, and the sending, are under this object's lock, so a signal never goes to a thread that has left, or to
 * another one that was given the same id. And one that left although signals were sent to it makes another call, from
 * which none returns before the last signal was dealt with: none of them strikes what the thread does afterwards.
 *
 * <p>A Java thread that is interrupted while it makes the call is told of it by {@link InterruptHook}, and likewise
 * brought out.
 */
class SystemCall implements InPlaceBlocker {
    private final Fiber fiber;
    private final String operation;
    private final Object target;
    private final BlockingCalls.Call call;

    // Guarded by this object's lock: who makes the call (0 when nobody is in it), and what happened to them.
    private int thread;
    private boolean canceled;
    private boolean signaled;

    private long result = -Errno.EINTR.code();
    private @Nullable Throwable fault;
    private volatile boolean done;

    /** One that the fiber's own thread makes. */
    SystemCall(Fiber fiber, String operation, Object target, BlockingCalls.Call call) {
        this.fiber = fiber;
        this.operation = operation;
        this.target = target;
        this.call = call;
    }

    @Override
    public void suspend() {
        InterruptHook hook = new InterruptHook(this);
        hook.set();
        perform();
        hook.remove();
    }

    @Override
    public final boolean isDone() {
        return done;
    }

    @Override
    public final String operation() {
        return operation;
    }

    @Override
    public final String toString() {
        return operation + " " + target;
    }

    @Override
    public void cancel() {
        stop();
    }

    @Override
    public void interrupt() {
        stop();
    }

    /** The call ends with {@code EINTR}, or is not made; whoever wanted it looks for a reason, and may make another. */
    private void stop() {
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

    final void perform() {
        try {
            if (enter(NativeThread.current().id())) {
                try {
                    result = call.make();
                } finally {
                    leave();
                }
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
        done = true;
    }

    /** It is not made, because of this; null if because its fiber is to stop. */
    final void refuse(@Nullable Throwable reason) {
        fault = reason;
        done = true;
    }

    /** Lets the fiber go on. */
    final void wake() {
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

    /** What the call answered; {@code -EINTR} too if it was interrupted before it was made. */
    final long result() {
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
            call.interrupt();
        }
    }
}
