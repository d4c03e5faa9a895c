package dev.gyre.io;

import java.time.Duration;
import java.util.Optional;

/**
 * How to open an {@link Io}.
 *
 * @param backend the name of the wanted backend ({@code uring}, {@code threaded}), or empty for the best that works
 * @param loops how many loops a backend with loops runs, 1 to 1024; 0 for one per processor
 * @param asyncLimit how many tasks of {@link Io#async} may run beside their callers, 0 or more
 * @param concurrentLimit how many tasks may run in all, 0 or more
 * @param stall how long a loop may be busy with one task before that is reported, positive
 * @param pinned whether each loop stays on one processor, in turn on those that the process may use
 */
public record IoOptions(
        Optional<String> backend, int loops, int asyncLimit, int concurrentLimit, Duration stall, boolean pinned) {

    /**
     * The best backend, a loop per processor, processors − 1 async tasks,
     * any number of concurrent ones, 100 ms, not pinned.
     */
    public static final IoOptions DEFAULT = new IoOptions(
            Optional.empty(), 0, Runtime.getRuntime().availableProcessors() - 1, Integer.MAX_VALUE,
            Duration.ofMillis(100), false);

    /** Refuses values out of range. */
    public IoOptions {
        if (loops < 0 || loops > 1024) {
            throw new IllegalArgumentException("loops " + loops + " is not within 0..1024");
        }
        if (asyncLimit < 0) {
            throw new IllegalArgumentException("asyncLimit " + asyncLimit + " is negative");
        }
        if (concurrentLimit < 0) {
            throw new IllegalArgumentException("concurrentLimit " + concurrentLimit + " is negative");
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("stall " + stall + " is not positive");
        }
    }

    /**
     * The same with a backend of this name and no other.
     *
     * @param name {@code uring} or {@code threaded}
     * @return the options
     */
    public IoOptions withBackend(String name) {
        return new IoOptions(Optional.of(name), loops, asyncLimit, concurrentLimit, stall, pinned);
    }

    /**
     * The same with another number of loops.
     *
     * @param count 1 to 1024, or 0 for one per processor
     * @return the options
     */
    public IoOptions withLoops(int count) {
        return new IoOptions(backend, count, asyncLimit, concurrentLimit, stall, pinned);
    }

    /**
     * The same with another limit for {@link Io#async}.
     *
     * @param limit 0 or more
     * @return the options
     */
    public IoOptions withAsyncLimit(int limit) {
        return new IoOptions(backend, loops, limit, concurrentLimit, stall, pinned);
    }

    /**
     * The same with another limit for all tasks.
     *
     * @param limit 0 or more
     * @return the options
     */
    public IoOptions withConcurrentLimit(int limit) {
        return new IoOptions(backend, loops, asyncLimit, limit, stall, pinned);
    }

    /**
     * The same with another stall time.
     *
     * @param duration positive
     * @return the options
     */
    public IoOptions withStall(Duration duration) {
        return new IoOptions(backend, loops, asyncLimit, concurrentLimit, duration, pinned);
    }

    /**
     * The same, with loops that stay on one processor each or with such that the kernel moves. It knows best, mostly:
     * what pinning brings is to be measured, with nothing else on those processors. A loop that the kernel does not
     * allow to be pinned is not, and the log says so.
     *
     * @param wanted whether they are to stay
     * @return the options
     */
    public IoOptions withPinned(boolean wanted) {
        return new IoOptions(backend, loops, asyncLimit, concurrentLimit, stall, wanted);
    }
}
