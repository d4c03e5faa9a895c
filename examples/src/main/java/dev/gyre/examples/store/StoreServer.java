package dev.gyre.examples.store;

import dev.gyre.io.Timeout;
import dev.gyre.process.ChildSpec;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.Processes;
import dev.gyre.process.SpawnOptions;
import dev.gyre.process.Supervisor;
import dev.gyre.process.SupervisorSpec;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that runs: a tree of processes.
 *
 * <pre>
 * supervisor, rest-for-one
 *   log            owns the file; reads the database from it, and writes changes to it
 *   expiry         removes keys that have expired
 *   connections    a supervisor, of a process for each client
 *   acceptor       takes connections and hands them over
 * </pre>
 *
 * <p>When one of these ends, those below it are started anew as well. So whoever has seen a database does not outlive
 * the process that writes it down; but a client's process that fails takes nothing with it but its connection.
 */
public final class StoreServer {
    /** The name of the process that owns the file. */
    static final String LOG = "log";

    /** The name of the supervisor of connections. */
    static final String CONNECTIONS = "connections";

    /** The name of the process that takes connections. */
    static final String ACCEPTOR = "acceptor";

    private static final int RESTARTS_MAX = 10;
    private static final Duration RESTART_PERIOD = Duration.ofSeconds(10);

    /** What the last changes may take on their way to a slow device. */
    private static final Timeout LOG_SHUTDOWN = Timeout.after(Duration.ofSeconds(60));

    private final Processes node;
    private final Store store;
    private final Supervisor supervisor;

    private StoreServer(Processes node, Store store, Supervisor supervisor) {
        this.node = node;
        this.store = store;
        this.supervisor = supervisor;
    }

    /**
     * Starts a store.
     *
     * @param node where
     * @param options how
     * @param log is told, for people, what they may want to know; from any thread
     * @return when it has read its file and listens
     * @throws dev.gyre.process.CallException if it cannot be started
     */
    public static StoreServer start(Processes node, StoreOptions options, Consumer<String> log) {
        Store store = new Store(options, log);
        SupervisorSpec connections = SupervisorSpec.of(Strategy.ONE_FOR_ONE);
        SupervisorSpec all = SupervisorSpec.of(Strategy.REST_FOR_ONE)
                .withIntensity(RESTARTS_MAX, RESTART_PERIOD)
                .withChild(ChildSpec.of(LOG, LogProcess.body(store))
                        .withOptions(SpawnOptions.DEFAULT.withName(LOG))
                        .withShutdown(LOG_SHUTDOWN)
                        .awaitingReady())
                .withChild(ChildSpec.of("expiry", self -> ExpiryProcess.run(store, self)))
                .withChild(ChildSpec.supervisor(CONNECTIONS, connections)
                        .withOptions(SpawnOptions.DEFAULT.withName(CONNECTIONS)))
                .withChild(ChildSpec.of(ACCEPTOR, self -> AcceptorProcess.run(store, self))
                        .withOptions(SpawnOptions.DEFAULT.withName(ACCEPTOR))
                        .awaitingReady());
        return new StoreServer(node, store, Supervisor.start(node, all));
    }

    /**
     * The port that it listens at.
     *
     * @return the one that the kernel chose where 0 was asked for
     */
    public int port() {
        return store.port();
    }

    /**
     * How many keys it has.
     *
     * @return those that have expired and were not removed are counted too; 0 while the file is read again
     */
    public int size() {
        Store.Current current = store.currentOrNull();
        if (current == null) {
            return 0;
        }
        Database database = current.database();
        synchronized (database) {
            return database.keyspace().size();
        }
    }

    /** The process of that name; null while it is restarted. */
    @Nullable Pid process(String name) {
        return node.whereIs(name);
    }

    /**
     * Waits for its end.
     *
     * @return {@link ExitReason#SHUTDOWN} after {@link #stop()}, and if its processes have failed again and again
     */
    public ExitReason await() {
        return node.await(supervisor.pid());
    }

    /** Ends it: connections are closed, and what was changed is brought to the device. Waits for that. */
    public void stop() {
        supervisor.stop();
    }

    /**
     * Whether all that was changed is on the device, after {@link #stop()}.
     *
     * @return false if that is not known, for a reason that was told
     */
    public boolean isSaved() {
        return store.saved();
    }
}
