package dev.gyre.process;

import java.io.Serial;

/**
 * Thrown by a process to end for a reason. It has no stack trace; what needs one is thrown as it is, and is the reason
 * {@link ExitReason.Failed}.
 */
public final class ProcessExit extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient ExitReason reason;

    /**
     * A new one, for the caller to throw.
     *
     * @param reason for which the process ends, unless it catches this
     */
    public ProcessExit(ExitReason reason) {
        super(reason.toString(), null, false, false);
        this.reason = reason;
    }

    /**
     * Why the process is to end.
     *
     * @return the reason
     */
    public ExitReason reason() {
        return reason;
    }
}
