package dev.gyre.benchmarks.programs;

import dev.gyre.benchmarks.load.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/** Counts what a program has done, and takes readings of it. */
final class Gauge {
    private static final int DIGITS = 3;
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;

    private final LongAdder done = new LongAdder();
    private final ConcurrentHistogram latencies = new ConcurrentHistogram(LATENCY_NANOS_MAX, DIGITS);
    private boolean timed;
    private final long pid = ProcessHandle.current().pid();

    /** One more is done. */
    void count() {
        done.increment();
    }

    /** So many more are done. */
    void count(long more) {
        done.add(more);
    }

    /** Something took so long. */
    void took(long nanos) {
        latencies.recordValue(Math.clamp(nanos, 0, LATENCY_NANOS_MAX));
    }

    /** Forgets how long things took until now. */
    void forget() {
        timed = timed();
        latencies.reset();
    }

    /** Whether something took time, forgotten or not. */
    boolean timed() {
        return timed || latencies.getTotalCount() > 0;
    }

    /** How long most things took, in microseconds. */
    double percentile(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    /** What has been done so many milliseconds after a moment; blocks until then. */
    Reading readAt(Reading beginning, long millis) throws IOException, InterruptedException {
        Thread.sleep(Duration.ofNanos(beginning.nanos + Duration.ofMillis(millis).toNanos() - System.nanoTime()));
        return new Reading(System.nanoTime(), done.sum(), ProcessorTime.of(pid).totalNanos());
    }

    /** Waits until more has been done than there was. */
    void awaitMoreThan(Reading earlier) throws InterruptedException {
        while (done.sum() == earlier.done) {
            Thread.sleep(1);
        }
    }

    /**
     * What had been done by a moment.
     *
     * @param nanos when that was
     * @param done how many
     * @param processorNanos processor time of the whole process
     */
    record Reading(long nanos, long done, long processorNanos) {
        /** How many a second, and how many microseconds of processor time for each, since an earlier reading. */
        String since(Reading earlier) {
            long count = done - earlier.done;
            return String.format(
                    Locale.ROOT,
                    "%.1f %.3f",
                    count * 1e9 / (nanos - earlier.nanos),
                    (processorNanos - earlier.processorNanos) / 1e3 / Math.max(1, count));
        }
    }
}
