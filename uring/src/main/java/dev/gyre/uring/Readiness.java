package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final Poller poller;
    private final UringSocket socket;
    private final AtomicBoolean watched = new AtomicBoolean();

    private final AtomicInteger arrivals = new AtomicInteger();

    /** Those who wait, and maybe some that have given up; they do no harm. */
    private final AtomicReference<@Nullable Wait> waits = new AtomicReference<>();

    /** A wait that no fiber uses. */
    private final AtomicReference<@Nullable Wait> spare = new AtomicReference<>();

    /**
     * For one connection.
     *
     * @param socket the connection's; used while a caller of {@link #watch} holds it
     */
    Readiness(Poller poller, UringSocket socket) {
        this.poller = poller;
        this.socket = socket;
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
        if (!watched.get() && watched.compareAndSet(false, true) && !poller.watch(socket.number(), this)) {
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
     * @return 0 if it is worth another try, {@code -ECANCELED} if the fiber is to stop
     */
    int await(Fiber fiber, int seen) {
        Wait kept = spare.getAndSet(null);
        Wait wait = kept == null || kept.enlisted ? new Wait() : kept;
        wait.begin(fiber, seen);
        fiber.block(wait);
        int outcome = wait.end();
        spare.set(wait);
        return outcome;
    }

    /** Lets the poller forget the connection, which is closing. */
    void close() {
        if (watched.get()) {
            poller.forget(socket.number(), this);
        }
    }

    /** Lets those who wait have another try. */
    void arrived() {
        arrivals.incrementAndGet();
        Wait wait = waits.getAndSet(null);
        while (wait != null) {
            // Once it is not enlisted any more, a fiber may use it again.
            Wait next = wait.next;
            Fiber waiting = wait.fiber;
            wait.enlisted = false;
            if (waiting != null) {
                waiting.unpark();
            }
            wait = next;
        }
    }

    /** A fiber's wait for an arrival; used again and again, by one fiber after the other. */
    private final class Wait implements Blocker {
        private volatile @Nullable Fiber fiber;
        private int seen;

        /** Written by the fiber itself. */
        private boolean canceled;

        /** Whether it may be among {@link #waits}, and who stands behind it there. */
        private volatile boolean enlisted;

        private @Nullable Wait next;

        void begin(Fiber newFiber, int newSeen) {
            seen = newSeen;
            canceled = false;
            fiber = newFiber;
            enlisted = true;
            Wait first;
            do {
                first = waits.get();
                next = first;
            } while (!waits.compareAndSet(first, this));
        }

        int end() {
            fiber = null;
            if (enlisted && waits.compareAndSet(this, next)) {
                enlisted = false;
            }
            return canceled && arrivals() == seen ? -Errno.ECANCELED.code() : 0;
        }

        /**
         * Also when it is not enlisted any more: an arrival that was counted before it was noted what had been seen may
         * have found it already, and the next one would not.
         */
        @Override
        public boolean isDone() {
            return canceled || !enlisted || arrivals() != seen;
        }

        @Override
        public void cancel() {
            canceled = true;
        }

        @Override
        public String operation() {
            return "read";
        }

        @Override
        public String toString() {
            return operation() + " " + socket;
        }
    }
}
