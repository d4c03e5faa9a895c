package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * Something that runs, and will have a result.
 *
 * <p>Made by {@link Io#async} and {@link Io#concurrent}. Any thread may call these methods, any number of times.
 *
 * @param <T> what the body returns
 * @param <X> what the body may throw
 */
public interface Task<T extends @Nullable Object, X extends Exception> {

    /**
     * Waits for the end of the task.
     *
     * <p>A cancellation point in its own way: if the calling task is to stop while it waits, the request is passed on
     * to this task, and the wait goes on until this task has ended.
     *
     * @return what the body returned
     * @throws X what the body threw: the same object
     * @throws CanceledException if the body ended in one
     * @throws IllegalStateException if this task would never end because it is the calling one, or waits for the end of
     *     that, maybe by way of others; where the calling task is to stop, {@link CanceledException} instead
     */
    T await() throws X;

    /**
     * Asks the task to stop, then waits for its end.
     *
     * <p>The request stays: the task's next cancellation point throws, and every later one. An operation that already
     * waits in the kernel is interrupted, and so is the task's thread, for the sake of waits of the JDK's. A body that
     * reaches no such point still finishes, and its result is valid. After the end this is {@link #await()}.
     *
     * @return what the body returned
     * @throws X what the body threw
     * @throws CanceledException if the body ended in one, as it usually does
     * @throws IllegalStateException if the calling task is this one, which would wait for itself; then nobody is asked.
     *     Also if this task waits for the end of the calling one and cannot be brought out of that, which {@link
     *     #await()} can
     */
    T cancel() throws X;

    /**
     * Whether the task has ended.
     *
     * @return true if {@link #await()} would not wait
     */
    boolean isDone();
}
