package dev.gyre.process;

import dev.gyre.io.Body;
import dev.gyre.io.Io;
import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process, as it sees itself: its mailbox, and what it does to others. Given to its function.
 *
 * <p>All methods are for the process's own thread alone. Those that wait are cancellation points: they throw
 * {@link dev.gyre.io.CanceledException} when the process is to end.
 */
public final class Self {
    private final ControlBlock block;

    Self(ControlBlock block) {
        this.block = block;
    }

    /**
     * Who it is to others.
     *
     * @return always the same
     */
    public Pid pid() {
        return block.pid;
    }

    /**
     * The node that it belongs to.
     *
     * @return always the same
     */
    public Processes node() {
        return block.node;
    }

    /**
     * The {@code Io} that it runs on, for files, time and all that processes have no methods of their own for.
     *
     * @return always the same
     */
    public Io io() {
        return block.node.io();
    }

    /**
     * Sockets that this process owns: listening, connecting, datagrams.
     *
     * @return for this process
     */
    public Sockets sockets() {
        return new Sockets(block);
    }

    /**
     * Takes the oldest message, and waits if there is none. A cancellation point.
     *
     * @return never null
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public Object receive() {
        return block.receive();
    }

    /**
     * Takes the oldest message, and waits for a limited time if there is none. A cancellation point.
     *
     * @param limit zero looks and does not wait
     * @return null if the time is over
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public @Nullable Object receive(Timeout limit) {
        return block.<Object>receive(limit, 0, message -> message);
    }

    /**
     * Takes the oldest message that a function wants, and waits until there is one. Others stay where they are. A
     * cancellation point.
     *
     * <pre>{@code
     * String name = self.receive(message -> switch (message) {
     *     case Named(Pid from, String text) when from == child -> text;
     *     default -> null;
     * });
     * }</pre>
     *
     * <p>The function is shown each message once, also those that come while this waits.
     *
     * @param <T> what it makes of the message
     * @param matcher returns null for a message that it does not want. It only looks: it does not receive, and what it
     *     throws leaves the message where it is
     * @return what the function returned for the message that was taken
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public <T> T receive(Function<Object, ? extends @Nullable T> matcher) {
        return Objects.requireNonNull(block.<T>receive(Timeout.NONE, 0, matcher));
    }

    /**
     * Takes the oldest message that a function wants, and waits for a limited time until there is one.
     *
     * @param <T> what it makes of the message
     * @param limit zero looks and does not wait
     * @param matcher returns null for a message that it does not want; see {@link #receive(Function)}
     * @return what the function returned for the message that was taken; null if the time is over
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public <T> @Nullable T receive(Timeout limit, Function<Object, ? extends @Nullable T> matcher) {
        return block.receive(limit, 0, matcher);
    }

    /**
     * Takes the oldest message that a function wants, of those that came after a reference was made: however many there
     * were before, they are not looked at. For replies.
     *
     * @param <T> what it makes of the message
     * @param since made by this process
     * @param limit zero looks and does not wait
     * @param matcher returns null for a message that it does not want; see {@link #receive(Function)}
     * @return what the function returned for the message that was taken; null if the time is over
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public <T> @Nullable T receive(
            Reference since, Timeout limit, Function<Object, ? extends @Nullable T> matcher) {
        long latest = switch (since) {
            case Monitor monitor -> monitor.since;
            case Alias alias -> alias.since;
        };
        return block.receive(limit, latest, matcher);
    }

    /**
     * Does something that the next message ends: whatever waits in it for the network, files, time or other tasks is
     * then taken back, as if its limit of time were over. So a process can wait for a message and for a socket at once.
     *
     * <pre>{@code
     * Integer count = self.untilMessage(() -> connection.read(buffer));
     * if (count == null) {
     *     handle(self.receive());
     * }
     * }</pre>
     *
     * @param <T> what it returns
     * @param <X> what it may throw
     * @param action what to do. It does not receive, and does not return null
     * @return what the action returned; null if a message ended it, or was there before. The message is in the mailbox,
     *     and nothing that the action took is lost
     * @throws X what the action threw
     * @throws dev.gyre.io.CanceledException if the process is to end
     */
    public <T, X extends Exception> @Nullable T untilMessage(Body<? extends T, X> action) throws X {
        return block.untilMessage(action);
    }

