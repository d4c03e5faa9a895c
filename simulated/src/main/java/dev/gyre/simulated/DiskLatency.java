package dev.gyre.simulated;

import java.time.Duration;

/**
 * How long the disk of a host takes. What a program does to it happens at the end of that time, and takes as long for
 * one as for several at once.
 *
 * @param read for each read of a file, 0 to a day
 * @param write for each write, 0 to a day
 * @param sync for each sync of a file or a folder, 0 to a day; what was written before it began is on the device at its
 *     end, and what is written meanwhile is not
 * @param jitter how much longer each may take at most, 0 to a day; how much it is, the seed says
 */
public record DiskLatency(Duration read, Duration write, Duration sync, Duration jitter) {
    private static final Duration TIME_MAX = Duration.ofDays(1);

    /** Everything is done at once. */
    public static final DiskLatency NONE =
            new DiskLatency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Refuses values out of range. */
    public DiskLatency {
        requireTime("read", read);
        requireTime("write", write);
        requireTime("sync", sync);
        requireTime("jitter", jitter);
    }

    /**
     * The same with another time for each read.
     *
     * @param time 0 to a day
     * @return the latency
     */
    public DiskLatency withRead(Duration time) {
        return new DiskLatency(time, write, sync, jitter);
    }

    /**
     * The same with another time for each write.
     *
     * @param time 0 to a day
     * @return the latency
     */
    public DiskLatency withWrite(Duration time) {
        return new DiskLatency(read, time, sync, jitter);
    }

    /**
     * The same with another time for each sync.
     *
     * @param time 0 to a day
     * @return the latency
     */
    public DiskLatency withSync(Duration time) {
        return new DiskLatency(read, write, time, jitter);
    }

    /**
     * The same with more or less that the seed decides.
     *
     * @param time how much longer each may take at most, 0 to a day
     * @return the latency
     */
    public DiskLatency withJitter(Duration time) {
        return new DiskLatency(read, write, sync, time);
    }

    private static void requireTime(String name, Duration time) {
        if (time.isNegative() || time.compareTo(TIME_MAX) > 0) {
            throw new IllegalArgumentException(name + " " + time + " is not within 0.." + TIME_MAX);
        }
    }
}
