package dev.gyre.linux;

import dev.gyre.linux.layout.Cqe;
import dev.gyre.linux.layout.GetEventsArgument;
import dev.gyre.linux.layout.IoUringBufReg;
import dev.gyre.linux.layout.IoUringFileIndexRange;
import dev.gyre.linux.layout.IoUringParams;
import dev.gyre.linux.layout.IoUringProbe;
import dev.gyre.linux.layout.IoUringProbeOp;
import dev.gyre.linux.layout.IoUringRsrcRegister;
import dev.gyre.linux.layout.IoUringRsrcUpdate2;
import dev.gyre.linux.layout.IoUringRsrcUpdate;
import dev.gyre.linux.layout.IoUringSyncCancelReg;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.Sqe;
import java.lang.foreign.MemorySegment;

/**
 * The three system calls of io_uring, and the constants of rings. Those of single operations are in {@link IoUringOp}.
 *
 * <p>A call answers with 0 or more, or with a negated {@link Errno}. {@link Errno#ENOSYS} means that the kernel has no
 * io_uring, {@link Errno#EPERM} that it is refused: by a seccomp filter, a security module or the setting
 * {@code kernel.io_uring_disabled}. Any thread may call, unless the ring was made with IORING_SETUP_SINGLE_ISSUER.
 *
 * <p>Names and numbers are the kernel's own, from {@code linux/io_uring.h}; where no first kernel is given, it is 5.1.
 */
public final class IoUring {
    // How a ring is made: io_uring_setup(2), IoUringParams.FLAGS.

    /** Completions are polled for on the device, for O_DIRECT files only. */
    public static final int IORING_SETUP_IOPOLL = 1;
    /** A kernel thread takes submissions. */
    public static final int IORING_SETUP_SQPOLL = 1 << 1;
    /** That thread runs on one processor. */
    public static final int IORING_SETUP_SQ_AFF = 1 << 2;
    /** The caller chooses the size of the completion queue; from kernel 5.5. */
    public static final int IORING_SETUP_CQSIZE = 1 << 3;
    /** Too large a size becomes the largest possible, instead of an error; from kernel 5.6. */
    public static final int IORING_SETUP_CLAMP = 1 << 4;
    /** Shares the worker threads of another ring; from kernel 5.6. */
    public static final int IORING_SETUP_ATTACH_WQ = 1 << 5;
    /** The ring starts disabled, until IORING_REGISTER_ENABLE_RINGS; from kernel 5.10. */
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;
    /** A bad entry does not end the submission of those after it; from kernel 5.18. */
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
    /**
     * Completion work does not interrupt the program, it waits for the next entry into the kernel; from kernel 5.19.
     */
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;
    /** IORING_SQ_TASKRUN shows that completion work waits; from kernel 5.19. */
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;
    /** Submission entries have 128 bytes; from kernel 5.19. */
    public static final int IORING_SETUP_SQE128 = 1 << 10;
    /** Completion entries have 32 bytes; from kernel 5.19. */
    public static final int IORING_SETUP_CQE32 = 1 << 11;
    /** Only one thread submits; from kernel 6.0. */
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
    /**
     * Completion work runs only in an {@link #enter} that asks for events. Needs IORING_SETUP_SINGLE_ISSUER; from
     * kernel 6.1.
     */
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;
    /** The caller brings the memory of the rings; from kernel 6.5. */
    public static final int IORING_SETUP_NO_MMAP = 1 << 14;
    /** The ring has a registered index and no file descriptor. Needs IORING_SETUP_NO_MMAP; from kernel 6.5. */
    public static final int IORING_SETUP_REGISTERED_FD_ONLY = 1 << 15;
    /** Entries are submitted in their own order, without an array of positions; from kernel 6.6. */
    public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;
    /** Sleeps for a while before polling the device; from kernel 6.13. */
    public static final int IORING_SETUP_HYBRID_IOPOLL = 1 << 17;
    /** Completion entries of 16 and of 32 bytes in one ring; from kernel 6.18. */
    public static final int IORING_SETUP_CQE_MIXED = 1 << 18;
    /** Submission entries of 64 and of 128 bytes in one ring; from kernel 6.19. */
    public static final int IORING_SETUP_SQE_MIXED = 1 << 19;

    // How a ring is entered: io_uring_enter(2).

