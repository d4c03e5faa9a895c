package dev.gyre.ring;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import java.lang.foreign.MemorySegment;
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

    /** What the kernel may touch while this is in flight, and kept reachable by being here. */
    private final MemorySegment[] memory;

    private int result;
    private int flags;

    /** Its place in the loop's table while in flight. */
    int slot = NOT_IN_FLIGHT;

    /** What its latest submission carries. */
    long userData;

    /** The next operation that waits for room in the submission queue. */
    @Nullable Operation next;

    /** Whether it waits there. */
    boolean queued;

    /** Whether it was to be ended early since it was submitted. */
    boolean canceled;

    /** {@code IOSQE_*} that are its own, and those by which a chain ties it to the next one. */
    int entryFlags;

    int linkFlags;

    /** The chain that it was submitted with. */
    @Nullable Chain chain;

    /** Whether the loop asks for {@link #next} when the kernel is done with it. */
    boolean persistent;

    /** What becomes of a {@linkplain #persist persistent} operation when the kernel is done with it. */
    public enum Next {
        /** It is over. */
        DONE,
        /** The callback runs, and it is submitted once more. */
        AGAIN,
        /** It is submitted once more. */
        AGAIN_SILENTLY,
        /** It is submitted once more when {@link #fed} says so. */
        STARVED
    }

    /**
     * For subclasses.
     *
     * @param callback who is told
     * @param memory all native memory of the caller's that the kernel may touch until the last completion
     */
    protected Operation(Callback callback, MemorySegment... memory) {
        this.callback = callback;
        for (MemorySegment part : memory) {
            requireNative(part);
        }
        this.memory = memory;
    }

    /**
     * Fills in the submission. Called when there is room for it, which may be later than {@link Loop#submit}. It must
     * not throw: arguments are checked by whoever takes them.
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
     * Whether an error means that the operation is to be submitted once more instead of being reported. A member of a
     * {@link Chain} is not asked: its successors have been told already.
     *
     * @param value the kernel's result, negative
     * @return true for {@code EINTR}, and for what the kernel means by it before it has looked at the signal's handler
     *     (its workers hand that on); except where the kind knows better
     */
    protected boolean retries(int value) {
        return value == -Errno.EINTR.code()
                || value == -Errno.ERESTARTSYS.code()
                || value == -Errno.ERESTARTNOINTR.code()
                || value == -Errno.ERESTARTNOHAND.code();
    }

    /**
     * For subclasses whose operation goes on after the kernel is done with it: from now on the loop asks
     * {@link #next(int)} whenever that is so, except where the operation was canceled or its loop closes.
     */
    protected final void persist() {
        persistent = true;
    }

    /**
     * What happens next to a {@linkplain #persist persistent} operation with which the kernel is done. On the loop's
     * own thread; does not throw.
     *
     * @param value the kernel's result
     * @return {@link Next#DONE}, where a subclass does not say otherwise
     */
    protected Next next(int value) {
        return Next.DONE;
    }

    /**
     * Whether a persistent operation of which {@link #next(int)} said {@link Next#STARVED} can go on. Asked before each
     * turn of the loop, on the loop's own thread; does not throw.
     *
     * @return true, where a subclass does not say otherwise
     */
    protected boolean fed() {
        return true;
    }

    /**
     * Memory that was named.
     *
     * @param index its position among the constructor's arguments
     * @return native
     */
    protected final MemorySegment memory(int index) {
        return memory[index];
    }

    /**
     * Names other memory, for an operation that is used again and is not in flight.
     *
     * @param index its position among the constructor's arguments
     * @param other native
     */
    protected final void memory(int index, MemorySegment other) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        memory[index] = requireNative(other);
    }

    /**
     * Says what the descriptor is that the operation works on. For one that names two, this is the first.
     *
     * @param registered true for a slot of the loop's {@link FileTable}, false for a descriptor, as it is at first
     */
    public final void registeredFile(boolean registered) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        entryFlags = registered
                ? entryFlags | IoUring.IOSQE_FIXED_FILE
                : entryFlags & ~IoUring.IOSQE_FIXED_FILE;
    }

    /**
     * Lets a worker of the kernel's carry it out, without an attempt by the submitting thread, each time it is
     * submitted: for what would block there, or would be taken for refused.
     */
    protected final void byWorker() {
        entryFlags |= IoUring.IOSQE_ASYNC;
    }

    /**
     * What its latest submission carries, by which others can name it to the kernel.
     *
     * @return as in {@code io_uring_sqe}
     */
    public final long userData() {
        return userData;
    }

    /**
     * Whether the kernel was asked for something that it does not have.
     *
     * @return true if the latest result is {@code -ENOSYS}; {@link OperationKind#unsupported()} says it in words
     */
    public final boolean isUnsupported() {
        return result == -Errno.ENOSYS.code();
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

    /**
     * How much memory was named.
     *
     * @return the number of the constructor's last arguments
     */
    protected final int memoryCount() {
        return memory.length;
    }

    /**
     * Refuses memory that the kernel cannot reach.
     *
     * @param memory any
     * @return the same
     * @throws IllegalArgumentException if it is of the heap
     */
    public static MemorySegment requireNative(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException(
                    "the kernel cannot reach heap memory: allocate the buffer from an Arena");
        }
        return memory;
    }

    void landed() {
        slot = NOT_IN_FLIGHT;
    }

    /**
     * Takes a completion. On the loop's own thread. A subclass may hand on another result than the kernel's.
     *
     * @param newResult what {@link #result()} will be
     * @param newFlags what {@link #flags()} will be
     */
    protected void complete(int newResult, int newFlags) {
        result = newResult;
        flags = newFlags;
        callback.completed(this);
    }

    @Override
    public String toString() {
        return kind().name() + (isInFlight() ? " in flight" : "");
    }
}
