package dev.gyre.io.spi;

/**
 * A part of what a fiber does that another thread can end: from then on its cancellation points throw, as after a
 * request to stop, and what is waited for in the kernel is taken back. The task itself goes on.
 *
 * <p>All but {@link #interrupt()} is for the fiber's own thread.
 */
public final class Interruption extends Scope implements AutoCloseable {
    private final Fiber fiber;

    private Interruption(Fiber fiber) {
        super(fiber);
        this.fiber = fiber;
    }

    /**
     * Begins one.
     *
     * @param fiber the calling one
     * @return to be closed by the same fiber
     */
    public static Interruption begin(Fiber fiber) {
        Interruption begun = new Interruption(fiber);
        fiber.enter(begun);
        return begun;
    }

    /** Ends it. From any thread; again, and after the end, it does nothing. */
    public void interrupt() {
        end();
    }

    /**
     * Whether cancellation points throw because of this and of nothing else.
     *
     * @return false if it was not ended, or if the task is to stop anyway
     */
    public boolean isCause() {
        return fiber.isStoppedBy(this);
    }

    /** Leaves it. */
    @Override
    public void close() {
        fiber.leave(this);
    }
}
