package dev.gyre.io;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and what synchronises them, cancellation, time and chance: what a program needs that talks to nobody outside.
 *
 * <p>A task is canceled by a request that stays: from then on every <i>cancellation point</i> throws
 * {@link CanceledException}, until the task has ended; a handler that swallows one meets the next. The task's thread is
 * interrupted as well, so that waits of the JDK's end too. An interrupt of a thread that waits in one of these methods
 * counts as a request to stop.
 */
public interface Tasks {

    /**
     * Starts a task that may run beside the caller, or at once on the caller where no unit of concurrency is free.
     *
     * <p>For work that gains from running beside but does not depend on it. A body that waits for something its
     * caller does later must use {@link #concurrent}.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run
     * @return the task, which the caller must await or cancel
     */
    <T extends @Nullable Object, X extends Exception> Task<T, X> async(Body<T, X> body);

    /**
     * Starts a task that runs beside the caller.
     *
     * <p>What a task sets on its thread is gone at its end: name, priority, context class loader, handler of uncaught
     * exceptions. On the backend with threads, which run one task after the other, that is not so with thread-locals,
     * which the JDK lets nobody empty: a task may find there what an earlier one has not removed, and inherits none.
     * What is one task's own belongs into a local variable or a {@link ScopedValue}.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run
     * @return the task, which the caller must await or cancel
     * @throws ConcurrencyUnavailable if the limit of {@link IoOptions#concurrentLimit()} is reached, or the machine
     *     gives no further thread
     */
    <T extends @Nullable Object, X extends Exception> Task<T, X> concurrent(Body<T, X> body)
            throws ConcurrencyUnavailable;

    /**
     * A new, empty group of tasks that fail together: when a member fails, the others are asked to stop, and
     * {@link Group#await} throws what it threw. For parts of one work, none of which is of use without the others.
     *
     * @param <X> what its members may throw
     * @return the group, for a try-with-resources statement
     */
    <X extends Exception> Group<X> group();

    /**
     * A new, empty group of tasks that fail each for itself: what a member throws is handed to a handler, and the
     * others go on. For servers, whose clients have nothing to do with one another.
     *
     * @param <X> what its members may throw
     * @param failureHandler is told what a member threw, on the member's thread, before the member counts as ended; not
     *     of a {@link CanceledException}. What the handler itself throws is thrown by {@link Group#await}
     * @return the group, for a try-with-resources statement
     */
    <X extends Exception> Group<X> group(Consumer<? super Throwable> failureHandler);

    /**
     * Changes how many tasks of {@link #async} may run beside their callers from now on.
     *
     * @param limit 0 or more
     */
    void setAsyncLimit(int limit);

    /**
     * Changes how many tasks may run in all from now on. Those that run beyond a smaller limit are left alone.
     *
     * @param limit 0 or more
     */
    void setConcurrentLimit(int limit);

    /**
     * Waits until one of some tasks has ended. A cancellation point, also where one has ended already; the request is
     * not passed on to the tasks, and they keep no trace of the wait.
     *
     * <pre>{@code
     * switch (io.select(List.of(answer, deadline))) {
     *     case 0 -> reply(answer.await());
     *     default -> answer.cancel();
     * }
     * }</pre>
     *
     * @param tasks of this {@code Io}, at least one; they still must be awaited or canceled
     * @return the index of one that has ended: the first such one, if there are several
     * @throws CanceledException if the calling task was canceled before one had ended
     * @throws IllegalArgumentException if there is no task, or one of another {@code Io}
     */
    int select(List<? extends Task<?, ?>> tasks);

    /**
     * A new mutex, which nobody holds.
     *
     * @return for tasks of this {@code Io} and for any other thread
     */
    Mutex mutex();

    /**
     * A new reset event, which is not set.
     *
     * @return for tasks of this {@code Io} and for any other thread
     */
    ResetEvent resetEvent();

    /**
     * A new semaphore.
     *
     * @param permits how many it has, 0 or more
     * @return for tasks of this {@code Io} and for any other thread
     */
    Semaphore semaphore(int permits);

    /**
     * A new, empty queue.
     *
     * @param <T> its elements
     * @param capacity how many it can store; 0 to hand each over directly
     * @return for tasks of this {@code Io} and for any other thread
     */
    <T> BoundedQueue<T> queue(int capacity);

    /**
     * Whether the calling task is to stop: it was canceled, its thread was interrupted, or a limit of time around it is
     * over.
     *
     * @return true if the next cancellation point would throw; false in a protected region
     */
    boolean cancelRequested();

    /**
     * A cancellation point and nothing else.
     *
     * @throws CanceledException if the calling task is to stop
     */
    void checkCancel();

