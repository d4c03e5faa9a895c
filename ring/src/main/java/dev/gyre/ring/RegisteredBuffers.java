package dev.gyre.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.layout.IoUringRsrcRegister;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.ring.file.ReadFixed;
import dev.gyre.ring.file.WriteFixed;
import dev.gyre.ring.socket.SendZeroCopy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Buffers of one size whose pages the kernel has found and pinned at registration, so that {@link ReadFixed},
 * {@link WriteFixed} and {@link SendZeroCopy} need not do it each time.
 *
 * <p>They start at pages, as {@code O_DIRECT} likes it. The memory lives as long as anything refers to it, an operation
 * in flight included, so it cannot be freed under the kernel. A ring has one set at a time.
 *
 * <p>Only the ring's thread opens and closes it. Kernel 5.13 (io_uring_register(2), {@code IORING_REGISTER_BUFFERS2}).
 */
public final class RegisteredBuffers implements AutoCloseable {
    private static final long PAGE = 4096;

    private final Ring ring;
    private final MemorySegment memory;
    private final int count;
    private final long size;
    private boolean closed;

    private RegisteredBuffers(Ring ring, int count, long size) {
        this.ring = ring;
        this.count = count;
        this.size = size;
        memory = Arena.ofAuto().allocate(Math.multiplyExact(count, size), PAGE);
    }

    /**
     * Allocates buffers and registers them.
     *
     * @param ring whose operations use them
     * @param count how many, 1 to 16384
     * @param size of each in bytes, 1 to 1 GiB; for {@code O_DIRECT} a multiple of the page size
     * @return registered buffers, all zero
     * @throws RingException if the kernel refuses: {@code EBUSY} if the ring has buffers already, {@code ENOMEM} if so
     *     much may not be locked in memory ({@code ulimit -l})
     */
    public static RegisteredBuffers open(Ring ring, int count, long size) throws RingException {
        if (count < 1 || count > 16384) {
            throw new IllegalArgumentException("count " + count + " is not within 1..16384");
        }
        if (size < 1 || size > 1 << 30) {
            throw new IllegalArgumentException("size " + size + " is not within 1..1073741824");
        }
        RegisteredBuffers opened = new RegisteredBuffers(ring, count, size);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment elements = scratch.allocate(Iovec.LAYOUT, count);
            for (int i = 0; i < count; i++) {
                Iovec.set(elements, i, opened.segment(i));
            }
            MemorySegment registration = scratch.allocate(IoUringRsrcRegister.LAYOUT);
            registration.set(JAVA_INT, IoUringRsrcRegister.NR, count);
            registration.set(JAVA_LONG, IoUringRsrcRegister.DATA, elements.address());
            int result = ring.register(
                    IoUring.IORING_REGISTER_BUFFERS2, registration, (int) IoUringRsrcRegister.SIZE);
            if (result < 0) {
                throw new RingException("registration of buffers", -result);
            }
        }
        return opened;
    }

    /**
     * The memory of one.
     *
     * @param index 0 to {@link #count()} − 1
     * @return all of it
     */
    public MemorySegment segment(int index) {
        Assert.that(index >= 0 && index < count, "there is a buffer of this index", index);
        return memory.asSlice(index * size, size);
    }

    /**
     * How many buffers there are.
     *
     * @return 1 or more
     */
    public int count() {
        return count;
    }

    /**
     * The size of each.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * Takes the buffers back from the ring, unless that is closed. Operations in flight keep theirs to their end.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!ring.isClosed()) {
                int result = ring.register(IoUring.IORING_UNREGISTER_BUFFERS, MemorySegment.NULL, 0);
                Assert.that(result == 0, "registered buffers can be taken back", result);
            }
        }
    }
}
