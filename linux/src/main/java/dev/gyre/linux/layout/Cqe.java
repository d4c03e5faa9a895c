package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct io_uring_cqe}, an entry of the completion queue: what became of an operation. Constants are offsets in
 * bytes. Source: io_uring_enter(2).
 */
public final class Cqe {
    /** The structure, 16 bytes. A ring made with IORING_SETUP_CQE32 has entries of twice the size. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("user_data"), u32("res"), u32("flags")).withName("io_uring_cqe");

    /** Bytes in an entry of an ordinary ring. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The submitter's number, 64 bits. */
    public static final long USER_DATA = offset(LAYOUT, "user_data");
    /** The result, 32 bits: 0 or more, or a negated error number. */
    public static final long RES = offset(LAYOUT, "res");
    /** {@code IORING_CQE_F_*}, 32 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");

    private Cqe() {}

    /**
     * The submitter's number in the entry that begins at an offset.
     *
     * @param entries the memory that holds the entry
     * @param offset where the entry begins, in bytes
     * @return what the operation had in {@link Sqe#USER_DATA}
     */
    public static long userData(MemorySegment entries, long offset) {
        return entries.get(ValueLayout.JAVA_LONG, offset + USER_DATA);
    }

    /**
     * The result in the entry that begins at an offset.
     *
     * @param entries the memory that holds the entry
     * @param offset where the entry begins, in bytes
     * @return 0 or more, or a negated error number
     */
    public static int result(MemorySegment entries, long offset) {
        return entries.get(ValueLayout.JAVA_INT, offset + RES);
    }

    /**
     * The flags in the entry that begins at an offset.
     *
     * @param entries the memory that holds the entry
     * @param offset where the entry begins, in bytes
     * @return {@code IORING_CQE_F_*}, with a buffer id in the upper 16 bits if IORING_CQE_F_BUFFER is set
     */
    public static int flags(MemorySegment entries, long offset) {
        return entries.get(ValueLayout.JAVA_INT, offset + FLAGS);
    }
}
