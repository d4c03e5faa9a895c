package dev.gyre.io;

import java.lang.foreign.Arena;

/**
 * Everything that a program asks of the outside world: tasks, time, sockets, files and child processes.
 *
 * <pre>{@code
 * try (Io io = Io.open();
 *         Listener listener = io.listen(Ip4Address.loopback(7000), ListenOptions.DEFAULT);
 *         Group<IoException> connections = io.group(failure -> log(failure))) {
 *     while (true) {
 *         Connection connection = listener.accept();
 *         connections.concurrent(Placement.SPREAD, () -> echo(connection));
 *     }
 * }
 * }</pre>
 *
 * <p>Any thread may call any method: tasks that this {@code Io} started, tasks of another one, and every other thread,
 * virtual or not, for which the same operation takes a longer way. Methods block the calling task, not a core. A method
 * that is a <i>cancellation point</i> says so; see {@link Tasks}.
 */
public interface Io extends Tasks, Network, FileSystem, Children, AutoCloseable {

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
     * A new arena for memory that tasks and threads share and that operations use without a copy, which that of
     * {@link Arena#ofShared()} cannot be, since it could be freed in the middle of one.
     *
     * <p>It costs as much to close as a shared arena of the JDK's, so it is for memory that lives long. Each of its
     * segments can be used by any thread, in operations of any {@code Io}, and outlives this one.
     *
     * @return open until its {@code close()}, which throws {@link IllegalStateException} and closes nothing while an
     *     operation uses its memory
     */
    Arena arena();

    /**
     * Ends it: cancels and awaits every task that still runs, then gives all resources back. Closing again does
     * nothing.
     *
     * <p>Other threads that wait in one of its methods are asked to stop too, as by an interrupt, and awaited: they get
     * {@link CanceledException} where the method is a cancellation point, and others end their wait. What they begin
     * later, with sockets and files that were opened through it too, throws {@link IllegalStateException} where it
     * would have to wait, in whatever way: to lock a mutex that somebody holds, also uncancelably or in a protected
     * region. Sockets, files and children can still be closed, by anybody at any time. Threads and children that
     * the program has started itself, also inside of tasks, go on, unless a task ends them.
     *
     * <p>As it awaits every task, it never ends in a shutdown hook while a task is in {@link System#exit}, which waits
     * for the hooks: such a task leaves that to the thread that opened the {@code Io}.
     *
     * @throws IllegalStateException if called from one of its own tasks, or from within {@link #blocking}
     */
    @Override
    void close();
}
