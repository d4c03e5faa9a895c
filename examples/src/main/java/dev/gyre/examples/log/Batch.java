package dev.gyre.examples.log;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The records of one commit, as they lie in the file: a header, then for each record its length and its bytes, then
 * zeros to the end of the block.
 *
 * <p>The header says which batch this is, how long, and what the checksum of all the rest must be. A batch counts if
 * it is the one that is expected and its checksum holds; so one that was torn by a crash is none, and neither is an
 * old one that lies behind the end.
 */
final class Batch {
    /** What devices write as a whole, and direct I/O asks for. */
    static final int BLOCK = 4096;

    private static final long MAGIC = 0x476f_6c65_7279_4701L;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final long MAGIC_AT = 0;
    private static final long SEQUENCE_AT = 8;
    private static final long LENGTH_AT = 16;
    private static final long CHECKSUM_AT = 20;
    private static final int HEADER = 24;

    private final MemorySegment memory;
    private int length = HEADER;

    /** An empty batch in memory that holds it from now on. */
    Batch(MemorySegment memory) {
        this.memory = memory;
    }

    /** What was found where a batch was expected. */
    record Found(List<byte[]> records, long bytes) {}

    boolean isEmpty() {
        return length == HEADER;
    }

    boolean hasRoomFor(byte[] entry) {
        return length + Integer.BYTES + (long) entry.length <= memory.byteSize();
    }

    void add(byte[] entry) {
        memory.set(INT, length, entry.length);
        MemorySegment.copy(entry, 0, memory, JAVA_BYTE, length + (long) Integer.BYTES, entry.length);
        length += Integer.BYTES + entry.length;
    }

    /** Completes it and empties it for what comes next, which must not be added before the result has been written. */
    MemorySegment seal(long sequence) {
        long blocks = blocks(length);
        memory.asSlice(length, blocks - length).fill((byte) 0);
        memory.set(LONG, MAGIC_AT, MAGIC);
        memory.set(LONG, SEQUENCE_AT, sequence);
        memory.set(INT, LENGTH_AT, length);
        memory.set(INT, CHECKSUM_AT, checksum(memory, length));
        length = HEADER;
        return memory.asSlice(0, blocks);
    }

    /** The bytes that the batch at the start of memory says to have, or 0 if none begins there. */
    static long bytes(MemorySegment memory, long sequence) {
        boolean begins = memory.byteSize() >= HEADER
                && memory.get(LONG, MAGIC_AT) == MAGIC
                && memory.get(LONG, SEQUENCE_AT) == sequence
                && memory.get(INT, LENGTH_AT) >= HEADER;
        return begins ? blocks(memory.get(INT, LENGTH_AT)) : 0;
    }

    /** The batch at the start of memory, if it is this one, and whole. */
    static Optional<Found> read(MemorySegment memory, long sequence) {
        long bytes = bytes(memory, sequence);
        if (bytes == 0 || bytes > memory.byteSize()) {
            return Optional.empty();
        }
        int length = memory.get(INT, LENGTH_AT);
        if (memory.get(INT, CHECKSUM_AT) != checksum(memory, length)) {
            return Optional.empty();
        }
        List<byte[]> records = new ArrayList<>();
        for (long at = HEADER; at < length; ) {
            int size = memory.get(INT, at);
            at += Integer.BYTES;
            records.add(memory.asSlice(at, size).toArray(JAVA_BYTE));
            at += size;
        }
        return Optional.of(new Found(records, bytes));
    }

    private static int checksum(MemorySegment memory, int length) {
        CRC32C crc = new CRC32C();
        crc.update(memory.asSlice(0, CHECKSUM_AT).asByteBuffer());
        crc.update(memory.asSlice(HEADER, length - HEADER).asByteBuffer());
        return (int) crc.getValue();
    }

    private static long blocks(int length) {
        return (length + BLOCK - 1L) / BLOCK * BLOCK;
    }
}
