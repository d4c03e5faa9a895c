package dev.gyre.process;

import java.io.Serial;

/** A process that was called, or started, or worked on something, has ended without an answer. */
public final class CallException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Pid process;
    private final transient ExitReason reason;

    CallException(Pid process, ExitReason reason) {
        super("process " + process + " has ended without an answer: " + reason,
                reason instanceof ExitReason.Failed(Throwable cause) ? cause : null);
        this.process = process;
        this.reason = reason;
    }

    /**
     * Which process it was.
     *
     * @return it has ended
     */
    public Pid process() {
        return process;
    }

    /**
     * Why it ended.
     *
     * @return {@link ExitReason.NoProcess} if it had before it was called
     */
    public ExitReason reason() {
        return reason;
    }
}
