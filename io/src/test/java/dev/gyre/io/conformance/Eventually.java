package dev.gyre.io.conformance;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that happens elsewhere, by looking at it again and again, for a limited time. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = 200_000;

    private Eventually() {}

    /** Returns as soon as {@code event} is there. */
    public static void await(String event, BooleanSupplier there) {
        long start = System.nanoTime();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("did not happen within " + LIMIT + ": " + event);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns as soon as {@code found} is empty. */
    static void assertEmpty(String fault, Supplier<? extends Collection<?>> found) {
        long start = System.nanoTime();
        while (true) {
            Collection<?> left = found.get();
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError(fault + ": " + left);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
