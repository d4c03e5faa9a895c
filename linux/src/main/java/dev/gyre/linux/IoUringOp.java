package dev.gyre.linux;

import dev.gyre.linux.layout.Cqe;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.Sqe;

/**
 * The operations of io_uring, and the flags that single operations take. Each goes into the place of an {@link Sqe}
 * that the heading names. Whether the running kernel knows an operation is asked with
 * {@link IoUring#IORING_REGISTER_PROBE}.
 *
 * <p>Names and numbers are the kernel's own, from {@code linux/io_uring.h}. Source: io_uring_enter(2) and the
 * {@code io_uring_prep_*(3)} pages of liburing.
 */
public final class IoUringOp {
    // Sqe.OPCODE.

    /** Does nothing. From kernel 5.1. */
    public static final int IORING_OP_NOP = 0;
    /** Reads into several buffers: preadv2(2). From kernel 5.1. */
    public static final int IORING_OP_READV = 1;
    /** Writes from several buffers: pwritev2(2). From kernel 5.1. */
    public static final int IORING_OP_WRITEV = 2;
    /** Makes a file durable: fsync(2), fdatasync(2). From kernel 5.1. */
    public static final int IORING_OP_FSYNC = 3;
    /** Reads into a registered buffer. From kernel 5.1. */
    public static final int IORING_OP_READ_FIXED = 4;
    /** Writes from a registered buffer. From kernel 5.1. */
    public static final int IORING_OP_WRITE_FIXED = 5;
    /** Waits for readiness: poll(2). From kernel 5.1. */
    public static final int IORING_OP_POLL_ADD = 6;
    /** Ends or changes such a wait. From kernel 5.1. */
    public static final int IORING_OP_POLL_REMOVE = 7;
    /** Writes a range of a file out: sync_file_range(2). From kernel 5.2. */
    public static final int IORING_OP_SYNC_FILE_RANGE = 8;
    /** Sends: sendmsg(2). From kernel 5.3. */
    public static final int IORING_OP_SENDMSG = 9;
    /** Receives: recvmsg(2). From kernel 5.3. */
    public static final int IORING_OP_RECVMSG = 10;
    /** Waits for a time or for a number of completions. From kernel 5.4. */
    public static final int IORING_OP_TIMEOUT = 11;
    /** Ends or changes such a wait. From kernel 5.5. */
    public static final int IORING_OP_TIMEOUT_REMOVE = 12;
    /** Takes a connection: accept4(2). From kernel 5.5. */
    public static final int IORING_OP_ACCEPT = 13;
    /** Asks for other operations to end early. From kernel 5.5. */
    public static final int IORING_OP_ASYNC_CANCEL = 14;
    /** Limits the time of the operation that it is linked to. From kernel 5.5. */
    public static final int IORING_OP_LINK_TIMEOUT = 15;
    /** Connects: connect(2). From kernel 5.5. */
    public static final int IORING_OP_CONNECT = 16;
    /** Allocates room in a file: fallocate(2). From kernel 5.6. */
    public static final int IORING_OP_FALLOCATE = 17;
    /** Opens a file: openat(2). From kernel 5.6. */
    public static final int IORING_OP_OPENAT = 18;
    /** Closes a descriptor: close(2). From kernel 5.6. */
    public static final int IORING_OP_CLOSE = 19;
    /** Replaces registered files. From kernel 5.6. */
    public static final int IORING_OP_FILES_UPDATE = 20;
    /** Describes a file: statx(2). From kernel 5.6. */
    public static final int IORING_OP_STATX = 21;
    /** Reads: pread(2). From kernel 5.6. */
    public static final int IORING_OP_READ = 22;
    /** Writes: pwrite(2). From kernel 5.6. */
    public static final int IORING_OP_WRITE = 23;
    /** Tells how a file will be used: posix_fadvise(3). From kernel 5.6. */
    public static final int IORING_OP_FADVISE = 24;
    /** Tells how memory will be used: madvise(2). From kernel 5.6. */
    public static final int IORING_OP_MADVISE = 25;
    /** Sends: send(2). From kernel 5.6. */
    public static final int IORING_OP_SEND = 26;
    /** Receives: recv(2). From kernel 5.6. */
    public static final int IORING_OP_RECV = 27;
    /** Opens a file: openat2(2). From kernel 5.6. */
    public static final int IORING_OP_OPENAT2 = 28;
    /** Changes an epoll set: epoll_ctl(2). From kernel 5.6. */
    public static final int IORING_OP_EPOLL_CTL = 29;
    /** Moves data through a pipe: splice(2). From kernel 5.7. */
    public static final int IORING_OP_SPLICE = 30;
    /** Gives buffers to a group. From kernel 5.7. */
    public static final int IORING_OP_PROVIDE_BUFFERS = 31;
    /** Takes buffers from a group. From kernel 5.7. */
    public static final int IORING_OP_REMOVE_BUFFERS = 32;
    /** Duplicates data in a pipe: tee(2). From kernel 5.8. */
    public static final int IORING_OP_TEE = 33;
    /** Ends one or both directions of a connection: shutdown(2). From kernel 5.11. */
    public static final int IORING_OP_SHUTDOWN = 34;
    /** Renames: renameat2(2). From kernel 5.11. */
    public static final int IORING_OP_RENAMEAT = 35;
    /** Removes a name: unlinkat(2). From kernel 5.11. */
    public static final int IORING_OP_UNLINKAT = 36;
    /** Makes a directory: mkdirat(2). From kernel 5.15. */
    public static final int IORING_OP_MKDIRAT = 37;
    /** Makes a symbolic link: symlinkat(2). From kernel 5.15. */
    public static final int IORING_OP_SYMLINKAT = 38;
    /** Makes a hard link: linkat(2). From kernel 5.15. */
    public static final int IORING_OP_LINKAT = 39;
    /** Posts a completion to another ring. From kernel 5.18. */
    public static final int IORING_OP_MSG_RING = 40;
    /** Sets an extended attribute: fsetxattr(2). From kernel 5.19. */
    public static final int IORING_OP_FSETXATTR = 41;
    /** Sets an extended attribute: setxattr(2). From kernel 5.19. */
    public static final int IORING_OP_SETXATTR = 42;
    /** Reads an extended attribute: fgetxattr(2). From kernel 5.19. */
    public static final int IORING_OP_FGETXATTR = 43;
    /** Reads an extended attribute: getxattr(2). From kernel 5.19. */
    public static final int IORING_OP_GETXATTR = 44;
    /** Makes a socket: socket(2). From kernel 5.19. */
    public static final int IORING_OP_SOCKET = 45;
    /** Passes a command to a driver. From kernel 5.19. */
    public static final int IORING_OP_URING_CMD = 46;
    /** Sends without copying. From kernel 6.0. */
    public static final int IORING_OP_SEND_ZC = 47;
    /** Sends without copying, with an address or control data. From kernel 6.1. */
    public static final int IORING_OP_SENDMSG_ZC = 48;
    /** Reads again and again into provided buffers. From kernel 6.7. */
    public static final int IORING_OP_READ_MULTISHOT = 49;
    /** Waits for a child process: waitid(2). From kernel 6.7. */
    public static final int IORING_OP_WAITID = 50;
    /** Waits on a futex: futex(2). From kernel 6.7. */
    public static final int IORING_OP_FUTEX_WAIT = 51;
    /** Wakes waiters of a futex. From kernel 6.7. */
    public static final int IORING_OP_FUTEX_WAKE = 52;
    /** Waits on several futexes. From kernel 6.7. */
    public static final int IORING_OP_FUTEX_WAITV = 53;
    /** Makes an ordinary descriptor of a direct one. From kernel 6.8. */
    public static final int IORING_OP_FIXED_FD_INSTALL = 54;
    /** Sets the length of a file: ftruncate(2). From kernel 6.9. */
    public static final int IORING_OP_FTRUNCATE = 55;
    /** Gives a socket an address: bind(2). From kernel 6.11. */
    public static final int IORING_OP_BIND = 56;
    /** Makes a socket accept connections: listen(2). From kernel 6.11. */
    public static final int IORING_OP_LISTEN = 57;
    /** Receives without copying. From kernel 6.15. */
    public static final int IORING_OP_RECV_ZC = 58;
    /** Waits on an epoll set: epoll_wait(2). From kernel 6.15. */
    public static final int IORING_OP_EPOLL_WAIT = 59;
    /** Reads into parts of a registered buffer. From kernel 6.15. */
    public static final int IORING_OP_READV_FIXED = 60;
    /** Writes from parts of a registered buffer. From kernel 6.15. */
    public static final int IORING_OP_WRITEV_FIXED = 61;
    /** Makes a pipe: pipe2(2). From kernel 6.16. */
    public static final int IORING_OP_PIPE = 62;
    /** Does nothing, in an entry of 128 bytes. From kernel 6.19. */
    public static final int IORING_OP_NOP128 = 63;
    /** Passes a command to a driver, in an entry of 128 bytes. From kernel 6.19. */
    public static final int IORING_OP_URING_CMD128 = 64;

