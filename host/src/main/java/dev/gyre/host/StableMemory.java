package dev.gyre.host;

import dev.gyre.io.spi.SharedArena;
import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which memory an operation may hand to the kernel for longer than a system call: such as nobody can free before the
 * operation ends.
 *
 * <p>The JDK keeps an arena from being closed while a call into native code uses its memory. An operation of a ring,
 * and one that another thread carries out, go on after that. The caller waits for them; so memory that only the caller
 * could free is safe, which is that of its own confined arena. Memory of {@link Arena#global()} is never freed, and
 * that of {@link Arena#ofAuto()} not while the operation refers to it. A {@link SharedArena} knows its users. A shared
 * arena of the JDK's can be closed by any thread at any time, and memory of the heap has no address; both go by way of
 * a {@link BounceBuffer}.
 *
 * <p>The kind of an arena shows in the class of its scope. The JDK does not promise that. If the classes ever became
 * the same, everything would be copied, and nothing would be unsafe.
 */
public final class StableMemory {
    private static final Class<?> GLOBAL = Arena.global().scope().getClass();
    private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();
    private static final Class<?> CONFINED = confined();
    private static final boolean TELLABLE = isTellable();

    private StableMemory() {}

    /**
     * Whether memory cannot be freed while the calling thread waits.
     *
     * @param memory any
     * @return false where it could, or where that cannot be told
     */
    public static boolean isStable(MemorySegment memory) {
        if (!memory.isNative() || !TELLABLE) {
            return false;
        }
        Class<?> kind = memory.scope().getClass();
        return kind == GLOBAL || kind == AUTOMATIC
                || (kind == CONFINED && memory.isAccessibleBy(Thread.currentThread()))
                || SharedArena.owns(memory);
    }

    /**
     * Whether memory cannot be freed while somebody refers to it, or keeps its {@link SharedArena} open, whatever the
     * calling thread does meanwhile.
     *
     * @param memory any
     * @return false where it could, or where that cannot be told
     */
    public static boolean isLasting(MemorySegment memory) {
        if (!memory.isNative() || !TELLABLE) {
            return false;
        }
        Class<?> kind = memory.scope().getClass();
        return kind == GLOBAL || kind == AUTOMATIC || SharedArena.owns(memory);
    }

    /**
     * The same memory for a thread that makes a call while the calling thread waits.
     *
     * @param memory any
     * @return memory that any thread may use; null if it is not {@linkplain #isStable stable}
     */
    public static @Nullable MemorySegment forOtherThreads(MemorySegment memory) {
        if (!isStable(memory)) {
            return null;
        }
        return memory.scope().getClass() == CONFINED
                ? RawMemory.segment(memory.address(), memory.byteSize(), Arena.global())
                : memory;
    }

    private static Class<?> confined() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.scope().getClass();
        }
    }

    private static boolean isTellable() {
        // Left to the collector: to close it is a handshake with every thread, for which the loop would stand still.
        Class<?> closable = Arena.ofShared().scope().getClass();
        return !Set.of(GLOBAL, AUTOMATIC, CONFINED).contains(closable) && CONFINED != GLOBAL;
    }
}
