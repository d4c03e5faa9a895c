package dev.gyre.examples.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys and what they have: a hash table whose keys are looked up where they lie, in the buffer of a request. It
 * knows when a key expires, and leaves it to others to look at a clock.
 *
 * <p>A cursor of {@link #scan} counts buckets with its bits reversed, the highest first. Buckets that one becomes when
 * the table grows have consecutive cursors then; so what was there all the time is found, however the table's size
 * changes between two steps.
 *
 * <p>For one thread at a time.
 */
final class Keyspace {
    /** The expiry of a key that has none. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int BUCKETS_MIN = 16;
    private static final int BUCKETS_MAX = 1 << 30;
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private @Nullable Entry[] buckets = new Entry[BUCKETS_MIN];
    private int size;
    private int expiring;

    /** A key with its value. */
    static final class Entry {
        private final byte[] key;
        private final int hash;
        private byte[] value;
        private long expiresAtMillis = NEVER;
        private @Nullable Entry next;

        private Entry(byte[] key, int hash, byte[] value, @Nullable Entry next) {
            this.key = key;
            this.hash = hash;
            this.value = value;
            this.next = next;
        }

        byte[] key() {
            return key;
        }

        byte[] value() {
            return value;
        }

        /** Gives it another value. Arrays are never changed, so whoever has the old one may go on to use it. */
        void value(byte[] bytes) {
            value = bytes;
        }

        /** Milliseconds since 1970, or {@link #NEVER}. */
        long expiresAtMillis() {
            return expiresAtMillis;
        }
    }

    /** An empty one. By the seed, nobody knows which keys collide. */
    Keyspace(long seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    /** How many keys have an expiry. */
    int expiring() {
        return expiring;
    }

    /** The entry of the key that these bytes are; null if there is none. */
    @Nullable Entry find(byte[] bytes, int from, int to) {
        int hash = hash(bytes, from, to);
        for (Entry entry = buckets[hash & (buckets.length - 1)]; entry != null; entry = entry.next) {
            if (entry.hash == hash && Arrays.equals(entry.key, 0, entry.key.length, bytes, from, to)) {
                return entry;
            }
        }
        return null;
    }

    /** Adds a key that is not there. */
    Entry add(byte[] key, byte[] value) {
        if (size >= buckets.length && buckets.length < BUCKETS_MAX) {
            resize(buckets.length * 2);
        }
        int hash = hash(key, 0, key.length);
        int bucket = hash & (buckets.length - 1);
        Entry entry = new Entry(key, hash, value, buckets[bucket]);
        buckets[bucket] = entry;
        size++;
        return entry;
    }

    void remove(Entry removed) {
        expire(removed, NEVER);
        int bucket = removed.hash & (buckets.length - 1);
        Entry first = buckets[bucket];
        if (first == removed) {
            buckets[bucket] = removed.next;
        } else {
            Entry before = first;
            while (before != null && before.next != removed) {
                before = before.next;
            }
            if (before == null) {
                throw new IllegalArgumentException("the key is not there");
            }
            before.next = removed.next;
        }
        size--;
        if (buckets.length > BUCKETS_MIN && size < buckets.length / 8) {
            resize(buckets.length / 2);
        }
    }

    void clear() {
        buckets = new Entry[BUCKETS_MIN];
        size = 0;
        expiring = 0;
    }

    /** Says when a key expires, {@link #NEVER} included. */
    void expire(Entry entry, long atMillis) {
        expiring += (atMillis == NEVER ? 0 : 1) - (entry.expiresAtMillis == NEVER ? 0 : 1);
        entry.expiresAtMillis = atMillis;
    }

    /** All entries, in no order. Nothing may be added or removed meanwhile. */
    void forEach(Consumer<Entry> action) {
        for (Entry first : buckets) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                action.accept(entry);
            }
        }
    }

    /** What one step of a scan has found, and where the next one begins: 0 at the end. */
    record Step(long cursor, List<Entry> entries) {}

    /**
     * Goes on with a scan.
     *
     * @param cursor 0 at the beginning, then what the step before has said
     * @param count about how many entries to find; with many empty buckets, there are fewer
     */
    Step scan(long cursor, int count) {
        List<Entry> found = new ArrayList<>();
        int mask = buckets.length - 1;
        int bucket = (int) cursor & mask;
        long looksMax = 10L * count;
        for (long looks = 0; looks < looksMax && found.size() < count; looks++) {
            for (Entry entry = buckets[bucket]; entry != null; entry = entry.next) {
                found.add(entry);
            }
            bucket = Integer.reverse(Integer.reverse(bucket | ~mask) + 1);
            if (bucket == 0) {
                break;
            }
        }
        return new Step(bucket, found);
    }

    private void resize(int count) {
        @Nullable Entry[] old = buckets;
        buckets = new Entry[count];
        for (Entry first : old) {
            Entry entry = first;
            while (entry != null) {
                Entry rest = entry.next;
                int bucket = entry.hash & (count - 1);
                entry.next = buckets[bucket];
                buckets[bucket] = entry;
                entry = rest;
            }
        }
    }

    private int hash(byte[] bytes, int from, int to) {
        long hash = seed ^ (to - from);
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(bytes, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = (rest << Byte.SIZE) | (bytes[at] & 0xff);
        }
        hash = mix(hash ^ rest);
        return (int) (hash ^ (hash >>> Integer.SIZE));
    }

    private static long mix(long value) {
        return (value * ODD) ^ Math.unsignedMultiplyHigh(value, ODD);
    }
}