    /** Waits for completions. */
    public static final int IORING_ENTER_GETEVENTS = 1;
    /** Wakes the kernel thread of a ring with IORING_SETUP_SQPOLL. */
    public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;
    /** Waits until such a ring has room for submissions; from kernel 5.10. */
    public static final int IORING_ENTER_SQ_WAIT = 1 << 2;
    /** The argument is a {@link GetEventsArgument}; from kernel 5.11. */
    public static final int IORING_ENTER_EXT_ARG = 1 << 3;
    /** The descriptor is an index from IORING_REGISTER_RING_FDS; from kernel 5.18. */
    public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;
    /** The time to wait is a point in time; from kernel 6.12. */
    public static final int IORING_ENTER_ABS_TIMER = 1 << 5;
    /** The argument is an offset into registered memory; from kernel 6.13. */
    public static final int IORING_ENTER_EXT_ARG_REG = 1 << 6;
    /** The wait does not count as waiting for I/O; from kernel 6.15. */
    public static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

    // What the kernel says about itself: IoUringParams.FEATURES.

    /** Both rings are in one mapping; from kernel 5.4. */
    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    /** Completions that find no room are kept, not dropped; from kernel 5.5. */
    public static final int IORING_FEAT_NODROP = 1 << 1;
    /** Data that an entry points to is read during submission; from kernel 5.5. */
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
    /** The position -1 stands for the file's own; from kernel 5.6. */
    public static final int IORING_FEAT_RW_CUR_POS = 1 << 3;
    /** Operations use the credentials of whoever submits them; from kernel 5.6. */
    public static final int IORING_FEAT_CUR_PERSONALITY = 1 << 4;
    /** Operations wait for readiness without a worker thread; from kernel 5.7. */
    public static final int IORING_FEAT_FAST_POLL = 1 << 5;
    /** Poll takes 32 bits of events; from kernel 5.9. */
    public static final int IORING_FEAT_POLL_32BITS = 1 << 6;
    /** IORING_SETUP_SQPOLL needs no registered files; from kernel 5.11. */
    public static final int IORING_FEAT_SQPOLL_NONFIXED = 1 << 7;
    /** IORING_ENTER_EXT_ARG exists; from kernel 5.11. */
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;
    /** Workers are threads of the process; from kernel 5.12. */
    public static final int IORING_FEAT_NATIVE_WORKERS = 1 << 9;
    /** Registered files and buffers have tags and can be updated; from kernel 5.13. */
    public static final int IORING_FEAT_RSRC_TAGS = 1 << 10;
    /** IOSQE_CQE_SKIP_SUCCESS exists; from kernel 5.17. */
    public static final int IORING_FEAT_CQE_SKIP = 1 << 11;
    /** A linked operation finds its file when it starts; from kernel 5.17. */
    public static final int IORING_FEAT_LINKED_FILE = 1 << 12;
    /** IORING_REGISTER_USE_REGISTERED_RING exists; from kernel 6.3. */
    public static final int IORING_FEAT_REG_REG_RING = 1 << 13;
    /** IORING_RECVSEND_BUNDLE exists; from kernel 6.10. */
    public static final int IORING_FEAT_RECVSEND_BUNDLE = 1 << 14;
    /** GetEventsArgument.MIN_WAIT_USEC exists; from kernel 6.12. */
    public static final int IORING_FEAT_MIN_TIMEOUT = 1 << 15;
    /** Reads and writes take attributes; from kernel 6.14. */
    public static final int IORING_FEAT_RW_ATTR = 1 << 16;
    /** IORING_ENTER_NO_IOWAIT exists; from kernel 6.15. */
    public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

    // Where mmap(2) finds the parts of a ring.

    /** The submission ring, and the completion ring with IORING_FEAT_SINGLE_MMAP. */
    public static final long IORING_OFF_SQ_RING = 0;
    /** The completion ring. */
    public static final long IORING_OFF_CQ_RING = 0x8000000L;
    /** The submission entries. */
    public static final long IORING_OFF_SQES = 0x10000000L;
    /**
     * A ring of provided buffers made with IOU_PBUF_RING_MMAP; add the group's id, shifted by {@link
     * #IORING_OFF_PBUF_SHIFT}. From kernel 6.4.
     */
    public static final long IORING_OFF_PBUF_RING = 0x80000000L;
    /** How far a buffer group's id is shifted; from kernel 6.4. */
    public static final int IORING_OFF_PBUF_SHIFT = 16;

    // Flags in the mapped rings.

