package dev.gyre.uring;

import dev.gyre.ring.RingException;
import java.util.concurrent.locks.LockSupport;

/** What a loop's thread does about turns that fail: it says so once, waits for a moment, and goes on. */
final class FailedTurns {
    private static final long PAUSE_NANOS_FIRST = 500_000;
    private static final long PAUSE_NANOS_MAX = 100_000_000;

    private final LoopThread loop;

    /** How many in a row have failed. */
    private int count;

    FailedTurns(LoopThread loop) {
        this.loop = loop;
    }

    /** A turn has not failed. */
    void over() {
        count = 0;
    }

    /** A turn has failed. Where memory is short, not even that can be done which is to be done then. */
    void survive(Throwable fault) {
        try {
            if (fault instanceof RingException refused) {
                refused(refused);
            } else {
                failed(fault);
            }
        } catch (Throwable again) {
            Thread.onSpinWait();
        }
    }

    /**
     * The kernel does not take what the loop has for it, and may never do so again. Nobody's operation can be given up
     * for that: the kernel may still use its memory. So it waits, as do new ones, while everything else goes on.
     */
    private void refused(RingException refused) {
        if (count++ == 0) {
            report("the kernel refuses to be entered; all operations of this"
                    + " loop wait, and it is asked again every " + PAUSE_NANOS_MAX / 1_000_000 + " ms",
                    refused);
        }
        if (loop.isIdle()) {
            long next = loop.untilNextTimer();
            pauseFor(next < 0 ? pause() : Math.min(pause(), next));
        }
    }

    /** Something that the thread runs has thrown, and may do so in each turn. All wait for a moment then. */
    private void failed(Throwable fault) {
        if (count++ == 0) {
            report("a turn failed; the next ones that fail in a row are not"
                    + " logged, and follow each other every " + PAUSE_NANOS_MAX / 1_000_000 + " ms", fault);
        }
        pauseFor(pause());
    }

    private void pauseFor(long nanos) {
        LockSupport.parkNanos(this, 1); // uses the permit up
        LockSupport.parkNanos(this, nanos);
        loop.neverParks();
    }

    private long pause() {
        return Math.min(PAUSE_NANOS_MAX, PAUSE_NANOS_FIRST << Math.min(count, 10));
    }

    /**
     * A log has locks, for which fibers of the loop may wait as well: so its thread does not write to it. And a log may
     * lack what this thread lacks, a descriptor or memory; then this thread goes on all the same, and says nothing.
     */
    void report(String constant, Throwable fault) {
        try {
            Thread.startVirtualThread(() -> System.getLogger("dev.gyre.uring")
                    .log(System.Logger.Level.ERROR, loop.getName() + ": " + constant, fault));
        } catch (Throwable lost) {
            // There is nobody else to tell.
        }
    }
}
