package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;
import static dev.gyre.linux.layout.Layouts.u8;
import static dev.gyre.linux.layout.Layouts.union;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_sqe}, an entry of the submission queue: one operation that the kernel shall carry out.
 *
 * <p>All constants are offsets in bytes. Several names share a place because each operation reads it in its own way;
 * a place that an operation does not use must be 0, or the kernel answers {@link Errno#EINVAL}. Source:
 * io_uring_enter(2) and the kernel's {@code linux/io_uring.h}.
 */
public final class Sqe {
    /** The structure, 64 bytes. A ring made with IORING_SETUP_SQE128 has entries of twice the size. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u8("opcode"),
                    u8("flags"),
                    u16("ioprio"),
                    u32("fd"),
                    union(u64("off"), u64("addr2"), u32("cmd_op")),
                    union(
                            u64("addr"),
                            u64("splice_off_in"),
                            MemoryLayout.structLayout(u32("level"), u32("optname"))),
                    u32("len"),
                    union(
                            u32("rw_flags"),
                            u32("fsync_flags"),
                            u16("poll_events"),
                            u32("poll32_events"),
                            u32("sync_range_flags"),
                            u32("msg_flags"),
                            u32("timeout_flags"),
                            u32("accept_flags"),
                            u32("cancel_flags"),
                            u32("open_flags"),
                            u32("statx_flags"),
                            u32("fadvise_advice"),
                            u32("splice_flags"),
                            u32("rename_flags"),
                            u32("unlink_flags"),
                            u32("hardlink_flags"),
                            u32("xattr_flags"),
                            u32("msg_ring_flags"),
                            u32("uring_cmd_flags"),
                            u32("waitid_flags"),
                            u32("futex_flags"),
                            u32("install_fd_flags"),
                            u32("nop_flags"),
                            u32("pipe_flags")),
                    u64("user_data"),
                    union(u16("buf_index"), u16("buf_group")),
                    u16("personality"),
                    union(u32("splice_fd_in"), u32("file_index"), u32("optlen"), u16("addr_len")),
                    union(
                            MemoryLayout.structLayout(u64("addr3"), padding(8)),
                            MemoryLayout.structLayout(u64("attr_ptr"), u64("attr_type_mask")),
                            u64("optval"),
                            bytes("cmd", 0)))
            .withName("io_uring_sqe");

    /** Bytes in an entry of an ordinary ring. */
    public static final long SIZE = LAYOUT.byteSize();

    /** What to do, 8 bits: one of {@code IORING_OP_*} in {@link IoUringOp}. */
    public static final long OPCODE = offset(LAYOUT, "opcode");
    /** How to do it, 8 bits: {@code IOSQE_*} in {@link IoUring}. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** An I/O priority, or the flags of an accept, send or receive, 16 bits. */
    public static final long IOPRIO = offset(LAYOUT, "ioprio");
    /** The file descriptor or registered file, 32 bits. */
    public static final long FD = offset(LAYOUT, "fd");
    /** A position in a file, 64 bits; -1 uses and moves the file's own position. */
    public static final long OFF = offset(LAYOUT, "off");
    /** A second address, 64 bits. */
    public static final long ADDR2 = offset(LAYOUT, "addr2");
    /** The command of IORING_OP_URING_CMD, 32 bits. */
    public static final long CMD_OP = offset(LAYOUT, "cmd_op");
    /** The address of a buffer, vector or path, 64 bits. */
    public static final long ADDR = offset(LAYOUT, "addr");
    /** Where a splice or tee reads from, 64 bits; -1 for a pipe. */
    public static final long SPLICE_OFF_IN = offset(LAYOUT, "splice_off_in");
    /** The level of a socket option, 32 bits; from kernel 6.7. */
    public static final long LEVEL = offset(LAYOUT, "level");
    /** The name of a socket option, 32 bits; from kernel 6.7. */
    public static final long OPTNAME = offset(LAYOUT, "optname");
    /** A number of bytes or of vector elements, 32 bits. */
    public static final long LEN = offset(LAYOUT, "len");
    /** {@code RWF_*} of a read or write, 32 bits. */
    public static final long RW_FLAGS = offset(LAYOUT, "rw_flags");
    /** IORING_FSYNC_DATASYNC or 0, 32 bits. */
    public static final long FSYNC_FLAGS = offset(LAYOUT, "fsync_flags");
    /** {@code POLL*} events, 16 bits: the older form, use {@link #POLL32_EVENTS}. */
    public static final long POLL_EVENTS = offset(LAYOUT, "poll_events");
    /** {@code POLL*} and {@code EPOLL*} events, 32 bits; from kernel 5.9. */
    public static final long POLL32_EVENTS = offset(LAYOUT, "poll32_events");
    /** Flags of sync_file_range(2), 32 bits. */
    public static final long SYNC_RANGE_FLAGS = offset(LAYOUT, "sync_range_flags");
    /** {@code MSG_*} of a send or receive, 32 bits. */
    public static final long MSG_FLAGS = offset(LAYOUT, "msg_flags");
    /** {@code IORING_TIMEOUT_*}, 32 bits. */
    public static final long TIMEOUT_FLAGS = offset(LAYOUT, "timeout_flags");
    /** {@code SOCK_*} flags of accept4(2), 32 bits. */
    public static final long ACCEPT_FLAGS = offset(LAYOUT, "accept_flags");
    /** {@code IORING_ASYNC_CANCEL_*}, 32 bits. */
    public static final long CANCEL_FLAGS = offset(LAYOUT, "cancel_flags");
    /** {@code O_*}, 32 bits. */
    public static final long OPEN_FLAGS = offset(LAYOUT, "open_flags");
    /** {@code AT_*} flags of statx(2), 32 bits. */
    public static final long STATX_FLAGS = offset(LAYOUT, "statx_flags");
    /** Advice of posix_fadvise(3) or madvise(2), 32 bits. */
    public static final long FADVISE_ADVICE = offset(LAYOUT, "fadvise_advice");
    /** {@code SPLICE_F_*}, 32 bits. */
    public static final long SPLICE_FLAGS = offset(LAYOUT, "splice_flags");
    /** {@code RENAME_*}, 32 bits. */
    public static final long RENAME_FLAGS = offset(LAYOUT, "rename_flags");
    /** AT_REMOVEDIR or 0, 32 bits. */
    public static final long UNLINK_FLAGS = offset(LAYOUT, "unlink_flags");
    /** {@code AT_*} flags of linkat(2), 32 bits. */
    public static final long HARDLINK_FLAGS = offset(LAYOUT, "hardlink_flags");
    /** Flags of setxattr(2), 32 bits. */
    public static final long XATTR_FLAGS = offset(LAYOUT, "xattr_flags");
    /** {@code IORING_MSG_RING_*}, 32 bits. */
    public static final long MSG_RING_FLAGS = offset(LAYOUT, "msg_ring_flags");
    /** {@code IORING_URING_CMD_*}, 32 bits. */
    public static final long URING_CMD_FLAGS = offset(LAYOUT, "uring_cmd_flags");
    /** Reserved for waitid: must be 0, 32 bits; from kernel 6.7. */
    public static final long WAITID_FLAGS = offset(LAYOUT, "waitid_flags");
    /** Reserved for futex operations: must be 0, 32 bits; from kernel 6.7. */
    public static final long FUTEX_FLAGS = offset(LAYOUT, "futex_flags");
    /** {@code IORING_FIXED_FD_*}, 32 bits; from kernel 6.8. */
    public static final long INSTALL_FD_FLAGS = offset(LAYOUT, "install_fd_flags");
    /** {@code IORING_NOP_*}, 32 bits; from kernel 6.10. */
    public static final long NOP_FLAGS = offset(LAYOUT, "nop_flags");
    /** {@code O_*} flags of pipe2(2), 32 bits; from kernel 6.16. */
    public static final long PIPE_FLAGS = offset(LAYOUT, "pipe_flags");
    /** Any number of the submitter's, 64 bits: comes back in {@link Cqe#USER_DATA}. */
    public static final long USER_DATA = offset(LAYOUT, "user_data");
    /** Which registered buffer, 16 bits. */
    public static final long BUF_INDEX = offset(LAYOUT, "buf_index");
    /** Which group of provided buffers, 16 bits. */
    public static final long BUF_GROUP = offset(LAYOUT, "buf_group");
    /** Whose credentials to use, 16 bits: a registered personality, or 0. */
    public static final long PERSONALITY = offset(LAYOUT, "personality");
    /** The file descriptor that a splice or tee reads from, 32 bits. */
    public static final long SPLICE_FD_IN = offset(LAYOUT, "splice_fd_in");
    /** 1 + the slot for a new direct descriptor, 32 bits; 0 for none, or IORING_FILE_INDEX_ALLOC. */
    public static final long FILE_INDEX = offset(LAYOUT, "file_index");
    /** The length of a socket option's value, 32 bits; from kernel 6.7. */
    public static final long OPTLEN = offset(LAYOUT, "optlen");
    /** The length of a zero-copy send's address, 16 bits; from kernel 6.0. */
    public static final long ADDR_LEN = offset(LAYOUT, "addr_len");
    /** A third address, 64 bits. */
    public static final long ADDR3 = offset(LAYOUT, "addr3");
    /** The address of read or write attributes, 64 bits; from kernel 6.14. */
    public static final long ATTR_PTR = offset(LAYOUT, "attr_ptr");
    /** Which attributes there are, 64 bits; from kernel 6.14. */
    public static final long ATTR_TYPE_MASK = offset(LAYOUT, "attr_type_mask");
    /** The address of a socket option's value, 64 bits; from kernel 6.7. */
    public static final long OPTVAL = offset(LAYOUT, "optval");
    /** Where a command's own bytes begin: 16, or 80 in an entry of 128 bytes. */
    public static final long CMD = offset(LAYOUT, "cmd");

    private Sqe() {}
}