    /** The kernel thread sleeps and needs IORING_ENTER_SQ_WAKEUP. */
    public static final int IORING_SQ_NEED_WAKEUP = 1;
    /** The kernel holds completions back; {@link #enter} with IORING_ENTER_GETEVENTS brings them. From kernel 5.8. */
    public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;
    /** Completion work waits for an {@link #enter}; from kernel 5.19. */
    public static final int IORING_SQ_TASKRUN = 1 << 2;
    /** Written by the program: no events to the registered eventfd; from kernel 5.8. */
    public static final int IORING_CQ_EVENTFD_DISABLED = 1;

    // How an operation is submitted: Sqe.FLAGS.

    /** The descriptor is an index of a registered file. */
    public static final int IOSQE_FIXED_FILE = 1;
    /** Starts after everything before it; from kernel 5.2. */
    public static final int IOSQE_IO_DRAIN = 1 << 1;
    /** The next one starts after this succeeded; from kernel 5.3. */
    public static final int IOSQE_IO_LINK = 1 << 2;
    /** The next one starts after this ended, however; from kernel 5.5. */
    public static final int IOSQE_IO_HARDLINK = 1 << 3;
    /** Goes to a worker thread at once; from kernel 5.6. */
    public static final int IOSQE_ASYNC = 1 << 4;
    /** The kernel takes a provided buffer from the group Sqe.BUF_GROUP; from kernel 5.7. */
    public static final int IOSQE_BUFFER_SELECT = 1 << 5;
    /** No completion if it succeeds; from kernel 5.17. */
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;
    /** In Sqe.FILE_INDEX: the kernel chooses the slot of a new direct descriptor; from kernel 5.19. */
    public static final int IORING_FILE_INDEX_ALLOC = -1;

    // How an operation completed: Cqe.FLAGS.

    /** The upper 16 bits are the id of the provided buffer that was used; from kernel 5.7. */
    public static final int IORING_CQE_F_BUFFER = 1;
    /** More completions of the same operation follow; from kernel 5.13. */
    public static final int IORING_CQE_F_MORE = 1 << 1;
    /** The socket holds more data; from kernel 5.19. */
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;
    /** Tells that a zero-copy send let go of its buffer; from kernel 6.0. */
    public static final int IORING_CQE_F_NOTIF = 1 << 3;
    /** The provided buffer is not used up, and will be used again; from kernel 6.12. */
    public static final int IORING_CQE_F_BUF_MORE = 1 << 4;
    /** Fills a gap at the end of the ring and means nothing else; from kernel 6.18. */
    public static final int IORING_CQE_F_SKIP = 1 << 5;
    /** This entry has 32 bytes, in a ring with IORING_SETUP_CQE_MIXED; from kernel 6.18. */
    public static final int IORING_CQE_F_32 = 1 << 15;
    /** How far a provided buffer's id is shifted. */
    public static final int IORING_CQE_BUFFER_SHIFT = 16;

    // What can be registered: io_uring_register(2).

