package dev.gyre.io;

import java.io.IOException;
import java.io.Serial;

/**
 * An operation failed.
 *
 * <p>The message names the operation, its target and the cause, for instance {@code connect 127.0.0.1:9: connection
 * refused (ECONNREFUSED)}. What a program decides by is {@link #reason()}. Cancellation is not a failure and arrives
 * as {@link CanceledException}.
 */
public final class IoException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Why it failed. */
    private final Reason reason;

    /** What failed. */
    private final Operation operation;

    /** The error number behind it, or 0. */
    private final int errorNumber;

    /** What it was done to. */
    private final String target;

    /**
     * Made by {@link Operation#failure}.
     *
     * @param reason why it failed
     * @param operation what failed
     * @param errorNumber the Linux error number behind it, or 0 where there is none
     * @param target what was operated on: a path, an address
     */
    IoException(Reason reason, Operation operation, int errorNumber, Object target) {
        String detail = errorNumber == 0 ? "" : " (" + ErrorNumber.nameOf(errorNumber) + ")";
        super(operation.verb() + " " + target + ": " + reason.text() + detail);
        this.reason = reason;
        this.operation = operation;
        this.errorNumber = errorNumber;
        this.target = String.valueOf(target);
    }

    /**
     * Why it failed.
     *
     * @return one of {@link #operation()}'s declared reasons, or {@link Reason#UNEXPECTED}
     */
    public Reason reason() {
        return reason;
    }

    /**
     * What failed.
     *
     * @return the operation
     */
    public Operation operation() {
        return operation;
    }

    /**
     * The Linux error number.
     *
     * @return a positive number, or 0 where the failure did not come from the kernel
     */
    public int errorNumber() {
        return errorNumber;
    }

    /**
     * What was operated on.
     *
     * @return a path or an address, as text
     */
    public String target() {
        return target;
    }
}
