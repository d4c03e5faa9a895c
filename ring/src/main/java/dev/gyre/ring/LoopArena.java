package dev.gyre.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Memory for operations of one loop, which is not freed as long as one of them is in flight.
 *
 * <p>The JDK keeps memory from being freed while a downcall uses it. The kernel goes on using it after the downcall
 * that submitted an operation, and no public interface can prolong that protection. So the question is asked the other
 * way round: at {@link #close}, which looks through the loop's operations; submitting and completing pay nothing.
 */
final class LoopArena implements Arena {
    private final Arena arena = Arena.ofShared();
    private final Loop loop;
    private final Known known;

    LoopArena(Loop loop, Known known) {
        this.loop = loop;
        this.known = known;
        known.scopes.add(arena.scope());
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        loop.requireUnused(arena.scope());
        known.scopes.remove(arena.scope());
        arena.close();
    }

    static void requireUnused(MemorySegment.Scope scope, List<Operation> inFlight) {
        for (Operation operation : inFlight) {
            for (int i = 0; i < operation.memoryCount(); i++) {
                if (operation.memory(i).scope().equals(scope)) {
                    throw new IllegalStateException("memory is not freed while it is used: " + operation);
                }
            }
        }
    }

    /**
     * Which memory a loop accepts: such as nobody can free while the kernel uses it. That is memory of {@link
     * Arena#global()}; of {@link Arena#ofAuto()}, since operations in flight are reachable, and with them what they
     * name; and of the loop's own arenas.
     *
     * <p>That a scope is global or automatic shows in its class, which the JDK does not promise to be different from
     * that of others. Should it ever be the same, automatic memory is refused rather than other memory accepted.
     */
    static final class Known {
        private static final Class<?> GLOBAL = Arena.global().scope().getClass();
        private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();
        private static final boolean TELLABLE;

        static {
            try (Arena confined = Arena.ofConfined()) {
                // The shared one is left to the collector: to close it is a handshake with every thread.
                Set<Class<?>> closable = Set.of(Arena.ofShared().scope().getClass(), confined.scope().getClass());
                TELLABLE = !closable.contains(GLOBAL) && !closable.contains(AUTOMATIC);
            }
        }

        private final Set<MemorySegment.Scope> scopes = new HashSet<>();

        void requireLasting(Operation operation) {
            for (int i = 0; i < operation.memoryCount(); i++) {
                MemorySegment.Scope scope = operation.memory(i).scope();
                Class<?> kind = scope.getClass();
                boolean lasts = TELLABLE && (kind == GLOBAL || kind == AUTOMATIC);
                if (!lasts && !(scope.isAlive() && scopes.contains(scope))) {
                    throw new IllegalArgumentException("the memory of a " + operation.kind().name()
                            + " could be freed while the kernel uses it: allocate it from Loop.arena(),"
                            + " Arena.ofAuto() or Arena.global()");
                }
            }
        }
    }
}
