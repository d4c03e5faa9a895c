package dev.gyre.benchmarks.tasks;

import dev.gyre.benchmarks.Memory;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Many tasks that sleep: {@code GyreSleepers COUNT SECONDS} and {@code JdkSleepers COUNT SECONDS}. Prints the bytes of
 * resident memory that each takes, how late others wake up meanwhile in milliseconds (median and 99th percentile), and
 * the seconds until all have been canceled.
 *
 * <p>The others are a thousand that sleep for some milliseconds again and again, beside some that compute without end
 * and give way ten thousand times a second, so that no processor is ever idle. Some thousand sleepers come first and
 * are canceled, uncounted, so that the JIT has seen how a sleep ends early: code that was compiled before must be
 * thrown away for each task that is in it, which takes longer than all the rest.
 */
abstract class Sleepers {
    private static final int FIRST_ROUNDS = 10;
    private static final int FIRST_COUNT = 20_000;
    private static final int RISERS = 1000;
    private static final int RISERS_MILLIS_LEAST = 5;
    private static final int RISERS_MILLIS_BOUND = 15;
    private static final int COMPUTING_PER_PROCESSOR = 2;
    private static final long COMPUTING_NANOS = 100_000;
    private static final Duration FOREVER = Duration.ofDays(1);

    /** Something to run in a task. */
    interface Body {
        void run() throws InterruptedException;
    }

    /** Starts one more task. */
    abstract void start(Body body) throws IOException;

    /** Puts the calling task to sleep. */
    abstract void sleep(Duration duration) throws InterruptedException;

    /** Cancels all tasks, and waits for their end. */
    abstract void cancel() throws InterruptedException;

    /** Does it all. */
    final void run(String[] arguments) throws IOException, InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[1]));
        for (int i = 0; i < FIRST_ROUNDS; i++) {
            sleepers(Math.min(count, FIRST_COUNT));
            cancel();
        }
        long before = memory();
        sleepers(count);
        double bytes = (double) (memory() - before) / count;
        Histogram lateness = lateness(time);
        long begin = System.nanoTime();
        cancel();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(Locale.ROOT, "%.1f %.3f %.3f %.6f%n", bytes, lateness.getValueAtPercentile(50) / 1e6,
                lateness.getValueAtPercentile(99) / 1e6, seconds);
    }

    private void sleepers(int count) throws IOException, InterruptedException {
        CountDownLatch started = new CountDownLatch(count);
        Body body = () -> {
            started.countDown();
            sleep(FOREVER);
        };
        for (int i = 0; i < count; i++) {
            start(body);
        }
        started.await();
    }

    private Histogram lateness(Duration time) throws IOException, InterruptedException {
        int computing = COMPUTING_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
        ConcurrentHistogram lateness = new ConcurrentHistogram(3);
        CountDownLatch ended = new CountDownLatch(RISERS + computing);
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        for (int i = 0; i < computing; i++) {
            start(() -> {
                compute(end);
                ended.countDown();
            });
        }
        for (int i = 0; i < RISERS; i++) {
            start(() -> {
                rise(begin, end, lateness);
                ended.countDown();
            });
        }
        ended.await();
        return lateness;
    }

    private static void compute(long end) {
        long now = System.nanoTime();
        while (now < end) {
            long pause = now + COMPUTING_NANOS;
            while (now < pause) {
                Thread.onSpinWait();
                now = System.nanoTime();
            }
            Thread.yield();
        }
    }

    /** Sleeps again and again. The first time counts from the beginning: who has not even started by then is late. */
    private void rise(long begin, long end, Histogram lateness) throws InterruptedException {
        long now = begin;
        while (now < end) {
            int millis = ThreadLocalRandom.current().nextInt(RISERS_MILLIS_LEAST, RISERS_MILLIS_BOUND);
            long due = now + Duration.ofMillis(millis).toNanos();
            sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            now = System.nanoTime();
            lateness.recordValue(Math.max(0, now - due));
        }
    }

    /** What is resident after a collection; shared pages count in part. */
    private static long memory() throws IOException {
        System.gc();
        return Memory.of(ProcessHandle.current().pid()).proportionalBytes();
    }
}
