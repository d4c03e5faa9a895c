package dev.gyre.linux;

import static dev.gyre.linux.Libc.INT;
import static dev.gyre.linux.Libc.LONG;

import dev.gyre.linux.layout.Rlimit;
import dev.gyre.linux.layout.Utsname;
import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The process, its threads and its children: ids, limits, ends, the kernel it runs on. A call answers with 0 or more,
 * or with a negated {@link Errno}, unless it says otherwise. Any thread may call; nothing blocks that does not say so.
 * Source: section 2 of the Linux manual pages, under the name of the call.
 */
public final class Processes {
    // Limits: getrlimit(2).

    /** Seconds of processor time. */
    public static final int RLIMIT_CPU = 0;
    /** Bytes in a file. */
    public static final int RLIMIT_FSIZE = 1;
    /** Bytes of data. */
    public static final int RLIMIT_DATA = 2;
    /** Bytes of the main thread's stack. */
    public static final int RLIMIT_STACK = 3;
    /** Bytes of a core dump. */
    public static final int RLIMIT_CORE = 4;
    /** Threads of the user. */
    public static final int RLIMIT_NPROC = 6;
    /** 1 + the largest file descriptor. */
    public static final int RLIMIT_NOFILE = 7;
    /** Bytes of locked memory, io_uring's among them before kernel 5.12. */
    public static final int RLIMIT_MEMLOCK = 8;
    /** Bytes of address space. */
    public static final int RLIMIT_AS = 9;
    /** Queued signals of the user. */
    public static final int RLIMIT_SIGPENDING = 11;
    /** No limit. */
    public static final long RLIM_INFINITY = -1;

    // Options of prctl(2).

    /** Which signal arrives when the parent ends. */
    public static final int PR_SET_PDEATHSIG = 1;
    /** The name of the thread, up to 15 bytes and a 0. */
    public static final int PR_SET_NAME = 15;
    /** Asks for it. */
    public static final int PR_GET_NAME = 16;
    /** How late a timer of the thread may be, in nanoseconds. */
    public static final int PR_SET_TIMERSLACK = 29;
    /** Asks for it. */
    public static final int PR_GET_TIMERSLACK = 30;
    /** execve(2) gives no more rights. */
    public static final int PR_SET_NO_NEW_PRIVS = 38;
    /** Asks for it. */
    public static final int PR_GET_NO_NEW_PRIVS = 39;

    // What waitid(2) waits for.

    /** Any child. */
    public static final int P_ALL = 0;
    /** The child of this id. */
    public static final int P_PID = 1;
    /** A child of this process group. */
    public static final int P_PGID = 2;
    /** The child of this descriptor; from kernel 5.4. */
    public static final int P_PIDFD = 3;
    /** Does not wait. */
    public static final int WNOHANG = 1;
    /** Until it stops. */
    public static final int WSTOPPED = 2;
    /** Until it ends. */
    public static final int WEXITED = 4;
    /** Until it goes on. */
    public static final int WCONTINUED = 8;
    /** Leaves it for another wait. */
    public static final int WNOWAIT = 0x01000000;

    // What waitid(2) tells.

    /** It ended by itself. */
    public static final int CLD_EXITED = 1;
    /** A signal ended it. */
    public static final int CLD_KILLED = 2;
    /** A signal ended it, and its memory was written to a file. */
    public static final int CLD_DUMPED = 3;

    // Places in siginfo_t, which has no name as a structure.
    private static final long SIGINFO_SIZE = 128;
    private static final long SIGINFO_CODE = 8;
    private static final long SIGINFO_PID = 16;
    private static final long SIGINFO_STATUS = 24;

    private Processes() {}

    /**
     * The id of the process: getpid(2).
     *
     * @return its id, more than 0
     */
    public static int getpid() {
        return (int) Kernel.call(SystemCallNumber.GETPID);
    }

    /**
     * The bytes in a page of memory: getpagesize(2).
     *
     * @return a power of 2, 4,096 on x86-64
     */
    public static int getpagesize() {
        return Libc.callInt(Libc.address("getpagesize"), 0, 0, 0, 0, MemorySegment.NULL, MemorySegment.NULL);
    }