    /**
     * Runs something that a request to stop does not interrupt: clean-up that has to do I/O. Cancellation points in it
     * do not throw, neither for a request nor for a limit of time around the region; a limit inside of it holds.
     *
     * <pre>{@code
     * } finally {
     *     io.protect(() -> io.within(Timeout.after(Duration.ofSeconds(1)), () -> sayGoodbye(connection)));
     * }
     * }</pre>
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run, on the calling thread
     * @return what the body returned
     * @throws X what the body threw
     */
    <T extends @Nullable Object, X extends Exception> T protect(Body<T, X> body) throws X;

    /**
     * Runs something with a limit of time that every cancellation point in it obeys: whatever waits there, be it for
     * the network, a file, a mutex, a queue or another task.
     *
     * <pre>{@code
     * try {
     *     Connection connection = io.within(Timeout.after(Duration.ofSeconds(5)), listener::accept);
     * } catch (TimeoutException late) {
     *     …
     * }
     * }</pre>
     *
     * <p>When the time is over, cancellation points in the body throw {@link CanceledException}, each of them, as after
     * a request to stop; and where that leaves the scope, it becomes a {@link TimeoutException}. A body that returns
     * all the same has its result count. Scopes can be nested; the earliest limit holds, and each is answered by its
     * own scope. A request to stop is not: that remains a {@link CanceledException}. Waits of the JDK's, such as
     * {@link Thread#sleep}, are no cancellation points and do not obey, unless they are put into {@link #blocking}. A
     * limit of zero ends the first cancellation point before it has begun.
     *
     * <p>Only what waits in this {@code Io} obeys, and only on the calling thread. What the body does with another
     * {@code Io}, or with what that one has opened or made, is limited by that one's {@code within}. A task that the
     * body awaits is asked to stop, and then still awaited.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param limit from now on, or until a moment
     * @param body what to run, on the calling thread
     * @return what the body returned
     * @throws X what the body threw
     * @throws TimeoutException if the time was over and the body ended for that reason
     */
    <T extends @Nullable Object, X extends Exception> T within(Timeout limit, Body<T, X> body)
            throws X, TimeoutException;

    /**
     * The time.
     *
     * @param clock to ask
     * @return its present moment
     */
    Timestamp now(Clock clock);

    /**
     * Waits. A cancellation point, even for a duration of zero or less.
     *
     * @param duration by {@link Clock#AWAKE}
     * @throws CanceledException if the calling task was canceled
     */
    void sleep(Duration duration);

    /**
     * Waits until a clock shows a moment, or a later one. A cancellation point.
     *
     * @param deadline on {@link Clock#REAL}, {@link Clock#AWAKE} or {@link Clock#BOOT}; if somebody sets the wall
     *     clock, a wait by it ends at the moment that was first foreseen
     * @throws CanceledException if the calling task was canceled
     * @throws IllegalArgumentException if the clock counts processor time
     */
    void sleepUntil(Timestamp deadline);

    /**
     * Numbers that look random. In a simulation they follow from the seed.
     *
     * @return for any thread, always the same; not for secrets
     */
    RandomGenerator random();

    /**
     * Numbers that nobody can foresee, from the kernel (getrandom(2)). In a simulation they follow from the seed.
     *
     * @return for any thread, always the same
     */
    RandomGenerator randomSecure();

    /**
     * What every task is doing, and every other thread that waits in an operation: its name, what it waits for, and
     * whose end, lock or element that is. For people, to see why a program does not go on. A flight recording has the
     * same, as events {@code dev.gyre.TaskState} at its beginning and its end.
     *
     * @return one line for each, in no order; tasks that began or ended meanwhile may be missing
     */
    String describeTasks();

    /**
     * Runs something that blocks its thread or keeps it busy (JDK file I/O, native calls, long computations) where it
     * disturbs nobody. A request to stop, or the end of a limit of time, interrupts the thread that runs it, and the
     * body is still waited for: what it then returns or throws counts, except that an {@link InterruptedException}
     * becomes a {@link CanceledException}, as at a cancellation point. Otherwise this is none.
     *
     * <p>The body may call any method of this {@code Io}, as a thread that is none of its tasks: what the calling task
     * holds or is protected from, the body does not and is not.
     *
     * <p>A thread runs one body after the other. What a body sets on it is gone afterwards, as with
     * {@link #concurrent tasks on threads}, except for thread-locals: a body may find there what an earlier one has not
     * removed, and inherits none.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run, on a thread that it has to itself meanwhile
     * @return what the body returned
     * @throws X what the body threw
     * @throws CanceledException if the body ended with an {@link InterruptedException} because the calling task is to
     *     stop
     */
    <T extends @Nullable Object, X extends Exception> T blocking(Body<T, X> body) throws X;
}
