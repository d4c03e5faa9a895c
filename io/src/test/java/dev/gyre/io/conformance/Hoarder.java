package dev.gyre.io.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes all memory of a small heap, for a moment, again and again. */
public final class Hoarder {
    static final int HEAP_MIB = 32;
    private static final int PIECE = 1 << 16;
    private static final long PAUSE_NANOS = 2_000_000;

    private Hoarder() {}

    /**
     * Does so on the calling thread.
     *
     * @param duration for how long
     */
    public static void hoardFor(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            hoard();
        }
    }

    /** Does so on a thread of its own, which ends then. */
    static Thread start(Duration duration) {
        return Thread.ofPlatform().daemon().start(() -> hoardFor(duration));
    }

    private static void hoard() {
        @Nullable Object[] chain = null;
        for (int size = PIECE; size >= 16; size /= 64) {
            try {
                while (true) {
                    chain = new Object[] {chain, new byte[size]};
                }
            } catch (OutOfMemoryError full) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        chain = null;
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
