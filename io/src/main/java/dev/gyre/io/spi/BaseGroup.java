package dev.gyre.io.spi;

import dev.gyre.io.Action;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Placement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group of tasks: a list of those that run, and what went wrong.
 *
 * @param <X> what members may throw
 */
final class BaseGroup<X extends Exception> implements Group<X> {
    private final BaseIo io;

    /** Tells the groups of one {@code Io} apart. */
    final long number;

    // All guarded by this object's lock.
    private @Nullable BaseTask<?, ?> first;
    private int size;
    private boolean closed;
    private @Nullable Throwable failure;
    private final WaitList waiters = new WaitList();

    /** The fibers that run members as a part of themselves, because none was free, and how many each. */
    private @Nullable Map<Fiber, Integer> hosts;

    /** Whether failures of members are kept: the members of the root group are awaited one by one. */
    private final boolean keepsFailures;

    BaseGroup(BaseIo io, long number, boolean keepsFailures) {
        this.io = io;
        this.number = number;
        this.keepsFailures = keepsFailures;
    }

    /** The {@code Io} that runs its members. */
    BaseIo io() {
        return io;
    }

    @Override
    public void async(Action<X> action) {
        io.async(this, action);
    }

    @Override
    public void concurrent(Placement placement, Action<X> action) throws ConcurrencyUnavailable {
        io.concurrent(this, placement, action);
    }

    @Override
    public void await() throws X {
        io.interleave();
        Fiber caller = io.currentFiber();
        refuseMember(caller);
        PassingWaiter waiter = new PassingWaiter(caller, this, this::requestCancel);
        boolean canceled = false;
        if (enlist(waiter)) {
            caller.block(waiter);
            canceled = caller.cancelPending();
        }
        Throwable thrown = takeFailure();
        if (thrown != null) {
            waiter.consumeIfPassed();
            throw Outcome.<X>asThrown(thrown);
        }
        if (canceled) {
            throw caller.canceled();
        }
    }

    @Override
    public void cancel() throws X {
        io.interleave();
        refuseMembers();
        requestCancel();
        awaitEnd();
        Throwable thrown = takeFailure();
        if (thrown != null) {
            throw Outcome.<X>asThrown(thrown);
        }
    }

    @Override
    public synchronized int size() {
        return size;
    }

    @Override
    public void close() throws X {
        refuseMembers();
        synchronized (this) {
            closed = true;
        }
        cancel();
    }

    /** Takes a task among the members, before it runs. */
    synchronized void add(BaseTask<?, ?> task) {
        if (size == 0) {
            io.groupBusy(this);
        }
        if (closed || io.isClosed()) {
            if (size == 0) {
                io.groupIdle(this);
            }
            throw new IllegalStateException(
                    (closed ? "the group" : "the Io") + " is closed and takes no further task");
        }
        task.next = first;
        if (first != null) {
            first.previous = task;
        }
        first = task;
        size++;
    }

    /** Runs a member as a part of {@code host}, the calling fiber, which until then must not wait for the group. */
    void run(BaseTask<?, ?> task, Fiber host) {
        count(host, 1);
        try {
            task.run();
        } finally {
            count(host, -1);
        }
    }

    /** Lets a member go. */
    void ended(BaseTask<?, ?> task, @Nullable Throwable thrown) {
        Waiter waiting = null;
        synchronized (this) {
            unlink(task);
            if (keepsFailures && thrown != null && !BaseTask.isCancellation(thrown)) {
                keep(thrown);
            }
            if (size == 0) {
                waiting = waiters.removeAll();
                io.groupIdle(this);
            }
        }
        io.taskEnded();
        WaitList.signalAll(waiting);
    }

    /** Waits until there is no member. */
    void awaitEnd() {
        if (size() == 0) {
            return;
        }
        Fiber caller = io.currentFiber();
        Waiter waiter = new Waiter(caller, "await");
        if (enlist(waiter)) {
            caller.blockUncancelable(waiter);
        }
    }

    /** Asks every member to stop. True if there was one to ask. */
    boolean requestCancel() {
        // A copy, because a request can end a task on the spot, and that comes back here for the lock.
        BaseTask<?, ?>[] members;
        synchronized (this) {
            members = new BaseTask<?, ?>[size];
            BaseTask<?, ?> member = first;
            for (int i = 0; i < size && member != null; i++) {
                members[i] = member;
                member = member.next;
            }
        }
        boolean asked = false;
        for (BaseTask<?, ?> member : members) {
            asked |= member.requestCancel();
        }
        return asked;
    }

    @Override
    public String toString() {
        return "a group of " + size() + (size() == 1 ? " task" : " tasks");
    }

    private void refuseMembers() {
        if (size() > 0) {
            refuseMember(io.currentFiber());
        }
    }

    private void refuseMember(Fiber caller) {
        boolean isMember = caller.body() instanceof BaseTask<?, ?> task && task.belongsTo(this);
        if (isMember || hosts(caller)) {
            throw new IllegalStateException("a member would wait for itself: its group ends when all members have;"
                    + " let the task that opened the group await, cancel or close it");
        }
    }

    private synchronized boolean hosts(Fiber caller) {
        return hosts != null && hosts.containsKey(caller);
    }

    private synchronized void count(Fiber host, int change) {
        if (hosts == null) {
            hosts = new HashMap<>();
        }
        hosts.merge(host, change, (before, by) -> before + by == 0 ? null : before + by);
    }

    private synchronized boolean enlist(Waiter waiter) {
        if (size == 0) {
            return false;
        }
        waiters.add(waiter);
        return true;
    }

    private void unlink(BaseTask<?, ?> task) {
        if (task.previous == null) {
            first = task.next;
        } else {
            task.previous.next = task.next;
        }
        if (task.next != null) {
            task.next.previous = task.previous;
        }
        task.previous = null;
        task.next = null;
        size--;
    }

    private void keep(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        } else if (failure != thrown) {
            failure.addSuppressed(thrown);
        }
    }

    private synchronized @Nullable Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }
}
