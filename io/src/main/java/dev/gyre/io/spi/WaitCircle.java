package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** Fibers each of which waits for the end of the next one, and the last for that of the first. */
final class WaitCircle {
    /** So many tasks are looked at; one with more of them on the way is not found. */
    private static final int TASKS_MAX = 1000;

    private final Fiber start;
    private int left = TASKS_MAX;
    private @Nullable EndWaiter yielding;

    private WaitCircle(Fiber start) {
        this.start = start;
    }

    /** The circle that {@code waiter}'s fiber closes by its wait, which it has announced; null if it closes none. */
    static @Nullable WaitCircle closedBy(EndWaiter waiter) {
        try {
            WaitCircle circle = new WaitCircle(waiter.fiber());
            return circle.leadsBackFrom(waiter.awaited()) ? circle : null;
        } catch (VirtualMachineError shortage) {
            // The wait itself may still be possible, and nearly always is no part of a circle.
            return null;
        }
    }

    /** One of the other waits that may end without what it is for; null if none may. */
    @Nullable EndWaiter yielding() {
        return yielding;
    }

    private boolean leadsBackFrom(Object awaited) {
        if (awaited instanceof BaseGroup<?> group) {
            for (BaseTask<?, ?> member : group.members(left)) {
                if (leadsBackFrom(member)) {
                    return true;
                }
            }
            return false;
        }
        return awaited instanceof BaseTask<?, ?> task && left-- > 0 && !task.isDone() && leadsBackFrom(task.runner());
    }

    private boolean leadsBackFrom(@Nullable Fiber runner) {
        if (runner == start) {
            return true;
        }
        if (runner == null || !(runner.waitsFor() instanceof EndWaiter waiter) || !leadsBackFrom(waiter.awaited())) {
            return false;
        }
        if (waiter.mayGiveWay()) {
            yielding = waiter;
        }
        return true;
    }
}
