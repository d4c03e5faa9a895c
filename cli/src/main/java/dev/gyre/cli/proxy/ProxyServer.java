package dev.gyre.cli.proxy;

import dev.gyre.io.Address;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.FileKind;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Semaphore;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.ClassFiles;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accepts connections and joins each with one to a target, until it is stopped. */
public final class ProxyServer implements AutoCloseable {
    static {
        ClassFiles.load(ProxyServer.class);
    }

    /** How often connections are looked at that may be idle: so much later at most does one end. */
    private static final Duration IDLE_LOOK_MAX = Duration.ofSeconds(5);

    private final Io io;
    private final ProxyOptions options;
    private final Targets targets;
    private final Consumer<String> events;
    private final LimitedEvents resets;
    private final Listener listener;
    private final Semaphore places;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** The first in line of the clients that were accepted and wait for a descriptor for their target. */
    private final Semaphore starving;

    /**
     * Until when no client is accepted, by the clock {@code AWAKE}: an attempt to get such a descriptor has failed, and
     * another one will come before that.
     */
    private volatile long scarceUntilNanos;

    private volatile @Nullable Task<Object, IoException> accepting;
    private final AtomicBoolean pathGivenBack = new AtomicBoolean();
    private volatile boolean stopped;

    private ProxyServer(Io io, ProxyOptions options, Consumer<String> events, Listener listener) {
        this.io = io;
        this.options = options;
        this.events = events;
        this.resets = new LimitedEvents(io, events);
        this.listener = listener;
        this.places = io.semaphore(options.limits().connectionsMax());
        this.starving = io.semaphore(1);
        boolean checked = !options.checkInterval().isZero();
        this.targets = new Targets(
                options.targets().stream()
                        .map(destination -> new Target(destination, checked, io.resetEvent(), events))
                        .toList(),
                options.balance());
    }

    /**
     * Listens; connections wait until {@link #run}. A Unix socket's path that a proxy has left behind which ended
     * without giving it back is taken over.
     *
     * @param io which all of it is done in
     * @param options what to join
     * @param events is told in a sentence what an operator should know; called from any thread
     * @return open until {@link #close()}
     * @throws IoException if listening fails
     */
    public static ProxyServer open(Io io, ProxyOptions options, Consumer<String> events) throws IoException {
        return new ProxyServer(io, options, events, listen(io, options.listen()));
    }

    /**
     * Where it listens.
     *
     * @return with the port that the kernel chose where 0 was asked for
     */
    public Address address() {
        return listener.localAddress();
    }

    /**
     * Accepts and relays until {@link #stop}, and then waits for the connections that are there: for as long as the
     * options say, after which they are reset.
     *
     * @throws IoException if accepting fails for good
     */
    public void run() throws IoException {
        try (Group<RuntimeException> keepers = io.group(this::fault);
                Group<RuntimeException> connections = io.group(this::fault)) {
            keep(keepers);
            Task<Object, IoException> acceptor = io.concurrent(() -> {
                accept(connections);
                return this;
            });
            accepting = acceptor;
            if (stopped) {
                acceptor.cancel();
            }
            try {
                acceptor.await();
            } catch (CanceledException asked) {
                if (!stopped) {
                    throw asked;
                }
            }
            drain(connections);
            resets.tellLeftOut();
        } catch (ConcurrencyUnavailable limit) {
            throw new AssertionError("there is no limit on tasks", limit);
        }
    }

    /** Accepts no more connections; {@link #run} returns when those that there are have ended. From any thread. */
    public void stop() {
        stopped = true;
        stopListening();
        Task<Object, IoException> task = accepting;
        if (task != null) {
            try {
                task.cancel();
            } catch (IoException | CanceledException ended) {
                // For run() to tell.
            }
        }
    }

    /** Resets what connections there are. From any thread. */
    public void abort() {
        sessions.forEach(Session::abort);
    }

    /**
     * The targets, with what they count.
     *
     * @return in the order of the options
     */
    public List<Target> allTargets() {
        return targets.all();
    }

    /**
     * Connections that are open now, those whose target is still being connected to among them.
     *
     * @return 0 or more
     */
    public int active() {
        return sessions.size();
    }

    /**
     * Connections that were accepted so far.
     *
     * @return 0 or more
     */
    public long accepted() {
        return accepted.sum();
    }

    /**
     * Of these, those that were reset because there were too many, or because no target was to be had.
     *
     * @return 0 or more
     */
    public long refused() {
        return refused.sum();
    }

    /** Stops listening and gives a Unix socket's path back. */
    @Override
    public void close() {
        stopListening();
    }

    /** The path goes first, and once: when nobody listens any more, another proxy may take it over. */
    private void stopListening() {
        if (isPath(options.listen()) && pathGivenBack.compareAndSet(false, true)) {
            try {
                io.protect(() -> {
                    io.currentDirectory().deleteFile(((UnixAddress) options.listen()).path());
                    return this;
                });
            } catch (IoException gone) {
                // Somebody else has taken it away.
            }
        }
        listener.close();
    }

    ProxyOptions options() {
        return options;
    }

    Targets targets() {
        return targets;
    }

    /** Tells why a connection is reset. */
    void reportReset(@Nullable String why) {
        resets.tell("connection reset: " + why);
    }

    /** That a peer goes away is no news. */
    void reportUnexpected(IoException failed) {
        if (failed.reason() == Reason.UNEXPECTED) {
            reportReset(failed.getMessage());
        }
    }

    void noTarget() {
        refused.increment();
    }

