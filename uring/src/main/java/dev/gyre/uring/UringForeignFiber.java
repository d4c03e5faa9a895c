package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.ForeignFiber;
import dev.gyre.io.spi.ForeignWaiters;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a thread that the {@code Io} did not start. That may be a virtual thread which a program has started
 * inside a task: then the task's loop carries it, and it must not hold the loop up while it waits.
 */
final class UringForeignFiber extends ForeignFiber {
    UringForeignFiber(ForeignWaiters waiters) {
        super(waiters);
    }

    @Override
    protected void suspend(Blocker blocker) {
        LoopThread carrier = carrier();
        if (carrier == null) {
            super.suspend(blocker);
            return;
        }
        long run = carrier.runs;
        super.suspend(blocker);
        if (carrier == carrier() && carrier.holds(run) && carrier == carrier()) {
            if (blocker.needsOthers() && carrier.isHeldUp()) {
                giveUp(blocker);
            }
            carrier.turnInPlace();
        }
    }

    private static @Nullable LoopThread carrier() {
        boolean carried = VirtualThreads.schedulable() && Thread.currentThread().isVirtual();
        return carried && VirtualThreads.carrier() instanceof LoopThread loop ? loop : null;
    }
}
