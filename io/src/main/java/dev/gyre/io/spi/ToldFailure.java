package dev.gyre.io.spi;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a task that the calling thread was told last. Several can be told the same one, as by a task that they
 * all await. So a group may close with the very object that is being thrown already, and Java does not let an exception
 * be suppressed by itself: it would throw another one, and nobody would catch what he expects.
 */
final class ToldFailure {
    private static final ThreadLocal<@Nullable WeakReference<Throwable>> LAST = new ThreadLocal<>();

    private ToldFailure() {}

    /** Takes note of what the calling thread is told. */
    static void note(Throwable failure) {
        try {
            LAST.set(new WeakReference<>(failure));
        } catch (VirtualMachineError unnoted) {
            // It is told all the same.
        }
    }

    /** What to throw for a failure, where something else may be thrown at the time. */
    static Throwable beside(Throwable failure) {
        WeakReference<Throwable> last = LAST.get();
        return last != null && last.refersTo(failure)
                ? new CompletionException("a member of the group failed with what its owner was told before", failure)
                : failure;
    }
}
