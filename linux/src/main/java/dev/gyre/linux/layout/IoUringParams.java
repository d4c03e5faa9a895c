package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.IoUring;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_params}: what {@link IoUring#setup} is asked for, and what it says about the ring it made. All
 * of it that is not asked for must be 0 before the call. Constants are offsets in bytes; those that begin with
 * {@code SQ_OFF} and {@code CQ_OFF} are the places of two structures inside this one, whose 32-bit values are in turn
 * offsets into the mapped rings. Source: io_uring_setup(2).
 */
public final class IoUringParams {
    private static final StructLayout SQ_OFFSETS = MemoryLayout.structLayout(
                    u32("head"),
                    u32("tail"),
                    u32("ring_mask"),
                    u32("ring_entries"),
                    u32("flags"),
                    u32("dropped"),
                    u32("array"),
                    u32("resv1"),
                    u64("user_addr"))
            .withName("sq_off");

    private static final StructLayout CQ_OFFSETS = MemoryLayout.structLayout(
                    u32("head"),
                    u32("tail"),
                    u32("ring_mask"),
                    u32("ring_entries"),
                    u32("overflow"),
                    u32("cqes"),
                    u32("flags"),
                    u32("resv1"),
                    u64("user_addr"))
            .withName("cq_off");

    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("sq_entries"),
                    u32("cq_entries"),
                    u32("flags"),
                    u32("sq_thread_cpu"),
                    u32("sq_thread_idle"),
                    u32("features"),
                    u32("wq_fd"),
                    bytes("resv", 12),
                    SQ_OFFSETS,
                    CQ_OFFSETS)
            .withName("io_uring_params");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** Answer: entries of the submission queue, 32 bits. */
    public static final long SQ_ENTRIES = offset(LAYOUT, "sq_entries");
    /** Entries of the completion queue, 32 bits: asked for with IORING_SETUP_CQSIZE, and answered. */
    public static final long CQ_ENTRIES = offset(LAYOUT, "cq_entries");
    /** Request: {@code IORING_SETUP_*}, 32 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** Request: the processor of the submission thread, 32 bits, with IORING_SETUP_SQ_AFF. */
    public static final long SQ_THREAD_CPU = offset(LAYOUT, "sq_thread_cpu");
    /** Request: milliseconds after which an idle submission thread sleeps, 32 bits, with IORING_SETUP_SQPOLL. */
    public static final long SQ_THREAD_IDLE = offset(LAYOUT, "sq_thread_idle");
    /** Answer: {@code IORING_FEAT_*}, 32 bits. */
    public static final long FEATURES = offset(LAYOUT, "features");
    /** Request: the ring whose workers to share, 32 bits, with IORING_SETUP_ATTACH_WQ. */
    public static final long WQ_FD = offset(LAYOUT, "wq_fd");
    /** 0, three times 32 bits. */
    public static final long RESV = offset(LAYOUT, "resv");

    /** Where the answers about the submission ring begin. */
    public static final long SQ_OFF = offset(LAYOUT, "sq_off");
    /** Holds the offset of the index that the kernel consumes from. */
    public static final long SQ_OFF_HEAD = offset(LAYOUT, "sq_off", "head");
    /** Holds the offset of the index that the program produces to. */
    public static final long SQ_OFF_TAIL = offset(LAYOUT, "sq_off", "tail");
    /** Holds the offset of the mask that turns an index into a position. */
    public static final long SQ_OFF_RING_MASK = offset(LAYOUT, "sq_off", "ring_mask");
    /** Holds the offset of the number of entries. */
    public static final long SQ_OFF_RING_ENTRIES = offset(LAYOUT, "sq_off", "ring_entries");
    /** Holds the offset of {@code IORING_SQ_*} flags. */
    public static final long SQ_OFF_FLAGS = offset(LAYOUT, "sq_off", "flags");
    /** Holds the offset of the count of invalid entries that were dropped. */
    public static final long SQ_OFF_DROPPED = offset(LAYOUT, "sq_off", "dropped");
    /** Holds the offset of the array of positions; none with IORING_SETUP_NO_SQARRAY. */
    public static final long SQ_OFF_ARRAY = offset(LAYOUT, "sq_off", "array");
    /** 0, 32 bits. */
    public static final long SQ_OFF_RESV1 = offset(LAYOUT, "sq_off", "resv1");
    /** Request: the address of the program's memory for entries, 64 bits, with IORING_SETUP_NO_MMAP. */
    public static final long SQ_OFF_USER_ADDR = offset(LAYOUT, "sq_off", "user_addr");

    /** Where the answers about the completion ring begin. */
    public static final long CQ_OFF = offset(LAYOUT, "cq_off");
    /** Holds the offset of the index that the program consumes from. */
    public static final long CQ_OFF_HEAD = offset(LAYOUT, "cq_off", "head");
    /** Holds the offset of the index that the kernel produces to. */
    public static final long CQ_OFF_TAIL = offset(LAYOUT, "cq_off", "tail");
    /** Holds the offset of the mask that turns an index into a position. */
    public static final long CQ_OFF_RING_MASK = offset(LAYOUT, "cq_off", "ring_mask");
    /** Holds the offset of the number of entries. */
    public static final long CQ_OFF_RING_ENTRIES = offset(LAYOUT, "cq_off", "ring_entries");
    /** Holds the offset of the count of completions that found no room. */
    public static final long CQ_OFF_OVERFLOW = offset(LAYOUT, "cq_off", "overflow");
    /** Holds the offset of the entries, each a {@link Cqe}. */
    public static final long CQ_OFF_CQES = offset(LAYOUT, "cq_off", "cqes");
    /** Holds the offset of {@code IORING_CQ_*} flags. */
    public static final long CQ_OFF_FLAGS = offset(LAYOUT, "cq_off", "flags");
    /** 0, 32 bits. */
    public static final long CQ_OFF_RESV1 = offset(LAYOUT, "cq_off", "resv1");
    /** Request: the address of the program's memory for both rings, 64 bits, with IORING_SETUP_NO_MMAP. */
    public static final long CQ_OFF_USER_ADDR = offset(LAYOUT, "cq_off", "user_addr");

    private IoUringParams() {}
}
