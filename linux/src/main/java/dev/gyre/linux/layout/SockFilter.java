package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct sock_filter}, an instruction of a filter. Constants are offsets in bytes. Source: seccomp(2).
 */
public final class SockFilter {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u16("code"), u8("jt"), u8("jf"), u32("k")).withName("sock_filter");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** What to do, 16 bits. */
    public static final long CODE = offset(LAYOUT, "code");
    /** How many instructions to skip if it is true, 8 bits. */
    public static final long JT = offset(LAYOUT, "jt");
    /** How many instructions to skip if it is not, 8 bits. */
    public static final long JF = offset(LAYOUT, "jf");
    /** The operand, 32 bits. */
    public static final long K = offset(LAYOUT, "k");

    private SockFilter() {}

    /**
     * Writes one instruction.
     *
     * @param to an array of them
     * @param index which of them
     * @param code the operation
     * @param jt how many to skip if it is true
     * @param jf how many to skip if it is not
     * @param k the operand
     */
    public static void set(MemorySegment to, long index, int code, int jt, int jf, int k) {
        to.set(ValueLayout.JAVA_SHORT, index * SIZE + CODE, (short) code);
        to.set(ValueLayout.JAVA_BYTE, index * SIZE + JT, (byte) jt);
        to.set(ValueLayout.JAVA_BYTE, index * SIZE + JF, (byte) jf);
        to.set(ValueLayout.JAVA_INT, index * SIZE + K, k);
    }
}
