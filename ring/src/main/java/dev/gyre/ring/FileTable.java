package dev.gyre.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.layout.IoUringRsrcRegister;
import dev.gyre.linux.layout.IoUringRsrcUpdate2;
import dev.gyre.ring.file.Close;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Files that the ring knows by slot instead of by descriptor: the kernel looks them up faster, and a file that was
 * opened straight into a slot takes no place among the descriptors of the process.
 *
 * <p>An operation uses a slot in place of a descriptor once {@link Operation#registeredFile} was told so. Slots are
 * filled by {@link #put}, or by an {@link Opening} with {@link Opening#intoSlot}, and emptied by {@link #clear} or by
 * {@link Close#ofSlot}. An operation in flight keeps its file, whatever happens to the slot. A ring has one table at a
 * time.
 *
 * <p>Only the ring's thread uses it. Kernel 5.19 (io_uring_register(2), {@code IORING_RSRC_REGISTER_SPARSE}).
 */
public final class FileTable implements AutoCloseable {
    private static final int EMPTY = -1;

    private final Ring ring;
    private final int slots;
    private boolean closed;

    private FileTable(Ring ring, int slots) {
        this.ring = ring;
        this.slots = slots;
    }

    /**
     * Makes a table with empty slots.
     *
     * @param ring whose operations use it
     * @param slots how many, 1 to 32768
     * @return the table
     * @throws RingException if the kernel refuses: {@code EBUSY} if the ring has a table, {@code EINVAL} before 5.19,
     *     {@code EMFILE} if it is larger than the limit of open files ({@code ulimit -n})
     */
    public static FileTable open(Ring ring, int slots) throws RingException {
        if (slots < 1 || slots > 32768) {
            throw new IllegalArgumentException("slots " + slots + " is not within 1..32768");
        }
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment registration = scratch.allocate(IoUringRsrcRegister.LAYOUT);
            registration.set(JAVA_INT, IoUringRsrcRegister.NR, slots);
            registration.set(JAVA_INT, IoUringRsrcRegister.FLAGS, IoUring.IORING_RSRC_REGISTER_SPARSE);
            int result =
                    ring.register(IoUring.IORING_REGISTER_FILES2, registration, (int) IoUringRsrcRegister.SIZE);
            if (result < 0) {
                throw new RingException("registration of files", -result);
            }
        }
        return new FileTable(ring, slots);
    }

    /**
     * Puts a file into a slot. The table holds the file for itself: the descriptor may be closed afterwards.
     *
     * @param slot 0 to {@link #slots()} − 1; a file that is there is replaced
     * @param fd open, and no ring
     * @throws RingException if the kernel refuses: {@code EBADF}, {@code ENOMEM}
     */
    public void put(int slot, int fd) throws RingException {
        Assert.that(fd >= 0, "a file has a descriptor", fd);
        update(slot, fd);
    }

    /**
     * Empties a slot.
     *
     * @param slot 0 to {@link #slots()} − 1
     * @throws RingException if the kernel refuses: {@code ENOMEM}
     */
    public void clear(int slot) throws RingException {
        update(slot, EMPTY);
    }

    /**
     * How many slots there are.
     *
     * @return 1 or more
     */
    public int slots() {
        return slots;
    }

    /** Empties all slots and takes the table from the ring, unless that is closed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!ring.isClosed()) {
                int result = ring.register(IoUring.IORING_UNREGISTER_FILES, MemorySegment.NULL, 0);
                Assert.that(result == 0, "a table of files can be taken back", result);
            }
        }
    }

    private void update(int slot, int fd) throws RingException {
        Assert.that(slot >= 0 && slot < slots, "the table has this slot", slot);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment file = scratch.allocateFrom(JAVA_INT, fd);
            MemorySegment update = scratch.allocate(IoUringRsrcUpdate2.LAYOUT);
            update.set(JAVA_INT, IoUringRsrcUpdate2.OFFSET, slot);
            update.set(JAVA_LONG, IoUringRsrcUpdate2.DATA, file.address());
            update.set(JAVA_INT, IoUringRsrcUpdate2.NR, 1);
            int result =
                    ring.register(IoUring.IORING_REGISTER_FILES_UPDATE2, update, (int) IoUringRsrcUpdate2.SIZE);
            if (result < 0) {
                throw new RingException("registration of a file", -result);
            }
        }
    }
}
