package dev.gyre.examples.store;

import dev.gyre.examples.store.Keyspace.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands about keys. */
final class KeyCommands {
    private static final int SCAN_COUNT = 10;

    private final Database database;
    private final Request request;
    private final RespWriter replies;

    KeyCommands(Database database, Request request, RespWriter replies) {
        this.database = database;
        this.request = request;
        this.replies = replies;
    }

    void count() {
        replies.integer(database.keyspace().size());
    }

    void delete() {
        int deleted = 0;
        for (int i = 1; i < request.count(); i++) {
            Entry entry = database.find(request, i);
            if (entry != null) {
                database.keyspace().remove(entry);
                deleted++;
            }
        }
        if (deleted > 0) {
            database.journal().add(request);
        }
        replies.integer(deleted);
    }

    void exist() {
        int found = 0;
        for (int i = 1; i < request.count(); i++) {
            found += database.find(request, i) == null ? 0 : 1;
        }
        replies.integer(found);
    }

    void deleteAll() {
        if (request.count() > 2 || (request.count() == 2 && !request.is(1, "SYNC") && !request.is(1, "ASYNC"))) {
            throw CommandError.syntax();
        }
        database.keyspace().clear();
        database.journal().add(request);
        replies.ok();
    }

    void type() {
        replies.simple(database.find(request, 1) == null ? "none" : "string");
    }

    /** EXPIRE and its like: a moment that has passed removes the key. */
    void expire(Command command) {
        long at = Expiry.atMillis(request.integer(2), Expiry.Unit.of(command), database, command.spelling());
        ExpiryCondition condition = ExpiryCondition.of(request);
        Entry entry = database.find(request, 1);
        if (entry == null || !condition.allows(entry.expiresAtMillis(), at)) {
            replies.integer(0);
            return;
        }
        if (database.hasPassed(at)) {
            database.remove(entry);
        } else {
            database.keyspace().expire(entry, at);
            database.journal().expire(entry.key(), at);
        }
        replies.integer(1);
    }

    void persist() {
        Entry entry = database.find(request, 1);
        if (entry == null || entry.expiresAtMillis() == Keyspace.NEVER) {
            replies.integer(0);
            return;
        }
        database.keyspace().expire(entry, Keyspace.NEVER);
        database.journal().add(request);
        replies.integer(1);
    }

    /** How long a key is there, in a unit of so many milliseconds; -1 without an expiry, -2 without the key. */
    void timeLeft(int unitMillis) {
        Entry entry = database.find(request, 1);
        if (entry == null) {
            replies.integer(-2);
        } else if (entry.expiresAtMillis() == Keyspace.NEVER) {
            replies.integer(-1);
        } else {
            replies.integer((entry.expiresAtMillis() - database.nowMillis() + unitMillis / 2) / unitMillis);
        }
    }

    void list() {
        Glob pattern = new Glob(request.bytes(1));
        List<Entry> found = new ArrayList<>();
        database.keyspace().forEach(entry -> {
            if (database.isLive(entry) && pattern.matches(entry.key())) {
                found.add(entry);
            }
        });
        writeKeys(found);
    }

    void scan() {
        long cursor = cursor();
        Glob pattern = null;
        long count = SCAN_COUNT;
        boolean strings = true;
        for (int i = 2; i < request.count(); i += 2) {
            if (i + 1 == request.count()) {
                throw CommandError.syntax();
            } else if (request.is(i, "MATCH")) {
                pattern = new Glob(request.bytes(i + 1));
            } else if (request.is(i, "COUNT")) {
                count = request.integer(i + 1);
                if (count < 1) {
                    throw CommandError.syntax();
                }
            } else if (request.is(i, "TYPE")) {
                strings = request.is(i + 1, "STRING");
            } else {
                throw CommandError.syntax();
            }
        }
        Keyspace.Step step = database.keyspace().scan(cursor, (int) Math.min(count, Integer.MAX_VALUE));
        replies.array(2);
        replies.bulk(Long.toString(step.cursor()));
        writeKeys(strings ? chosen(step.entries(), pattern) : List.of());
    }

    private long cursor() {
        try {
            return request.integer(1);
        } catch (CommandError none) {
            throw new CommandError("ERR invalid cursor");
        }
    }

    private List<Entry> chosen(List<Entry> entries, @Nullable Glob pattern) {
        return entries.stream()
                .filter(entry -> database.isLive(entry) && (pattern == null || pattern.matches(entry.key())))
                .toList();
    }

    private void writeKeys(List<Entry> entries) {
        replies.array(entries.size());
        for (Entry entry : entries) {
            replies.bulk(entry.key());
        }
    }

    /** When EXPIRE has an effect, by what the key has. A key that never expires does so later than any other. */
    private enum ExpiryCondition {
        ALWAYS,
        IF_NONE,
        IF_ONE,
        IF_LATER,
        IF_EARLIER;

        static ExpiryCondition of(Request request) {
            if (request.count() == 3) {
                return ALWAYS;
            }
            if (request.count() > 4) {
                throw new CommandError("ERR at most one of the options NX, XX, GT and LT can be used here");
            }
            if (request.is(3, "NX")) {
                return IF_NONE;
            }
            if (request.is(3, "XX")) {
                return IF_ONE;
            }
            if (request.is(3, "GT")) {
                return IF_LATER;
            }
            if (request.is(3, "LT")) {
                return IF_EARLIER;
            }
            throw new CommandError("ERR Unsupported option " + request.text(3));
        }

        boolean allows(long oldMillis, long newMillis) {
            return switch (this) {
                case ALWAYS -> true;
                case IF_NONE -> oldMillis == Keyspace.NEVER;
                case IF_ONE -> oldMillis != Keyspace.NEVER;
                case IF_LATER -> newMillis > oldMillis;
                case IF_EARLIER -> newMillis < oldMillis;
            };
        }
    }
}
