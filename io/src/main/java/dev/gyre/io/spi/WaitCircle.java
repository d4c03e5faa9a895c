package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * Fibers each of which waits for the end of the next one, and the last for that of the first. A fiber that waits for a
 * blocking body waits for the thread that runs it; and one whose thread waits in another {@code Io} waits as that does.
 */
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
            return circle.endLeadsBack(waiter.awaited()) ? circle : null;
        } catch (VirtualMachineError shortage) {
            // The wait itself may still be possible, and nearly always is no part of a circle.
            return null;
        }
    }

    /** One of the other waits that may end without what it is for; null if none may. */
    @Nullable EndWaiter yielding() {
        return yielding;
    }

    private boolean endLeadsBack(Object awaited) {
        if (awaited instanceof BaseGroup<?> group) {
            for (BaseTask<?, ?> member : group.members(left)) {
                if (endLeadsBack(member)) {
                    return true;
                }
            }
            return false;
        }
        return awaited instanceof BaseTask<?, ?> task && left-- > 0 && !task.isDone() && fiberLeadsBack(task.runner());
    }

    private boolean fiberLeadsBack(@Nullable Fiber runner) {
        if (runner == start) {
            return true;
        }
        if (runner == null) {
            return false;
        }
        Blocker blocker = runner.waitsFor();
        return blocker == null ? threadLeadsBack(runner.thread()) : waitLeadsBack(blocker);
    }

    /** A thread is foreign to the {@code Io} of others, also one that runs a task or a blocking body of its own. */
    private boolean threadLeadsBack(@Nullable Thread thread) {
        if (thread == null) {
            return false;
        }
        if (thread == start.thread()) {
            return true;
        }
        Blocker blocker = ForeignWaiters.waitOf(thread);
        return blocker != null && waitLeadsBack(blocker);
    }

    private boolean waitLeadsBack(Blocker blocker) {
        if (blocker instanceof BlockingCall<?, ?> call) {
            return threadLeadsBack(call.runner());
        }
        if (!(blocker instanceof EndWaiter waiter) || !endLeadsBack(waiter.awaited())) {
            return false;
        }
        if (waiter.mayGiveWay()) {
            yielding = waiter;
        }
        return true;
    }
}
