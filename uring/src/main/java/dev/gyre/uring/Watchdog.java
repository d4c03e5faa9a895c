package dev.gyre.uring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks at loops again and again, and reports one that was busy with the same turn for the whole time
 * between two looks: because a task computes, or blocks in code that is not Gyre's. A loop that could run and was given
 * no processor is not reported; no task is to blame for that. Nor is one at once that waits while others lack a
 * processor: the virtual machine also lets a thread wait for what another one does, as for the initialization of a
 * class. Each turn is reported at most once.
 *
 * <p>Each report is an event for the flight recorder, with the stack of the task that the loop carries at that moment.
 * The log gets one line a second at most, which names the task, the place where it was, and how many reports came since
 * the line before.
 *
 * <p>Where tasks are not carried by loops, there is nothing to look at.
 */
final class Watchdog extends Thread {
    private static final int FRAMES_MAX = 48;
    private static final long LINE_NANOS = 1_000_000_000;

    /** So much is enough to tell that a loop waits for what a task does. */
    private static final int SUSPICION_MAX = 10;

    /** For a look that finds it waiting: two are needed, since the collector stops everything for a moment. */
    private static final int SUSPICION = 5;

    /** The same while there are not enough processors for all that could run. */
    private static final int SUSPICION_WHEN_CROWDED = 1;

    private final List<LoopThread> loops;
    private final Duration stall;
    private final long periodNanos;
    private Look[] looked = {};
    private long lastLine;
    private int unreported;
    private boolean anyLine;
    private volatile long looks;
    private volatile boolean stopped;

    /** What is known of a loop. */
    private static final class Look {
        /** The piece of work that it was last seen with. */
        long phase;

        /** The loop's processor time when it was first seen with that. */
        long processorNanos;

        /** Grows with each look in a row that finds it waiting for something. */
        int suspicion;

        boolean reported;
    }

    /** Looks every {@code stall}, which is therefore the shortest stall that is reported. */
    Watchdog(List<LoopThread> loops, Duration stall) {
        super("gyre-watchdog");
        setDaemon(true);
        this.loops = loops;
        this.stall = stall;
        this.periodNanos = saturatedNanos(stall);
    }

    /** Starts to look, if there is something to see. */
    @Override
    public synchronized void start() {
        looked = new Look[loops.size()];
        Arrays.setAll(looked, _ -> new Look());
        super.start();
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
            try {
                look();
            } catch (Throwable shortage) {
                // Who lacks the memory to look, or a descriptor, looks again later.
            }
        }
    }

    /** Looks once. On this thread, and for tests. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes it
    void look() {
        for (int i = 0; i < looked.length && !stopped; i++) {
            LoopThread loop = loops.get(i);
            loop.rouse();
            Look last = looked[i];
            long phase = loop.phase();
            boolean running = (phase & 1) != 0;
            if (running && phase == last.phase) {
                loop.neverParks();
                last.suspicion = isRunnable(loop.id()) ? 0 : last.suspicion + suspicion();
                if (!last.reported && isToBlame(loop, last)) {
                    last.reported = true;
                    report(loop, System.nanoTime());
                }
            } else {
                last.phase = phase;
                last.processorNanos = running ? loop.processorNanos() : 0;
                last.suspicion = 0;
                last.reported = false;
            }
        }
        looks++;
    }

    /** Whether the loop has used that time, or waits for something; otherwise others had the processors. */
    private boolean isToBlame(LoopThread loop, Look last) {
        return last.suspicion >= SUSPICION_MAX
                || loop.processorNanos() - last.processorNanos >= periodNanos / 10 * 9;
    }

    private static int suspicion() {
        return isCrowded() ? SUSPICION_WHEN_CROWDED : SUSPICION;
    }

    /** Whether more threads could run than there are processors: proc(5), the fourth field of loadavg. */
    private static boolean isCrowded() {
        try {
            String load = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.ISO_8859_1);
            String counts = load.split(" ", 5)[3];
            int runnable = Integer.parseInt(counts.substring(0, counts.indexOf('/')));
            return runnable > Runtime.getRuntime().availableProcessors();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException unknown) {
            return false;
        }
    }

    /** Whether the kernel would let a thread run, if it had a processor for it: proc(5), the third field of stat. */
    static boolean isRunnable(int thread) {
        try {
            Path stat = Path.of("/proc/self/task/" + thread + "/stat");
            String state = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return state.startsWith("R", state.lastIndexOf(')') + 2);
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Reports a stall that was found at {@code now}, by {@code System.nanoTime}. On this thread, and for tests. */
    void report(LoopThread loop, long now) {
        Thread culprit = culprit(loop);
        StackTraceElement[] stack = culprit.getStackTrace();
        StallEvent.record(loop, culprit, stall, Arrays.stream(stack)
                .limit(FRAMES_MAX)
                .map(frame -> "\tat " + frame)
                .collect(Collectors.joining("\n")));
        unreported++;
        if (anyLine && now - lastLine < LINE_NANOS) {
            return;
        }
        String line = loop.getName() + " has not turned for " + stall.toMillis()
                + " ms, and its other tasks wait: it runs " + culprit.getName() + place(stack)
                + ". What computes for long or blocks belongs into Io.blocking."
                + (unreported > 1 ? " (" + unreported + " stalls since the last message)" : "");
        System.getLogger("dev.gyre.uring").log(System.Logger.Level.WARNING, line);
        anyLine = true;
        lastLine = now;
        unreported = 0;
    }

    /** The innermost frame that is not the JDK's. */
    private static String place(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !"java.base".equals(frame.getModuleName()))
                .findFirst()
                .map(frame -> ", which is at " + frame.getClassName() + "." + frame.getMethodName()
                        + "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("");
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
