package dev.gyre.ring;

import dev.gyre.linux.Errno;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is known of one kind of operation.
 *
 * @param name in lower case, as its system call is called
 * @param opcode {@code IORING_OP_*}
 * @param firstKernel the first Linux that has it, such as {@code 5.6}
 * @param manual where its arguments and errors are documented, such as {@code recv(2)}
 * @param errors the errors that its callers must expect, besides {@code ECANCELED}
 */
public record OperationKind(String name, int opcode, String firstKernel, String manual, Set<Errno> errors) {
    /** Keeps a copy of the errors. */
    public OperationKind {
        EnumSet<Errno> copy = EnumSet.noneOf(Errno.class);
        copy.addAll(errors);
        errors = Collections.unmodifiableSet(copy);
    }

    /**
     * What to tell whoever asked a kernel for it that does not have it.
     *
     * @return a sentence with the first kernel that has it
     */
    public String unsupported() {
        return "the running kernel has no " + name + " for io_uring, Linux has it from " + firstKernel + " on";
    }
}
