package dev.gyre.uring;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads whose scheduler is ours.
 *
 * <p>JDK 25 has them, but not in public: the constructor of {@code ThreadBuilders.VirtualThreadBuilder} takes an
 * {@link Executor} that is handed each piece of a thread that can run. It is reached if {@code java.base} opens
 * {@code java.lang} to this module ({@code --add-opens java.base/java.lang=dev.gyre.uring}, or {@code Add-Opens} in
 * the manifest of an executable jar). Without that, Gyre runs tasks on ordinary virtual threads.
 */
final class VirtualThreads {
    private static final @Nullable MethodHandle CONSTRUCTOR;
    private static final @Nullable MethodHandle CURRENT_CARRIER;
    private static final String REFUSAL;

    static {
        MethodHandle constructor = null;
        MethodHandle currentCarrier = null;
        String refusal = "";
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            constructor = MethodHandles.privateLookupIn(builder, lookup)
                    .findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
            currentCarrier = MethodHandles.privateLookupIn(Thread.class, lookup)
                    .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        } catch (IllegalAccessException closed) {
            constructor = null;
            refusal = "java.lang is not opened to dev.gyre.uring"
                    + " (start Java with --add-opens java.base/java.lang=dev.gyre.uring)";
        } catch (ReflectiveOperationException changed) {
            constructor = null;
            refusal = "this JDK has no constructor for virtual threads with a scheduler of their own";
        }
        CONSTRUCTOR = constructor;
        CURRENT_CARRIER = currentCarrier;
        REFUSAL = refusal;
    }

    private VirtualThreads() {}

    /** Whether {@link #unstarted} and {@link #carrier} work. */
    static boolean schedulable() {
        return CONSTRUCTOR != null;
    }

    /** Why they do not. */
    static String refusal() {
        return REFUSAL;
    }

    /** Makes a virtual thread for {@code fiber} that is run by {@code scheduler}. */
    @SuppressWarnings("NullAway") // schedulable
    static Thread unstarted(Executor scheduler, String name, FiberHandler fiber, Runnable body) {
        try {
            return ((Thread.Builder.OfVirtual) CONSTRUCTOR.invokeExact(scheduler))
                    .name(name)
                    .uncaughtExceptionHandler(fiber)
                    .unstarted(body);
        } catch (Error shortage) {
            throw shortage;
        } catch (Throwable thrown) {
            throw new AssertionError("virtual threads cannot be made any more", thrown);
        }
    }

    /** The platform thread that runs the calling thread: itself, or the one that carries it. */
    @SuppressWarnings("NullAway") // schedulable
    static Thread carrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Error shortage) {
            throw shortage;
        } catch (Throwable thrown) {
            throw new AssertionError("the carrier thread cannot be asked for", thrown);
        }
    }
}
