package dev.gyre.process;

import dev.gyre.io.Action;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.ClassFiles;
import dev.gyre.io.spi.FiberAccess;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node: processes over an {@link Io}, their names and their end. A program usually has one.
 *
 * <p>Any thread may call any method, one that is no process as well. Each process is a task of the {@code Io}.
 */
public final class Processes implements AutoCloseable {
    static {
        ClassFiles.load(Processes.class);
    }

    private final Io io;
    private final FiberAccess access;
    private final Group<RuntimeException> group;
    private final ProcessesOptions options;
    private final int longMailbox;
    private final boolean keepsMessages;
    private final Names names = new Names();
    private final Groups groups = new Groups();
    private final AtomicLong pids = new AtomicLong();
    private final AtomicLong references = new AtomicLong();

    private Processes(Io io, ProcessesOptions options) {
        this.io = io;
        this.access = FiberAccess.of(io);
        this.group = io.group(failure -> {
            throw new AssertionError("a process has ended in another way than it should", failure);
        });
        this.options = options;
        this.longMailbox = options.longMailbox();
        this.keepsMessages = options.keepsMessages();
    }

    /**
     * A node with default options.
     *
     * @param io whose tasks the processes are; it must be open for longer
     * @return open until {@link #close()}
     */
    public static Processes open(Io io) {
        return open(io, ProcessesOptions.DEFAULT);
    }

    /**
     * A node.
     *
     * @param io whose tasks the processes are; it must be open for longer
     * @param options how it behaves
     * @return open until {@link #close()}
     */
    public static Processes open(Io io, ProcessesOptions options) {
        Processes node = new Processes(io, options);
        node.rehearse();
        return node;
    }

    /**
     * Timers send on threads that must not be the first to use a handle of the JDK's; so this sends before there are
     * any.
     */
    private void rehearse() {
        Pid nobody = new Pid(0);
        ControlBlock block = new ControlBlock(this, nobody, null, _ -> {}, null, true);
        nobody.setBlock(block);
        Delivery first = new Delivery(block, "");
        block.relations().add(first);
        first.run();
        block.takeIn();
        block.discard();
    }

    /**
     * The {@code Io} that it runs on.
     *
     * @return as given
     */
    public Io io() {
        return io;
    }

    /**
     * Starts a process.
     *
     * @param body what it does
     * @return the process
     * @throws ProcessLimitException if no further task can be started
     * @throws IllegalStateException if the node or its {@code Io} is closed
     */
    public Pid spawn(ProcessBody body) {
        return spawn(SpawnOptions.DEFAULT, body);
    }

    /**
     * Starts a process.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the process
     * @throws IllegalArgumentException if the name is taken
     * @throws ProcessLimitException if no further task can be started
     * @throws IllegalStateException if the node or its {@code Io} is closed
     */
    public Pid spawn(SpawnOptions how, ProcessBody body) {
        ControlBlock block = prepare(how, body, null);
        start(block, how);
        return block.pid;
    }

    /**
     * Starts a process, and waits until it has called {@link Self#ready()}. A cancellation point.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return the process, which is ready
     * @throws CallException if it ended before
     * @throws dev.gyre.io.CanceledException if the caller is to stop; the process is killed then
     * @throws IllegalArgumentException if the name is taken
     * @throws ProcessLimitException if no further task can be started
     * @throws IllegalStateException if the node or its {@code Io} is closed
     */
    public Pid start(SpawnOptions how, ProcessBody body) {
        ControlBlock block = prepare(how, body, null);
        boolean started = false;
        try {
            startReady(block, how);
            started = true;
            return block.pid;
        } finally {
            if (!started) {
                block.terminate(ExitReason.KILLED);
            }
        }
    }

    /**
     * Starts a process, and waits for its end; see {@link #run(SpawnOptions, ProcessBody)}.
     *
     * @param body what it does
     * @return why it ended
     */
    public ExitReason run(ProcessBody body) {
        return run(SpawnOptions.DEFAULT, body);
    }

    /**
     * Starts a process, and waits for its end, whose reason is told in any case, however early it comes. A cancellation
     * point. For threads that are no processes, {@code main} above all; processes rather
     * {@linkplain Self#spawnMonitor(ProcessBody) monitor} those that they start.
     *
     * @param how its name, mailbox and place
     * @param body what it does
     * @return why it ended
     * @throws dev.gyre.io.CanceledException if the caller is to stop; the process is killed then
     * @throws IllegalArgumentException if the name is taken
     * @throws ProcessLimitException if no further task can be started
     * @throws IllegalStateException if the node or its {@code Io} is closed
     */
    public ExitReason run(SpawnOptions how, ProcessBody body) {
        ControlBlock block = prepare(how, body, null);
        start(block, how);
        boolean ended = false;
        try {
            ExitReason reason = block.awaitEnd();
            ended = true;
            return reason;
        } finally {
            if (!ended) {
                block.signal(null, ExitReason.KILL);
            }
        }
    }

