package dev.gyre.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Makes method handles over functions of the C library and over raw system calls.
 *
 * <p>A handle made by {@link #function}, {@link #variadic} or {@link #systemCall} follows the kernel's convention
 * rather than C's: it returns a result of 0 or more, or a negated error number. The library's convention is -1 and
 * {@code errno}, and {@code errno} is only safe to read if the linker saves it together with the call. So a handle is
 * composed of three: borrow memory for {@code errno}, call, then read it and give the memory back. All three are
 * constants to the JIT compiler, which makes one piece of code of them.
 *
 * <p>Linking one takes 5 to 10 milliseconds of processor time, as the linker writes code for each new combination of
 * parameters. So every call keeps its handle in a small class of its own, which is not initialised before the first
 * call.
 *
 * <p>None of these handles is a {@linkplain Linker.Option#critical critical} one: each may block in the kernel, and the
 * garbage collector must not wait for it.
 */
final class Libc {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final Linker linker = Linker.nativeLinker();
    private static final SymbolLookup library = linker.defaultLookup();
    private static final MethodHandle borrow;
    private static final MethodHandle finishInt;
    private static final MethodHandle finishLong;

    static {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            borrow = lookup.findVirtual(SegmentPool.class, "borrow", MethodType.methodType(MemorySegment.class))
                    .bindTo(SegmentPool.ERRNO);
            finishInt = lookup.findStatic(Libc.class, "finish",
                    MethodType.methodType(int.class, Throwable.class, int.class, MemorySegment.class));
            finishLong = lookup.findStatic(Libc.class, "finish",
                    MethodType.methodType(long.class, Throwable.class, long.class, MemorySegment.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Libc() {}

    /** A function of the C library that fails with -1 and {@code errno}. */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return capturing(address(name), FunctionDescriptor.of(result, parameters));
    }

    /** Like {@link #function}, for one that C declares with an ellipsis after {@code fixed} parameters. */
    static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... parameters) {
        return capturing(
                address(name), FunctionDescriptor.of(result, parameters), Linker.Option.firstVariadicArg(fixed));
    }

    /** A system call by its number, for those that the oldest supported C library has no function for. */
    static MethodHandle systemCall(int number, MemoryLayout... parameters) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(LONG, parameters).insertArgumentLayouts(0, LONG);
        MethodHandle call = capturing(address("syscall"), descriptor, Linker.Option.firstVariadicArg(1));
        return MethodHandles.insertArguments(call, 0, (long) number);
    }

    /** Like {@link #systemCall}, for a call whose result is an {@code int}. */
    static MethodHandle intSystemCall(int number, MemoryLayout... parameters) {
        MethodHandle call = systemCall(number, parameters);
        return MethodHandles.explicitCastArguments(call, call.type().changeReturnType(int.class));
    }

    /** A function that cannot fail, cannot block and takes less than a microsecond. */
    @SuppressWarnings("restricted")
    static MethodHandle trivial(String name, MemoryLayout result, MemoryLayout... parameters) {
        return linker.downcallHandle(
                address(name), FunctionDescriptor.of(result, parameters), Linker.Option.critical(false));
    }

    /** Where the C library has a function of this name. */
    static MemorySegment address(String name) {
        return library.find(name).orElseThrow(() -> new UnsatisfiedLinkError(
                "the C library has no function " + name + "; Gyre needs glibc 2.17 or newer, or musl"));
    }

    /**
     * What to throw when a handle did. Such a handle throws before it calls: an argument was refused, for example a
     * heap segment, or one whose arena is closed.
     */
    static RuntimeException refused(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call declares no checked exception", thrown);
        };
    }

    @SuppressWarnings("restricted")
    private static MethodHandle capturing(
            MemorySegment function, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        MethodHandle call = linker.downcallHandle(function, descriptor, all);
        MethodHandle finish = call.type().returnType() == int.class ? finishInt : finishLong;
        return MethodHandles.foldArguments(MethodHandles.tryFinally(call, finish), borrow);
    }

    // The handles finishInt and finishLong are these two. The first parameter is what tryFinally hands over.

    @SuppressWarnings("unused")
    private static int finish(Throwable thrown, int result, MemorySegment errno) {
        int answer = result == -1 ? -errno.get(INT, ERRNO_OFFSET) : result;
        SegmentPool.ERRNO.giveBack(errno);
        return answer;
    }

    @SuppressWarnings("unused")
    private static long finish(Throwable thrown, long result, MemorySegment errno) {
        long answer = result == -1 ? -errno.get(INT, ERRNO_OFFSET) : result;
        SegmentPool.ERRNO.giveBack(errno);
        return answer;
    }
}
