package dev.gyre.io.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory that any thread may use, and that nobody can free while an operation uses it: {@link dev.gyre.io.Io#arena()}.
 *
 * <p>The JDK does the same for memory that it hands to a native call, and for no longer. Its own sessions cannot be
 * held by others; so this one counts who uses it, and is found by the scope that its segments have.
 */
public final class SharedArena implements Arena {
    /** The use of memory that is of no arena of this class. */
    public static final Use NO_USE = () -> {};

    private static final int CLOSED = -1;
    private static final Map<MemorySegment.Scope, SharedArena> OPEN = new ConcurrentHashMap<>();

    /** Programs without such an arena do not look for one. */
    private static volatile boolean anyOpened;

    private final Arena memory = Arena.ofShared();
    private final AtomicInteger users = new AtomicInteger();
    private final Use use = users::decrementAndGet;

    /** What an operation does with the memory until its end. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    private SharedArena() {}

    /**
     * A new one, without memory yet.
     *
     * @return open until {@link #close()}
     */
    public static SharedArena open() {
        SharedArena arena = new SharedArena();
        OPEN.put(arena.memory.scope(), arena);
        anyOpened = true;
        return arena;
    }

    /**
     * Keeps the arena of a segment from being closed, if it is one of this class.
     *
     * @param segment any
     * @return to be closed by the calling operation when it ends
     * @throws IllegalStateException if the arena is closed
     */
    public static Use use(MemorySegment segment) {
        SharedArena arena = of(segment);
        if (arena == null) {
            return NO_USE;
        }
        int count;
        do {
            count = arena.users.get();
            if (count == CLOSED) {
                throw new IllegalStateException("the buffer's arena is closed");
            }
        } while (!arena.users.compareAndSet(count, count + 1));
        return arena.use;
    }

    /**
     * Whether a segment comes from an open arena of this class: one that cannot be freed during {@link #use}.
     *
     * @param segment any
     * @return false for every other memory
     */
    public static boolean owns(MemorySegment segment) {
        return of(segment) != null;
    }

    private static @Nullable SharedArena of(MemorySegment segment) {
        return anyOpened && segment.isNative() ? OPEN.get(segment.scope()) : null;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        return memory.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return memory.scope();
    }

    @Override
    public void close() {
        if (!users.compareAndSet(0, CLOSED)) {
            throw new IllegalStateException(
                    users.get() == CLOSED
                            ? "the arena is closed already"
                            : "an operation uses memory of the arena; await or cancel it, and close the arena then");
        }
        try {
            memory.close();
        } catch (IllegalStateException used) {
            users.set(0); // by a call into native code
            throw used;
        }
        OPEN.remove(memory.scope());
    }
}
