package dev.gyre.http;

import java.time.Duration;

/**
 * What a client may take of a server: bytes, time, connections.
 *
 * @param targetBytesMax the longest request target that is read, in bytes, 1 or more; beyond it the answer is 414
 * @param headBytesMax the longest request line with all header fields, in bytes, 256 or more; beyond it the answer is
 *     431, or 414 where the target alone is longer
 * @param bodyBytesMax the longest request body that is read and thrown away, in bytes, 0 or more; beyond it the answer
 *     is 413 and the connection is closed
 * @param headTimeout how long a request may take to arrive, from its first byte to its last, positive; beyond it the
 *     answer is 408
 * @param idleTimeout how long a connection may wait for its next request, positive; then it is closed
 * @param writeStall how long a connection may take nothing of an answer, positive; then it is closed
 * @param connectionsMax how many connections are served at once, 1 or more; one that comes beyond it gets 503
 * @param cachedFileBytesMax the longest file whose content is kept in memory, in bytes, 0 to 16 MiB
 * @param cacheBytesMax how much memory the contents kept may take together, in bytes, 0 or more
 */
public record ServerLimits(
        int targetBytesMax,
        int headBytesMax,
        int bodyBytesMax,
        Duration headTimeout,
        Duration idleTimeout,
        Duration writeStall,
        int connectionsMax,
        int cachedFileBytesMax,
        long cacheBytesMax) {

    /**
     * Targets of 8 KiB, heads of 16 KiB, bodies of 64 KiB; 10 s for a request, 60 s between two, 30 s without progress
     * of an answer; 10,000 connections; files up to 64 KiB in a cache of 64 MiB.
     */
    public static final ServerLimits DEFAULT = new ServerLimits(
            8 << 10,
            16 << 10,
            64 << 10,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            10_000,
            64 << 10,
            64L << 20);

    private static final int CACHED_FILE_CEILING = 16 << 20;

    /** Refuses values out of range. */
    public ServerLimits {
        requireAtLeast("targetBytesMax", targetBytesMax, 1);
        requireAtLeast("headBytesMax", headBytesMax, 256);
        requireAtLeast("bodyBytesMax", bodyBytesMax, 0);
        requirePositive("headTimeout", headTimeout);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("writeStall", writeStall);
        requireAtLeast("connectionsMax", connectionsMax, 1);
        requireAtLeast("cachedFileBytesMax", cachedFileBytesMax, 0);
        requireAtLeast("cacheBytesMax", cacheBytesMax, 0);
        if (cachedFileBytesMax > CACHED_FILE_CEILING) {
            throw new IllegalArgumentException(
                    "cachedFileBytesMax " + cachedFileBytesMax + " is more than " + CACHED_FILE_CEILING);
        }
    }

    /**
     * The same with another limit for targets.
     *
     * @param bytes 1 or more
     * @return the limits
     */
    public ServerLimits withTargetBytesMax(int bytes) {
        return new ServerLimits(
                bytes, headBytesMax, bodyBytesMax, headTimeout, idleTimeout, writeStall, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another limit for request line and header fields.
     *
     * @param bytes 256 or more
     * @return the limits
     */
    public ServerLimits withHeadBytesMax(int bytes) {
        return new ServerLimits(
                targetBytesMax, bytes, bodyBytesMax, headTimeout, idleTimeout, writeStall, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another limit for request bodies.
     *
     * @param bytes 0 or more
     * @return the limits
     */
    public ServerLimits withBodyBytesMax(int bytes) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bytes, headTimeout, idleTimeout, writeStall, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another time for a request to arrive.
     *
     * @param timeout positive
     * @return the limits
     */
    public ServerLimits withHeadTimeout(Duration timeout) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, timeout, idleTimeout, writeStall, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another time between two requests.
     *
     * @param timeout positive
     * @return the limits
     */
    public ServerLimits withIdleTimeout(Duration timeout) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, headTimeout, timeout, writeStall, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another time without progress of an answer.
     *
     * @param timeout positive
     * @return the limits
     */
    public ServerLimits withWriteStall(Duration timeout) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, headTimeout, idleTimeout, timeout, connectionsMax,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another number of connections.
     *
     * @param count 1 or more
     * @return the limits
     */
    public ServerLimits withConnectionsMax(int count) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, headTimeout, idleTimeout, writeStall, count,
                cachedFileBytesMax, cacheBytesMax);
    }

    /**
     * The same with another limit for a file that is kept in memory.
     *
     * @param bytes 0 to 16 MiB
     * @return the limits
     */
    public ServerLimits withCachedFileBytesMax(int bytes) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, headTimeout, idleTimeout, writeStall, connectionsMax,
                bytes, cacheBytesMax);
    }

    /**
     * The same with another limit for all files that are kept in memory.
     *
     * @param bytes 0 or more; 0 keeps nothing
     * @return the limits
     */
    public ServerLimits withCacheBytesMax(long bytes) {
        return new ServerLimits(
                targetBytesMax, headBytesMax, bodyBytesMax, headTimeout, idleTimeout, writeStall, connectionsMax,
                cachedFileBytesMax, bytes);
    }

    private static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " is less than " + least);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }
}
