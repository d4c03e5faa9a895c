package dev.gyre.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringBuf;
import dev.gyre.linux.IoUringBufReg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Buffers of one size that the kernel takes from when data arrives, so that an operation that waits holds none.
 *
 * <p>A completion names the buffer that it filled ({@link #id}); from then on the buffer is the program's, until
 * {@link #give} returns it. {@link #taken()} counts those that are out. When all are, receives end with
 * {@code ENOBUFS}.
 *
 * <p>Only the ring's thread uses it. Kernel 5.19 (io_uring_register(2), {@code IORING_REGISTER_PBUF_RING}).
 */
public final class BufferRing implements AutoCloseable {
    private static final VarHandle TAIL = JAVA_SHORT.varHandle();

    /** Where the tail lies: in a field of the first entry that means nothing there. */
    private static final long TAIL_AT = IoUringBuf.RESV;

    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final Ring ring;
    private final int group;
    private final int count;
    private final int size;
    private final MemorySegment entries;
    private final MemorySegment buffers;
    private short tail;
    private int taken;
    private boolean closed;

    private BufferRing(Ring ring, int group, int count, int size) {
        this.ring = ring;
        this.group = group;
        this.count = count;
        this.size = size;
        entries = arena.allocate(count * IoUringBuf.SIZE, PAGE);
        buffers = arena.allocate((long) count * size, PAGE);
    }

    /**
     * Allocates buffers and gives them to a ring.
     *
     * @param ring whose operations use them
     * @param group the number that submissions name, 0 to 65535, not yet used with this ring
     * @param count how many, a power of two, 32768 at most
     * @param size of each in bytes, 1 or more
     * @return all buffers with the kernel
     * @throws RingException if the kernel refuses: {@code EINVAL} before 5.19, {@code EEXIST} for a used group
     */
    public static BufferRing open(Ring ring, int group, int count, int size) throws RingException {
        if (count < 1 || count > 32768 || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("count " + count + " is no power of two within 1..32768");
        }
        if (group < 0 || group > 65535) {
            throw new IllegalArgumentException("group " + group + " is not within 0..65535");
        }
        if (size < 1) {
            throw new IllegalArgumentException("size " + size + " is less than 1");
        }
        BufferRing opened = new BufferRing(ring, group, count, size);
        int result = opened.register(IoUring.IORING_REGISTER_PBUF_RING);
        if (result < 0) {
            opened.arena.close();
            throw new RingException("registration of a buffer ring", -result);
        }
        opened.taken = count;
        for (int id = 0; id < count; id++) {
            opened.give(id);
        }
        return opened;
    }

    /**
     * The buffer that a completion filled.
     *
     * @param completionFlags of a successful completion
     * @return its number, or -1 if it filled none
     */
    public static int id(int completionFlags) {
        return (completionFlags & IoUring.IORING_CQE_F_BUFFER) == 0
                ? -1
                : completionFlags >>> IoUring.IORING_CQE_BUFFER_SHIFT;
    }

    /**
     * Notes that a completion brought a buffer: it is the program's from now on.
     *
     * @param id its number
     */
    public void take(int id) {
        taken++;
        Assert.that(id >= 0 && taken <= count, "no more buffers are out than there are", taken);
    }

    /**
     * The memory of a buffer that is out.
     *
     * @param id its number
     * @return all of it
     */
    public MemorySegment segment(int id) {
        return buffers.asSlice((long) id * size, size);
    }

    /**
     * Copies from a buffer that is out.
     *
     * @param id its number
     * @param from the first byte
     * @param to where to
     * @param at the first byte there
     * @param length how much
     */
    public void copy(int id, int from, MemorySegment to, long at, int length) {
        MemorySegment.copy(buffers, (long) id * size + from, to, at, length);
    }

    /**
     * Gives a buffer back to the kernel.
     *
     * @param id its number
     */
    public void give(int id) {
        Assert.that(taken > 0, "a buffer that is given back was out");
        taken--;
        long at = (tail & (count - 1)) * IoUringBuf.SIZE;
        entries.set(JAVA_LONG, at + IoUringBuf.ADDR, buffers.address() + (long) id * size);
        entries.set(JAVA_INT, at + IoUringBuf.LEN, size);
        entries.set(JAVA_SHORT, at + IoUringBuf.BID, (short) id);
        tail++;
        TAIL.setRelease(entries, TAIL_AT, tail);
    }

    /**
     * How many buffers are out.
     *
     * @return 0 to {@link #count()}
     */
    public int taken() {
        return taken;
    }

    /**
     * How many buffers there are.
     *
     * @return a power of two
     */
    public int count() {
        return count;
    }

    /**
     * The size of each.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * The number that submissions name.
     *
     * @return 0 to 65535
     */
    public int group() {
        return group;
    }

    /**
     * Takes all buffers from the ring, unless that is closed, and frees them. No operation may be in flight that could
     * use one.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!ring.isClosed()) {
                int result = register(IoUring.IORING_UNREGISTER_PBUF_RING);
                Assert.that(result == 0, "a buffer ring can be taken back", result);
            }
            arena.close();
        }
    }

    private int register(int opcode) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment registration = scratch.allocate(IoUringBufReg.LAYOUT);
            registration.set(JAVA_LONG, IoUringBufReg.RING_ADDR, entries.address());
            registration.set(JAVA_INT, IoUringBufReg.RING_ENTRIES, count);
            registration.set(JAVA_SHORT, IoUringBufReg.BGID, (short) group);
            return ring.register(opcode, registration, 1);
        }
    }
}
