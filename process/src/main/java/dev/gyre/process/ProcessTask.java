package dev.gyre.process;

import dev.gyre.io.Body;
import dev.gyre.io.Timeout;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * A process that works something out ({@link Self#async}, {@link Supervisor#async}).
 *
 * @param <T> what it works out
 */
public final class ProcessTask<T> {
    private final Processes node;
    private final Pid process;
    private final Call call;

    ProcessTask(Processes node, Pid process, Call call) {
        this.node = node;
        this.process = process;
        this.call = call;
    }

    /** Works something out. */
    static Object resultOf(Body<?, ? extends Exception> work) throws Exception {
        return Objects.requireNonNull(work.run(), "the result of a task is null: return something else, or spawn it");
    }

    /**
     * Which process it is.
     *
     * @return it may have ended
     */
    public Pid process() {
        return process;
    }

    /**
     * Waits for the result. A cancellation point. For one thread at a time.
     *
     * @param limit from now on; when it is over, the result is lost, and the process goes on
     * @return the result
     * @throws TimeoutException if the time is over
     * @throws CallException if the process has ended without a result
     * @throws dev.gyre.io.CanceledException if the caller is to stop
     */
    @SuppressWarnings("unchecked") // whoever made the call knew what is worked out
    public T await(Timeout limit) throws TimeoutException {
        return (T) call.await(node.access(), limit);
    }

    /**
     * Whether the result is there, or will not come.
     *
     * @return true if {@link #await} would not wait
     */
    public boolean isDone() {
        return !call.isOpen();
    }
}