    /** Buffers, as an array of {@link Iovec}. */
    public static final int IORING_REGISTER_BUFFERS = 0;
    /** Undoes IORING_REGISTER_BUFFERS. */
    public static final int IORING_UNREGISTER_BUFFERS = 1;
    /** Files, as an array of 32-bit descriptors. */
    public static final int IORING_REGISTER_FILES = 2;
    /** Undoes IORING_REGISTER_FILES. */
    public static final int IORING_UNREGISTER_FILES = 3;
    /** An eventfd that counts completions; from kernel 5.2. */
    public static final int IORING_REGISTER_EVENTFD = 4;
    /** Undoes IORING_REGISTER_EVENTFD; from kernel 5.2. */
    public static final int IORING_UNREGISTER_EVENTFD = 5;
    /** Replaces registered files: {@link IoUringRsrcUpdate}; from kernel 5.5. */
    public static final int IORING_REGISTER_FILES_UPDATE = 6;
    /** An eventfd that counts only what did not complete at once; from kernel 5.6. */
    public static final int IORING_REGISTER_EVENTFD_ASYNC = 7;
    /** Asks which operations exist: {@link IoUringProbe}; from kernel 5.6. */
    public static final int IORING_REGISTER_PROBE = 8;
    /** The credentials of the caller; from kernel 5.6. */
    public static final int IORING_REGISTER_PERSONALITY = 9;
    /** Undoes IORING_REGISTER_PERSONALITY; from kernel 5.6. */
    public static final int IORING_UNREGISTER_PERSONALITY = 10;
    /** What the ring will accept from then on; from kernel 5.10. */
    public static final int IORING_REGISTER_RESTRICTIONS = 11;
    /** Starts a ring made with IORING_SETUP_R_DISABLED; from kernel 5.10. */
    public static final int IORING_REGISTER_ENABLE_RINGS = 12;
    /** Files with tags: {@link IoUringRsrcRegister}; from kernel 5.13. */
    public static final int IORING_REGISTER_FILES2 = 13;
    /** Replaces such files: {@link IoUringRsrcUpdate2}; from kernel 5.13. */
    public static final int IORING_REGISTER_FILES_UPDATE2 = 14;
    /** Buffers with tags: {@link IoUringRsrcRegister}; from kernel 5.13. */
    public static final int IORING_REGISTER_BUFFERS2 = 15;
    /** Replaces such buffers: {@link IoUringRsrcUpdate2}; from kernel 5.13. */
    public static final int IORING_REGISTER_BUFFERS_UPDATE = 16;
    /** The processors that workers may use; from kernel 5.14. */
    public static final int IORING_REGISTER_IOWQ_AFF = 17;
    /** Undoes IORING_REGISTER_IOWQ_AFF; from kernel 5.14. */
    public static final int IORING_UNREGISTER_IOWQ_AFF = 18;
    /** Two limits on the number of workers; from kernel 5.15. */
    public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;
    /** Ring descriptors, for IORING_ENTER_REGISTERED_RING: {@link IoUringRsrcUpdate}; from kernel 5.18. */
    public static final int IORING_REGISTER_RING_FDS = 20;
    /** Undoes IORING_REGISTER_RING_FDS; from kernel 5.18. */
    public static final int IORING_UNREGISTER_RING_FDS = 21;
    /** A ring of provided buffers: {@link IoUringBufReg}; from kernel 5.19. */
    public static final int IORING_REGISTER_PBUF_RING = 22;
    /** Undoes IORING_REGISTER_PBUF_RING; from kernel 5.19. */
    public static final int IORING_UNREGISTER_PBUF_RING = 23;
    /** Cancels and waits: {@link IoUringSyncCancelReg}; from kernel 6.0. */
    public static final int IORING_REGISTER_SYNC_CANCEL = 24;
    /** The slots that the kernel may choose: {@link IoUringFileIndexRange}; from kernel 6.0. */
    public static final int IORING_REGISTER_FILE_ALLOC_RANGE = 25;
    /** Asks how far the kernel has used a ring of provided buffers; from kernel 6.8. */
    public static final int IORING_REGISTER_PBUF_STATUS = 26;
    /** Busy polling of network devices; from kernel 6.9. */
    public static final int IORING_REGISTER_NAPI = 27;
    /** Undoes IORING_REGISTER_NAPI; from kernel 6.9. */
    public static final int IORING_UNREGISTER_NAPI = 28;
    /** The clock by which {@link #enter} waits; from kernel 6.12. */
    public static final int IORING_REGISTER_CLOCK = 29;
    /** Takes over the registered buffers of another ring; from kernel 6.12. */
    public static final int IORING_REGISTER_CLONE_BUFFERS = 30;
    /** Sends to a ring without having one; from kernel 6.13. */
    public static final int IORING_REGISTER_SEND_MSG_RING = 31;
    /** A receive queue of a network device, for zero-copy receive; from kernel 6.15. */
    public static final int IORING_REGISTER_ZCRX_IFQ = 32;
    /** Changes the sizes of the rings; from kernel 6.13. */
    public static final int IORING_REGISTER_RESIZE_RINGS = 33;
    /** Memory for IORING_ENTER_EXT_ARG_REG; from kernel 6.13. */
    public static final int IORING_REGISTER_MEM_REGION = 34;
    /** Asks what the kernel's io_uring can do; from kernel 6.18. */
    public static final int IORING_REGISTER_QUERY = 35;
    /** Added to any of these: the descriptor is an index from IORING_REGISTER_RING_FDS; from kernel 6.3. */
    public static final int IORING_REGISTER_USE_REGISTERED_RING = 1 << 31;
    /** In {@link IoUringRsrcRegister}: all slots start empty; from kernel 5.19. */
    public static final int IORING_RSRC_REGISTER_SPARSE = 1;
    /** In an update of registered files: leaves this slot as it is; from kernel 5.12. */
    public static final int IORING_REGISTER_FILES_SKIP = -2;
    /** In {@link IoUringProbeOp}: the operation exists; from kernel 5.6. */
    public static final int IO_URING_OP_SUPPORTED = 1;
    /** In {@link IoUringBufReg}: the kernel allocates the ring of buffers; from kernel 6.4. */
    public static final int IOU_PBUF_RING_MMAP = 1;
    /** In {@link IoUringBufReg}: a buffer is used up bit by bit; from kernel 6.12. */
    public static final int IOU_PBUF_RING_INC = 2;

