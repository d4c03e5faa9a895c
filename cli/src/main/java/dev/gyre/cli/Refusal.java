package dev.gyre.cli;

import dev.gyre.linux.Errno;
import dev.gyre.ring.RingException;

/**
 * Who refuses io_uring, and what to do about it.
 *
 * <p>The error number alone does not tell: a seccomp filter answers with EPERM or with ENOSYS, like the kernel's own
 * switch, or a kernel that was built without. What proc(5) says of this process decides between them.
 */
final class Refusal {
    private static final String NAME = "refused by";

    private Refusal() {}

    /** The one finding that explains a refused set-up. Its value is a word or two that do not change. */
    static Finding explain(Proc proc, RingException refusal) {
        int code = refusal.errorNumber();
        return switch (Errno.of(code).orElse(Errno.EIO)) {
            case EPERM -> forbidden(proc);
            case ENOSYS -> hidden(proc);
            case EACCES -> securityModule();
            case ENOMEM -> memory(proc);
            case EINVAL -> kernel("Kernel " + release(proc) + " lacks what Gyre needs: use 6.1 or newer.");
            case EMFILE -> openFiles("This process has used up its descriptors: raise the limit with ulimit -n.");
            case ENFILE -> openFiles("The system has used up its descriptors: raise sysctl fs.file-max.");
            default -> kernel("io_uring_setup answers " + Errno.describe(code) + ".");
        };
    }

    private static Finding forbidden(Proc proc) {
        String disabled = switchOf(proc);
        if (!disabled.equals("0")) {
            return Finding.warning(
                    NAME,
                    "sysctl",
                    "kernel.io_uring_disabled is " + disabled + ". To allow it: sysctl kernel.io_uring_disabled=0");
        }
        return isFiltered(proc) ? seccomp("EPERM") : securityModule();
    }

    private static Finding hidden(Proc proc) {
        return isFiltered(proc)
                ? seccomp("ENOSYS")
                : kernel("Kernel " + release(proc) + " has no io_uring: use 6.1 or newer, built with CONFIG_IO_URING.");
    }

    private static Finding seccomp(String answer) {
        return Finding.warning(
                NAME,
                "seccomp",
                "A filter, as container engines install it, answers io_uring_setup with " + answer
                        + ". Allow io_uring_setup, io_uring_enter and io_uring_register in the container's profile.");
    }

    private static Finding securityModule() {
        return Finding.warning(
                NAME, "security module", "SELinux or another security module forbids it: its log says by which rule.");
    }

    private static Finding memory(Proc proc) {
        long locked = proc.limit("Max locked memory").orElse(Proc.UNLIMITED);
        if (locked == Proc.UNLIMITED) {
            return Finding.warning(
                    NAME, "memory", "The kernel has no memory for a ring, or the control group has not.");
        }
        return Finding.warning(
                NAME,
                "memlock",
                "The limit of locked memory is " + locked / 1024 + " KiB: raise it with ulimit -l 8192.");
    }

    private static Finding kernel(String advice) {
        return Finding.warning(NAME, "kernel", advice);
    }

    private static Finding openFiles(String advice) {
        return Finding.warning(NAME, "open files", advice);
    }

    private static String switchOf(Proc proc) {
        return proc.text("sys/kernel/io_uring_disabled").orElse("0");
    }

    private static boolean isFiltered(Proc proc) {
        return !proc.status("Seccomp").orElse("0").equals("0");
    }

    private static String release(Proc proc) {
        return proc.text("sys/kernel/osrelease").orElse("unknown");
    }
}
