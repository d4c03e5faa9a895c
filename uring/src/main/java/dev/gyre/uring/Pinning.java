package dev.gyre.uring;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Processes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/** Keeps a loop on one processor. */
final class Pinning {
    /** For 8,192 processors, the most that Linux is built for. */
    private static final int MASK_BYTES = 1024;

    private Pinning() {}

    /** Pins the {@code index}th loop, to one of those that the calling thread may use. */
    static void pin(LoopThread loop, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            int length = Processes.schedGetaffinity(0, mask);
            int result = length < 0 ? length : pin(loop, index, mask.asSlice(0, length));
            if (result < 0) {
                System.getLogger("dev.gyre.uring").log(System.Logger.Level.WARNING,
                        loop.getName() + " is not pinned: " + Errno.describe(-result));
            }
        }
    }

    private static int pin(LoopThread loop, int index, MemorySegment mask) {
        BitSet allowed = BitSet.valueOf(mask.asByteBuffer());
        int chosen = allowed.stream().skip(index % allowed.cardinality()).findFirst().orElseThrow();
        mask.fill((byte) 0);
        mask.set(ValueLayout.JAVA_BYTE, chosen / 8, (byte) (1 << chosen % 8));
        return Processes.schedSetaffinity(loop.id(), mask);
    }
}
