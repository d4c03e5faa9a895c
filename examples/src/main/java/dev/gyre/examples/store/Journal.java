package dev.gyre.examples.store;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the database on their way into the file: what {@link LogProcess} has not taken yet. Positions count the
 * bytes that all changes since the store was started have in the file.
 *
 * <p>For whoever has the database's monitor, but for {@link #committed}.
 */
final class Journal {
    private RespWriter pending = emptyGroup();

    /** An empty one for the next part. */
    private @Nullable RespWriter spare;

    /** The position before what is pending. */
    private long taken;

    private volatile long committed;
    private @Nullable String failure;

    /** Whether changes are written down: not while they are read from the file. */
    private boolean records;

    /** Changes that were taken, up to a position: a {@link Group}. */
    record Part(RespWriter content, long end) {
        int length() {
            return content.length();
        }
    }

    private static RespWriter emptyGroup() {
        RespWriter group = new RespWriter();
        Group.begin(group);
        return group;
    }

    /** From now on, changes are written down. */
    void begin() {
        records = true;
    }

    /** Writes a request down, as it was asked if it has the right form. */
    void add(Request request) {
        if (!records) {
            return;
        }
        if (request.isArray()) {
            pending.raw(request.buffer(), request.begin(), request.end());
            return;
        }
        write(to -> {
            to.array(request.count());
            for (int i = 0; i < request.count(); i++) {
                to.bulk(request.buffer(), request.from(i), request.to(i));
            }
        });
    }

    void delete(byte[] key) {
        if (records) {
            write(to -> {
                to.array(2);
                to.bulk("DEL");
                to.bulk(key);
            });
        }
    }

    /** Writes down that a key expires. */
    void expire(byte[] key, long atMillis) {
        if (records) {
            write(to -> {
                to.array(3);
                to.bulk("PEXPIREAT");
                to.bulk(key);
                to.bulk(Long.toString(atMillis));
            });
        }
    }

    /** Writes down what a key has from now on. */
    void set(Keyspace.Entry entry) {
        if (records) {
            write(to -> write(to, entry.key(), entry.value(), entry.expiresAtMillis()));
        }
    }

    /** Writes a command down, or nothing: half of one, where there is no memory for more, would ruin the file. */
    private void write(Consumer<RespWriter> command) {
        int before = pending.length();
        boolean whole = false;
        try {
            command.accept(pending);
            whole = true;
        } finally {
            if (!whole) {
                pending.cutOff(before);
            }
        }
    }

    /** A command that makes a key be what it is. */
    static void write(RespWriter out, byte[] key, byte[] value, long expiresAtMillis) {
        boolean expires = expiresAtMillis != Keyspace.NEVER;
        out.array(expires ? 5 : 3);
        out.bulk("SET");
        out.bulk(key);
        out.bulk(value);
        if (expires) {
            out.bulk("PXAT");
            out.bulk(Long.toString(expiresAtMillis));
        }
    }

    /** The position after all changes so far. */
    long position() {
        return isPending() ? taken + pending.length() : taken;
    }

    boolean isPending() {
        return !Group.isEmpty(pending);
    }

    /** Takes what is pending. */
    Part take() {
        Part part = new Part(pending, position());
        taken = part.end();
        pending = spare == null ? emptyGroup() : spare;
        spare = null;
        return part;
    }

    /** A part is in the file, and its memory free for the next one. */
    void recycle(Part part) {
        spare = part.content();
        spare.clear();
        Group.begin(spare);
    }

    /** Up to which position changes are as safe as the policy promises. From any thread. */
    long committed() {
        return committed;
    }

    void committed(long position) {
        committed = position;
    }

    /** Why nothing can be changed at present; null if it can. */
    @Nullable String failure() {
        return failure;
    }

    void failure(@Nullable String why) {
        failure = why;
    }
}
