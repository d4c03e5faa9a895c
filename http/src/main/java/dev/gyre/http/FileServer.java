package dev.gyre.http;

import dev.gyre.http.log.AccessLog;
import dev.gyre.io.Address;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Directory;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.ClassFiles;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of a folder over HTTP/1.1 and 1.0.
 *
 * <pre>{@code
 * try (Io io = Io.open();
 *         FileServer server = FileServer.open(io, ServerOptions.DEFAULT.withRoot("public"))) {
 *     System.out.println("http://" + server.address());
 *     server.awaitStop();
 * }
 * }</pre>
 *
 * <p>GET and HEAD, persistent connections and pipelining (RFC 9112); conditional requests, one range or several
 * (RFC 9110); {@code index.html} for a folder, or a page that lists it. A request target is turned into a path
 * beneath the root, and the kernel is told to open it only there, so that neither {@code ..} nor a symbolic link leads
 * out. Only regular files are sent. Text is sent as UTF-8. A change of a file is seen at most a second later.
 *
 * <p>It serves from the moment it is open, on tasks of the {@code Io}: one that accepts, and one for each connection,
 * spread over all loops. Any thread may call any method.
 */
public final class FileServer implements AutoCloseable {
    static {
        ClassFiles.load(FileServer.class);
    }

    private static final Duration BACKOFF_MIN = Duration.ofMillis(10);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(1);

    /** How many connections beyond the limit are told so at once; more of them are only closed. */
    public static final int REFUSALS_MAX = 64;

    private final Io io;
    private final Service service;
    private final Directory root;
    private final Listener listener;
    private final Group<RuntimeException> tasks;

    /** Those that are served now, in the order of their arrival. Guarded by its own lock. */
    private final Set<HttpConnection> connections = new LinkedHashSet<>();

    /** How many connections are being turned away now. */
    private final AtomicInteger refusals = new AtomicInteger();

    private final Notice unaccepted;
    private final Notice unserved;

    private FileServer(
            Io io, ServerOptions options, Directory folder, Listener listener, @Nullable AccessLog log) {
        HttpDate date = new HttpDate();
        HeaderPolicy policy = new HeaderPolicy(options.headers(), options.codings());
        Root root = new Root(folder, options.paths().followSymlinks());
        FileCache files = new FileCache(root, options.limits(), date, policy);
        Variants variants = new Variants(files, date, policy, options.codings().precompressed());
        Site site = new Site(io, root, options, files, variants);
        this.io = io;
        this.root = folder;
        this.listener = listener;
        this.unaccepted = new Notice(io, "no connection can be accepted; trying again until one can");
        this.unserved = new Notice(io, "a connection was dropped");
        this.service = new Service(io, options.limits(), site, date, policy, variants, log);
        this.tasks = io.group(service.fault::error);
    }

    /**
     * Opens the root, listens, and begins to serve.
     *
     * @param io what to do it with; outlives the server
     * @param options what to serve, and where
     * @return serving until {@link #stop} or {@link #close()}
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY}, if the root is no folder that can be
     *     opened, of {@link Operation#LISTEN}, or of {@link Operation#OPEN_FILE} for the access log; nothing stays open
     * @throws ConcurrencyUnavailable if no task may be started; nothing stays open
     */
    public static FileServer open(Io io, ServerOptions options) throws IoException, ConcurrencyUnavailable {
        Directory root = io.currentDirectory().openDirectory(options.root());
        Listener listener;
        try {
            listener = io.listen(options.address(), ListenOptions.DEFAULT);
        } catch (IoException failure) {
            root.close();
            throw failure;
        }
        AccessLog log;
        try {
            log = options.log().isPresent() ? openLog(io, options.log().get()) : null;
        } catch (IoException | ConcurrencyUnavailable failure) {
            listener.close();
            root.close();
            throw failure;
        }
        FileServer server = new FileServer(io, options, root, listener, log);
        server.service.warmUp();
        Log.warmUp();
        try {
            server.tasks.concurrent(server::accept);
        } catch (ConcurrencyUnavailable failure) {
            server.giveBack();
            throw failure;
        }
        return server;
    }

    /**
     * Where it listens.
     *
     * @return the actual address, with the port that the kernel chose where 0 was asked for
     */
    public Address address() {
        return listener.localAddress();
    }

