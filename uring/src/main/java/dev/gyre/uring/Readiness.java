package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether something has arrived on a connection, for fibers that no loop carries.
 *
 * <p>Such a fiber receives by itself, with a call that does not wait, and only needs to learn when that is worth
 * another try. A {@link Poller} tells that from the first read that found nothing until the connection closes; so
 * waiting submits nothing, and giving up the wait touches no operation.
 *
 * <p>What is counted are arrivals. A reader notes the count, then tries to receive, and sleeps only until the count is
 * another; so nothing that arrives in between is missed.
 */
final class Readiness {
    private final LoopThread timekeeper;
    private final Poller poller;
    private final int fd;
    private final AtomicBoolean watched = new AtomicBoolean();

    private final AtomicInteger arrivals = new AtomicInteger();

    /** Those who wait, and maybe some that have given up; they do no harm. */
    private final AtomicReference<@Nullable Wait> waits = new AtomicReference<>();

    /** A wait that no fiber uses. */
    private final AtomicReference<@Nullable Wait> spare = new AtomicReference<>();

    /**
     * For one connection.
     *
     * @param timekeeper ends waits whose time is over
     * @param fd the connection's; used while a caller of {@link #watch} holds it
     */
    Readiness(LoopThread timekeeper, Poller poller, int fd) {
        this.timekeeper = timekeeper;
        this.poller = poller;
        this.fd = fd;
    }

    /** How often something has arrived so far. */
    int arrivals() {
        return arrivals.get();
    }

    /**
     * Sees to it that arrivals are counted. The caller holds the descriptor.
     *
     * @return false if the kernel has no room to watch one more connection
     */
    boolean watch() {
        if (!watched.get() && watched.compareAndSet(false, true) && !poller.watch(fd, this)) {
            watched.set(false);
            // Somebody else may have relied on this.
            arrived();
            return false;
        }
        return true;
    }

    /**
     * Waits until something has arrived. The caller holds the descriptor, called {@link #watch}, and has found nothing
     * since it noted {@code seen}.
     *
     * @param seen what {@link #arrivals()} was
     * @param deadline by {@code System.nanoTime}, or {@link Timer#NEVER}
     * @return 0 if it is worth another try, {@code -ECANCELED} if the fiber was asked to stop, {@code -ETIME} if its
     *     time is over
     */
    int await(Fiber fiber, int seen, long deadline) {
        Wait kept = spare.getAndSet(null);
        Wait wait = kept == null || kept.enlisted ? new Wait() : kept;
        wait.begin(fiber, seen, deadline);
        fiber.block(wait);
        int outcome = wait.end();
        spare.set(wait);
        return outcome;
    }

    /** Lets the poller forget the connection, which is closing. */
    void close() {
        poller.forget(fd, this);
    }

    /** Lets those who wait have another try. */
    void arrived() {
        arrivals.incrementAndGet();
        Wait wait = waits.getAndSet(null);
        while (wait != null) {
            // Once it is not enlisted any more, a fiber may use it again.
            Wait next = wait.next;
            wait.enlisted = false;
            wait.unpark();
            wait = next;
        }
    }

    /** A fiber's wait for an arrival; used again and again, by one fiber after the other. */
    private final class Wait implements Blocker {
        private static final int OUTCOMES = 4;
        private static final int WAITING = 0;
        private static final int CANCELED = 1;
        private static final int EXPIRED = 2;

        /** Counts the uses, in steps of {@link #OUTCOMES}, plus how this use ended early, if it did. */
        private final AtomicLong use = new AtomicLong();

        private final Expiry expiry = new Expiry();
        private volatile @Nullable Fiber fiber;
        private volatile int seen;
        private volatile long deadline = Timer.NEVER;

        /** Whether it may be among {@link #waits}, and who stands behind it there. */
        private volatile boolean enlisted;

        private @Nullable Wait next;

        @Override
        public String operation() {
            return "poll";
        }

        void begin(Fiber newFiber, int newSeen, long newDeadline) {
            fiber = newFiber;
            seen = newSeen;
            use.set((use.get() / OUTCOMES + 1) * OUTCOMES);
            if (newDeadline != Timer.NEVER) {
                deadline = newDeadline;
                expiry.cover(newDeadline);
            }
            enlisted = true;
            Wait first;
            do {
                first = waits.get();
                next = first;
            } while (!waits.compareAndSet(first, this));
        }

        int end() {
            deadline = Timer.NEVER;
            fiber = null;
            if (enlisted && waits.compareAndSet(this, next)) {
                enlisted = false;
            }
            if (arrivals() != seen) {
                return 0;
            }
            return use.get() % OUTCOMES == CANCELED ? -Errno.ECANCELED.code() : -Errno.ETIME.code();
        }

        @Override
        public boolean isDone() {
            return arrivals() != seen || use.get() % OUTCOMES != WAITING;
        }

        @Override
        public void cancel() {
            endEarly(use.get(), CANCELED);
        }

        void unpark() {
            Fiber waiting = fiber;
            if (waiting != null) {
                waiting.unpark();
            }
        }

        private void endEarly(long asked, int outcome) {
            if (asked % OUTCOMES == WAITING && use.compareAndSet(asked, asked + outcome)) {
                unpark();
            }
        }

        /**
         * Ends waits whose time is over. Stays in the loop's heap when a wait ends, for the next one, which mostly has
         * a later deadline.
         */
        private final class Expiry extends Timer {
            /** The earliest time at which the loop is sure to look at the deadline. */
            private volatile long covered = NEVER;

            void cover(long until) {
                if (until < covered) {
                    covered = until;
                    timekeeper.post(() -> timekeeper.timers().set(this, until));
                }
            }

            @Override
            void fire() {
                covered = NEVER;
                long asked = use.get();
                long due = Wait.this.deadline;
                if (due == NEVER) {
                    return;
                }
                if (due <= timekeeper.now()) {
                    endEarly(asked, EXPIRED);
                } else {
                    covered = due;
                    timekeeper.timers().set(this, due);
                }
            }
        }
    }
}