    /** Lets it run, and waits until it is ready. */
    void startReady(ControlBlock block, SpawnOptions how) {
        Call ready = new Call(block.pid);
        block.awaitReady(ready);
        start(block, how);
        try {
            Object _ = ready.await(access, Timeout.NONE);
        } catch (TimeoutException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Calls a process: sends it a request with an address for the answer, and waits for that. A cancellation point. Any
     * thread may call, also one that is no process; the answer does not go through the caller's mailbox.
     *
     * <pre>{@code
     * record Get(String key, ReplyTo<String> replyTo) {}
     *
     * String value = node.<String>call(store, limit, replyTo -> new Get("a", replyTo));
     * }</pre>
     *
     * @param <R> what the answer is
     * @param process of this node
     * @param limit for the answer; one that comes later is lost
     * @param request makes the message
     * @return the answer
     * @throws TimeoutException if the time is over
     * @throws CallException if the process ended before it answered, or had before
     * @throws dev.gyre.io.CanceledException if the caller is to stop
     * @throws IllegalStateException if a process calls itself
     */
    @SuppressWarnings("unchecked") // the request's ReplyTo takes nothing else
    public <R> R call(Pid process, Timeout limit, Function<? super ReplyTo<R>, ?> request) throws TimeoutException {
        access.interleave();
        ControlBlock block = blockOf(process);
        if (block == null) {
            throw new CallException(process, ExitReason.NO_PROCESS);
        }
        if (block.runsHere()) {
            throw new IllegalStateException("process " + process + " would wait for its own answer");
        }
        Call call = new Call(process);
        if (!block.relations().add(call)) {
            throw new CallException(process, ExitReason.NO_PROCESS);
        }
        try {
            block.send(Objects.requireNonNull(request.apply(new ReplyTo<>(call))));
            return (R) call.await(access, limit);
        } finally {
            call.cancel();
            block.relations().remove(call);
        }
    }

    /** A process that does not run yet, and may have been given a name. */
    ControlBlock prepare(SpawnOptions how, ProcessBody body, @Nullable Pid parent) {
        Pid pid = new Pid(pids.incrementAndGet());
        Bound bound = how.mailbox().isEmpty()
                ? null
                : new Bound(how.mailbox().get(), io.semaphore(how.mailbox().get().messages()));
        boolean externalIo = how.externalIo() && !ExternalIoDenied.isDenied();
        ControlBlock block = new ControlBlock(this, pid, parent, Objects.requireNonNull(body), bound, externalIo);
        // Whoever finds the name finds a process that takes messages.
        pid.setBlock(block);
        if (!how.owned().isEmpty()) {
            how.owned().forEach(block.owned()::add);
        }
        if (how.name().isPresent()) {
            block.register(how.name().get());
        }
        return block;
    }

    /** Lets it run; if that fails, there was no process. */
    void start(ControlBlock block, SpawnOptions how) {
        boolean started = false;
        try {
            group.concurrent(how.placement(), block);
            started = true;
        } catch (ConcurrencyUnavailable limit) {
            throw new ProcessLimitException(limit);
        } finally {
            if (!started) {
                block.discard();
            }
        }
    }

    /** Starts what a process needs beside itself, near the caller. */
    void startHelper(Action<RuntimeException> helper) {
        try {
            group.concurrent(Placement.NEAR, helper);
        } catch (ConcurrencyUnavailable limit) {
            throw new ProcessLimitException(limit);
        }
    }

    /**
     * Gives a name to a process, which keeps it until its end or {@link #unregister}.
     *
     * @param name not empty
     * @param process a process of this node
     * @throws IllegalArgumentException if the name is taken, or the process has one, or has ended
     */
    public void register(String name, Pid process) {
        Names.check(name);
        access.interleave();
        ControlBlock block = blockOf(process);
        if (block == null || !block.register(name)) {
            throw new IllegalArgumentException("process " + process + " has ended and cannot be registered as '" + name
                    + "'");
        }
    }

    /**
     * Takes a name back.
     *
     * @param name any
     * @return whether it was registered
     */
    public boolean unregister(String name) {
        access.interleave();
        Pid registered = names.get(name);
        ControlBlock block = registered == null ? null : registered.block();
        return block != null && block.unregister(name);
    }

    /**
     * Who has a name.
     *
     * @param name any
     * @return the process, or null if the name is not registered
     */
    public @Nullable Pid whereIs(String name) {
        access.interleave();
        return names.get(name);
    }

    /**
     * The names that are registered.
     *
     * @return sorted
     */
    public List<String> registered() {
        access.interleave();
        return names.all();
    }

    /**
     * Sends a message to a name; see {@link Recipient#send}.
     *
     * @param name of a process
     * @param message not null
     * @throws IllegalArgumentException if the name is not registered
     */
    public void send(String name, Object message) {
        Pid process = whereIs(name);
        if (process == null) {
            throw new IllegalArgumentException("no process is registered as '" + name + "'");
        }
        process.send(message);
    }

    /**
     * Sends a message later. The end of the process calls that off.
     *
     * @param delay from now on, by {@link dev.gyre.io.Clock#AWAKE}; not negative
     * @param process to send to; its mailbox takes the message however full it is
     * @param message not null
     * @return to call it off
     */
    public Timer sendAfter(Duration delay, Pid process, Object message) {
        Objects.requireNonNull(message);
        Timeout timeout = Timeout.after(delay);
        ControlBlock block = process.block();
        if (block == null) {
            return new Timer(null);
        }
        Delivery delivery = new Delivery(block, message);
        if (!block.relations().add(delivery)) {
            return new Timer(null);
        }
        delivery.start(access, access.deadline(timeout));
        return new Timer(delivery);
    }

    /**
     * Sends an exit signal that comes from no process: one that traps exits sees itself as its origin. Otherwise as
     * {@link Self#exit}.
     *
     * @param process whom to tell to end
     * @param reason for which
     */
    public void exit(Pid process, ExitReason reason) {
        ControlBlock block = process.block();
        if (block != null) {
            block.signal(null, reason);
        }
    }

    /**
     * Waits until a process has ended. A cancellation point. For threads that are no processes; those rather
     * {@linkplain Self#monitor monitor} each other, and receive. Of one that has ended nothing is known any more: for
     * the reason of one's own process in any case, there is {@link #run(ProcessBody)}.
     *
     * @param process of this node
     * @return why it ended; {@link ExitReason.NoProcess} if it had before this was called
     * @throws dev.gyre.io.CanceledException if the calling task is to stop
     * @throws IllegalStateException if the caller is that process
     */
    public ExitReason await(Pid process) {
        access.interleave();
        ControlBlock block = blockOf(process);
        return block == null ? ExitReason.NO_PROCESS : block.awaitEnd();
    }

    /**
     * The processes that have not ended.
     *
     * @return in the order in which they were spawned
     */
    public List<Pid> processes() {
        access.interleave();
        return blocks().stream().map(block -> block.pid).toList();
    }

    /** Those of {@link #processes}. */
    List<ControlBlock> blocks() {
        return access.works(group, ControlBlock.class).stream()
                .filter(block -> block.pid.block() != null)
                .sorted(Comparator.comparing(block -> block.pid))
                .toList();
    }

    long nanoTime() {
        return access.nanoTime();
    }

    /**
     * What a process is doing.
     *
     * @param process any
     * @return empty if it has ended
     */
    public Optional<ProcessInfo> info(Pid process) {
        access.interleave();
        return Optional.ofNullable(process.block()).map(ControlBlock::info);
    }

    /**
     * Puts a process into a group, of which it is a member until its end or {@link #leave}. A process can be in many
     * groups, and once in each.
     *
     * @param group not empty
     * @param process of this node; nothing happens if it has ended
     */
    public void join(String group, Pid process) {
        Names.check(group);
        access.interleave();
        ControlBlock block = blockOf(process);
        Groups.Membership membership = new Groups.Membership(group);
        if (block != null) {
            block.relations().add(membership, () -> groups.add(group, process));
        }
    }

    /**
     * Takes a process out of a group.
     *
     * @param group any
     * @param process any
     * @return whether it was a member
     */
    public boolean leave(String group, Pid process) {
        access.interleave();
        ControlBlock block = blockOf(process);
        return block != null
                && block.relations().remove(new Groups.Membership(group), () -> groups.remove(group, process));
    }

    /**
     * The members of a group.
     *
     * @param group any
     * @return in the order in which they have joined
     */
    public List<Pid> members(String group) {
        access.interleave();
        return groups.members(group);
    }

    /**
     * The groups that have members.
     *
     * @return sorted
     */
    public List<String> groups() {
        access.interleave();
        return groups.all();
    }

    /**
     * Sends a message to all members of a group; see {@link Recipient#send}.
     *
     * @param group any
     * @param message not null
     */
    public void publish(String group, Object message) {
        Objects.requireNonNull(message);
        members(group).forEach(member -> member.send(message));
    }

    /**
     * Ends the node: tells all processes to end, for {@link ExitReason#SHUTDOWN}, in no order, and waits until they
     * have. Those that trap exits are not asked. Closing again does nothing.
     *
     * @throws IllegalStateException if a process of the node calls it, which would wait for itself
     */
    @Override
    public void close() {
        group.close();
    }

    /** Has a call know of the end of a process. */
    void endWith(Pid process, Call call) {
        ControlBlock block = process.block();
        if (block == null || !block.relations().add(call)) {
            call.ended(ExitReason.NO_PROCESS);
        }
    }

    Groups groupsByName() {
        return groups;
    }

    FiberAccess access() {
        return access;
    }

    Names names() {
        return names;
    }

    boolean keepsMessages() {
        return keepsMessages;
    }

    int longMailbox() {
        return longMailbox;
    }

    long nextReference() {
        return references.incrementAndGet();
    }

    void crashed(CrashReport report) {
        options.crashHandler().accept(report);
    }

    /** The process, or null if it has ended. */
    @Nullable ControlBlock blockOf(Pid process) {
        ControlBlock block = process.block();
        if (block != null && block.node != this) {
            throw new IllegalArgumentException("process " + process + " is one of another node");
        }
        return block;
    }
}
