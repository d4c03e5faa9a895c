package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * A child process.
 *
 * <pre>{@code
 * try (Child child = io.spawn(Command.of("date").withOutput(Stdio.PIPE))) {
 *     int count = child.output().read(buffer);
 *     …
 *     Exit exit = child.await();
 * }
 * }</pre>
 *
 * <p>Any task may use it, several at once too. Who writes to a child and reads from it does that in two tasks, unless
 * one of both is little: a child that cannot get rid of its output does not read its input.
 *
 * <p>When it ends, it leaves no zombie, be it that nobody awaits or closes it: a thread of the process sees to that.
 * But its descriptors stay open until it is closed, as those of files do. Other code of the process must not wait for
 * just any child (wait(2), or {@code SIGCHLD} ignored), which would take away how this one has ended.
 */
public interface Child extends AutoCloseable {

    /**
     * Its process id. After its end another process may get it; so to send signals there is {@link #signal}.
     *
     * @return more than 0
     */
    long pid();

    /**
     * What it reads; closing that tells it that nothing more comes.
     *
     * @return always the same
     * @throws IllegalStateException if the command says something else than {@link Stdio#PIPE}
     */
    Sink input();

    /**
     * What it writes. The end is there when all copies of the other end are closed, also those that it has handed to
     * children of its own.
     *
     * @return always the same
     * @throws IllegalStateException if the command says something else than {@link Stdio#PIPE}
     */
    Source output();

    /**
     * What it writes to its stream for errors.
     *
     * @return always the same
     * @throws IllegalStateException if the command says something else than {@link Stdio#PIPE}
     */
    Source error();

    /**
     * Waits for its end. A cancellation point; a canceled call leaves the child as it is. Its pipes may still hold what
     * nobody has read. If it was closed, this tells how it ended, if that was known by then.
     *
     * @return how it ended; the same for whoever asks, and however often
     * @throws IoException with a reason of {@link Operation#AWAIT_CHILD}: {@link Reason#CLOSED} if it was closed with
     *     {@link Command.AtClose#LEAVE} before it ended; {@link Reason#NO_CHILD} if other code has waited for it
     * @throws CanceledException if the calling task was canceled
     */
    Exit await() throws IoException;

    /**
     * Asks whether it has ended. Does not wait.
     *
     * @return how it ended; null if it runs
     * @throws IoException as {@link #await()}
     */
    @Nullable Exit poll() throws IoException;

    /**
     * Sends a signal to it, and never to another process that got its id (pidfd_send_signal(2)). Does not wait for what
     * it does with it.
     *
     * @param number 1 to 64; signal(7)
     * @return false if it has ended, or was closed
     * @throws IllegalArgumentException if there is no such signal
     * @throws IoException with a reason of {@link Operation#SIGNAL_CHILD}: {@link Reason#PERMISSION_DENIED} if it runs
     *     as another user
     */
    boolean signal(int number) throws IoException;

    /**
     * Asks it to end: {@code SIGTERM}. Many programs do so after some cleaning up; it may also ignore that.
     *
     * @return false if it has ended, or was closed
     * @throws IoException as {@link #signal}
     */
    boolean terminate() throws IoException;

    /**
     * Ends it: {@code SIGKILL}, which no program can ignore. Not what it has started itself.
     *
     * @return false if it has ended, or was closed
     * @throws IoException as {@link #signal}
     */
    boolean kill() throws IoException;

    /**
     * Closes it, and its pipes. If it still runs, it is killed and its end awaited, which who awaits it meanwhile hears
     * of; or it goes on, as the command's {@link Command.AtClose} says, and who awaits it goes on waiting. One that
     * goes on finds its pipes without anybody at the other end: what it writes then raises {@code SIGPIPE} in it.
     *
     * <p>Works after the {@link Io} was closed, too. Closing again does nothing. Not a cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#SIGNAL_CHILD} if it could not be killed, as it runs as
     *     another user: then it goes on, and is closed all the same
     */
    @Override
    void close() throws IoException;
}
