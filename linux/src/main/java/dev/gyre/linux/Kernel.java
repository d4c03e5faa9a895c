package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * System calls by their number, through syscall(2). A call answers with the kernel's result, or a negated error number.
 *
 * <p>A call takes up to six integers. Memory is passed as its address among them, and behind them as itself, up to two
 * pieces: what is not there would be unprotected during the call, see {@link Libc}.
 */
final class Kernel {
    private static final MemorySegment syscall = Libc.address("syscall");
    private static final MemorySegment NONE = MemorySegment.NULL;

    private Kernel() {}

    static long call(int number) {
        return Libc.call(syscall, number, 0, 0, 0, 0, 0, 0, NONE, NONE);
    }

    static long call(int number, long a) {
        return Libc.call(syscall, number, a, 0, 0, 0, 0, 0, NONE, NONE);
    }

    static long call(int number, long a, long b) {
        return Libc.call(syscall, number, a, b, 0, 0, 0, 0, NONE, NONE);
    }

    static long call(int number, long a, long b, long c) {
        return Libc.call(syscall, number, a, b, c, 0, 0, 0, NONE, NONE);
    }

    static long call(int number, long a, long b, long c, long d) {
        return Libc.call(syscall, number, a, b, c, d, 0, 0, NONE, NONE);
    }

    static long call(int number, long a, long b, long c, long d, long e) {
        return Libc.call(syscall, number, a, b, c, d, e, 0, NONE, NONE);
    }

    static long call(int number, long a, long b, long c, long d, long e, long f) {
        return Libc.call(syscall, number, a, b, c, d, e, f, NONE, NONE);
    }

    static long call(int number, long a, MemorySegment memory) {
        return Libc.call(syscall, number, a, 0, 0, 0, 0, 0, memory, NONE);
    }

    static long call(int number, long a, long b, MemorySegment memory) {
        return Libc.call(syscall, number, a, b, 0, 0, 0, 0, memory, NONE);
    }

    static long call(int number, long a, long b, long c, MemorySegment memory) {
        return Libc.call(syscall, number, a, b, c, 0, 0, 0, memory, NONE);
    }

    static long call(int number, long a, long b, long c, long d, MemorySegment memory) {
        return Libc.call(syscall, number, a, b, c, d, 0, 0, memory, NONE);
    }

    static long call(int number, long a, long b, long c, long d, long e, MemorySegment memory) {
        return Libc.call(syscall, number, a, b, c, d, e, 0, memory, NONE);
    }

    static long call(int number, long a, long b, long c, long d, long e, long f, MemorySegment memory) {
        return Libc.call(syscall, number, a, b, c, d, e, f, memory, NONE);
    }

    static long call(int number, long a, long b, MemorySegment memory, MemorySegment other) {
        return Libc.call(syscall, number, a, b, 0, 0, 0, 0, memory, other);
    }

    static long call(int number, long a, long b, long c, MemorySegment memory, MemorySegment other) {
        return Libc.call(syscall, number, a, b, c, 0, 0, 0, memory, other);
    }

    static long call(int number, long a, long b, long c, long d, MemorySegment memory, MemorySegment other) {
        return Libc.call(syscall, number, a, b, c, d, 0, 0, memory, other);
    }

    static long call(int number, long a, long b, long c, long d, long e, MemorySegment memory, MemorySegment other) {
        return Libc.call(syscall, number, a, b, c, d, e, 0, memory, other);
    }

    static long call(
            int number, long a, long b, long c, long d, long e, long f, MemorySegment memory, MemorySegment other) {
        return Libc.call(syscall, number, a, b, c, d, e, f, memory, other);
    }
}
