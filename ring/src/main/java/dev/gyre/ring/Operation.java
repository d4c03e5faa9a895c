package dev.gyre.ring;

import dev.gyre.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Something that the kernel is asked to do: its arguments, who is told, and its result, all in one object.
 *
 * <p>An operation can be submitted again and again, but is in flight at most once at a time; so a program that keeps
 * its operations allocates nothing. From {@link Loop#submit} to the last callback it belongs to the loop, with the
 * memory and the descriptor that it names: neither may be changed, freed or closed before.
 *
 * <p>Only the loop's thread uses it.
 */
public abstract class Operation {
    private static final int NOT_IN_FLIGHT = -1;

    private Callback callback;
    private int result;
    private int flags;

    /** Its place in the loop's table while in flight. */
    int slot = NOT_IN_FLIGHT;

    /** The next operation that waits for room in the submission queue. */
    @Nullable Operation next;

    /** Whether it waits there. */
    boolean queued;

    /** Whether it was to be ended early since it was submitted. */
    boolean canceled;

    /**
     * For subclasses.
     *
     * @param callback who is told
     */
    protected Operation(Callback callback) {
        this.callback = callback;
    }

    /**
     * Fills in the submission. Called when there is room for it, which may be later than {@link Loop#submit}.
     *
     * @param entry cleared by {@link Submission#operation}, which must come first
     */
    protected abstract void prepare(Submission entry);

    /**
     * What this is.
     *
     * @return name, errors, first kernel and manual page
     */
    public abstract OperationKind kind();

    /**
     * Whether a result means that the operation is to be submitted once more instead of being reported.
     *
     * @param value the kernel's result
     * @return true for {@code EINTR}, except where the kind knows better
     */
    protected boolean retries(int value) {
        return value == -Errno.EINTR.code();
    }

    /**
     * Who is told.
     *
     * @param newCallback from the next completion on
     */
    public final void callback(Callback newCallback) {
        callback = newCallback;
    }

    /**
     * The result of the latest completion.
     *
     * @return as the system call would return it; an error as its negative number
     */
    public final int result() {
        return result;
    }

    /**
     * The flags of the latest completion.
     *
     * @return {@code IORING_CQE_F_*}, and the number of a provided buffer in the upper half
     */
    public final int flags() {
        return flags;
    }

    /**
     * Whether the loop has it: from submission to the last completion.
     *
     * @return false if it may be submitted
     */
    public final boolean isInFlight() {
        return slot != NOT_IN_FLIGHT;
    }

    void landed() {
        slot = NOT_IN_FLIGHT;
    }

    void complete(int newResult, int newFlags) {
        result = newResult;
        flags = newFlags;
        callback.completed(this);
    }

    @Override
    public String toString() {
        return kind().name() + (isInFlight() ? " in flight" : "");
    }
}
