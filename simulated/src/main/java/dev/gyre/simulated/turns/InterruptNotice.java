package dev.gyre.simulated.turns;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Does something when a thread that waits is interrupted, on the thread that interrupts it, before that one goes on.
 *
 * <p>Were it left to the interrupted thread to say so, the machine would decide when it does, and a program would not
 * run the same way twice. The JDK tells none but channels, so this is one.
 */
final class InterruptNotice extends AbstractInterruptibleChannel {
    private final Runnable action;

    private InterruptNotice(Runnable action) {
        this.action = action;
    }

    /** Runs {@code wait}; does {@code action} once if the calling thread is interrupted meanwhile, or was before. */
    static void during(Runnable wait, Runnable action) {
        InterruptNotice notice = new InterruptNotice(action);
        notice.begin();
        try {
            wait.run();
        } finally {
            notice.forget();
        }
    }

    private void forget() {
        try {
            end(true);
        } catch (AsynchronousCloseException interrupted) {
            // The action was done.
        }
    }

    /** Called because of an interrupt, and for no other reason: nobody else closes it. */
    @Override
    protected void implCloseChannel() {
        action.run();
    }
}
