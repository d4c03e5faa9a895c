package dev.gyre.io;

/**
 * Tasks that end together.
 *
 * <pre>{@code
 * try (Group<IoException> group = io.group()) {
 *     group.concurrent(() -> copy(left, right));
 *     group.concurrent(() -> copy(right, left));
 *     group.await();
 * }
 * }</pre>
 *
 * <p>No member outlives the block: {@link #close()} cancels those that still run and waits for them. Members may add
 * members. A group keeps nothing of a member that has ended, except the failures.
 *
 * <p>There are two kinds. In a group of {@link Tasks#group()} the failure of one member asks the others to stop, so
 * that none waits for ever for what the failed one had to do; it is thrown by {@link #await}, with those of others
 * suppressed. In one of {@link Tasks#group(java.util.function.Consumer)} each failure is handed to a handler, and
 * nobody else is affected.
 *
 * <p>A member that joins while its group is asked to stop is born with the request, and so is one that joins after a
 * failure, until somebody was told of that.
 *
 * @param <X> what members may throw, besides unchecked exceptions
 */
public interface Group<X extends Exception> extends AutoCloseable {

    /**
     * Adds a task that may run at once, on the caller, where no unit of concurrency is free. There, a request to stop
     * the group ends its waits in methods of {@link Io}, but not those in code of the JDK's; the caller then goes on.
     *
     * @param action what it does
     * @throws IllegalStateException if the group is closed
     */
    void async(Action<X> action);

    /**
     * Adds a task that runs beside the caller.
     *
     * @param action what it does
     * @throws ConcurrencyUnavailable if the limit of {@link IoOptions#concurrentLimit()} is reached, or the machine
     *     gives no further thread
     * @throws IllegalStateException if the group is closed
     */
    default void concurrent(Action<X> action) throws ConcurrencyUnavailable {
        concurrent(Placement.BALANCED, action);
    }

    /**
     * Adds a task that runs beside the caller, where it is told.
     *
     * @param placement where it should run
     * @param action what it does
     * @throws ConcurrencyUnavailable if the limit of {@link IoOptions#concurrentLimit()} is reached, or the machine
     *     gives no further thread
     * @throws IllegalStateException if the group is closed
     */
    void concurrent(Placement placement, Action<X> action) throws ConcurrencyUnavailable;

    /**
     * Waits until every member has ended.
     *
     * <p>If the calling task is to stop, all members are asked to stop and are still waited for.
     *
     * @throws X the first failure of a member, with the others as suppressed exceptions; a member that ends in
     *     {@link CanceledException} did not fail
     * @throws CanceledException if the calling task is to stop, and no member failed
     * @throws IllegalStateException if the caller is a member, or a member waits for the end of the calling task, maybe
     *     by way of others: they would wait for each other
     */
    void await() throws X;

    /**
     * Asks every member to stop, and waits for them. Not a cancellation point. A member that awaits the calling task is
     * brought out of that.
     *
     * @throws X the first failure of a member that no earlier call reported
     * @throws IllegalStateException if the caller is a member, which would wait for itself; nobody is asked
     */
    void cancel() throws X;

    /**
     * The number of members that have not ended.
     *
     * @return 0 or more
     */
    int size();

    /**
     * {@link #cancel()}, and no further member is accepted.
     *
     * @throws X the first failure of a member that no earlier call reported. If it is the very object that the calling
     *     thread was told last, as the failure of a task that a member awaits too, a {@link
     *     java.util.concurrent.CompletionException} has it as its cause: the body may be throwing it at the time
     * @throws IllegalStateException if the caller is a member, which would wait for itself; the group stays open
     */
    @Override
    void close() throws X;
}
