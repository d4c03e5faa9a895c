package dev.gyre.benchmarks.load;

/**
 * What one window of load showed.
 *
 * @param requests answered inside the window
 * @param windowNanos the window's true length
 * @param due requests that became due inside the window; 0 without a rate
 * @param late requests whose connection was busy when they were due; sent afterwards, timed from when they were due
 * @param skipped requests given up because their connection's queue was full
 * @param lagP99Nanos how late the generator itself was to send what was due on a free connection: the 99th percentile
 * @param idleShare the share of the window, 0 to 1, in which the generator found nothing to do; near 0, it and not the
 *     server was the bottleneck
 * @param others processors' worth of time, 0 or more, that neither the server nor the generator had: how much the
 *     machine was disturbed
 * @param server processor time of the server during the window
 * @param latencies nanoseconds from due (or, without a rate, from sent) to answered: a {@link Latencies} as text
 */
public record Measurement(
        long requests,
        long windowNanos,
        long due,
        long late,
        long skipped,
        long lagP99Nanos,
        double idleShare,
        double others,
        ProcessorTime server,
        String latencies) {}
