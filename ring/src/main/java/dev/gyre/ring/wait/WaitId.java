package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;

/** Waits for a child process to change. The result is 0; the rest is told by the methods here. */
public final class WaitId extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("waitid", IoUringOp.IORING_OP_WAITID, "6.7",
            "waitid(2)", EnumSet.of(EAGAIN, ECHILD, EINTR, EINVAL));

    // Places in siginfo_t, as sigaction(2) and the headers of 64-bit machines have it.
    private static final long SIZE = 128;
    private static final long CODE = 8;
    private static final long PID = 16;
    private static final long STATUS = 24;

    private final int type;
    private final int id;
    private final int options;
    private final MemorySegment information = Arena.ofAuto().allocate(SIZE, Long.BYTES);

    /**
     * A wait.
     *
     * @param type {@code P_PID}, {@code P_PIDFD}, {@code P_PGID} or {@code P_ALL}
     * @param id of that type
     * @param options {@code WEXITED}, {@code WSTOPPED}, {@code WCONTINUED}, with {@code WNOHANG} and {@code WNOWAIT}
     * @param callback who is told
     */
    public WaitId(int type, int id, int options, Callback callback) {
        super(callback);
        this.type = type;
        this.id = id;
        this.options = options;
    }

    /**
     * Which child changed.
     *
     * @return its process id, or 0 if with {@code WNOHANG} none has
     */
    public int process() {
        return information.get(ValueLayout.JAVA_INT, PID);
    }

    /**
     * What happened to it.
     *
     * @return {@code CLD_*}: 1 for an exit, 2 for a death by signal, 3 with a core dump, 5 for a stop, 6 for going on
     */
    public int code() {
        return information.get(ValueLayout.JAVA_INT, CODE);
    }

    /**
     * Its exit status, or the signal.
     *
     * @return the status after an exit, the signal's number otherwise
     */
    public int status() {
        return information.get(ValueLayout.JAVA_INT, STATUS);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), id).length(type).offset(information.address()).fileIndex(options);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
