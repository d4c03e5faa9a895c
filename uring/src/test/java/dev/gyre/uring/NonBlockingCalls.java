package dev.gyre.uring;

import java.util.Set;

/**
 * Methods of the JDK in which a virtual thread cannot lose its carrier: they take no lock, wait for nothing and fill no
 * shared cache. What is not listed here may, or nobody has looked.
 */
final class NonBlockingCalls {
    /** Classes all of whose methods are that. */
    private static final Set<String> CLASSES = Set.of(
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Enum",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Math",
            "java/lang/Record",
            "java/lang/Short",
            "java/lang/String",
            "java/lang/StringBuilder",
            "java/time/Duration",
            "java/util/ArrayDeque",
            "java/util/ArrayList",
            "java/util/Arrays",
            "java/util/BitSet",
            "java/util/HashMap",
            "java/util/HashSet",
            "java/util/Objects",
            "java/util/Optional",
            "java/util/OptionalInt",
            "java/util/concurrent/ConcurrentLinkedQueue");

    /**
     * Classes whose linkage happens below a frame of the virtual machine's, where a virtual thread is pinned. That the
     * invocation is exact, and adapts nothing later, is the code's own rule.
     */
    private static final Set<String> LINKED_BY_THE_MACHINE =
            Set.of("java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle");

    /**
     * Interfaces whose implementations are ours, or plain collections. Not {@code Collection}, {@code Map} and {@code
     * Set}: a {@code ConcurrentHashMap} may be behind them.
     */
    private static final Set<String> INTERFACES = Set.of(
            "java/lang/Runnable",
            "java/util/Comparator",
            "java/util/Iterator",
            "java/util/List",
            "java/util/concurrent/Callable",
            "java/util/concurrent/Executor");

    private static final Set<String> METHODS = Set.of(
            "java/lang/Class.getName",
            "java/lang/Object.<init>",
            "java/lang/Object.equals",
            "java/lang/Object.getClass",
            "java/lang/Object.hashCode",
            "java/lang/System.arraycopy",
            "java/lang/System.nanoTime",
            "java/lang/Thread.currentThread",
            "java/lang/foreign/Arena.global",
            "java/lang/foreign/MemorySegment.asSlice",
            "java/lang/foreign/MemorySegment.address",
            "java/lang/foreign/MemorySegment.byteSize",
            "java/lang/foreign/MemorySegment.isNative",
            "java/lang/foreign/MemorySegment.ofAddress",
            "java/lang/foreign/MemorySegment.reinterpret",
            "java/lang/Thread.getName",
            "java/lang/Thread.getUncaughtExceptionHandler",
            "java/lang/Thread.interrupted",
            "java/lang/Thread.isAlive",
            "java/lang/Thread.isInterrupted",
            "java/lang/Thread.isVirtual",
            "java/lang/Thread.onSpinWait",
            "java/lang/Thread.threadId");

    private NonBlockingCalls() {}

    /** Whether a method of a JDK's class is known not to block. */
    static boolean contains(String owner, String name) {
        return CLASSES.contains(owner)
                || INTERFACES.contains(owner)
                || METHODS.contains(owner + "." + name)
                || isExactInvocation(owner, name)
                || isMadeException(owner, name)
                || owner.startsWith("java/util/concurrent/atomic/")
                || owner.startsWith("java/util/function/");
    }

    /** All methods of a handle but those that look for another one or make it. */
    private static boolean isExactInvocation(String owner, String name) {
        return LINKED_BY_THE_MACHINE.contains(owner)
                && (name.startsWith("invoke") || name.startsWith("get") || name.startsWith("set")
                        || name.contains("ompareAnd") || name.endsWith("Fence"));
    }

    private static boolean isMadeException(String owner, String name) {
        return name.equals("<init>") && (owner.endsWith("Exception") || owner.endsWith("Error"));
    }
}
