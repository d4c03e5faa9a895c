package dev.gyre.linux;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The one way out of Java: a call of a function in the C library, in a shape that fits all that Gyre calls.
 *
 * <p>The linker writes code for each combination of parameter types, in every process anew: the first takes it 30 to 80
 * milliseconds of processor time, each further one 10 to 20. A server that begins to listen makes some twenty different
 * calls. So there is one combination for all: seven 64-bit integers, which is the number of a system call and its six
 * arguments. On both supported architectures a function finds its integers and pointers in the same registers whether
 * they were passed as 32 bits or as 64, and does not look at what was passed beyond its own parameters.
 *
 * <p>Memory goes as an address among the integers, and once more behind them, where no function looks: for the sake of
 * the linker, which refuses memory of the heap and of a closed arena, and keeps an arena from being closed during the
 * call.
 *
 * <p>A call follows the kernel's convention rather than C's: it returns a result, or a negated error number. The
 * library's convention is -1 and {@code errno}, and {@code errno} is only safe to read if the linker saves it together
 * with the call.
 *
 * <p>The call is not a {@linkplain Linker.Option#critical critical} one: it may block in the kernel, and the garbage
 * collector must not wait for it.
 */
final class Libc {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Made before the first call, and not by whoever sees the first error: to make it may take a lock of the JDK's. */
    private static final VarHandle ERRNO = INT.varHandle().withInvokeExactBehavior();

    private static final Linker linker = Linker.nativeLinker();
    private static final SymbolLookup library = linker.defaultLookup();
    private static final MethodHandle handle = link();

    private Libc() {}

    /** Where the C library has a function of this name. */
    static MemorySegment address(String name) {
        return library.find(name).orElseThrow(() -> new UnsatisfiedLinkError(
                "the C library has no function " + name + "; Gyre needs glibc 2.17 or newer, or musl"));
    }

    /** Whether the C library has a function of this name. */
    static boolean has(String name) {
        return library.find(name).isPresent();
    }

    /** As {@link #call}, for a function that returns an {@code int} and has at most four parameters. */
    static int callInt(MemorySegment function, long a, long b, long c, long d, MemorySegment memory,
            MemorySegment other) {
        return (int) call(function, true, a, b, c, d, 0, 0, 0, memory, other);
    }

    /**
     * Calls a function that returns a {@code long}, and fails with -1 and {@code errno} if it fails at all.
     *
     * @param function an {@link #address}
     * @param memory what one of the arguments is the address of, or {@link MemorySegment#NULL}
     * @param other likewise
     */
    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g,
            MemorySegment memory, MemorySegment other) {
        return call(function, false, a, b, c, d, e, f, g, memory, other);
    }

    /** An {@code int} leaves the upper half of the register undefined: then {@code narrow}. */
    private static long call(MemorySegment function, boolean narrow, long a, long b, long c, long d, long e, long f,
            long g, MemorySegment memory, MemorySegment other) {
        MemorySegment errno = SegmentPool.ERRNO.borrow();
        try {
            long result = (long) handle.invokeExact(function, errno, a, b, c, d, e, f, g, memory, other);
            long answer = narrow ? (int) result : result;
            return answer == -1 ? -(int) ERRNO.get(errno, ERRNO_OFFSET) : answer;
        } catch (Throwable thrown) {
            throw refused(thrown);
        } finally {
            SegmentPool.ERRNO.giveBack(errno);
        }
    }

    /**
     * A handle throws before it calls: an argument was refused, or there is no memory. No switch over types, which
     * would be linked here for the first time, and for lack of memory never.
     */
    private static RuntimeException refused(Throwable thrown) {
        if (thrown instanceof RuntimeException refused) {
            return refused;
        } else if (thrown instanceof Error error) {
            throw error;
        }
        throw new AssertionError("a native call declares no checked exception", thrown);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        FunctionDescriptor shape =
                FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, POINTER, POINTER);
        // As syscall(2) is declared; a function with a fixed number of parameters does not notice.
        return linker.downcallHandle(
                shape, Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    }
}
