package dev.gyre.uring;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks at loops again and again, and reports one that was busy with the same turn for the whole time
 * between two looks. The report has the stack of the task that the loop carries at that moment, most likely the one
 * that computes, or blocks in code that is not Gyre's. Each turn is reported at most once.
 *
 * <p>Where tasks are not carried by loops, there is nothing to look at.
 */
final class Watchdog extends Thread {
    private static final System.Logger LOG = System.getLogger("dev.gyre.uring");
    private static final int FRAMES_MAX = 48;

    private final List<LoopThread> loops;
    private final long periodNanos;
    private long[] seen = {};
    private long[] reported = {};
    private volatile long looks;
    private volatile boolean stopped;

    /** Looks every {@code stall}, which is therefore the shortest stall that is reported. */
    Watchdog(List<LoopThread> loops, Duration stall) {
        super("gyre-watchdog");
        setDaemon(true);
        this.loops = loops;
        this.periodNanos = saturatedNanos(stall);
    }

    /** Starts to look, if there is something to see. */
    @Override
    public synchronized void start() {
        seen = new long[loops.size()];
        reported = new long[loops.size()];
        if (VirtualThreads.schedulable()) {
            super.start();
        }
    }

    /** Ends the thread and waits for that. */
    void shutdown() {
        stopped = true;
        LockSupport.unpark(this);
        LoopThread.joinUninterruptibly(this);
    }

    /** How often it has looked. */
    long looks() {
        return looks;
    }

    @Override
    public void run() {
        while (!stopped) {
            long start = System.nanoTime();
            long left = periodNanos;
            while (left > 0 && !stopped) {
                LockSupport.parkNanos(this, left);
                left = periodNanos - (System.nanoTime() - start);
            }
            look();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes it
    private void look() {
        for (int i = 0; i < seen.length; i++) {
            LoopThread loop = loops.get(i);
            long phase = loop.phase();
            boolean running = (phase & 1) != 0;
            if (running && phase == seen[i] && phase != reported[i] && !stopped) {
                reported[i] = phase;
                report(loop);
            }
            seen[i] = phase;
        }
        looks++;
    }

    private void report(LoopThread loop) {
        Thread culprit = culprit(loop);
        String stack = Arrays.stream(culprit.getStackTrace())
                .limit(FRAMES_MAX)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
        Duration stall = Duration.ofNanos(periodNanos);
        StallEvent.record(loop, culprit, stall, stack);
        LOG.log(System.Logger.Level.WARNING, loop.getName() + " has not turned for " + stall.toMillis()
                + " ms, and its other tasks wait; it runs " + culprit.getName()
                + ". What computes for long or blocks belongs into Io.blocking." + stack);
    }

    private static Thread culprit(LoopThread loop) {
        @Nullable LoopFiber latest = loop.latest();
        return latest != null && latest.thread().getState() == State.RUNNABLE ? latest.thread() : loop;
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }
}
