package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.StackRoom;

/**
 * The wait for a time of a fiber that a loop carries, and the timer that ends it: one object, because there may be a
 * million. All of it happens on the loop's thread.
 */
final class Sleep extends Timer implements Blocker {
    private final LoopFiber fiber;
    private boolean canceled;

    private Sleep(LoopFiber fiber) {
        this.fiber = fiber;
    }

    /** Lets {@code fiber}, which is the calling one, sleep. False if it was asked to stop before its time. */
    static boolean until(long deadline, LoopFiber fiber) {
        StackRoom.requireToPark(); // or the change of the timers might break off
        Sleep sleep = new Sleep(fiber);
        fiber.home().timers().set(sleep, Math.min(deadline, NEVER - 1));
        fiber.block(sleep);
        return !sleep.canceled;
    }

    @Override
    public boolean isDone() {
        return index < 0;
    }

    /** The fiber calls this itself, so nobody has to wake it. */
    @Override
    public void cancel() {
        canceled = true;
        fiber.home().timers().remove(this);
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public String toString() {
        return operation();
    }

    @Override
    void fire() {
        fiber.unpark();
    }
}
