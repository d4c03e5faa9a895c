package dev.gyre.ring;

import static dev.gyre.ring.Words.INT;
import static dev.gyre.ring.Words.LONG;
import static dev.gyre.ring.Words.SHORT;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.layout.IoUringBuf;
import dev.gyre.linux.layout.IoUringBufReg;
import dev.gyre.ring.socket.RecvMultishot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of one size that the kernel takes from when data arrives, so that an operation that waits holds none.
 *
 * <p>A completion names the buffer that it filled ({@link #id}); from then on the buffer is the program's, until
 * {@link #give} returns it. {@link #taken()} counts those that are out. When all are, receives end with
 * {@code ENOBUFS}.
 *
 * <p>Only the ring's thread uses it, and virtual threads that it carries: these {@link #take} and {@link #give}, which
 * touch no memory that the kernel looks at. Kernel 5.19 (io_uring_register(2), {@code IORING_REGISTER_PBUF_RING}).
 */
public final class BufferRing implements AutoCloseable {
    /** Where the tail lies: in a field of the first entry that means nothing there. */
    private static final long TAIL_AT = IoUringBuf.RESV;

    private static final long PAGE = 4096;

    private final Ring ring;
    private final int group;
    private final int count;
    private final int size;
    private final MemorySegment entries;
    private final MemorySegment buffers;

    /** How far the kernel has used each buffer up, where it does so bit by bit; null where it takes whole ones. */
    private final int @Nullable [] used;

    /** Where in the ring each buffer was put last. */
    private final int[] places;

    /** Buffers that were given back and are not in the ring yet. */
    private final int[] given;

    private int givenCount;
    private short tail;
    private int taken;
    private boolean closed;

    private BufferRing(Ring ring, int group, int count, int size, boolean incremental) {
        this.ring = ring;
        this.group = group;
        this.count = count;
        this.size = size;
        // Of an automatic arena: an operation in flight refers to this object, so it cannot be freed under the kernel.
        entries = Arena.ofAuto().allocate(count * IoUringBuf.SIZE, PAGE);
        buffers = Arena.ofAuto().allocate((long) count * size, PAGE);
        places = new int[count];
        given = new int[count];
        used = incremental ? new int[count] : null;
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
        return open(ring, group, count, size, false);
    }

    /**
     * Allocates buffers that the kernel uses up bit by bit: small arrivals share a buffer, one behind the other. What
     * arrived is found by {@link #received}; a buffer is out only when {@link #take} was called for a completion for
     * which {@link #isUsedUp} holds. Kernel 6.12.
     *
     * @param ring whose operations use them
     * @param group the number that submissions name, 0 to 65535, not yet used with this ring
     * @param count how many, a power of two, 32768 at most
     * @param size of each in bytes, 1 or more
     * @return all buffers with the kernel
     * @throws RingException if the kernel refuses: {@code EINVAL} before 6.12, {@code EEXIST} for a used group
     */
    public static BufferRing openIncremental(Ring ring, int group, int count, int size) throws RingException {
        return open(ring, group, count, size, true);
    }

    private static BufferRing open(Ring ring, int group, int count, int size, boolean incremental)
            throws RingException {
        if (count < 1 || count > 32768 || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("count " + count + " is no power of two within 1..32768");
        }
        if (group < 0 || group > 65535) {
            throw new IllegalArgumentException("group " + group + " is not within 0..65535");
        }
        if (size < 1) {
            throw new IllegalArgumentException("size " + size + " is less than 1");
        }
        BufferRing opened = new BufferRing(ring, group, count, size, incremental);
        int result = opened.register(IoUring.IORING_REGISTER_PBUF_RING, incremental ? IoUring.IOU_PBUF_RING_INC : 0);
        if (result < 0) {
            throw new RingException("registration of a buffer ring", -result);
        }
        opened.taken = count;
        for (int id = 0; id < count; id++) {
            opened.give(id);
        }
        opened.publish();
        ring.add(opened);
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
     * Whether the kernel is done with the buffer that a completion names. If not, it fills its rest with what arrives
     * next.
     *
     * @param completionFlags of a successful completion
     * @return true, except with incremental buffers that have room left
     */
    public static boolean isUsedUp(int completionFlags) {
        return (completionFlags & IoUring.IORING_CQE_F_BUF_MORE) == 0;
    }

    /**
     * What a completion has put into a buffer. To be called once for each, in their order.
     *
     * @param result of a completion, more than 0
     * @param completionFlags of the same
     * @return the bytes that arrived
     */
    public MemorySegment received(int result, int completionFlags) {
        int id = id(completionFlags);
        Assert.that(id >= 0, "a completion that has received something names a buffer", completionFlags);
        long at = (long) id * size;
        if (used != null) {
            at += used[id];
            used[id] = isUsedUp(completionFlags) ? 0 : used[id] + result;
        }
        return buffers.asSlice(at, result);
    }

    /**
     * The buffers that a completion of {@link RecvMultishot#bundles()} has filled, each of which is the program's and
     * counts as taken from now on. All but the last are full.
     *
     * @param result of a completion, more than 0
     * @param completionFlags of the same
     * @return their numbers, in order
     */
    public int[] bundle(int result, int completionFlags) {
        int first = id(completionFlags);
        Assert.that(first >= 0, "a completion that has received something names a buffer", completionFlags);
        int[] ids = new int[(result + size - 1) / size];
        int place = places[first];
        for (int i = 0; i < ids.length; i++) {
            long at = ((place + i) & (count - 1)) * IoUringBuf.SIZE;
            ids[i] = Short.toUnsignedInt((short) SHORT.get(entries, at + IoUringBuf.BID));
            take(ids[i]);
        }
        return ids;
    }

    /**
     * Whether the kernel fills several buffers at once. Kernel 6.10.
     *
     * @return true if it does
     */
    public boolean bundlesSupported() {
        return (ring.features() & IoUring.IORING_FEAT_RECVSEND_BUNDLE) != 0;
    }

    /**
     * Notes that a completion brought a buffer: it is the program's from now on.
     *
     * @param id its number
     */
    @Undivided
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
     * Gives a buffer back. The kernel has it from the next {@link Ring#enter} on, before it fills any other.
     *
     * @param id its number
     */
    @Undivided
    public void give(int id) {
        Assert.that(taken > 0, "a buffer that is given back was out");
        taken--;
        given[givenCount++] = id;
    }

    /** Puts into the ring what was given back. Called by the thread that is about to enter the kernel. */
    void publish() {
        if (givenCount == 0) {
            return;
        }
        for (int i = 0; i < givenCount; i++) {
            put(given[i]);
        }
        givenCount = 0;
        SHORT.setRelease(entries, TAIL_AT, tail);
    }

    private void put(int id) {
        int place = tail & (count - 1);
        long at = place * IoUringBuf.SIZE;
        LONG.set(entries, at + IoUringBuf.ADDR, buffers.address() + (long) id * size);
        INT.set(entries, at + IoUringBuf.LEN, size);
        SHORT.set(entries, at + IoUringBuf.BID, (short) id);
        places[id] = place;
        tail++;
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
     * Takes all buffers from the ring, unless that is closed. Their memory lives on as long as an operation, or a
     * segment, refers to it.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ring.remove(this);
            if (!ring.isClosed()) {
                int result = register(IoUring.IORING_UNREGISTER_PBUF_RING, 0);
                Assert.that(result == 0, "a buffer ring can be taken back", result);
            }
        }
    }

    private int register(int opcode, int flags) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment registration = scratch.allocate(IoUringBufReg.LAYOUT);
            LONG.set(registration, IoUringBufReg.RING_ADDR, entries.address());
            INT.set(registration, IoUringBufReg.RING_ENTRIES, count);
            SHORT.set(registration, IoUringBufReg.BGID, (short) group);
            SHORT.set(registration, IoUringBufReg.FLAGS, (short) flags);
            return ring.register(opcode, registration, 1);
        }
    }
}
