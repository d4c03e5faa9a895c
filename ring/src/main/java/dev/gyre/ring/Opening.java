package dev.gyre.ring;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUring;
import java.lang.foreign.MemorySegment;

/** An operation that makes a new file: an ordinary descriptor, or one in a slot of a {@link FileTable}. */
public abstract class Opening extends Operation {
    private static final int NO_SLOT = 0;

    /** The slot plus one, as the kernel wants it. */
    private int fileIndex = NO_SLOT;

    /**
     * For subclasses.
     *
     * @param callback who is told
     * @param memory all native memory of the caller's that the kernel may touch until the last completion
     */
    protected Opening(Callback callback, MemorySegment... memory) {
        super(callback, memory);
    }

    /**
     * Puts the new file into a slot of the loop's {@link FileTable} instead of giving it a descriptor: it then takes
     * no place among the process's descriptors. A file that is in the slot is closed. The result is 0. A direct file
     * is never inherited, so flags must not ask to close it on exec. Kernel 5.15 for open and accept, 5.19 for socket.
     *
     * @param slot of the table, 0 or more
     */
    public void intoSlot(int slot) {
        Assert.that(slot >= 0, "a slot has a number", slot);
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        fileIndex = slot + 1;
    }

    /** As {@link #intoSlot}, into a slot that the kernel chooses; the result is the slot. Kernel 5.19. */
    public final void intoAnySlot() {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        fileIndex = IoUring.IORING_FILE_INDEX_ALLOC;
    }

    /**
     * Whether the new file goes into a slot.
     *
     * @return false if it gets a descriptor
     */
    protected final boolean direct() {
        return fileIndex != NO_SLOT;
    }

    /**
     * Which slot, as {@link Submission#fileIndex} takes it.
     *
     * @return the slot plus one, 0 for none, or {@code IORING_FILE_INDEX_ALLOC}
     */
    protected final int fileIndex() {
        return fileIndex;
    }
}
