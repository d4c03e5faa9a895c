package dev.gyre.linux;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Starting programs: posix_spawn(3), with what is done in the child before it becomes the program. Java cannot fork:
 * between fork and exec there must be no other code than the C library's own.
 *
 * <p>These are functions of the C library, and not of the kernel. Each answers 0, or a negated {@link Errno}. Any
 * thread may call; {@link #spawn} blocks the calling thread until the child has become the program, or has failed to.
 * Memory that is passed to one call is used until the last one, as pointers.
 */
public final class Spawn {
    /** Bytes enough for a {@code posix_spawn_file_actions_t}: 80 in glibc and in musl. */
    public static final long FILE_ACTIONS_SIZE = 256;

    /** Bytes enough for a {@code posix_spawnattr_t}: 336 in glibc and in musl. */
    public static final long ATTRIBUTES_SIZE = 512;

    /** Bytes in a {@code sigset_t} of the C library; one bit for each signal, from signal 1 on. */
    public static final long SIGNAL_SET_SIZE = 128;

    /** For {@link #setFlags}: those signals are as they are by default. */
    public static final int POSIX_SPAWN_SETSIGDEF = 0x04;

    /** For {@link #setFlags}: those signals, and no others, are blocked. */
    public static final int POSIX_SPAWN_SETSIGMASK = 0x08;

    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final String CHANGE_DIRECTORY = "posix_spawn_file_actions_addfchdir_np";

    private Spawn() {}

    /**
     * Whether the C library can do all of this. glibc can from 2.34 on; musl has no {@link #addCloseFrom}.
     *
     * @return false where the calls here end in an {@link UnsatisfiedLinkError}
     */
    public static boolean isSupported() {
        return List.of("posix_spawn", CLOSE_FROM, CHANGE_DIRECTORY).stream().allMatch(Libc::has);
    }

    /**
     * Begins a list of what is done in the child: posix_spawn_file_actions_init(3).
     *
     * @param actions cleared, of {@link #FILE_ACTIONS_SIZE}
     * @return 0, or negated ENOMEM
     */
    public static int initActions(MemorySegment actions) {
        return call("posix_spawn_file_actions_init", actions, 0, 0);
    }

    /**
     * Frees what such a list refers to: posix_spawn_file_actions_destroy(3).
     *
     * @param actions from {@link #initActions}
     * @return 0
     */
    public static int destroyActions(MemorySegment actions) {
        return call("posix_spawn_file_actions_destroy", actions, 0, 0);
    }

    /**
     * Then a copy of a descriptor gets a number, and is not closed on exec: posix_spawn_file_actions_adddup2(3).
     *
     * @param actions from {@link #initActions}
     * @param fd what to copy
     * @param number what the copy is called
     * @return 0, or negated: EBADF, ENOMEM
     */
    public static int addDup2(MemorySegment actions, int fd, int number) {
        return call("posix_spawn_file_actions_adddup2", actions, fd, number);
    }

    /**
     * Then a file is opened: posix_spawn_file_actions_addopen(3).
     *
     * @param actions from {@link #initActions}
     * @param number the descriptor that it gets
     * @param path ends with a zero
     * @param flags {@code O_*}
     * @return 0, or negated: EBADF, ENOMEM
     */
    public static int addOpen(MemorySegment actions, int number, MemorySegment path, int flags) {
        return -(int) Libc.call(Libc.address("posix_spawn_file_actions_addopen"), actions.address(), number,
                path.address(), flags, 0, 0, 0, actions, path);
    }

    /**
     * Then the child goes to a folder: posix_spawn_file_actions_addfchdir_np(3), glibc 2.29.
     *
     * @param actions from {@link #initActions}
     * @param directory its descriptor
     * @return 0, or negated: EBADF, ENOMEM
     */
    public static int addFchdir(MemorySegment actions, int directory) {
        return call(CHANGE_DIRECTORY, actions, directory, 0);
    }

    /**
     * Then every descriptor from a number on is closed: posix_spawn_file_actions_addclosefrom_np(3), glibc 2.34.
     *
     * @param actions from {@link #initActions}
     * @param number the first that is closed
     * @return 0, or negated: EBADF, ENOMEM
     */
    public static int addCloseFrom(MemorySegment actions, int number) {
        return call(CLOSE_FROM, actions, number, 0);
    }

    /**
     * Begins the child's attributes: posix_spawnattr_init(3).
     *
     * @param attributes cleared, of {@link #ATTRIBUTES_SIZE}
     * @return 0
     */
    public static int initAttributes(MemorySegment attributes) {
        return call("posix_spawnattr_init", attributes, 0, 0);
    }

    /**
     * Frees what attributes refer to: posix_spawnattr_destroy(3).
     *
     * @param attributes from {@link #initAttributes}
     * @return 0
     */
    public static int destroyAttributes(MemorySegment attributes) {
        return call("posix_spawnattr_destroy", attributes, 0, 0);
    }

    /**
     * Says which attributes count: posix_spawnattr_setflags(3).
     *
     * @param attributes from {@link #initAttributes}
     * @param flags {@code POSIX_SPAWN_*}
     * @return 0, or negated EINVAL
     */
    public static int setFlags(MemorySegment attributes, int flags) {
        return call("posix_spawnattr_setflags", attributes, flags, 0);
    }

    /**
     * Says which signals are blocked: posix_spawnattr_setsigmask(3).
     *
     * @param attributes from {@link #initAttributes}
     * @param signals of {@link #SIGNAL_SET_SIZE}
     * @return 0
     */
    public static int setSignalMask(MemorySegment attributes, MemorySegment signals) {
        return call("posix_spawnattr_setsigmask", attributes, signals);
    }

    /**
     * Says which signals are as they are by default: posix_spawnattr_setsigdefault(3). The others stay ignored where
     * they were.
     *
     * @param attributes from {@link #initAttributes}
     * @param signals of {@link #SIGNAL_SET_SIZE}
     * @return 0
     */
    public static int setSignalDefaults(MemorySegment attributes, MemorySegment signals) {
        return call("posix_spawnattr_setsigdefault", attributes, signals);
    }

    /**
     * Starts a program: posix_spawn(3). Blocks until the child runs it.
     *
     * @param memory what all the other arguments, and what they refer to, are parts of
     * @param process where the child's id goes, 32 bits
     * @param path of the program's file, ends with a zero
     * @param actions from {@link #initActions}
     * @param attributes from {@link #initAttributes}
     * @param arguments addresses of texts that end with a zero, the first being the program's name; and a zero
     * @param environment likewise, each {@code name=value}
     * @return 0, or negated: EAGAIN (as many processes as may be), ENOMEM, what the actions answered, and what
     *     execve(2) did: E2BIG, EACCES, EINVAL, EIO, EISDIR, ELIBBAD, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENOENT,
     *     ENOEXEC, ENOTDIR, EPERM, ETXTBSY
     */
    public static int spawn(
            MemorySegment memory, MemorySegment process, MemorySegment path, MemorySegment actions,
            MemorySegment attributes, MemorySegment arguments, MemorySegment environment) {
        Assert.lengthFits(Integer.BYTES, process);
        return -(int) Libc.call(Libc.address("posix_spawn"), process.address(), path.address(), actions.address(),
                attributes.address(), arguments.address(), environment.address(), 0, memory, MemorySegment.NULL);
    }

    /** The functions answer with the error number itself, and leave {@code errno} alone. */
    private static int call(String function, MemorySegment memory, long b, long c) {
        return -Libc.callInt(Libc.address(function), memory.address(), b, c, 0, memory, MemorySegment.NULL);
    }

    private static int call(String function, MemorySegment attributes, MemorySegment signals) {
        Assert.lengthFits(SIGNAL_SET_SIZE, signals);
        return -Libc.callInt(
                Libc.address(function), attributes.address(), signals.address(), 0, 0, attributes, signals);
    }
}
