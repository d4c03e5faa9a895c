package dev.gyre.testing;

import java.time.Duration;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a test that must pass for all values, on many that are drawn at random.
 *
 * {@snippet :
 * @Test
 * void aPortIsReadAsItWasWritten() {
 *     Property.check(draw -> {
 *         int port = draw.between(0, 0xffff);
 *         write(port);
 *         assertThat(read()).isEqualTo(port);
 *     });
 * }
 * }
 *
 * <p>Each try has a seed, and what it draws depends on nothing else. The seeds are different in each run. A failure
 * names the seed of its try; with {@code -Dgyre.seed} set to it, that try is the first. With
 * {@code -Dgyre.tries=100000} there are more tries than the test asks for.
 *
 * <p>A try that fails is repeated with plainer values: elements of lists, texts and arrays are left out, and numbers
 * become zero, many at once at first and one at a time in the end. A change stays if the test still fails, with the
 * same class of exception. What is reported is the last failure, with all that was drawn for it.
 *
 * <p>Tries run one after another, on threads other than the caller's. One that does not end has failed, too; its thread
 * is left behind.
 */
public final class Property {
    private static final int TRIES = 1000;

    /** Long enough for a loaded machine. */
    private static final Duration TRY_MAX = Duration.ofSeconds(30);

    private static final Duration SHRINK_MAX = Duration.ofSeconds(30);

    /** A thread is used again, unless it was left behind. */
    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("property-", 0).factory());

    /** A test of what it draws. */
    @FunctionalInterface
    public interface Body {
        /** Runs it; whatever it throws is a failure. */
        void run(Draw draw) throws Exception;
    }

    /** How a try has failed, and what it had drawn. */
    private record Failure(Throwable cause, Draw draw) {}

    private Property() {}

    /** Tries it 1000 times. */
    public static void check(Body body) {
        check(TRIES, body);
    }

    /** Tries it {@code tries} times, or more if that is asked for. */
    public static void check(int tries, Body body) {
        check(tries, TRY_MAX, body);
    }

    static void check(int tries, Duration tryMax, Body body) {
        long first = Long.getLong("gyre.seed", new SplittableRandom().nextLong());
        int count = Math.max(tries, Integer.getInteger("gyre.tries", 0));
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            Failure failure = run(body, new Draw(seed, new BitSet()), tryMax);
            if (failure != null) {
                throw error(seed, i + 1, failure, shrunk(body, seed, failure, tryMax.dividedBy(10)));
            }
        }
    }

    private static Failure run(Body body, Draw draw, Duration max) {
        AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
        Future<Void> end = THREADS.submit(() -> {
            thread.set(Thread.currentThread());
            body.run(draw);
            return null;
        });
        try {
            end.get(max.toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            return new Failure(e.getCause(), draw);
        } catch (TimeoutException e) {
            TimeoutException failure = new TimeoutException("did not end within " + max.toMillis() + " ms");
            failure.setStackTrace(thread.get().getStackTrace());
            return new Failure(failure, draw);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Failure shrunk(Body body, long seed, Failure first, Duration runMax) {
        long end = System.nanoTime() + SHRINK_MAX.toNanos();
        Failure last = first;
        BitSet plain = new BitSet();
        int choices = first.draw.choices();
        boolean plainer = true;
        for (int chunk = choices; chunk > 0; chunk = chunk == 1 && plainer ? 1 : chunk / 2) {
            plainer = false;
            for (int from = 0; from < choices && System.nanoTime() < end; from += chunk) {
                BitSet more = (BitSet) plain.clone();
                more.set(from, Math.min(from + chunk, choices));
                Failure failure = more.equals(plain) ? null : run(body, new Draw(seed, more), runMax);
                if (failure != null && failure.cause.getClass() == first.cause.getClass()) {
                    last = failure;
                    plain = more;
                    plainer = true;
                }
            }
        }
        return last;
    }

    private static AssertionError error(long seed, int tries, Failure first, Failure last) {
        String drawn = String.join("\n  ", last.draw.drawn());
        AssertionError error = new AssertionError("Failed in try %d, which -Dgyre.seed=%d repeats, for\n  %s\n%s"
                .formatted(tries, seed, drawn, last.cause), last.cause);
        if (last != first) {
            error.addSuppressed(first.cause);
        }
        return error;
    }
}
