package dev.gyre.process;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.FiberAccess;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A node: processes over an {@link Io}, their names and their end. A program usually has one.
 *
 * <p>Any thread may call any method, one that is no process as well. Each process is a task of the {@code Io}.
 */
public final class Processes implements AutoCloseable {
    private final Io io;
    private final FiberAccess access;
    private final Group<RuntimeException> group;
    private final ProcessesOptions options;
    private final int longMailbox;
    private final Names names = new Names();
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
        ControlBlock nobody = new ControlBlock(this, new Pid(0), _ -> {}, null);
        Delivery first = new Delivery(nobody, "");
        nobody.relations().add(first);
        first.run();
        nobody.takeIn();
        nobody.discard();
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
        ControlBlock block = prepare(how, body);
        start(block, how);
        return block.pid;
    }

    /** A process that does not run yet, and may have been given a name. */
    ControlBlock prepare(SpawnOptions how, ProcessBody body) {
        Pid pid = new Pid(pids.incrementAndGet());
        Bound bound = how.mailbox().isEmpty()
                ? null
                : new Bound(how.mailbox().get(), io.semaphore(how.mailbox().get().messages()));
        ControlBlock block = new ControlBlock(this, pid, Objects.requireNonNull(body), bound);
        if (how.name().isPresent()) {
            block.register(how.name().get());
        }
        pid.setBlock(block);
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
     * {@linkplain Self#monitor monitor} each other, and receive.
     *
     * @param process of this node
     * @return why it ended; {@link ExitReason.NoProcess} if it had before
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
        return access.works(group, ControlBlock.class).stream()
                .map(block -> block.pid)
                .filter(pid -> pid.block() != null)
                .sorted()
                .toList();
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
     * Ends the node: tells all processes to end, for {@link ExitReason#SHUTDOWN}, in no order, and waits until they
     * have. Those that trap exits are not asked. Closing again does nothing.
     *
     * @throws IllegalStateException if a process of the node calls it, which would wait for itself
     */
    @Override
    public void close() {
        group.close();
    }

    FiberAccess access() {
        return access;
    }

    Names names() {
        return names;
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
