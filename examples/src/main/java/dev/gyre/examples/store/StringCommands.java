package dev.gyre.examples.store;

import dev.gyre.examples.store.Keyspace.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Commands about values. */
final class StringCommands {
    private final Database database;
    private final Request request;
    private final RespWriter replies;

    StringCommands(Database database, Request request, RespWriter replies) {
        this.database = database;
        this.request = request;
        this.replies = replies;
    }

    void get() {
        writeValue(find());
    }

    void getAll() {
        replies.array(request.count() - 1L);
        for (int i = 1; i < request.count(); i++) {
            writeValue(database.find(request, i));
        }
    }

    void getAndDelete() {
        Entry entry = find();
        writeValue(entry);
        if (entry != null) {
            database.remove(entry);
        }
    }

    void getAndSet() {
        writeValue(find());
        database.journal().set(put(1, request.bytes(2), Keyspace.NEVER));
    }

    void length() {
        Entry entry = find();
        replies.integer(entry == null ? 0 : entry.value().length);
    }

    void setAll() {
        if (request.count() % 2 == 0) {
            throw CommandError.arguments("mset");
        }
        for (int i = 1; i < request.count(); i += 2) {
            Entry _ = put(i, request.bytes(i + 1), Keyspace.NEVER);
        }
        database.journal().add(request);
        replies.ok();
    }

    void set() {
        if (request.count() == 3) {
            Entry _ = put(1, request.bytes(2), Keyspace.NEVER);
            database.journal().add(request);
            replies.ok();
        } else {
            set(SetOptions.of(request, database));
        }
    }

    private void set(SetOptions options) {
        Entry old = find();
        boolean sets = options.condition() == SetOptions.Condition.ALWAYS
                || (old != null) == (options.condition() == SetOptions.Condition.IF_THERE);
        if (options.returnsOld()) {
            writeValue(old);
        } else if (sets) {
            replies.ok();
        } else {
            replies.nullValue();
        }
        if (sets) {
            long expiry = options.keepsExpiry() && old != null ? old.expiresAtMillis() : options.expiresAtMillis();
            database.journal().set(put(1, request.bytes(2), expiry));
        }
    }

    void append() {
        Entry entry = find();
        int old = entry == null ? 0 : entry.value().length;
        int length = old + request.length(2);
        if (length > RequestParser.ARGUMENT_MAX) {
            throw new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        }
        if (entry == null) {
            Entry _ = put(1, request.bytes(2), Keyspace.NEVER);
        } else {
            byte[] value = Arrays.copyOf(entry.value(), length);
            System.arraycopy(request.buffer(), request.from(2), value, old, request.length(2));
            entry.value(value);
        }
        database.journal().add(request);
        replies.integer(length);
    }

    void subtract() {
        long amount = request.integer(2);
        if (amount == Long.MIN_VALUE) {
            throw new CommandError("ERR decrement would overflow");
        }
        add(-amount);
    }

    void add(long amount) {
        Entry entry = find();
        long old = entry == null ? 0 : Request.integer(entry.value(), 0, entry.value().length);
        long sum = old + amount;
        if (((old ^ sum) & (amount ^ sum)) < 0) {
            throw new CommandError("ERR increment or decrement would overflow");
        }
        byte[] value = RespWriter.ascii(Long.toString(sum));
        if (entry == null) {
            Entry _ = put(1, value, Keyspace.NEVER);
        } else {
            entry.value(value);
        }
        database.journal().add(request);
        replies.integer(sum);
    }

    private @Nullable Entry find() {
        return database.find(request, 1);
    }

    /** Gives the key that an argument is a value, whatever it had. */
    private Entry put(int key, byte[] value, long expiresAtMillis) {
        Keyspace keyspace = database.keyspace();
        Entry entry = keyspace.find(request.buffer(), request.from(key), request.to(key));
        if (entry == null) {
            entry = keyspace.add(request.bytes(key), value);
        } else {
            entry.value(value);
        }
        if (entry.expiresAtMillis() != expiresAtMillis) {
            keyspace.expire(entry, expiresAtMillis);
        }
        return entry;
    }

    private void writeValue(@Nullable Entry entry) {
        if (entry == null) {
            replies.nullValue();
        } else {
            replies.bulk(entry.value());
        }
    }
}
