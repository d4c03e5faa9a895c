package dev.gyre.process;

import dev.gyre.io.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The room in a bounded mailbox. */
final class Bound {
    private final MailboxLimit limit;
    private final Semaphore room;
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean lifted;

    Bound(MailboxLimit limit, Semaphore room) {
        this.limit = limit;
        this.room = room;
    }

    /** Whether a message may come in; one that may not is lost. May wait, see {@link MailboxLimit.Overflow#BLOCK}. */
    boolean admits(ControlBlock owner) {
        return switch (limit.overflow()) {
            case DROP -> room.tryAcquire() || drop(owner);
            case EXIT -> room.tryAcquire() || exit(owner);
            case BLOCK -> awaitRoom(owner);
        };
    }

    /** A message was taken out. */
    void release() {
        room.release();
    }

    /** The process has ended: nobody waits for room any more. Each that is let in lets the next one in. */
    void lift() {
        lifted = true;
        room.release();
    }

    long dropped() {
        return dropped.get();
    }

    private boolean drop(ControlBlock owner) {
        Recording.overflow(owner, limit);
        dropped.incrementAndGet();
        return false;
    }

    private boolean exit(ControlBlock owner) {
        owner.terminate(new ExitReason.MailboxFull(limit.messages()));
        return drop(owner);
    }

    private boolean awaitRoom(ControlBlock owner) {
        if (!room.tryAcquire()) {
            if (owner.runsHere()) {
                throw new IllegalStateException("the mailbox of " + owner.pid + " is full (" + limit.messages()
                        + " messages), and its own process would wait for room in it");
            }
            Recording.overflow(owner, limit);
            room.acquire();
        }
        if (lifted) {
            room.release();
            return false;
        }
        return true;
    }
}
