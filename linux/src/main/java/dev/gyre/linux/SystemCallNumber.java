package dev.gyre.linux;

/**
 * Numbers of the system calls that this package makes: what {@link Seccomp} can be asked to refuse. From the kernel's
 * {@code asm/unistd.h}.
 */
public final class SystemCallNumber {
    private static final Architecture here = Architecture.current();

    /** accept4(2). */
    public static final int ACCEPT4 = here.choose(288, 242);
    /** bind(2). */
    public static final int BIND = here.choose(49, 200);
    /** cachestat(2). */
    public static final int CACHESTAT = here.choose(451, 451);
    /** close(2). */
    public static final int CLOSE = here.choose(3, 57);
    /** connect(2). */
    public static final int CONNECT = here.choose(42, 203);
    /** copy_file_range(2). */
    public static final int COPY_FILE_RANGE = here.choose(326, 285);
    /** dup(2). */
    public static final int DUP = here.choose(32, 23);
    /** epoll_create1(2). */
    public static final int EPOLL_CREATE1 = here.choose(291, 20);
    /** epoll_ctl(2). */
    public static final int EPOLL_CTL = here.choose(233, 21);
    /** epoll_pwait(2). */
    public static final int EPOLL_PWAIT = here.choose(281, 22);
    /** eventfd(2). */
    public static final int EVENTFD2 = here.choose(290, 19);
    /** posix_fadvise(2). */
    public static final int FADVISE64 = here.choose(221, 223);
    /** fallocate(2). */
    public static final int FALLOCATE = here.choose(285, 47);
    /** fchmod(2). */
    public static final int FCHMOD = here.choose(91, 52);
    /** fchown(2). */
    public static final int FCHOWN = here.choose(93, 55);
    /** fchownat(2). */
    public static final int FCHOWNAT = here.choose(260, 54);
    /** fcntl(2). */
    public static final int FCNTL = here.choose(72, 25);
    /** fdatasync(2). */
    public static final int FDATASYNC = here.choose(75, 83);
    /** fgetxattr(2). */
    public static final int FGETXATTR = here.choose(193, 10);
    /** flistxattr(2). */
    public static final int FLISTXATTR = here.choose(196, 13);
    /** flock(2). */
    public static final int FLOCK = here.choose(73, 32);
    /** fremovexattr(2). */
    public static final int FREMOVEXATTR = here.choose(199, 16);
    /** fsetxattr(2). */
    public static final int FSETXATTR = here.choose(190, 7);
    /** fstatfs(2). */
    public static final int FSTATFS = here.choose(138, 44);
    /** fsync(2). */
    public static final int FSYNC = here.choose(74, 82);
    /** ftruncate(2). */
    public static final int FTRUNCATE = here.choose(77, 46);
    /** getdents64(2). */
    public static final int GETDENTS64 = here.choose(217, 61);
    /** getpeername(2). */
    public static final int GETPEERNAME = here.choose(52, 205);
    /** getpid(2). */
    public static final int GETPID = here.choose(39, 172);
    /** getrandom(2). */
    public static final int GETRANDOM = here.choose(318, 278);
    /** getsockname(2). */
    public static final int GETSOCKNAME = here.choose(51, 204);
    /** getsockopt(2). */
    public static final int GETSOCKOPT = here.choose(55, 209);
    /** gettid(2). */
    public static final int GETTID = here.choose(186, 178);
    /** ioctl(2). */
    public static final int IOCTL = here.choose(16, 29);
    /** getxattr(2). */
    public static final int GETXATTR = here.choose(191, 8);
    /** inotify_add_watch(2). */
    public static final int INOTIFY_ADD_WATCH = here.choose(254, 27);
    /** inotify_init1(2). */
    public static final int INOTIFY_INIT1 = here.choose(294, 26);
    /** inotify_rm_watch(2). */
    public static final int INOTIFY_RM_WATCH = here.choose(255, 28);
    /** io_uring_enter(2). */
    public static final int IO_URING_ENTER = 426;
    /** io_uring_register(2). */
    public static final int IO_URING_REGISTER = 427;
    /** io_uring_setup(2). */
    public static final int IO_URING_SETUP = 425;
    /** kill(2). */
    public static final int KILL = here.choose(62, 129);
    /** linkat(2). */
    public static final int LINKAT = here.choose(265, 37);
    /** listen(2). */
    public static final int LISTEN = here.choose(50, 201);
    /** listxattr(2). */
    public static final int LISTXATTR = here.choose(194, 11);
    /** lseek(2). */
    public static final int LSEEK = here.choose(8, 62);
    /** madvise(2). */
    public static final int MADVISE = here.choose(28, 233);
    /** memfd_create(2). */
    public static final int MEMFD_CREATE = here.choose(319, 279);
    /** mkdirat(2). */
    public static final int MKDIRAT = here.choose(258, 34);
    /** mknodat(2). */
    public static final int MKNODAT = here.choose(259, 33);
    /** mmap(2). */
    public static final int MMAP = here.choose(9, 222);
    /** mremap(2). */
    public static final int MREMAP = here.choose(25, 216);
    /** msync(2). */
    public static final int MSYNC = here.choose(26, 227);
    /** munmap(2). */
    public static final int MUNMAP = here.choose(11, 215);
    /** openat(2). */
    public static final int OPENAT = here.choose(257, 56);
    /** openat2(2). */
    public static final int OPENAT2 = 437;
    /** pidfd_open(2). */
    public static final int PIDFD_OPEN = here.choose(434, 434);
    /** pidfd_send_signal(2). */
    public static final int PIDFD_SEND_SIGNAL = here.choose(424, 424);
    /** pipe2(2). */
    public static final int PIPE2 = here.choose(293, 59);
    /** ppoll(2). */
    public static final int PPOLL = here.choose(271, 73);
    /** prctl(2). */
    public static final int PRCTL = here.choose(157, 167);
    /** pread(2). */
    public static final int PREAD64 = here.choose(17, 67);
    /** preadv2(2). */
    public static final int PREADV2 = here.choose(327, 286);
    /** prlimit(2). */
    public static final int PRLIMIT64 = here.choose(302, 261);
    /** pwrite(2). */
    public static final int PWRITE64 = here.choose(18, 68);
    /** pwritev2(2). */
    public static final int PWRITEV2 = here.choose(328, 287);
    /** read(2). */
    public static final int READ = here.choose(0, 63);
    /** readlinkat(2). */
    public static final int READLINKAT = here.choose(267, 78);
    /** readv(2). */
    public static final int READV = here.choose(19, 65);
    /** recv(2). */
    public static final int RECVFROM = here.choose(45, 207);
    /** recvmmsg(2). */
    public static final int RECVMMSG = here.choose(299, 243);
    /** recvmsg(2). */
    public static final int RECVMSG = here.choose(47, 212);
    /** removexattr(2). */
    public static final int REMOVEXATTR = here.choose(197, 14);
    /** renameat2(2). */
    public static final int RENAMEAT2 = here.choose(316, 276);
    /** sched_getaffinity(2). */
    public static final int SCHED_GETAFFINITY = here.choose(204, 123);
    /** sched_setaffinity(2). */
    public static final int SCHED_SETAFFINITY = here.choose(203, 122);
    /** seccomp(2). */
    public static final int SECCOMP = here.choose(317, 277);
    /** sendfile(2). */
    public static final int SENDFILE = here.choose(40, 71);
    /** sendmmsg(2). */
    public static final int SENDMMSG = here.choose(307, 269);
    /** sendmsg(2). */
    public static final int SENDMSG = here.choose(46, 211);
    /** send(2). */
    public static final int SENDTO = here.choose(44, 206);
    /** setsockopt(2). */
    public static final int SETSOCKOPT = here.choose(54, 208);
    /** setxattr(2). */
    public static final int SETXATTR = here.choose(188, 5);
    /** shutdown(2). */
    public static final int SHUTDOWN = here.choose(48, 210);
    /** socket(2). */
    public static final int SOCKET = here.choose(41, 198);
    /** socketpair(2). */
    public static final int SOCKETPAIR = here.choose(53, 199);
    /** splice(2). */
    public static final int SPLICE = here.choose(275, 76);
    /** statfs(2). */
    public static final int STATFS = here.choose(137, 43);
    /** statx(2). */
    public static final int STATX = here.choose(332, 291);
    /** symlinkat(2). */
    public static final int SYMLINKAT = here.choose(266, 36);
    /** tgkill(2). */
    public static final int TGKILL = here.choose(234, 131);
    /** uname(2). */
    public static final int UNAME = here.choose(63, 160);
    /** unlinkat(2). */
    public static final int UNLINKAT = here.choose(263, 35);
    /** utimensat(2). */
    public static final int UTIMENSAT = here.choose(280, 88);
    /** waitid(2). */
    public static final int WAITID = here.choose(247, 95);
    /** write(2). */
    public static final int WRITE = here.choose(1, 64);
    /** writev(2). */
    public static final int WRITEV = here.choose(20, 66);

    private SystemCallNumber() {}
}
