package dev.gyre.io;

/**
 * The error numbers that {@link Operation} gives a meaning to, and those by which backends answer.
 *
 * <p>They are Linux's generic numbers, which x86-64 and aarch64 share. This module speaks of them without
 * depending on any system call, so that a simulated failure carries the number that a real one would.
 */
public enum ErrorNumber {
    /** Operation not permitted. */
    EPERM(1),
    /** No such file or folder. */
    ENOENT(2),
    /** No such process. */
    ESRCH(3),
    /** Interrupted by a signal. */
    EINTR(4),
    /** Input/output error. */
    EIO(5),
    /** No such device or address. */
    ENXIO(6),
    /** Argument list too long. */
    E2BIG(7),
    /** Not a format that can be executed. */
    ENOEXEC(8),
    /** Bad file descriptor. */
    EBADF(9),
    /** No child. */
    ECHILD(10),
    /** Would have to wait. */
    EAGAIN(11),
    /** Out of memory. */
    ENOMEM(12),
    /** Permission denied. */
    EACCES(13),
    /** Bad address. */
    EFAULT(14),
    /** Device or resource busy. */
    EBUSY(16),
    /** File exists. */
    EEXIST(17),
    /** Leads to another file system, or out of bounds. */
    EXDEV(18),
    /** No such device. */
    ENODEV(19),
    /** Not a folder. */
    ENOTDIR(20),
    /** Is a folder. */
    EISDIR(21),
    /** Invalid argument. */
    EINVAL(22),
    /** Too many open files in the system. */
    ENFILE(23),
    /** Too many open files in the process. */
    EMFILE(24),
    /** No such request to a device. */
    ENOTTY(25),
    /** Text file busy. */
    ETXTBSY(26),
    /** File too large. */
    EFBIG(27),
    /** No space left on the device. */
    ENOSPC(28),
    /** Not seekable. */
    ESPIPE(29),
    /** Read-only file system. */
    EROFS(30),
    /** Too many links. */
    EMLINK(31),
    /** Broken pipe. */
    EPIPE(32),
    /** Argument out of domain. */
    EDOM(33),
    /** Result out of range. */
    ERANGE(34),
    /** File name too long. */
    ENAMETOOLONG(36),
    /** No locks available. */
    ENOLCK(37),
    /** Not implemented. */
    ENOSYS(38),
    /** Folder not empty. */
    ENOTEMPTY(39),
    /** Too many symbolic links. */
    ELOOP(40),
    /** No data. */
    ENODATA(61),
    /** Time is over. */
    ETIME(62),
    /** Out of streams resources. */
    ENOSR(63),
    /** Machine is not on the network. */
    ENONET(64),
    /** Protocol error. */
    EPROTO(71),
    /** Value too large. */
    EOVERFLOW(75),
    /** A shared library is corrupted. */
    ELIBBAD(80),
    /** Not a socket. */
    ENOTSOCK(88),
    /** Destination address required. */
    EDESTADDRREQ(89),
    /** Message too long. */
    EMSGSIZE(90),
    /** Wrong protocol for the socket. */
    EPROTOTYPE(91),
    /** Protocol not available. */
    ENOPROTOOPT(92),
    /** Protocol not supported. */
    EPROTONOSUPPORT(93),
    /** Socket type not supported. */
    ESOCKTNOSUPPORT(94),
    /** Operation not supported. */
    EOPNOTSUPP(95),
    /** Protocol family not supported. */
    EPFNOSUPPORT(96),
    /** Address family not supported. */
    EAFNOSUPPORT(97),
    /** Address in use. */
    EADDRINUSE(98),
    /** Address not available. */
    EADDRNOTAVAIL(99),
    /** Network is down. */
    ENETDOWN(100),
    /** Network is unreachable. */
    ENETUNREACH(101),
    /** Connection dropped by the network. */
    ENETRESET(102),
    /** Connection aborted. */
    ECONNABORTED(103),
    /** Connection reset. */
    ECONNRESET(104),
    /** No buffer space. */
    ENOBUFS(105),
    /** Already connected. */
    EISCONN(106),
    /** Not connected. */
    ENOTCONN(107),
    /** Too many references. */
    ETOOMANYREFS(109),
    /** Timed out. */
    ETIMEDOUT(110),
    /** Connection refused. */
    ECONNREFUSED(111),
    /** Host is down. */
    EHOSTDOWN(112),
    /** No route to the host. */
    EHOSTUNREACH(113),
    /** Already in progress. */
    EALREADY(114),
    /** In progress. */
    EINPROGRESS(115),
    /** Stale file handle. */
    ESTALE(116),
    /** Disk quota exceeded. */
    EDQUOT(122),
    /** Canceled. */
    ECANCELED(125),
    /** To be restarted, inside the kernel only. */
    ERESTARTSYS(512);

    private final int code;

    ErrorNumber(int code) {
        this.code = code;
    }

    /**
     * The number.
     *
     * @return positive
     */
    public int code() {
        return code;
    }

    /**
     * The name of a number.
     *
     * @param code positive
     * @return such as {@code ENOENT}, or the bare number where no operation knows it
     */
    public static String nameOf(int code) {
        for (ErrorNumber number : values()) {
            if (number.code == code) {
                return number.name();
            }
        }
        return "errno " + code;
    }
}