    private IoUring() {}

    /**
     * Makes a ring: io_uring_setup(2). Does not block. From kernel 5.1.
     *
     * @param entries the least number of submission entries, 1 to 32,768; rounded up to a power of 2
     * @param params an {@link IoUringParams}, which the kernel fills in
     * @return a file descriptor that the caller owns, or negated: EFAULT (no such memory), EINVAL (a flag, size or
     *     reserved field is wrong or unknown to this kernel), EMFILE, ENFILE (too many descriptors), ENOMEM (no memory,
     *     or none allowed to be locked), ENOSYS (no io_uring), EPERM (refused), EACCES (a security module refused)
     */
    public static int setup(int entries, MemorySegment params) {
        Assert.lengthFitsOrNull(IoUringParams.SIZE, params);
        return (int) Kernel.call(SystemCallNumber.IO_URING_SETUP, entries, params.address(), params);
    }

    /**
     * Submits entries, waits for completions, or both: io_uring_enter(2). Blocks if it waits, until there are enough
     * completions, the time is over or a signal arrives. From kernel 5.1.
     *
     * @param fd the ring's descriptor, or its registered index with IORING_ENTER_REGISTERED_RING
     * @param toSubmit how many entries to take from the submission queue, 0 or more
     * @param minComplete how many completions to wait for, with IORING_ENTER_GETEVENTS
     * @param flags {@code IORING_ENTER_*}
     * @param argument a {@link GetEventsArgument} with IORING_ENTER_EXT_ARG, otherwise a signal mask or
     *     {@link MemorySegment#NULL}
     * @param argumentSize the bytes in the argument: {@link GetEventsArgument#SIZE}, or of a signal mask 8
     * @return the number of entries taken, or negated: EAGAIN (no memory for a request, try later), EBADF (fd is not
     *     open), EBADFD (the ring is disabled), EBADR (completions were dropped), EBUSY (completions must be taken
     *     first), EEXIST (another thread submitted to a ring of one issuer), EFAULT, EINTR (a signal), EINVAL, ENXIO
     *     (the ring is going away), EOPNOTSUPP (fd is not a ring), EOWNERDEAD (the kernel's thread died), ETIME (the
     *     time is over)
     */
    public static int enter(
            int fd, int toSubmit, int minComplete, int flags, MemorySegment argument, long argumentSize) {
        if ((flags & IORING_ENTER_EXT_ARG) != 0) {
            Assert.lengthFits(argumentSize, argument);
        }
        return (int) Kernel.call(
                SystemCallNumber.IO_URING_ENTER, fd, toSubmit, minComplete, flags, argument.address(),
                argumentSize, argument);
    }

    /**
     * Registers something with a ring, or asks about it: io_uring_register(2). Some of it blocks until operations in
     * flight are over. From kernel 5.1.
     *
     * @param fd the ring's descriptor, or its registered index with IORING_REGISTER_USE_REGISTERED_RING
     * @param opcode {@code IORING_REGISTER_*} or {@code IORING_UNREGISTER_*}
     * @param argument what this opcode asks for, or {@link MemorySegment#NULL}
     * @param count how many elements the argument has, or what else this opcode asks for
     * @return 0 or a number that depends on the opcode, or negated: EACCES (restricted), EBADF, EBADFD (the ring is not
     *     disabled, or is), EBUSY (already registered, or restrictions exist), EEXIST, EFAULT, EINVAL, EMFILE, ENOENT,
     *     ENOMEM (too little memory, or too little that may be locked), ENXIO (nothing registered, or the ring is going
     *     away), EOPNOTSUPP, ETIME
     */
    public static int register(int fd, int opcode, MemorySegment argument, int count) {
        return (int) Kernel.call(SystemCallNumber.IO_URING_REGISTER, fd, opcode, argument.address(), count, argument);
    }
}