    /**
     * Starts a process; see {@link Processes#spawn(ProcessBody)}.
     *
     * @param body what it does
     * @return the process
     */
    public Pid spawn(ProcessBody body) {
        return spawn(SpawnOptions.DEFAULT, body);
    }

    /**
     * Starts a process; see {@link Processes#spawn(SpawnOptions, ProcessBody)}.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the process
     */
    public Pid spawn(SpawnOptions how, ProcessBody body) {
        ControlBlock child = prepare(how, body);
        block.node.start(child, how);
        return child.pid;
    }

    /**
     * Starts a process that is linked to this one from its beginning.
     *
     * @param body what it does
     * @return the process
     */
    public Pid spawnLink(ProcessBody body) {
        return spawnLink(SpawnOptions.DEFAULT, body);
    }

    /**
     * Starts a process that is linked to this one from its beginning.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the process
     */
    public Pid spawnLink(SpawnOptions how, ProcessBody body) {
        ControlBlock child = prepare(how, body);
        block.link(child.pid);
        block.node.start(child, how);
        return child.pid;
    }

    /**
     * Starts a process that this one monitors from its beginning.
     *
     * @param body what it does
     * @return the monitor, which knows the process
     */
    public Monitor spawnMonitor(ProcessBody body) {
        return spawnMonitor(SpawnOptions.DEFAULT, body);
    }

    /**
     * Starts a process that this one monitors from its beginning.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the monitor, which knows the process
     */
    public Monitor spawnMonitor(SpawnOptions how, ProcessBody body) {
        ControlBlock child = prepare(how, body);
        Monitor monitor = block.monitor(child.pid);
        boolean started = false;
        try {
            block.node.start(child, how);
            started = true;
        } finally {
            if (!started) {
                block.demonitor(monitor);
            }
        }
        return monitor;
    }

    /**
     * Starts a process that is linked to this one from its beginning, and waits until it has called {@link #ready()}. A
     * cancellation point.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the process, which is ready
     * @throws CallException if it ended before; the exit signal of the link comes as well
     * @throws dev.gyre.io.CanceledException if this process is to end
     */
    public Pid startLink(SpawnOptions how, ProcessBody body) {
        ControlBlock child = prepare(how, body);
        block.link(child.pid);
        block.node.startReady(child, how);
        return child.pid;
    }

    /**
     * Tells whoever has started this process and waits for it that it is ready: by {@link #startLink}, {@link
     * Processes#start}, or a supervisor. Otherwise it does nothing.
     */
    public void ready() {
        block.ready();
    }

    /**
     * Has something worked out by a process that is linked to this one.
     *
     * @param <T> what it works out
     * @param work not null in the end. What it throws ends this process too, unless it traps exits
     * @return the process
     */
    public <T> ProcessTask<T> async(Body<? extends T, ? extends Exception> work) {
        Call[] result = new Call[1];
        ControlBlock child = prepare(
                SpawnOptions.DEFAULT, new NamedBody(work, _ -> result[0].answer(ProcessTask.resultOf(work))));
        Call call = new Call(child.pid);
        result[0] = call;
        child.relations().add(call);
        block.link(child.pid);
        block.node.start(child, SpawnOptions.DEFAULT);
        return new ProcessTask<>(block.node, child.pid, call);
    }

    /**
     * Calls a process; see {@link Processes#call}.
     *
     * @param <R> what the answer is
     * @param process of the same node
     * @param limit for the answer; one that comes later is lost
     * @param request makes the message
     * @return the answer
     * @throws TimeoutException if the time is over
     * @throws CallException if the process ended before it answered, or had before
     * @throws dev.gyre.io.CanceledException if this process is to end
     */
    public <R> R call(Pid process, Timeout limit, Function<? super ReplyTo<R>, ?> request) throws TimeoutException {
        return block.node.call(process, limit, request);
    }