    /**
     * The id of the thread: gettid(2). In a virtual thread it is that of its carrier, and a different one after any
     * wait.
     *
     * @return its id, more than 0
     */
    public static int gettid() {
        return (int) Kernel.call(SystemCallNumber.GETTID);
    }

    /**
     * On which processors a thread may run: sched_getaffinity(2).
     *
     * @param thread its id, or 0 for the caller's
     * @param processors where the kernel writes a bit for each processor, from the lowest of the first byte on; a
     *     multiple of 8 bytes, and at least as many as the machine's processors take, for which 128 mostly do
     * @return the number of bytes written, or negated: EFAULT, EINVAL (too short), ESRCH
     */
    public static int schedGetaffinity(int thread, MemorySegment processors) {
        return (int) Kernel.call(
                SystemCallNumber.SCHED_GETAFFINITY, thread, processors.byteSize(), processors.address(), processors);
    }

    /**
     * Restricts a thread to processors: sched_setaffinity(2).
     *
     * @param thread its id, or 0 for the caller's
     * @param processors a bit for each, as {@link #schedGetaffinity} has them
     * @return 0, or negated: EFAULT, EINVAL (none of them may be used), EPERM, ESRCH
     */
    public static int schedSetaffinity(int thread, MemorySegment processors) {
        return (int) Kernel.call(
                SystemCallNumber.SCHED_SETAFFINITY, thread, processors.byteSize(), processors.address(), processors);
    }

    /**
     * Sets and asks for a limit: prlimit(2).
     *
     * @param process its id, or 0 for the caller's
     * @param resource {@code RLIMIT_*}
     * @param limit an {@link Rlimit} to set, or {@link MemorySegment#NULL}
     * @param previous an {@link Rlimit} where the kernel writes what was set before, or {@link MemorySegment#NULL}
     * @return 0, or negated: EFAULT, EINVAL, EPERM, ESRCH
     */
    public static int prlimit(int process, int resource, MemorySegment limit, MemorySegment previous) {
        Assert.lengthFitsOrNull(Rlimit.SIZE, limit);
        Assert.lengthFitsOrNull(Rlimit.SIZE, previous);
        return (int) Kernel.call(
                SystemCallNumber.PRLIMIT64, process, resource, limit.address(), previous.address(), limit, previous);
    }

    /**
     * A limit of this process: getrlimit(2).
     *
     * @param resource {@code RLIMIT_*}
     * @return the limit
     * @throws IllegalArgumentException if there is no such resource
     */
    public static ResourceLimit getrlimit(int resource) {
        MemorySegment memory = SegmentPool.ARGUMENTS.borrow();
        try {
            int result = prlimit(0, resource, MemorySegment.NULL, memory);
            if (result < 0) {
                throw new IllegalArgumentException("getrlimit(" + resource + ") failed with "
                        + Errno.describe(-result) + "; pass one of RLIMIT_*");
            }
            return new ResourceLimit(memory.get(LONG, Rlimit.RLIM_CUR), memory.get(LONG, Rlimit.RLIM_MAX));
        } finally {
            SegmentPool.ARGUMENTS.giveBack(memory);
        }
    }

    /**
     * Sets a limit of this process: setrlimit(2).
     *
     * @param resource {@code RLIMIT_*}
     * @param limit the new limit
     * @return 0, or negated: EINVAL (no such resource, or current above maximum), EPERM (only a privileged process
     *     raises the maximum)
     */
    public static int setrlimit(int resource, ResourceLimit limit) {
        MemorySegment memory = SegmentPool.ARGUMENTS.borrow();
        try {
            memory.set(LONG, Rlimit.RLIM_CUR, limit.current());
            memory.set(LONG, Rlimit.RLIM_MAX, limit.maximum());
            return prlimit(0, resource, memory, MemorySegment.NULL);
        } finally {
            SegmentPool.ARGUMENTS.giveBack(memory);
        }
    }

