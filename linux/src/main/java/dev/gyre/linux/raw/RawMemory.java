package dev.gyre.linux.raw;

import dev.gyre.linux.Assert;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory by its address, which nothing checks. Exported to the modules that answer for what they do with it, and to no
 * program.
 */
public final class RawMemory {
    private RawMemory() {}

    /**
     * Memory at an address, reachable for as long as an arena lives and by the threads that it allows. Closing the
     * arena does not unmap: close it first, which makes every later access fail, then {@code munmap}.
     *
     * @param address a valid one, for example from {@code mmap}
     * @param length bytes, all of them valid
     * @param arena how long the memory is reachable; {@link Arena#global()} for ever, unchecked
     * @return that memory
     */
    @SuppressWarnings("restricted")
    public static MemorySegment segment(long address, long length, Arena arena) {
        Assert.that(address > 0, "a mapping has an address above 0", address);
        Assert.that(length > 0, "a mapping has a length above 0", length);
        return MemorySegment.ofAddress(address).reinterpret(length, arena, null);
    }

    /**
     * All memory there is, at offsets that are addresses: to copy to an address without an object for each copy.
     *
     * @return unchecked memory; whoever uses it knows that the bytes are valid
     */
    @SuppressWarnings("restricted")
    public static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
