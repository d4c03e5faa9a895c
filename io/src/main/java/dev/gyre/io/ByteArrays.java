package dev.gyre.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** Numbers in byte arrays, and looking for bytes there. */
final class ByteArrays {
    /** A {@code short} with its high byte first. */
    static final VarHandle SHORT = view(short[].class, ByteOrder.BIG_ENDIAN);

    /** An {@code int} with its high byte first. */
    static final VarHandle INT = view(int[].class, ByteOrder.BIG_ENDIAN);

    /** A {@code long} with its high byte first. */
    static final VarHandle LONG = view(long[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle EIGHT_BYTES = view(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private ByteArrays() {}

    private static VarHandle view(Class<?> array, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(array, order).withInvokeExactBehavior();
    }

    /** Whether an order is that of the numbers here. */
    static boolean isBig(ByteOrder order) {
        return Objects.requireNonNull(order) == ByteOrder.BIG_ENDIAN;
    }

    /** Where a sequence of bytes is, from a place in an array up to its end; -1 if not all of it is there. */
    static int find(byte[] wanted, byte[] array, int from, int end) {
        int at = find(wanted[0], array, from, end);
        while (at >= 0 && at + wanted.length <= end) {
            if (Arrays.equals(array, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
            at = find(wanted[0], array, at + 1, end);
        }
        return -1;
    }

    /** Where a byte is, eight bytes at a time: a byte of zero is the one that borrows in {@code hit}. -1 if nowhere. */
    static int find(byte wanted, byte[] array, int from, int end) {
        long all = Byte.toUnsignedLong(wanted) * ONES;
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long different = (long) EIGHT_BYTES.get(array, at) ^ all;
            long hit = (different - ONES) & ~different & HIGH_BITS;
            if (hit != 0) {
                return at + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
        }
        for (; at < end; at++) {
            if (array[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    /** Refuses a sequence that is found everywhere. */
    static byte[] requireNotEmpty(byte[] wanted) {
        if (wanted.length == 0) {
            throw new IllegalArgumentException("an empty sequence of bytes is everywhere");
        }
        return wanted;
    }
}