    /**
     * The kernel that runs: uname(2).
     *
     * @return its release
     */
    public static KernelRelease uname() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate(Utsname.LAYOUT);
            int result = uname(names);
            Assert.that(result == 0, "uname cannot fail with memory of the right size", result);
            return KernelRelease.parse(names.getString(Utsname.RELEASE));
        }
    }

    /**
     * Names of the kernel and the machine: uname(2).
     *
     * @param names a {@link Utsname} to fill in
     * @return 0, or negated EFAULT
     */
    public static int uname(MemorySegment names) {
        Assert.lengthFits(Utsname.SIZE, names);
        return (int) Kernel.call(SystemCallNumber.UNAME, names.address(), names);
    }

    /**
     * Asks for or sets something about the process or the calling thread: prctl(2).
     *
     * @param option {@code PR_*}
     * @param a what the option takes, or 0
     * @param b likewise
     * @param c likewise
     * @param d likewise
     * @return what the option answers, or negated: EACCES, EBADF, EBUSY, EFAULT, EINVAL, ENODEV, ENXIO, EOPNOTSUPP,
     *     EPERM, ERANGE
     */
    public static int prctl(int option, long a, long b, long c, long d) {
        return (int) Kernel.call(SystemCallNumber.PRCTL, option, a, b, c, d);
    }

    /**
     * A descriptor for a process, which no later one with the same id is taken for: pidfd_open(2). It is closed on
     * exec, and becomes readable when the process ends. From kernel 5.3.
     *
     * @param process the id of a process, which for one's own child is nobody else's until it has been waited for
     * @param flags 0
     * @return a descriptor that the caller owns, or negated: EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM, ENOSYS, ESRCH
     */
    public static int pidfdOpen(int process, int flags) {
        return (int) Kernel.call(SystemCallNumber.PIDFD_OPEN, process, flags);
    }

    /**
     * Sends a signal to a process by its descriptor: pidfd_send_signal(2). From kernel 5.1.
     *
     * @param pidfd from {@link #pidfdOpen}
     * @param signal which signal, or 0 to ask whether the process exists
     * @return 0, or negated: EBADF, EINVAL (no such signal), ENOSYS, EPERM, ESRCH (it has ended, and was waited for)
     */
    public static int pidfdSendSignal(int pidfd, int signal) {
        return (int) Kernel.call(SystemCallNumber.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /**
     * Sends a signal to a process by its id: kill(2).
     *
     * @param process its id
     * @param signal which signal, or 0 to ask whether the process exists
     * @return 0, or negated: EINVAL (no such signal), EPERM, ESRCH
     */
    public static int kill(int process, int signal) {
        return (int) Kernel.call(SystemCallNumber.KILL, process, signal);
    }

    /**
     * Asks what became of a child: waitid(2). Blocks unless told otherwise.
     *
     * @param type {@code P_PID}, {@code P_PIDFD} …
     * @param id of that type
     * @param options {@code WEXITED} …
     * @return what has changed; its {@link ChildChange#result()} is negated where there is nothing to tell: EAGAIN
     *     (with {@code WNOHANG}: nothing yet), EBADF, ECHILD (no such child, or somebody else has waited for it),
     *     EINTR, EINVAL
     */
    public static ChildChange waitid(int type, int id, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            int result = (int) Kernel.call(
                    SystemCallNumber.WAITID, type, id, information.address(), options, 0, information);
            int process = information.get(INT, SIGINFO_PID);
            if (result == 0 && process == 0) {
                result = -Errno.EAGAIN.code();
            }
            return new ChildChange(
                    result, process, information.get(INT, SIGINFO_CODE), information.get(INT, SIGINFO_STATUS));
        }
    }

    /**
     * The environment as the C library has it: environ(7). Nobody may change it meanwhile; the Java virtual machine
     * does not.
     *
     * @return the variables as they were given, mostly {@code name=value}
     */
    public static List<byte[]> environment() {
        List<byte[]> variables = new ArrayList<>();
        MemorySegment all = RawMemory.everything();
        long next = all.get(LONG, Libc.address("environ").address());
        if (next != 0) {
            for (long variable = all.get(LONG, next); variable != 0; variable = all.get(LONG, next)) {
                long length = Libc.call(Libc.address("strlen"), variable, 0, 0, 0, 0, 0, 0,
                        MemorySegment.NULL, MemorySegment.NULL);
                variables.add(all.asSlice(variable, length).toArray(ValueLayout.JAVA_BYTE));
                next += LONG.byteSize();
            }
        }
        return variables;
    }
}
