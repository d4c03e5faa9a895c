package dev.gyre.linux;

/**
 * Numbers of system calls: those that this package makes by number, and those that {@link Seccomp} is likely to be
 * asked to refuse. From the kernel's {@code asm/unistd.h}.
 */
public final class SystemCallNumber {
    private static final Architecture here = Architecture.current();

    /** accept4(2). */
    public static final int ACCEPT4 = here.choose(288, 242);
    /** copy_file_range(2). */
    public static final int COPY_FILE_RANGE = here.choose(326, 285);
    /** fdatasync(2). */
    public static final int FDATASYNC = here.choose(75, 83);
    /** fsync(2). */
    public static final int FSYNC = here.choose(74, 82);
    /** getdents64(2). */
    public static final int GETDENTS64 = here.choose(217, 61);
    /** gettid(2). */
    public static final int GETTID = here.choose(186, 178);
    /** io_uring_enter(2). */
    public static final int IO_URING_ENTER = 426;
    /** io_uring_register(2). */
    public static final int IO_URING_REGISTER = 427;
    /** io_uring_setup(2). */
    public static final int IO_URING_SETUP = 425;
    /** openat2(2). */
    public static final int OPENAT2 = 437;
    /** preadv2(2). */
    public static final int PREADV2 = here.choose(327, 286);
    /** pwritev2(2). */
    public static final int PWRITEV2 = here.choose(328, 287);
    /** renameat2(2). */
    public static final int RENAMEAT2 = here.choose(316, 276);
    /** seccomp(2). */
    public static final int SECCOMP = here.choose(317, 277);
    /** statx(2). */
    public static final int STATX = here.choose(332, 291);
    /** tgkill(2). */
    public static final int TGKILL = here.choose(234, 131);

    private SystemCallNumber() {}
}
