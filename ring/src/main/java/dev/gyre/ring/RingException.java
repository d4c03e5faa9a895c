package dev.gyre.ring;

import dev.gyre.linux.Errno;
import java.io.IOException;
import java.io.Serial;

/** io_uring itself refused: to be set up, to register something, or to take submissions. */
public final class RingException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** The error number of the refused call. */
    private final int errorNumber;

    /**
     * A new one.
     *
     * @param call what was refused, such as {@code io_uring_setup}
     * @param errorNumber positive, as the kernel gave it
     */
    public RingException(String call, int errorNumber) {
        super(call + " failed with " + Errno.describe(errorNumber) + advice(call, errorNumber));
        this.errorNumber = errorNumber;
    }

    /**
     * The kernel's error number.
     *
     * @return positive
     */
    public int errorNumber() {
        return errorNumber;
    }

    private static String advice(String call, int errorNumber) {
        if (!call.startsWith("io_uring_setup")) {
            return "";
        }
        Errno errno = Errno.of(errorNumber).orElse(Errno.EIO);
        return switch (errno) {
            case ENOSYS -> ": the kernel has no io_uring, or a seccomp filter hides it";
            case EPERM -> ": sysctl kernel.io_uring_disabled or a seccomp filter (the default of most container"
                    + " engines) forbids it";
            case EACCES -> ": a security module forbids it";
            case ENOMEM -> ": the limit of locked memory is too low, raise 'ulimit -l'";
            case EINVAL -> ": the kernel is older than 6.1";
            case EMFILE -> ": the process has too many open files, raise 'ulimit -n'";
            case ENFILE -> ": the system has too many open files, raise fs.file-max";
            default -> "";
        };
    }
}
