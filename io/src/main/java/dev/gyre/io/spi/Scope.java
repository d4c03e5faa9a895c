package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** A part of what a fiber does that can be told to stop by itself: cancellation points in it throw from then on. */
abstract class Scope {
    private final Fiber fiber;

    /** The scope around it. */
    private @Nullable Scope outer;

    /** In how many protected regions it was entered: in further ones it has no effect. */
    private int protection;

    private volatile boolean over;

    Scope(Fiber fiber) {
        this.fiber = fiber;
    }

    /** On the fiber's thread. */
    final void enter(@Nullable Scope newOuter, int newProtection) {
        outer = newOuter;
        protection = newProtection;
    }

    final @Nullable Scope outer() {
        return outer;
    }

    final int protection() {
        return protection;
    }

    /** Whether it is to stop. On the fiber's thread, which may not have waited since then. */
    boolean isOver() {
        return over;
    }

    /** Tells it to stop. From any thread. */
    final void end() {
        over = true;
        fiber.wake();
    }
}