    // Sqe.FSYNC_FLAGS.

    /** Makes only the data durable, as fdatasync(2) does; from kernel 5.1. */
    public static final int IORING_FSYNC_DATASYNC = 1;

    // Sqe.TIMEOUT_FLAGS.

    /** A point in time; from kernel 5.5. */
    public static final int IORING_TIMEOUT_ABS = 1;
    /** A IORING_OP_TIMEOUT_REMOVE changes a time instead; from kernel 5.11. */
    public static final int IORING_TIMEOUT_UPDATE = 1 << 1;
    /** By CLOCK_BOOTTIME; from kernel 5.15. */
    public static final int IORING_TIMEOUT_BOOTTIME = 1 << 2;
    /** By CLOCK_REALTIME; from kernel 5.15. */
    public static final int IORING_TIMEOUT_REALTIME = 1 << 3;
    /** Like IORING_TIMEOUT_UPDATE, for a IORING_OP_LINK_TIMEOUT; from kernel 5.15. */
    public static final int IORING_LINK_TIMEOUT_UPDATE = 1 << 4;
    /** A time that is over does not break a chain of linked operations; from kernel 5.16. */
    public static final int IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5;
    /** Completes again and again; from kernel 6.4. */
    public static final int IORING_TIMEOUT_MULTISHOT = 1 << 6;

