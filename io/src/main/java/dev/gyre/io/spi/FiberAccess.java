package dev.gyre.io.spi;

import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Timeout;
import java.util.List;

/**
 * What a module that stands on {@link Io} needs to have waits of its own: the calling fiber, which can be blocked on
 * any {@link Blocker} and unparked from any thread, and a timer to end such a wait.
 */
public final class FiberAccess {
    private final BaseIo io;

    private FiberAccess(BaseIo io) {
        this.io = io;
    }

    /**
     * The access to an {@code Io}.
     *
     * @param io any that a provider of Gyre's has opened
     * @return for all threads
     * @throws IllegalArgumentException if it is an implementation of somebody else's
     */
    public static FiberAccess of(Io io) {
        if (io instanceof BaseIo base) {
            return new FiberAccess(base);
        }
        throw new IllegalArgumentException(io.getClass() + " is no BaseIo, and has no fibers");
    }

    /**
     * The fiber of the calling thread.
     *
     * @return a foreign one if the thread runs none of this {@code Io}'s tasks
     */
    public Fiber currentFiber() {
        return io.currentFiber();
    }

    /**
     * Where some work was written, by which its task is named.
     *
     * @param work of a task
     * @return the name of a class, without its package
     */
    public static String nameOf(Object work) {
        return TaskNames.of(work);
    }

    /** A place where another task may come in between; see {@link BaseIo}. Called without locks. */
    public void interleave() {
        io.interleave();
    }

    /**
     * The time that {@link #deadline} is compared with.
     *
     * @return nanoseconds
     */
    public long nanoTime() {
        return io.nanoTime();
    }

    /**
     * When a timeout that starts now will be over.
     *
     * @param timeout any
     * @return by {@link #nanoTime()}, saturated; {@code Long.MAX_VALUE} for never
     */
    public long deadline(Timeout timeout) {
        return io.deadline(timeout);
    }

    /**
     * Does something at a time.
     *
     * @param fiber the calling one
     * @param deadline by {@link #nanoTime()}
     * @param action what to do. It runs on a thread that carries tasks, maybe with a lock of the backend's: so it takes
     *     no lock that a task holds, and uses for the first time no class and no handle
     * @return to be run when it is not to happen any more, by any thread; afterwards, it does nothing. The action may
     *     have begun, and be under way on another thread
     */
    public Runnable startTimer(Fiber fiber, long deadline, Runnable action) {
        return io.startTimer(fiber, deadline, action);
    }

    /**
     * What the members of a group run.
     *
     * @param <W> what to look for
     * @param group one of this {@code Io}
     * @param type of the work that was given to the group
     * @return of the members of this moment, in no order
     */
    public <W> List<W> works(Group<?> group, Class<W> type) {
        return ((BaseGroup<?>) group)
                .members().stream()
                        .map(BaseTask::work)
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList();
    }
}
