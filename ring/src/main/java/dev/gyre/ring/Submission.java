package dev.gyre.ring;

import static dev.gyre.ring.Words.BYTE;
import static dev.gyre.ring.Words.INT;
import static dev.gyre.ring.Words.LONG;
import static dev.gyre.ring.Words.SHORT;

import dev.gyre.linux.layout.Sqe;
import java.lang.foreign.MemorySegment;

/**
 * A place of the submission queue that is being filled in.
 *
 * <p>The thread that owns the ring fills it in, and no virtual thread that it carries: that one could be switched out
 * halfway, and the entry be submitted as it is. One object serves all places of a ring. {@link #operation} comes first,
 * since it clears the entry; the fields have the names of the kernel's {@code io_uring_sqe}, and the operations know
 * which of them count.
 */
public final class Submission {
    private final MemorySegment entries;
    private long base;

    Submission(MemorySegment entries) {
        this.entries = entries;
    }

    void position(long offset) {
        base = offset;
    }

    /**
     * Clears the entry and says what is to be done.
     *
     * @param opcode {@code IORING_OP_*}
     * @param fd what it is done to, or -1
     * @return this
     */
    public Submission operation(int opcode, int fd) {
        LONG.set(entries, base, opcode | (long) fd << 32);
        for (long at = base + Long.BYTES; at < base + Sqe.SIZE; at += Long.BYTES) {
            LONG.set(entries, at, 0L);
        }
        return this;
    }

    /**
     * How the entry is treated.
     *
     * @param flags {@code IOSQE_*}
     * @return this
     */
    public Submission flags(int flags) {
        BYTE.set(entries, base + Sqe.FLAGS, (byte) flags);
        return this;
    }

    /** Adds to the flags that the operation set itself. */
    void addFlags(int flags) {
        BYTE.set(entries, base + Sqe.FLAGS, (byte) ((byte) BYTE.get(entries, base + Sqe.FLAGS) | flags));
    }

    /**
     * The priority, or the flags of a receive, send or accept.
     *
     * @param ioprio the field
     * @return this
     */
    public Submission ioprio(int ioprio) {
        SHORT.set(entries, base + Sqe.IOPRIO, (short) ioprio);
        return this;
    }

    /**
     * An offset, or a second address.
     *
     * @param offset the field
     * @return this
     */
    public Submission offset(long offset) {
        LONG.set(entries, base + Sqe.OFF, offset);
        return this;
    }

    /**
     * A buffer, a path, or whatever the first address means.
     *
     * @param address the field
     * @return this
     */
    public Submission address(long address) {
        LONG.set(entries, base + Sqe.ADDR, address);
        return this;
    }

    /**
     * The length of the buffer, or whatever counts.
     *
     * @param length the field
     * @return this
     */
    public Submission length(int length) {
        INT.set(entries, base + Sqe.LEN, length);
        return this;
    }

    /**
     * The flags that belong to the operation: of the message, the accept, the open, the timeout, the cancel …
     *
     * @param flags the field
     * @return this
     */
    public Submission operationFlags(int flags) {
        INT.set(entries, base + Sqe.RW_FLAGS, flags);
        return this;
    }

    /**
     * The group of provided buffers to take one from, or the number of a registered buffer.
     *
     * @param group the field
     * @return this
     */
    public Submission bufferGroup(int group) {
        SHORT.set(entries, base + Sqe.BUF_GROUP, (short) group);
        return this;
    }

    /**
     * The slot of a direct descriptor plus one, or a second descriptor.
     *
     * @param index the field
     * @return this
     */
    public Submission fileIndex(int index) {
        INT.set(entries, base + Sqe.FILE_INDEX, index);
        return this;
    }

    /**
     * A third address, or whatever else has its place.
     *
     * @param address the field
     * @return this
     */
    public Submission thirdAddress(long address) {
        LONG.set(entries, base + Sqe.ADDR3, address);
        return this;
    }

    /**
     * What the completion will carry. A {@link Loop} sets it itself.
     *
     * @param userData the field
     * @return this
     */
    public Submission userData(long userData) {
        LONG.set(entries, base + Sqe.USER_DATA, userData);
        return this;
    }
}
