package dev.gyre.host;

import dev.gyre.io.spi.SharedRandom;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Randomness;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** Random numbers of the real world. */
public final class HostRandom {
    /** From the kernel, each number anew. */
    public static final RandomGenerator SECURE = new Secure();

    /** Computed, from a seed of the kernel's. */
    public static final RandomGenerator FAST = new SharedRandom(SECURE.nextLong());

    private HostRandom() {}

    private static final class Secure implements RandomGenerator {
        /** So many bytes are never cut short. */
        private static final int PIECE = 256;

        @Override
        public long nextLong() {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment number = scratch.allocate(ValueLayout.JAVA_LONG);
                fill(number);
                return number.get(ValueLayout.JAVA_LONG, 0);
            }
        }

        @Override
        public void nextBytes(byte[] bytes) {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment piece = scratch.allocate(PIECE, 1);
                for (int done = 0; done < bytes.length; done += PIECE) {
                    int length = Math.min(PIECE, bytes.length - done);
                    fill(piece.asSlice(0, length));
                    MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, bytes, done, length);
                }
                piece.fill((byte) 0);
            }
        }

        private static void fill(MemorySegment memory) {
            int result;
            do {
                result = Randomness.getrandom(memory, memory.byteSize());
            } while (result == -Errno.EINTR.code());
            if (result != memory.byteSize()) {
                throw new AssertionError("getrandom of " + memory.byteSize() + " bytes answered " + result);
            }
        }
    }
}
