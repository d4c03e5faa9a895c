package dev.gyre.io;

/**
 * The error numbers that {@link Operation} gives a meaning to.
 *
 * <p>They are Linux's generic numbers, which x86-64 and aarch64 share. This module speaks of them without
 * depending on any system call, so that a simulated failure carries the number that a real one would.
 */
enum ErrorNumber {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENFILE(23),
    EMFILE(24),
    ETXTBSY(26),
    EFBIG(27),
    ENOSPC(28),
    ESPIPE(29),
    EROFS(30),
    EMLINK(31),
    EPIPE(32),
    EDOM(33),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    ENOSR(63),
    ENONET(64),
    EPROTO(71),
    EOVERFLOW(75),
    ENOTSOCK(88),
    EDESTADDRREQ(89),
    EMSGSIZE(90),
    EPROTOTYPE(91),
    ENOPROTOOPT(92),
    EPROTONOSUPPORT(93),
    ESOCKTNOSUPPORT(94),
    EOPNOTSUPP(95),
    EPFNOSUPPORT(96),
    EAFNOSUPPORT(97),
    EADDRINUSE(98),
    EADDRNOTAVAIL(99),
    ENETDOWN(100),
    ENETUNREACH(101),
    ENETRESET(102),
    ECONNABORTED(103),
    ECONNRESET(104),
    ENOBUFS(105),
    EISCONN(106),
    ENOTCONN(107),
    ETIMEDOUT(110),
    ECONNREFUSED(111),
    EHOSTDOWN(112),
    EHOSTUNREACH(113),
    EALREADY(114),
    EINPROGRESS(115),
    ESTALE(116),
    EDQUOT(122),
    ECANCELED(125),
    ERESTARTSYS(512);

    private final int code;

    ErrorNumber(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The name of {@code code}, or the bare number where no operation knows it. */
    static String nameOf(int code) {
        for (ErrorNumber number : values()) {
            if (number.code == code) {
                return number.name();
            }
        }
        return "errno " + code;
    }
}
