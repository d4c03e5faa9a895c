package dev.gyre.io;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a program asks of the outside world: tasks, time, sockets and files.
 *
 * <pre>{@code
 * try (Io io = Io.open();
 *         Listener listener = io.listen(Ip4Address.loopback(7000), ListenOptions.DEFAULT);
 *         Group<IoException> group = io.group()) {
 *     while (true) {
 *         Connection connection = listener.accept();
 *         group.concurrent(Placement.SPREAD, () -> echo(connection));
 *     }
 * }
 * }</pre>
 *
 * <p>Any thread may call any method: tasks that this {@code Io} started, and every other thread, virtual or not, for
 * which the same operation takes a longer way. Methods block the calling task, not a core. A method that is a
 * <i>cancellation point</i> says so: it throws {@link CanceledException} if the calling task was asked to stop and
 * has not been told yet. Interrupting a thread that is blocked in such a method counts as a request to stop.
 */
public interface Io extends AutoCloseable {

    /**
     * The best backend that works here, with default options.
     *
     * @return open until {@link #close()}
     * @throws BackendUnavailable if none works
     */
    static Io open() throws BackendUnavailable {
        return open(IoOptions.DEFAULT);
    }

    /**
     * A backend. Where io_uring is refused and was not demanded, the choice falls on threads, and one line of the log
     * says so.
     *
     * @param options which one, and its limits
     * @return open until {@link #close()}
     * @throws BackendUnavailable if none works, or not the one that was asked for
     */
    static Io open(IoOptions options) throws BackendUnavailable {
        return Backends.open(options);
    }

    /**
     * Which backend this is.
     *
     * @return a short name, such as {@code uring}
     */
    String backend();

    /**
     * The backend with what distinguishes this one, for people.
     *
     * @return for instance {@code io_uring, 2 loops, tasks on the loops' own threads}
     */
    String description();

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
     * A new, empty group of tasks.
     *
     * @param <X> what its members may throw
     * @return the group, for a try-with-resources statement
     */
    <X extends Exception> Group<X> group();

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
     * @return for tasks of this {@code Io} and its strangers
     */
    Mutex mutex();

    /**
     * A new reset event, which is not set.
     *
     * @return for tasks of this {@code Io} and its strangers
     */
    ResetEvent resetEvent();

    /**
     * A new semaphore.
     *
     * @param permits how many it has, 0 or more
     * @return for tasks of this {@code Io} and its strangers
     */
    Semaphore semaphore(int permits);

    /**
     * A new, empty queue.
     *
     * @param <T> its elements
     * @param capacity how many it can store; 0 to hand each over directly
     * @return for tasks of this {@code Io} and its strangers
     */
    <T> BoundedQueue<T> queue(int capacity);

    /**
     * Whether the calling task was asked to stop and no cancellation point has told it yet.
     *
     * @return false outside of tasks
     */
    boolean cancelRequested();

    /**
     * A cancellation point and nothing else.
     *
     * @throws CanceledException if the calling task was canceled
     */
    void checkCancel();

    /**
     * Runs something during which a request to stop waits.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run, on the calling task; cancellation points in it do not throw
     * @return what the body returned
     * @throws X what the body threw
     */
    <T extends @Nullable Object, X extends Exception> T protect(Body<T, X> body) throws X;

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
     * Runs something that blocks its thread or keeps it busy (JDK file I/O, native calls, long computations) where it
     * disturbs nobody. The request to stop is not passed on to it as an interrupt.
     *
     * @param <T> what the body returns
     * @param <X> what the body may throw
     * @param body what to run, on a thread of its own
     * @return what the body returned
     * @throws X what the body threw
     */
    <T extends @Nullable Object, X extends Exception> T blocking(Body<T, X> body) throws X;

    /**
     * Listens: makes a socket, sets its options, binds it, and asks which address it got.
     *
     * @param address where; port 0 lets the kernel choose
     * @param options how
     * @return the listener, closed on exec
     * @throws IoException with a reason of {@link Operation#LISTEN}; nothing stays open
     */
    Listener listen(Address address, ListenOptions options) throws IoException;

    /**
     * Connects. A cancellation point.
     *
     * @param address the peer's
     * @param timeout how long to try
     * @return the connection, with {@code TCP_NODELAY} set where it is TCP, closed on exec
     * @throws IoException with a reason of {@link Operation#CONNECT}; nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Connection connect(Address address, Timeout timeout) throws IoException;

    /**
     * The folder that relative paths start at. Closing it does nothing.
     *
     * @return always the same
     */
    Directory currentDirectory();

    /**
     * Ends it: cancels and awaits every task that still runs, then gives all resources back. Closing again does
     * nothing.
     *
     * <p>Other threads that wait in one of its methods are asked to stop too, as by an interrupt, and awaited: they get
     * {@link CanceledException} where the method is a cancellation point. What they begin later, with sockets and files
     * that were opened through it too, throws {@link IllegalStateException} where it would have to wait. Those can only
     * be closed any more.
     *
     * @throws IllegalStateException if called from one of its own tasks
     */
    @Override
    void close();
}
