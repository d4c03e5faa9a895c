package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/** The kernel's random numbers: getrandom(2). Any thread may call. */
public final class Randomness {
    private Randomness() {}

    /**
     * Fills memory with bytes that nobody can foresee: getrandom(2). Blocks only shortly after the machine has started.
     * From kernel 3.17.
     *
     * @param buffer native memory to fill
     * @param length bytes, 0 to the size of the buffer; up to 256 are never cut short
     * @return the bytes filled in, or negated: EINTR, ENOSYS
     */
    public static int getrandom(MemorySegment buffer, long length) {
        Assert.lengthFits(length, buffer);
        return (int) Kernel.call(SystemCallNumber.GETRANDOM, buffer.address(), length, 0, buffer);
    }
}
