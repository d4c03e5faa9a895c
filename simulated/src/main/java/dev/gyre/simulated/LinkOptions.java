package dev.gyre.simulated;

import java.time.Duration;

/**
 * What a {@link Link} is like.
 *
 * <p>A packet first waits until its sender's interface has sent what came before it, takes {@link #bytesPerSecond} to
 * be sent, and {@link #latency} and up to {@link #jitter} to arrive; what one machine sends to another one never
 * overtakes. Only content counts as bytes: headers, and packets that have none, such as those that open and close
 * connections, take no time to be sent.
 *
 * @param latency from one end to the other, 0 to a day
 * @param jitter how much longer a packet may take at most, 0 to a day; how much it is, the seed says
 * @param bytesPerSecond how fast each interface sends, 1 or more; {@link #UNLIMITED}
 * @param backlogBytes how much may wait to be sent at an interface before datagrams are dropped, {@code mtu} to 1 GiB
 * @param inFlightBytesMax how much of each direction of a connection may be written and not read, 1 to 1 GiB: the
 *     window of TCP, so that no more than this arrives in the time of two latencies
 * @param mtu how long the pieces are at most in which a datagram travels, 1280 (RFC 8200 §5) to 65,535; one of which a
 *     piece finds no room does not arrive
 */
public record LinkOptions(
        Duration latency, Duration jitter, long bytesPerSecond, long backlogBytes, int inFlightBytesMax, int mtu) {
    private static final Duration TIME_MAX = Duration.ofDays(1);
    private static final int BYTES_MAX = 1 << 30;
    private static final int MTU_MIN = 1280;
    private static final int MTU_MAX = 0xffff;

    /** The bandwidth of a link that takes no time to send anything. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /**
     * A local network: 100 µs, no jitter, 1 Gbit/s; a thousand packets of 1500 bytes may wait, and 4 MiB be in flight,
     * as on Linux without further settings.
     */
    public static final LinkOptions DEFAULT =
            new LinkOptions(Duration.ofNanos(100_000), Duration.ZERO, 125_000_000, 1_500_000, 4 << 20, 1500);

    /** Refuses values out of range. */
    public LinkOptions {
        requireTime("latency", latency);
        requireTime("jitter", jitter);
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond " + bytesPerSecond + " is not positive");
        }
        requireWithin("mtu", mtu, MTU_MIN, MTU_MAX);
        requireWithin("backlogBytes", backlogBytes, mtu, BYTES_MAX);
        requireWithin("inFlightBytesMax", inFlightBytesMax, 1, BYTES_MAX);
    }

    private static void requireTime(String name, Duration time) {
        if (time.isNegative() || time.compareTo(TIME_MAX) > 0) {
            throw new IllegalArgumentException(name + " " + time + " is not within 0.." + TIME_MAX);
        }
    }

    private static void requireWithin(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is not within " + least + ".." + most);
        }
    }

    /**
     * The same with another latency.
     *
     * @param time 0 to a day
     * @return the options
     */
    public LinkOptions withLatency(Duration time) {
        return new LinkOptions(time, jitter, bytesPerSecond, backlogBytes, inFlightBytesMax, mtu);
    }

    /**
     * The same with another jitter.
     *
     * @param time 0 to a day
     * @return the options
     */
    public LinkOptions withJitter(Duration time) {
        return new LinkOptions(latency, time, bytesPerSecond, backlogBytes, inFlightBytesMax, mtu);
    }

    /**
     * The same with another bandwidth.
     *
     * @param bytes 1 or more, {@link #UNLIMITED}
     * @return the options
     */
    public LinkOptions withBytesPerSecond(long bytes) {
        return new LinkOptions(latency, jitter, bytes, backlogBytes, inFlightBytesMax, mtu);
    }

    /**
     * The same with another backlog.
     *
     * @param bytes the mtu to 1 GiB
     * @return the options
     */
    public LinkOptions withBacklogBytes(long bytes) {
        return new LinkOptions(latency, jitter, bytesPerSecond, bytes, inFlightBytesMax, mtu);
    }

    /**
     * The same with another window.
     *
     * @param bytes 1 to 1 GiB
     * @return the options
     */
    public LinkOptions withInFlightBytesMax(int bytes) {
        return new LinkOptions(latency, jitter, bytesPerSecond, backlogBytes, bytes, mtu);
    }

    /**
     * The same with another length of pieces.
     *
     * @param bytes 1280 to 65,535, and no more than the backlog
     * @return the options
     */
    public LinkOptions withMtu(int bytes) {
        return new LinkOptions(latency, jitter, bytesPerSecond, backlogBytes, inFlightBytesMax, bytes);
    }
}
