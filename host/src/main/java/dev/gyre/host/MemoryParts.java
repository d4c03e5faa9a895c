package dev.gyre.host;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is in several pieces of memory, for calls that take several and those that take one: where the kernel cannot
 * reach all of them, a buffer stands in for them.
 */
final class MemoryParts {
    private MemoryParts() {}

    /**
     * Fills several pieces of memory.
     *
     * @param vectored fills them where the kernel can reach all of them
     * @param single fills memory from which they are filled otherwise
     */
    static int scattered(
            List<MemorySegment> parts, ToIntFunction<List<MemorySegment>> vectored,
            ToIntFunction<MemorySegment> single) {
        return transferred(parts, vectored, memory -> {
            int count = single.applyAsInt(memory);
            long copied = 0;
            for (MemorySegment part : parts) {
                long piece = Math.min(part.byteSize(), count - copied);
                if (piece <= 0) {
                    break;
                }
                MemorySegment.copy(memory, copied, part, 0, piece);
                copied += piece;
            }
            return count;
        });
    }

    /** The same for what comes out of several pieces of memory. */
    static int gathered(
            List<MemorySegment> parts, ToIntFunction<List<MemorySegment>> vectored,
            ToIntFunction<MemorySegment> single) {
        return transferred(parts, vectored, memory -> {
            long copied = 0;
            for (MemorySegment part : parts) {
                long piece = Math.min(part.byteSize(), memory.byteSize() - copied);
                MemorySegment.copy(part, 0, memory, copied, piece);
                copied += piece;
            }
            return single.applyAsInt(memory);
        });
    }

    private static int transferred(
            List<MemorySegment> parts, ToIntFunction<List<MemorySegment>> vectored,
            ToIntFunction<MemorySegment> copied) {
        List<MemorySegment> usable = usable(parts);
        if (usable != null) {
            try {
                return vectored.applyAsInt(usable);
            } finally {
                Reference.reachabilityFence(parts);
            }
        }
        long length = length(parts);
        try (BounceBuffer bounce = BounceBuffer.borrow(length)) {
            return copied.applyAsInt(bounce.memory(length));
        }
    }

    private static long length(List<MemorySegment> parts) {
        long length = 0;
        for (MemorySegment part : parts) {
            length += part.byteSize();
        }
        return length;
    }

    /** The same memory for the kernel; null if some has to be copied. */
    private static @Nullable List<MemorySegment> usable(List<MemorySegment> parts) {
        List<MemorySegment> all = new ArrayList<>(parts.size());
        for (MemorySegment part : parts) {
            MemorySegment usable = StableMemory.forOtherThreads(part);
            if (usable == null) {
                return null;
            }
            all.add(usable);
        }
        return all;
    }
}
