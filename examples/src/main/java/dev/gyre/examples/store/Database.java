package dev.gyre.examples.store;

import dev.gyre.examples.store.Keyspace.Entry;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All keys, and the changes of them that are not in the file yet. One command is carried out after the other, and the
 * changes are written down in the same order: whoever does that has this object's monitor, and waits for nothing
 * meanwhile.
 *
 * <p>A key that has expired is removed when somebody looks at it, or when {@link ExpiryProcess} comes by. Its removal
 * is a change like others. While changes are read from the file, nothing expires: they say themselves what has.
 */
final class Database {
    /** In what number entries are looked at when some that have expired are searched for. */
    private static final int EXPIRY_STEP = 200;

    private final Io io;
    private final Keyspace keyspace;
    private final Journal journal = new Journal();
    private boolean loads = true;
    private boolean abandoned;

    /** The time for the batch of commands that is carried out; 0 if nobody has asked for it. */
    private long nowMillis;

    private long expiryCursor;

    /** An empty one, which reads changes from the file. */
    Database(Io io) {
        this.io = io;
        this.keyspace = new Keyspace(io.random().nextLong());
    }

    /** All was read: from now on keys expire, and changes are written down. */
    void begin() {
        loads = false;
        journal.begin();
    }

    Keyspace keyspace() {
        return keyspace;
    }

    Journal journal() {
        return journal;
    }

    /** A change has failed in the middle: what is here may not be what is written down. Nobody is to see it. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** A batch of commands begins, for all of which it is the same time. */
    void beginBatch() {
        nowMillis = 0;
    }

    /** Milliseconds since 1970. */
    long nowMillis() {
        if (nowMillis == 0) {
            nowMillis = io.now(Clock.REAL).nanoseconds() / 1_000_000;
        }
        return nowMillis;
    }

    /** The entry of the key that an argument is; null if there is none. */
    @Nullable Entry find(Request request, int argument) {
        Entry entry = keyspace.find(request.buffer(), request.from(argument), request.to(argument));
        if (entry == null || isLive(entry)) {
            return entry;
        }
        remove(entry);
        return null;
    }

    /** Whether an entry has not expired. */
    boolean isLive(Entry entry) {
        return entry.expiresAtMillis() == Keyspace.NEVER || !hasPassed(entry.expiresAtMillis());
    }

    /** Whether what expires at a moment has expired. */
    boolean hasPassed(long millis) {
        return !loads && millis <= nowMillis();
    }

    /** Removes a key, and writes that down. */
    void remove(Entry entry) {
        keyspace.remove(entry);
        journal.delete(entry.key());
    }

    /** Removes some of the keys that have expired. Returns whether there may well be more. */
    boolean expireSome() {
        if (keyspace.expiring() == 0 || journal.failure() != null) {
            return false;
        }
        Keyspace.Step step = keyspace.scan(expiryCursor, EXPIRY_STEP);
        expiryCursor = step.cursor();
        int removed = 0;
        for (Entry entry : step.entries()) {
            if (!isLive(entry)) {
                remove(entry);
                removed++;
            }
        }
        return removed > EXPIRY_STEP / 4;
    }

    /** What there was at a position of the journal. */
    record Snapshot(long position, List<Item> items) {}

    /** A key with its value. Both are never changed, and nobody asks whether two items are equal. */
    @SuppressWarnings("ArrayRecordComponent")
    record Item(byte[] key, byte[] value, long expiresAtMillis) {}

    /** What there is now. Values are not copied: they never change. */
    Snapshot snapshot() {
        List<Item> items = new ArrayList<>(keyspace.size());
        keyspace.forEach(entry -> items.add(new Item(entry.key(), entry.value(), entry.expiresAtMillis())));
        return new Snapshot(journal.position(), items);
    }
}
