package dev.gyre.process;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;

/** A wait for messages with a limit of time. */
final class TimedWait implements Blocker, Runnable {
    private final Mailbox mailbox;
    private final Fiber fiber;
    private volatile boolean over;

    TimedWait(Mailbox mailbox, Fiber fiber) {
        this.mailbox = mailbox;
        this.fiber = fiber;
    }

    /** The time is over. On whatever thread has the timer. */
    @Override
    public void run() {
        over = true;
        fiber.unpark();
    }

    boolean isOver() {
        return over;
    }

    @Override
    public boolean isDone() {
        return over || mailbox.isDone();
    }

    @Override
    public void cancel() {
        mailbox.cancel();
    }

    @Override
    public String operation() {
        return mailbox.operation();
    }

    @Override
    public String toString() {
        return mailbox + ", for a limited time";
    }
}
