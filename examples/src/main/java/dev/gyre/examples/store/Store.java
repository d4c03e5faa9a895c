package dev.gyre.examples.store;

import dev.gyre.process.Pid;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the processes of a store share. */
final class Store {
    private final StoreOptions options;
    private final Consumer<String> log;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger clients = new AtomicInteger();
    private volatile int port;
    private volatile @Nullable Current current;
    private volatile boolean suspect;
    private volatile boolean saved;

    /** The database, and the process that writes its changes into the file: a new pair when that was restarted. */
    record Current(Database database, Pid log) {}

    Store(StoreOptions options, Consumer<String> log) {
        this.options = options;
        this.log = log;
        this.port = options.address().port();
    }

    StoreOptions options() {
        return options;
    }

    /** Says something to who runs the store. */
    void log(String message) {
        log.accept(message);
    }

    /** Where it listens: once that is known, always the same, whatever was asked for. */
    int port() {
        return port;
    }

    void port(int chosen) {
        port = chosen;
    }

    Current current() {
        return Objects.requireNonNull(current, "the file has not been read");
    }

    /** Null before the file has been read, and while it is read again: there may be no memory for two databases. */
    @Nullable Current currentOrNull() {
        return current;
    }

    void current(@Nullable Current next) {
        current = next;
    }

    /**
     * Whether a sync has failed, or was not heard of, so that nobody knows what the device has of the file. A later
     * sync may succeed without having written it (fsync(2)); so it stays true, whatever process owns the file, until
     * there is a new one.
     */
    boolean suspect() {
        return suspect;
    }

    void suspect(boolean is) {
        suspect = is;
    }

    /** Whether it has ended, and all that was changed is on the device. */
    boolean saved() {
        return saved;
    }

    void saved(boolean is) {
        saved = is;
    }

    /** The number of one more client. */
    long nextClient() {
        return numbers.incrementAndGet();
    }

    int clients() {
        return clients.get();
    }

    void clientComes() {
        clients.incrementAndGet();
    }

    void clientGoes() {
        clients.decrementAndGet();
    }
}
