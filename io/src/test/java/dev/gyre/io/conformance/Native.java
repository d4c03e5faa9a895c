package dev.gyre.io.conformance;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls of the C library that tests need and the JDK lacks. What is tested has its own. */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();

    private Native() {}

    /** A function that returns {@code int}. */
    static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** Calls {@code function} on a path and further arguments. */
    static int call(MethodHandle function, Object path, Object... more) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Object[] arguments = new Object[more.length + 1];
            arguments[0] = arena.allocateFrom(path.toString());
            System.arraycopy(more, 0, arguments, 1, more.length);
            int result = (int) function.invokeWithArguments(arguments);
            if (result < 0) {
                throw new IOException("a call on " + path + " failed");
            }
            return result;
        } catch (IOException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
