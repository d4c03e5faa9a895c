package dev.gyre.posix;

import dev.gyre.io.spi.Fiber;
import java.lang.foreign.MemorySegment;

/**
 * The thin calls of a batch: transfers and syncs that are under way at the same time. The contract gives each a slot of
 * its own, and waits for them; who makes them tells of their ends. All methods are called by one thread at a time.
 *
 * <p>Descriptors are held until a slot was {@link #collect collected}. Memory stays the caller's in name only: it may
 * be freed at any moment, unless its arena is one of ours, which the contract keeps open, or none that anybody closes.
 */
public interface KernelBatch {
    /** Is told of the ends. */
    interface Listener {
        /**
         * An operation has ended. From any thread, also that which begins it; does not wait, and does not throw.
         *
         * @param slot which one
         * @param result 0 or more, or a negated error number
         */
        void ended(int slot, int result);
    }

    /**
     * A read at an offset: pread(2). It begins now, or with {@link #submit}.
     *
     * @param fiber the calling one
     * @param slot which one it is; free
     * @param file held
     * @param memory writable, not empty
     * @param offset 0 or more
     */
    void read(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset);

    /**
     * A write at an offset: pwrite(2). It begins with {@link #submit}.
     *
     * @param fiber the calling one
     * @param slot which one it is; free
     * @param file held
     * @param memory not empty
     * @param offset 0 or more
     */
    void write(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset);

    /**
     * Brings a file to the device: fsync(2), fdatasync(2). It begins with {@link #submit}.
     *
     * @param fiber the calling one
     * @param slot which one it is; free
     * @param file held
     * @param dataOnly whether attributes may be left out
     */
    void sync(Fiber fiber, int slot, Descriptor file, boolean dataOnly);

    /**
     * Begins everything that has not begun.
     *
     * @throws IllegalStateException if the {@code Io} is closed; then the listener is told of each, with
     *     {@code ECANCELED}
     */
    void submit();

    /**
     * Gives a slot free whose operation has ended, be it that it never came to a call here, and brings what was read to
     * where it belongs.
     *
     * @param slot which one
     * @param result what the listener was told
     * @throws IllegalStateException if that memory is gone; the slot is free all the same
     */
    void collect(int slot, int result);

    /** Asks everything that is under way to end soon. */
    void cancel();
}
