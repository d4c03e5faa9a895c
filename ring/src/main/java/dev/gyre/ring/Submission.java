package dev.gyre.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.gyre.linux.Sqe;
import java.lang.foreign.MemorySegment;

/**
 * A place of the submission queue that is being filled in.
 *
 * <p>One object serves all places of a ring. {@link #operation} comes first, since it clears the entry; the fields
 * have the names of the kernel's {@code io_uring_sqe}, and the operations know which of them count.
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
        entries.set(JAVA_LONG, base, opcode | (long) fd << 32);
        for (long at = base + Long.BYTES; at < base + Sqe.SIZE; at += Long.BYTES) {
            entries.set(JAVA_LONG, at, 0);
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
        entries.set(JAVA_BYTE, base + Sqe.FLAGS, (byte) flags);
        return this;
    }

    /** Adds to the flags that the operation set itself. */
    void addFlags(int flags) {
        entries.set(JAVA_BYTE, base + Sqe.FLAGS, (byte) (entries.get(JAVA_BYTE, base + Sqe.FLAGS) | flags));
    }

    /**
     * The priority, or the flags of a receive, send or accept.
     *
     * @param ioprio the field
     * @return this
     */
    public Submission ioprio(int ioprio) {
        entries.set(JAVA_SHORT, base + Sqe.IOPRIO, (short) ioprio);
        return this;
    }

    /**
     * An offset, or a second address.
     *
     * @param offset the field
     * @return this
     */
    public Submission offset(long offset) {
        entries.set(JAVA_LONG, base + Sqe.OFF, offset);
        return this;
    }

    /**
     * A buffer, a path, or whatever the first address means.
     *
     * @param address the field
     * @return this
     */
    public Submission address(long address) {
        entries.set(JAVA_LONG, base + Sqe.ADDR, address);
        return this;
    }

    /**
     * The length of the buffer, or whatever counts.
     *
     * @param length the field
     * @return this
     */
    public Submission length(int length) {
        entries.set(JAVA_INT, base + Sqe.LEN, length);
        return this;
    }

    /**
     * The flags that belong to the operation: of the message, the accept, the open, the timeout, the cancel …
     *
     * @param flags the field
     * @return this
     */
    public Submission operationFlags(int flags) {
        entries.set(JAVA_INT, base + Sqe.RW_FLAGS, flags);
        return this;
    }

    /**
     * The group of provided buffers to take one from, or the number of a registered buffer.
     *
     * @param group the field
     * @return this
     */
    public Submission bufferGroup(int group) {
        entries.set(JAVA_SHORT, base + Sqe.BUF_GROUP, (short) group);
        return this;
    }

    /**
     * The slot of a direct descriptor plus one, or a second descriptor.
     *
     * @param index the field
     * @return this
     */
    public Submission fileIndex(int index) {
        entries.set(JAVA_INT, base + Sqe.FILE_INDEX, index);
        return this;
    }

    /**
     * A third address, or whatever else has its place.
     *
     * @param address the field
     * @return this
     */
    public Submission thirdAddress(long address) {
        entries.set(JAVA_LONG, base + Sqe.ADDR3, address);
        return this;
    }

    /**
     * What the completion will carry. A {@link Loop} sets it itself.
     *
     * @param userData the field
     * @return this
     */
    public Submission userData(long userData) {
        entries.set(JAVA_LONG, base + Sqe.USER_DATA, userData);
        return this;
    }
}
