package dev.gyre.io.spi;

import dev.gyre.io.Action;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A group of tasks: a list of those that run, and what went wrong.
 *
 * <p>Members are asked to stop from the moment of a request on, until all have ended: a member that joins in between is
 * born with the request. So is one that joins after the failure of another, until somebody is told of that.
 *
 * @param <X> what members may throw
 */
final class BaseGroup<X extends Exception> implements Group<X> {
    /** What becomes of a failure. */
    private enum Failures {
        /** Nothing: each member is awaited by itself. */
        LEFT_TO_MEMBERS,
        /** It ends the group. */
        SHARED,
        /** It is handed to a handler. */
        HANDLED
    }

    /** So many members are named to people. */
    private static final int NAMED_MAX = 3;

    private final BaseIo io;

    /** Tells the groups of one {@code Io} apart. An object, since the last member leaves without memory for one. */
    final Long number;

    private final Failures failures;
    private final Consumer<? super Throwable> handler;

    // All guarded by this object's lock.
    private @Nullable BaseTask<?, ?> first;
    private int size;
    private boolean closed;

    /** How many requests to stop are under way. */
    private int cancels;

    private @Nullable Throwable failure;
    private final WaitList waiters = new WaitList();

    /** The fibers that run members as a part of themselves, because none was free, and how many each. */
    private @Nullable Map<Fiber, Integer> hosts;

    private BaseGroup(BaseIo io, long number, Failures failures, Consumer<? super Throwable> handler) {
        this.io = io;
        this.number = number;
        this.failures = failures;
        this.handler = handler;
    }

    /** The group of all tasks that were started without one. */
    static BaseGroup<RuntimeException> root(BaseIo io) {
        return new BaseGroup<>(io, 0L, Failures.LEFT_TO_MEMBERS, _ -> {});
    }

    /** A group that fails as a whole. */
    static <X extends Exception> BaseGroup<X> failingTogether(BaseIo io, long number) {
        return new BaseGroup<>(io, number, Failures.SHARED, _ -> {});
    }

    /** A group whose members fail each for itself. */
    static <X extends Exception> BaseGroup<X> failingApart(
            BaseIo io, long number, Consumer<? super Throwable> handler) {
        return new BaseGroup<>(io, number, Failures.HANDLED, handler);
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
        boolean[] passedOn = {false};
        PassingWaiter waiter = new PassingWaiter(caller, this, () -> {
            passedOn[0] = true;
            beginCancel();
        });
        try {
            if (enlist(waiter) && !waiter.await() && delist(waiter)) {
                throw waiter.refusal();
            }
        } finally {
            if (passedOn[0]) {
                endCancel();
            }
        }
        throwFailure();
        // A member that ran as a part of the caller was cut off with it, and did not fail.
        if (passedOn[0] || caller.cancelPending()) {
            throw caller.canceled();
        }
    }

    @Override
    public void cancel() throws X {
        cancelAndAwait();
        throwFailure();
    }

    private void cancelAndAwait() {
        io.interleave();
        refuseMembers();
        beginCancel();
        try {
            awaitEnd("cancel");
        } finally {
            endCancel();
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
        cancelAndAwait();
        Throwable thrown = takeFailure();
        if (thrown != null) {
            throw Outcome.<X>asThrown(ToldFailure.beside(thrown));
        }
    }

    /** Takes a task among the members, before it runs. */
    void add(BaseTask<?, ?> task) {
        boolean stops;
        synchronized (this) {
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
            stops = cancels > 0 || (failures == Failures.SHARED && failure != null);
        }
        if (stops) {
            task.requestCancel();
        }
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

    /** Lets a member go. On its fiber. */
    void ended(BaseTask<?, ?> task, @Nullable Throwable thrown) {
        try {
            if (thrown != null && !BaseTask.isCancellation(thrown)) {
                failed(thrown);
            }
        } finally {
            left(task);
        }
    }

    private void left(BaseTask<?, ?> task) {
        Waiter waiting = null;
        try {
            synchronized (this) {
                unlink(task);
                if (size == 0) {
                    waiting = waiters.removeAll();
                    io.groupIdle(this);
                }
            }
        } finally {
            io.taskEnded();
            WaitList.signalAll(waiting);
        }
    }

    private void failed(Throwable thrown) {
        switch (failures) {
            case LEFT_TO_MEMBERS -> {}
            case SHARED -> {
                keep(thrown);
                requestCancel();
            }
            case HANDLED -> {
                try {
                    handler.accept(thrown);
                } catch (CanceledException canceled) {
                    // The member is to stop, and so is its handler.
                } catch (Throwable alsoFailed) {
                    keep(alsoFailed);
                }
            }
        }
    }

    /** Waits until there is no member, on behalf of {@code operation}. */
    void awaitEnd(String operation) {
        if (size() == 0) {
            return;
        }
        EndWaiter waiter = new EndWaiter(io.currentFiber(), operation, this);
        if (enlist(waiter) && !waiter.await() && delist(waiter)) {
            throw new IllegalStateException("what is to end waits for the end of this task: " + this);
        }
    }

    /** Asks every member to stop. With the lock, since a list of them would take memory. */
    synchronized void requestCancel() {
        for (BaseTask<?, ?> member = first; member != null; member = member.next) {
            member.requestCancel();
        }
    }

    /** The members of this moment. */
    List<BaseTask<?, ?>> members() {
        return members(Integer.MAX_VALUE);
    }

    /** So many of the members of this moment. */
    synchronized List<BaseTask<?, ?>> members(int max) {
        List<BaseTask<?, ?>> members = new ArrayList<>(Math.min(size, max));
        for (BaseTask<?, ?> member = first; member != null && members.size() < max; member = member.next) {
            members.add(member);
        }
        return members;
    }

    /** Whether {@code thread} runs one of its members. */
    synchronized boolean hasMemberOn(Thread thread) {
        for (BaseTask<?, ?> member = first; member != null; member = member.next) {
            if (member.isOn(thread)) {
                return true;
            }
        }
        return false;
    }

    /** The fiber of the member that was started on {@code thread}, or null. */
    synchronized @Nullable Fiber fiberOn(Thread thread) {
        for (BaseTask<?, ?> member = first; member != null; member = member.next) {
            Fiber fiber = member.fiber();
            if (fiber != null && fiber.thread() == thread) {
                return fiber;
            }
        }
        return null;
    }

    /** How many members there are, and which are the first of them. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder("a group of ").append(size).append(size == 1 ? " task" : " tasks");
        int named = 0;
        for (BaseTask<?, ?> member = first; member != null && named < NAMED_MAX; member = member.next) {
            text.append(named++ == 0 ? ": " : ", ").append(member);
        }
        return text.append(size > named ? " and others" : "").toString();
    }

    private void beginCancel() {
        synchronized (this) {
            cancels++;
        }
        requestCancel();
    }

    private synchronized void endCancel() {
        cancels--;
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

    /** Takes {@code waiter} back; false if the end has come. */
    private synchronized boolean delist(Waiter waiter) {
        return waiters.remove(waiter);
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

    private synchronized void keep(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        } else if (failure != thrown) {
            failure.addSuppressed(thrown);
        }
    }

    private void throwFailure() throws X {
        Throwable thrown = takeFailure();
        if (thrown != null) {
            ToldFailure.note(thrown);
            throw Outcome.<X>asThrown(thrown);
        }
    }

    private synchronized @Nullable Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }
}