    // Sqe.SPLICE_FLAGS, beside those of splice(2).

    /** Sqe.SPLICE_FD_IN is a registered file; from kernel 5.7. */
    public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;

    // Sqe.LEN of a poll.

    /** Completes again and again; from kernel 5.13. */
    public static final int IORING_POLL_ADD_MULTI = 1;
    /** A IORING_OP_POLL_REMOVE changes the events instead; from kernel 5.13. */
    public static final int IORING_POLL_UPDATE_EVENTS = 1 << 1;
    /** A IORING_OP_POLL_REMOVE changes the user data instead; from kernel 5.13. */
    public static final int IORING_POLL_UPDATE_USER_DATA = 1 << 2;
    /** Level-triggered instead of edge-triggered; from kernel 6.0. */
    public static final int IORING_POLL_ADD_LEVEL = 1 << 3;

    // Sqe.CANCEL_FLAGS.

    /** Everything that matches, not only the first; from kernel 5.19. */
    public static final int IORING_ASYNC_CANCEL_ALL = 1;
    /** What uses the descriptor Sqe.FD; from kernel 5.19. */
    public static final int IORING_ASYNC_CANCEL_FD = 1 << 1;
    /** Anything; from kernel 5.19. */
    public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;
    /** Sqe.FD is a registered file; from kernel 6.0. */
    public static final int IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;
    /** What has the user data Sqe.ADDR: the default without another key; from kernel 6.6. */
    public static final int IORING_ASYNC_CANCEL_USERDATA = 1 << 4;
    /** What has the operation Sqe.LEN; from kernel 6.6. */
    public static final int IORING_ASYNC_CANCEL_OP = 1 << 5;

    // Sqe.IOPRIO of a send or receive.

    /** Waits for readiness first, as an attempt would be in vain; from kernel 5.19. */
    public static final int IORING_RECVSEND_POLL_FIRST = 1;
    /** Completes again and again, each time with a provided buffer; from kernel 6.0. */
    public static final int IORING_RECV_MULTISHOT = 1 << 1;
    /** Uses the registered buffer Sqe.BUF_INDEX; from kernel 6.0. */
    public static final int IORING_RECVSEND_FIXED_BUF = 1 << 2;
    /** The notification of a zero-copy send tells whether it copied; from kernel 6.2. */
    public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;
    /** Uses as many provided buffers as it can; from kernel 6.10. */
    public static final int IORING_RECVSEND_BUNDLE = 1 << 4;
    /** A send takes an array of {@link Iovec}; from kernel 6.17. */
    public static final int IORING_SEND_VECTORIZED = 1 << 5;
    /** In Cqe.RES of such a notification: the data was copied after all; from kernel 6.2. */
    public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

    // Sqe.IOPRIO of an accept.

    /** Completes again and again, each time with a connection; from kernel 5.19. */
    public static final int IORING_ACCEPT_MULTISHOT = 1;
    /** Answers EAGAIN instead of waiting; from kernel 6.10. */
    public static final int IORING_ACCEPT_DONTWAIT = 1 << 1;
    /** Waits for readiness first; from kernel 6.10. */
    public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

    // Sqe.ADDR of a message to a ring, and its Sqe.MSG_RING_FLAGS.

    /** Sqe.LEN and Sqe.OFF become result and user data there; from kernel 5.18. */
    public static final int IORING_MSG_DATA = 0;
    /** A registered file goes to the other ring; from kernel 6.0. */
    public static final int IORING_MSG_SEND_FD = 1;
    /** No completion there; from kernel 6.0. */
    public static final int IORING_MSG_RING_CQE_SKIP = 1;
    /** Sqe.FILE_INDEX becomes the flags there; from kernel 6.3. */
    public static final int IORING_MSG_RING_FLAGS_PASS = 1 << 1;

    // Sqe.URING_CMD_FLAGS.

    /** Uses the registered buffer Sqe.BUF_INDEX; from kernel 6.1. */
    public static final int IORING_URING_CMD_FIXED = 1;
    /** Completes again and again, each time with a provided buffer; from kernel 6.18. */
    public static final int IORING_URING_CMD_MULTISHOT = 1 << 1;

    // Sqe.INSTALL_FD_FLAGS and Sqe.NOP_FLAGS.

    /** The new descriptor stays open over execve(2); from kernel 6.8. */
    public static final int IORING_FIXED_FD_NO_CLOEXEC = 1;
    /** Completes with Sqe.LEN as its result; from kernel 6.10. */
    public static final int IORING_NOP_INJECT_RESULT = 1;

    private IoUringOp() {}
}
