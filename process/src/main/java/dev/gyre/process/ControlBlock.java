package dev.gyre.process;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.FiberAccess;
import dev.gyre.io.spi.Interruption;
import dev.gyre.io.spi.StackRoom;
import dev.gyre.io.spi.Wrapper;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process: its mailbox, what it runs, and how it ends. It lives as long as the process; all that others keep is the
 * {@link Pid}. There may be a million, so what few need is made when it is first used.
 *
 * <p>The reason for the end is set once: by the first signal that ends the process, or by its function's end. Who sets
 * it by a signal then cancels the task. A task that has not begun to run sees the reason when it does, because it says
 * which fiber it has before it looks, and the other side looks for the fiber afterwards.
 */
final class ControlBlock extends Mailbox implements Action<RuntimeException>, Wrapper {
    private static final ExitReason EXHAUSTED =
            new ExitReason.Failed(new OutOfMemoryError("a process failed, and there was no memory to say how"));

    private static final VarHandle REASON;
    private static final VarHandle RELATIONS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REASON = lookup.findVarHandle(ControlBlock.class, "reason", ExitReason.class);
            RELATIONS = lookup.findVarHandle(ControlBlock.class, "relations", Relations.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final Processes node;
    final Pid pid;

    /** Who has started it; null if that was no process. */
    final @Nullable Pid parent;

    /** Whether it may use sockets. */
    final boolean externalIo;

    private final ProcessBody body;
    private final @Nullable Bound bound;

    /** Null before it runs. */
    private volatile @Nullable Fiber fiber;

    private volatile @Nullable ExitReason reason;
    private volatile @Nullable Relations relations;

    /** Written with the lock of its relations. */
    private volatile @Nullable String name;

    private volatile boolean trapsExits;

    /** Whether it was told to end by {@link ExitReason.Kill}, be it that it was told to end before. */
    private volatile boolean killed;

    /** Who kills it looks whether it is tidying up. */
    private volatile @Nullable Owned owned;

    // The process's own.

    /** What a message ends, while there is such a thing; senders look when they have to wake it. */
    private @Nullable Interruption interruption;

    /** Who waits until it is ready, if somebody does. */
    private @Nullable Call ready;

    /** Whether a function of the program's looks through the mailbox. */
    private boolean matching;

    ControlBlock(
            Processes node,
            Pid pid,
            @Nullable Pid parent,
            ProcessBody body,
            @Nullable Bound bound,
            boolean externalIo) {
        this.node = node;
        this.pid = pid;
        this.parent = parent;
        this.body = body;
        this.bound = bound;
        this.externalIo = externalIo;
    }

    @Override
    public Object wrapped() {
        return body instanceof Wrapper wrapper ? wrapper.wrapped() : body;
    }

    /** Runs the process, on its own thread. */
    @Override
    public void run() {
        Fiber own = node.access().currentFiber();
        fiber = own;
        ExitReason ended = reason;
        if (ended == null) {
            ended = runBody(own);
        }
        boolean byItself = REASON.compareAndSet(this, (ExitReason) null, ended);
        Ending.of(this, Objects.requireNonNull(reason), byItself);
    }

    private ExitReason runBody(Fiber own) {
        try {
            Recording.started(this);
            if (externalIo) {
                body.run(new Self(this));
            } else {
                ExternalIoDenied.run(new Self(this), body);
            }
            return ExitReason.NORMAL;
        } catch (ProcessExit exit) {
            return exit.reason();
        } catch (CanceledException | InterruptedException stopped) {
            // Nobody has sent a signal: the node closes, or its Io does.
            return own.cancelPending() ? ExitReason.SHUTDOWN : failed(stopped);
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    /** A process ends, whatever there is no memory for. */
    private static ExitReason failed(Throwable thrown) {
        try {
            return new ExitReason.Failed(thrown);
        } catch (OutOfMemoryError exhausted) {
            return EXHAUSTED;
        }
    }

    // For other threads.

    /** Sends a message. */
    void send(Object message) {
        node.access().interleave();
        if (bound == null || bound.admits(this)) {
            deliver(new Envelope(message));
        }
    }

    private void deliver(Envelope envelope) {
        long there = push(envelope);
        if (there == WAKE) {
            wake();
        } else if (there == node.longMailbox()) {
            Log.longMailbox(this, there);
        }
    }

    /** Sends a message from where nothing else may be done. */
    void deliverQuietly(Envelope envelope) {
        if (push(envelope) == WAKE) {
            wake();
        }
    }

    /**
     * Wakes the owner, which may have gone on by itself meanwhile, have taken in what came, and be at something else:
     * that ends only if there is another message.
     */
    @SuppressWarnings("NullAway") // who waits has a fiber
    void wake() {
        Interruption ended = interruption;
        if (ended == null) {
            fiber.unpark();
        } else if (hasIncoming()) {
            ended.interrupt();
        }
    }

    /** An exit signal that somebody sends; null where that is no process. */
    void signal(@Nullable Pid from, ExitReason signal) {
        node.access().interleave();
        if (signal instanceof ExitReason.Kill) {
            kill();
        } else if (trapsExits) {
            deliver(new Envelope.OfSignal(new Signal.Exit(from == null ? pid : from, signal)));
        } else if (!(signal instanceof ExitReason.Normal) || from == pid) {
            terminate(signal);
        }
    }

    /** Ends the process, unless it does already. */
    void terminate(ExitReason why) {
        if (REASON.compareAndSet(this, (ExitReason) null, why)) {
            cancelTask();
        }
    }

    private void kill() {
        killed = true;
        if (REASON.compareAndSet(this, (ExitReason) null, ExitReason.KILLED)) {
            cancelTask();
        } else {
            Owned all = owned;
            if (all != null) {
                all.interrupt();
            }
        }
    }

    private void cancelTask() {
        Fiber running = fiber;
        if (running != null) {
            running.requestCancel();
        }
    }

    /**
     * A process to which this one may be linked has ended. After an unlink this does nothing: whether the signal comes
     * is decided with the lock.
     */
    void linkEnded(Pid from, ExitReason signal) {
        Envelope.OfSignal envelope = new Envelope.OfSignal(new Signal.Exit(from, signal));
        boolean traps = trapsExits;
        long[] there = {GONE};
        boolean[] ends = {false};
        relations().remove(from, () -> {
            if (traps) {
                there[0] = push(envelope);
            } else if (!(signal instanceof ExitReason.Normal)) {
                ends[0] = REASON.compareAndSet(this, (ExitReason) null, signal);
            }
        });
        if (there[0] == WAKE) {
            wake();
        }
        if (ends[0]) {
            cancelTask();
        }
    }

    /** A process that this one may monitor has ended, or was not there. */
    void monitoredEnded(Monitor monitor, ExitReason signal) {
        Envelope.OfSignal envelope = new Envelope.OfSignal(new Signal.Down(monitor, monitor.process(), signal));
        long[] there = {GONE};
        relations().remove(monitor, () -> there[0] = push(envelope));
        if (there[0] == WAKE) {
            wake();
        }
    }

    /** Whether it was told to end by {@link ExitReason#KILL}. */
    boolean isKilled() {
        return killed;
    }

    boolean isExiting() {
        return reason != null;
    }

    /** Whether the calling thread is the process's. */
    boolean runsHere() {
        Fiber own = fiber;
        return own != null && own.thread() == Thread.currentThread();
    }

    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** Gives it a name; false if it has ended. */
    boolean register(String newName) {
        return relations().whileAlive(() -> {
            if (name != null) {
                throw new IllegalArgumentException("process " + pid + " is registered already, as '" + name + "'");
            }
            Pid other = node.names().put(newName, pid);
            if (other != null) {
                throw new IllegalArgumentException("the name '" + newName + "' is registered to process " + other);
            }
            name = newName;
            return true;
        });
    }

    /** Takes its name; false if it is not this one. */
    boolean unregister(String oldName) {
        return relations().whileAlive(() -> {
            if (!oldName.equals(name)) {
                return false;
            }
            name = null;
            node.names().remove(oldName, pid);
            return true;
        });
    }

    /** Whether it waits for something else than a message. From any thread, to which it is old news. */
    boolean isBlocked() {
        Fiber own = fiber;
        Thread thread = own == null ? null : own.thread();
        return thread != null && thread.getState() != Thread.State.RUNNABLE;
    }

    /** How many resources it owns. From any thread, to which it is old news. */
    int resources() {
        Owned all = owned;
        return all == null ? 0 : all.size();
    }

    /** Waits until it has ended. */
    ExitReason awaitEnd() {
        if (runsHere()) {
            throw new IllegalStateException("process " + pid + " would wait for its own end");
        }
        node.access().currentFiber().checkCancel();
        EndWait wait = beginAwaitEnd();
        return wait == null ? Objects.requireNonNullElse(reason, ExitReason.NO_PROCESS) : wait.await();
    }

    /** What the caller waits for it with; null if it has ended. */
    @Nullable EndWait beginAwaitEnd() {
        EndWait wait = new EndWait(this, node.access().currentFiber());
        return relations().add(wait) ? wait : null;
    }

    Relations relations() {
        Relations own = relations;
        if (own == null) {
            Relations created = new Relations();
            own = RELATIONS.compareAndSet(this, (Relations) null, created) ? created : relations;
        }
        return Objects.requireNonNull(own);
    }

    boolean hasRelations() {
        return relations != null;
    }

    List<Object> related() {
        Relations own = relations;
        return own == null ? List.of() : own.members();
    }

    /** How many sockets it owns. From any thread, to which it is old news. */
    int sockets() {
        return (int) related().stream().filter(ProcessSocket.class::isInstance).count();
    }

    ProcessInfo info() {
        List<Object> members = related();
        ProcessInfo.State state = isExiting()
                ? ProcessInfo.State.EXITING
                : isWaiting() && interruption == null ? ProcessInfo.State.WAITING : ProcessInfo.State.RUNNING;
        return new ProcessInfo(
                pid,
                name(),
                label(),
                state,
                length(),
                received(),
                bound == null ? 0 : bound.dropped(),
                trapsExits,
                links(members),
                monitors(members).filter(each -> each.watcher() == this).map(Monitor::process).toList(),
                monitors(members).filter(each -> each.watcher() != this).map(each -> each.watcher().pid).toList(),
                (int) members.stream().filter(Delivery.class::isInstance).count(),
                (int) members.stream().filter(ProcessSocket.class::isInstance).count());
    }

    static List<Pid> links(List<Object> members) {
        return members.stream().filter(Pid.class::isInstance).map(Pid.class::cast).toList();
    }

    private static java.util.stream.Stream<Monitor> monitors(List<Object> members) {
        return members.stream().filter(Monitor.class::isInstance).map(Monitor.class::cast);
    }

    String label() {
        return FiberAccess.nameOf(body);
    }

    // For the process itself.

    /** The oldest message. */
    Object receive() {
        begin();
        Envelope oldest = first();
        while (oldest == null) {
            takeInAll();
            oldest = first();
            if (oldest == null) {
                await(this);
            }
        }
        take(oldest);
        return oldest.message;
    }

    /** The oldest message after the one with the number {@code since} that {@code matcher} wants, or null. */
    <T> @Nullable T receive(Timeout limit, long since, Function<Object, ? extends @Nullable T> matcher) {
        begin();
        takeInAll();
        @Nullable Envelope seen = since == 0 ? null : latestUpTo(since);
        @Nullable TimedWait wait = null;
        long deadline = 0;
        Runnable stop = () -> {};
        try {
            while (true) {
                for (Envelope next = after(seen); next != null; next = after(seen)) {
                    @Nullable T matched = match(matcher, next);
                    if (matched != null) {
                        take(next);
                        return matched;
                    }
                    seen = next;
                    own().checkCancel(); // others may come as fast as it looks at them
                }
                if (wait != null && (wait.isOver() || deadline <= node.access().nanoTime())) {
                    return null;
                }
                if (wait == null && deadline != Long.MAX_VALUE) {
                    deadline = node.access().deadline(limit);
                    if (deadline <= node.access().nanoTime()) {
                        return null;
                    }
                    if (deadline != Long.MAX_VALUE) {
                        wait = new TimedWait(this, own());
                        stop = node.access().startTimer(own(), deadline, wait);
                    }
                }
                await(wait == null ? this : wait);
                takeInAll();
            }
        } finally {
            stop.run();
        }
    }

    private <T> @Nullable T match(Function<Object, ? extends @Nullable T> matcher, Envelope envelope) {
        matching = true;
        try {
            return matcher.apply(envelope.message);
        } finally {
            matching = false;
        }
    }

    /** Waits for a message, or for what else makes {@code blocker} done. */
    private void await(Blocker blocker) {
        Fiber own = own();
        if (beginWait()) {
            try {
                own.block(blocker);
            } finally {
                endWait();
            }
            if (!hasIncoming()) {
                own.checkCancel();
            }
        }
    }

    /** Runs something that the next message ends; null if it did, or if there is one. */
    <T, X extends Exception> @Nullable T untilMessage(Body<? extends T, X> action) throws X {
        begin();
        takeInAll();
        if (first() != null) {
            return null;
        }
        StackRoom.requireToLetGo();
        try (Interruption scope = Interruption.begin(own())) {
            interruption = scope;
            try {
                return beginWait() ? Objects.requireNonNull(action.run()) : null;
            } catch (CanceledException canceled) {
                if (scope.isCause()) {
                    return null;
                }
                throw canceled;
            } finally {
                endWait();
                interruption = null;
            }
        }
    }

    /** Sends what has come of a socket on to another process, in its order. Returns whether that has to be woken. */
    boolean moveMessages(ActiveSocket socket, ControlBlock to) {
        takeInAll();
        boolean wakes = false;
        Envelope next = first();
        while (next != null) {
            Envelope after = after(next);
            if (next instanceof SocketEnvelope mine && mine.socket == socket) {
                remove(next);
                wakes |= to.push(next) == WAKE;
            }
            next = after;
        }
        return wakes;
    }

    private void begin() {
        if (!runsHere()) {
            throw new IllegalStateException("process " + pid + " receives on its own thread only, not on "
                    + Thread.currentThread() + "; let that send it a message");
        }
        if (matching || interruption != null) {
            throw new IllegalStateException("process " + pid + (matching
                    ? " is looking through its mailbox: a function that is given to receive looks at a message,"
                            + " and whoever called receive does the rest"
                    : " waits for its next message to end what it does; receive that afterwards"));
        }
        node.access().interleave();
        own().checkCancel();
    }

    Fiber own() {
        return Objects.requireNonNull(fiber);
    }

    private long takeInAll() {
        long taken = takeIn();
        int many = node.longMailbox();
        if (taken > 0 && length() >= many && length() / many != (length() - taken) / many) {
            Log.longMailbox(this, length());
        }
        return taken;
    }

    private void take(Envelope envelope) {
        remove(envelope);
        envelope.taken(this);
        if (bound != null && envelope.takesRoom()) {
            bound.release();
        }
    }

    /** Keeps what was taken, or what stands for it. */
    void keepForReport(Object message) {
        if (node.keepsMessages()) {
            keep(message);
        }
    }

    boolean trapExit(boolean traps) {
        boolean before = trapsExits;
        trapsExits = traps;
        return before;
    }

    void link(Pid other) {
        if (other == pid) {
            return;
        }
        ControlBlock peer = node.blockOf(other);
        if (peer == null || !Relations.link(this, peer)) {
            signal(other, ExitReason.NO_PROCESS);
            own().checkCancel();
        }
    }

    void unlink(Pid other) {
        ControlBlock peer = other.block();
        if (peer == null) {
            relations().remove(other);
        } else {
            Relations.unlink(this, peer);
        }
    }

    Monitor monitor(Pid other) {
        Monitor monitor = new Monitor(node.nextReference(), this, other, latestNumber());
        if (other == pid) {
            return monitor;
        }
        ControlBlock watched = node.blockOf(other);
        relations().add(monitor);
        if (watched == null || !watched.relations().add(monitor)) {
            monitoredEnded(monitor, ExitReason.NO_PROCESS);
        }
        return monitor;
    }

    boolean demonitor(Monitor monitor) {
        if (monitor.watcher() != this) {
            throw new IllegalArgumentException(monitor + " is not one of process " + pid);
        }
        if (relations().remove(monitor)) {
            ControlBlock watched = monitor.process().block();
            if (watched != null) {
                watched.relations().remove(monitor);
            }
            return true;
        }
        takeInAll();
        for (Envelope next = after(latestUpTo(monitor.since)); next != null; next = after(next)) {
            if (next.message instanceof Signal.Down down && down.monitor() == monitor) {
                take(next);
                return false;
            }
        }
        return false;
    }

    /** Has a call answered when it is ready. Before it runs. */
    void awaitReady(Call call) {
        ready = call;
        relations().add(call);
    }

    void ready() {
        Call waiting = ready;
        if (waiting != null) {
            ready = null;
            relations().remove(waiting);
            waiting.answer(pid);
        }
    }

    @Nullable Owned ownedOrNull() {
        return owned;
    }

    Owned owned() {
        Owned all = owned;
        if (all == null) {
            all = new Owned();
            owned = all;
        }
        return all;
    }

    /** No relation is added from now on. Returns those that there were. */
    Collection<Object> endRelations() {
        Relations own = relations;
        if (own == null && RELATIONS.compareAndSet(this, (Relations) null, Relations.ENDED)) {
            return List.of();
        }
        return relations().end(this);
    }

    /** It is to be found no more under its name and in its groups. */
    void giveBack(Collection<Object> related) {
        String registered = name;
        if (registered != null) {
            node.names().remove(registered, pid);
        }
        for (Object member : related) {
            if (member instanceof Groups.Membership(String group)) {
                node.groupsByName().remove(group, pid);
            }
        }
    }

    /** It takes no messages from now on. */
    void leave() {
        pid.setBlock(null);
        end();
        if (bound != null) {
            bound.lift();
        }
    }

    /** Undoes what was done for a process that could not be started. */
    void discard() {
        REASON.compareAndSet(this, (ExitReason) null, ExitReason.NO_PROCESS);
        Ending.unstarted(this);
    }

    @Override
    public String toString() {
        return "receive as process " + pid + (name == null ? "" : " '" + name + "'")
                + (length() == 0 ? "" : ", of " + Log.messages(length()));
    }
}