    /**
     * Waits until the server has been stopped and its last connection has ended. A cancellation point.
     *
     * @throws dev.gyre.io.CanceledException if the calling task was canceled; the connections have then been cut off
     */
    public void awaitStop() {
        tasks.await();
    }

    /**
     * Stops: refuses new connections, ends those that wait for a request, lets answers that are under way go out, and
     * cuts off what is left when the time is over. Returns when everything has ended and is given back. Stopping again
     * does nothing. A cancellation point, but one that ends the same way.
     *
     * @param grace how long answers may still take, zero or more
     */
    public void stop(Duration grace) {
        service.stopping = true;
        listener.close();
        List<HttpConnection> present;
        synchronized (connections) {
            present = List.copyOf(connections);
        }
        present.forEach(HttpConnection::endIfWaiting);
        try {
            io.within(Timeout.after(grace), () -> {
                tasks.await();
                return true;
            });
        } catch (TimeoutException late) {
            Log.debug("answers were cut off", late);
        } finally {
            giveBack();
        }
    }

    /**
     * How many answers are under way, or requests still arriving: what {@link #stop} would wait for.
     *
     * @return 0 or more; another number a moment later
     */
    public int answering() {
        synchronized (connections) {
            return (int) connections.stream().filter(each -> !each.isWaiting()).count();
        }
    }

    /** {@link #stop} without any grace. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /**
     * What was answered until now.
     *
     * @return a snapshot, of which each number is right by itself
     */
    public ServerStatistics statistics() {
        return service.counters.statistics(connections());
    }

    /**
     * Opens the file of the access log by its path again, for whoever has renamed it: the lines that come now are in
     * the new one, after a tenth of a second at most. Where it cannot be opened, the old one stays, and that is logged.
     * Does nothing where there is no such file, and does not wait.
     */
    public void reopenLog() {
        if (service.log != null) {
            service.log.reopen();
        }
    }

    /** What the connections share, for tests. */
    Service service() {
        return service;
    }

    /** How many connections there are, for tests. */
    int connections() {
        synchronized (connections) {
            return connections.size();
        }
    }

    private void giveBack() {
        listener.close();
        tasks.close();
        if (service.log != null) {
            service.log.close();
        }
        root.close();
    }

    private static AccessLog openLog(Io io, LogOptions options) throws IoException, ConcurrencyUnavailable {
        Notice unwritten = new Notice(io, "lines of the access log could not be written");
        return AccessLog.open(io, options, unwritten::warn, Log::warn);
    }

    private void accept() {
        Duration backoff = BACKOFF_MIN;
        while (!service.stopping) {
            try {
                admit(listener.accept());
                backoff = BACKOFF_MIN;
            } catch (CanceledException end) {
                throw end;
            } catch (IoException failure) {
                if (failure.reason() == Reason.CLOSED) {
                    return;
                }
                unaccepted.warn(failure);
                backoff = pause(backoff);
            } catch (RuntimeException | Error fault) {
                // Short of descriptors, the virtual machine cannot even load a class. That will pass, too.
                unaccepted.warn(fault);
                backoff = pause(backoff);
            }
        }
    }

    /** The connection is still in the kernel's queue, so trying at once would fail at once. */
    private Duration pause(Duration backoff) {
        io.sleep(backoff);
        Duration next = backoff.multipliedBy(2);
        return next.compareTo(BACKOFF_MAX) < 0 ? next : BACKOFF_MAX;
    }

    private void admit(Connection accepted) {
        HttpConnection connection = new HttpConnection(service, accepted);
        try {
            if (enlist(connection)) {
                tasks.concurrent(Placement.SPREAD, () -> {
                    try {
                        connection.run();
                    } finally {
                        dismiss(connection);
                    }
                });
            } else if (refusals.incrementAndGet() <= REFUSALS_MAX) {
                tasks.concurrent(Placement.SPREAD, () -> {
                    try {
                        connection.refuse();
                    } finally {
                        refusals.decrementAndGet();
                    }
                });
            } else {
                refusals.decrementAndGet();
                accepted.close();
            }
        } catch (ConcurrencyUnavailable limit) {
            unserved.warn(limit);
            dismiss(connection);
            accepted.close();
        } catch (RuntimeException | Error fault) {
            dismiss(connection);
            accepted.close();
            throw fault;
        }
    }

    private boolean enlist(HttpConnection connection) {
        synchronized (connections) {
            return connections.size() < service.limits.connectionsMax() && connections.add(connection);
        }
    }

    private void dismiss(HttpConnection connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }
}
