package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.Assert;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct iovec}, one buffer among several. Constants are offsets in bytes. Source: readv(2).
 */
public final class Iovec {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(pointer("iov_base"), u64("iov_len")).withName("iovec");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of the buffer, 64 bits. */
    public static final long IOV_BASE = offset(LAYOUT, "iov_base");
    /** Its length in bytes, 64 bits. */
    public static final long IOV_LEN = offset(LAYOUT, "iov_len");

    private Iovec() {}

    /**
     * Writes one element of an array.
     *
     * @param to the array
     * @param index which element, from 0
     * @param buffer what it shall point to: native memory, which the caller keeps alive as long as the kernel uses it
     */
    public static void set(MemorySegment to, long index, MemorySegment buffer) {
        Assert.that(buffer.isNative(), "a buffer for the kernel is native memory");
        to.set(ValueLayout.JAVA_LONG, index * SIZE + IOV_BASE, buffer.address());
        to.set(ValueLayout.JAVA_LONG, index * SIZE + IOV_LEN, buffer.byteSize());
    }
}