    /**
     * Waits in line for a descriptor, after an attempt to get one has failed; meanwhile nobody new takes one. Of those
     * in line, one tries in a moment, and while that succeeds, the others at once. Who then connects has left the line,
     * since that may take its time.
     */
    void awaitDescriptor() {
        long pause = Shortage.PAUSE.toNanos();
        scarceUntilNanos = now() + 2 * pause;
        starving.acquire();
        try {
            io.sleep(Duration.ofNanos(Math.max(0, scarceUntilNanos - pause - now())));
        } finally {
            starving.release();
        }
    }

    private static Listener listen(Io io, Address address) throws IoException {
        try {
            return io.listen(address, ListenOptions.DEFAULT);
        } catch (IoException failed) {
            if (failed.reason() != Reason.ADDRESS_IN_USE || !isPath(address) || !isAbandoned(io, address)) {
                throw failed;
            }
        }
        io.currentDirectory().deleteFile(((UnixAddress) address).path());
        return io.listen(address, ListenOptions.DEFAULT);
    }

    private static boolean isPath(Address address) {
        return address instanceof UnixAddress unix && !unix.path().startsWith("\0");
    }

    /** Whether it is a socket's path, and nobody listens there. What is no socket refuses likewise. */
    private static boolean isAbandoned(Io io, Address address) throws IoException {
        if (io.currentDirectory().stat(((UnixAddress) address).path()).kind() != FileKind.SOCKET) {
            return false;
        }
        try {
            io.connect(address).close();
            return false;
        } catch (IoException failed) {
            return failed.reason() == Reason.CONNECTION_REFUSED;
        }
    }

    /** Takes connections until the listener is closed. */
    private void accept(Group<RuntimeException> connections) throws IoException {
        boolean waits = !options.limits().refuses();
        while (!stopped) {
            if (waits) {
                places.acquire();
            }
            Connection client = next();
            if (client == null) {
                return;
            }
            accepted.increment();
            if (waits || places.tryAcquire()) {
                begin(client, connections);
            } else {
                refused.increment();
                client.abort();
            }
        }
    }

    /** Null when the listener is closed. Whom no descriptor is left for waits in the queue until some come back. */
    private @Nullable Connection next() throws IoException {
        while (true) {
            while (now() < scarceUntilNanos) {
                io.sleep(Shortage.PAUSE);
            }
            try {
                return listener.accept();
            } catch (IoException failed) {
                if (failed.reason() == Reason.CLOSED) {
                    return null;
                }
                if (!Shortage.is(failed)) {
                    throw failed;
                }
                io.sleep(Shortage.PAUSE);
            }
        }
    }

    private void begin(Connection client, Group<RuntimeException> connections) {
        Session session = new Session(this, io, client);
        sessions.add(session);
        try {
            connections.concurrent(Placement.SPREAD, () -> {
                try {
                    session.run();
                } finally {
                    ended(session);
                }
            });
        } catch (ConcurrencyUnavailable limit) {
            client.abort();
            ended(session);
            reportReset(limit.getMessage());
        }
    }

    private void ended(Session session) {
        sessions.remove(session);
        places.release();
    }

    private void drain(Group<RuntimeException> connections) {
        try {
            io.within(Timeout.after(options.limits().drain()), () -> {
                connections.await();
                return this;
            });
        } catch (TimeoutException late) {
            events.accept("ended with connections that did not end within "
                    + options.limits().drain().toSeconds() + " s");
        }
    }

    /** Starts what looks after targets and idle connections. */
    private void keep(Group<RuntimeException> keepers) throws ConcurrencyUnavailable {
        if (!options.checkInterval().isZero()) {
            for (Target target : targets.all()) {
                keepers.concurrent(() -> check(target));
            }
        }
        if (!options.limits().idle().isZero()) {
            keepers.concurrent(this::endIdle);
        }
    }

    private void check(Target target) {
        while (true) {
            target.wentDown().reset();
            Duration pause = target.untilCheck(options.checkInterval(), now());
            try {
                io.within(Timeout.after(pause), () -> {
                    target.wentDown().await();
                    return this;
                });
            } catch (TimeoutException due) {
                checkNow(target);
            }
        }
    }

    private void checkNow(Target target) {
        Duration limit = options.limits().connect();
        try {
            io.within(Timeout.after(limit), () -> {
                try (Connection connection = target.destination().connect(io)) {
                    if (options.sendsHeader()) {
                        connection.writeAll(ProxyHeader.LOCAL);
                    }
                }
                return this;
            });
            target.succeeded();
        } catch (IoException failed) {
            if (Shortage.is(failed)) {
                // Nothing of this waited for anybody, and the check is due again at once.
                io.sleep(Shortage.PAUSE);
            } else {
                target.failed(failed.reason().text(), now());
            }
        } catch (TimeoutException late) {
            target.failed("no answer within " + limit.toSeconds() + " s", now());
        }
    }

    private void endIdle() {
        Duration limit = options.limits().idle();
        Duration look = limit.dividedBy(4);
        while (true) {
            io.sleep(look.compareTo(IDLE_LOOK_MAX) < 0 ? look : IDLE_LOOK_MAX);
            long now = now();
            for (Session session : sessions) {
                if (session.isIdle(limit, now)) {
                    session.abort();
                }
            }
        }
    }

    private void fault(Throwable fault) {
        System.getLogger("dev.gyre.cli").log(System.Logger.Level.ERROR, "a connection ended by a fault", fault);
    }

    private long now() {
        return io.now(Clock.AWAKE).nanoseconds();
    }
}