    /**
     * Links this process to another one: when one ends, the other gets an exit signal. Links have no direction, and
     * there is at most one between two.
     *
     * @param process of the same node. If it has ended, this one gets an exit signal {@link ExitReason.NoProcess}
     * @throws dev.gyre.io.CanceledException if that ends this process
     */
    public void link(Pid process) {
        block.link(process);
    }

    /**
     * Takes a link away, if there is one. After that no exit signal of the other one comes because of it; one that came
     * before may be in the mailbox, if this process traps exits.
     *
     * @param process of the same node
     */
    public void unlink(Pid process) {
        block.unlink(process);
    }

    /**
     * Watches over another process. When it ends, or if it has, {@link Signal.Down} comes.
     *
     * @param process of the same node
     * @return tells this watch apart from others, also over the same process
     */
    public Monitor monitor(Pid process) {
        return block.monitor(process);
    }

    /**
     * Ends a watch. After that there is no {@link Signal.Down} of it, in the mailbox neither.
     *
     * @param monitor one of this process
     * @return whether the other process had not ended
     */
    public boolean demonitor(Monitor monitor) {
        return block.demonitor(monitor);
    }

    /**
     * A new address of this process.
     *
     * @return it can be given up
     */
    public Alias alias() {
        return new Alias(block.node.nextReference(), block.pid, block.latestNumber());
    }

    /**
     * Gives an address up. What is sent to it from then on is lost; what was sent before may be in the mailbox.
     *
     * @param alias one of this process
     * @return whether it had not been given up
     */
    public boolean unalias(Alias alias) {
        if (!alias.belongsTo(block.pid)) {
            throw new IllegalArgumentException(alias + " is not one of process " + block.pid);
        }
        return alias.deactivate();
    }

    /**
     * Sends an exit signal. {@link ExitReason#KILL} ends the process in any case. To one that traps exits, all others
     * are messages. {@link ExitReason#NORMAL} ends no process but the sender itself; and every other reason ends the
     * process for that.
     *
     * @param process whom to tell to end; this one as well
     * @param reason for which
     * @throws dev.gyre.io.CanceledException if that ends this process
     */
    public void exit(Pid process, ExitReason reason) {
        ControlBlock target = process.block();
        if (target != null) {
            target.signal(block.pid, reason);
        }
        if (target == block && block.isExiting()) {
            io().checkCancel();
        }
    }

    /**
     * Whether exit signals are messages to this process, instead of ending it. Not at first.
     *
     * @param traps from now on
     * @return whether they were
     */
    public boolean trapExit(boolean traps) {
        return block.trapExit(traps);
    }

    /**
     * Gives this process a name; see {@link Processes#register}.
     *
     * @param name not empty
     */
    public void register(String name) {
        block.node.register(name, block.pid);
    }

    /**
     * Sends a message to this process later; see {@link Processes#sendAfter}.
     *
     * @param delay from now on; not negative
     * @param message not null
     * @return to call it off
     */
    public Timer sendAfter(Duration delay, Object message) {
        return block.node.sendAfter(delay, block.pid, message);
    }

    /**
     * Has something closed when this process ends, however that comes. What was given last is closed first; what one
     * throws is logged.
     *
     * @param <R> what it is
     * @param resource a file, a listener, a connection
     * @return the resource
     */
    public <R extends AutoCloseable> R own(R resource) {
        block.owned().add(resource);
        return resource;
    }

    /**
     * Has something not closed any more: because it is closed, or because it is another process's from now on.
     *
     * @param resource given to {@link #own} before
     * @return whether it was
     */
    public boolean disown(AutoCloseable resource) {
        return block.owned().remove(resource);
    }

    /** Who has started it; null if that was no process. */
    @Nullable Pid parent() {
        return block.parent;
    }

    /** Has something done at its end, unless it is killed, before what it owns is closed. */
    void atEnd(AutoCloseable action) {
        block.owned().atEnd(action);
    }

    private ControlBlock prepare(SpawnOptions how, ProcessBody body) {
        return block.node.prepare(how, body, block.pid);
    }
}
