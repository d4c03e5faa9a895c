package dev.gyre.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * What the process does on a signal, by the virtual machine's own handler: a handler has to be native code, and that
 * one alone calls a program written in Java. (signalfd(2) sees only what every thread blocks, and the virtual machine
 * unblocks these signals in each of its own.) A signal that the process was started to ignore, by nohup(1) for one,
 * stays ignored.
 *
 * <p>The JDK's class for that is in the module {@code jdk.unsupported}, and the compiler warns of every mention of it;
 * so it is found by its name. Where it is missing, or the virtual machine was started not to handle signals
 * ({@code -Xrs}), signals do what they do.
 */
final class SignalHandlers {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private SignalHandlers() {}

    /**
     * From now on, these signals do this.
     *
     * @param action is told the signal's name, on a thread of its own for each that comes; must not throw
     * @param names such as {@code TERM}
     */
    static void handle(Consumer<String> action, String... names) {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.accept(arguments[0].toString().substring("SIG".length()));
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "a handler of signals";
        };
        try {
            Class<?> type = Class.forName(HANDLER);
            set(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler), names);
        } catch (ReflectiveOperationException unavailable) {
            // They do what they do.
        }
    }

    /** From now on, the kernel ends the process on these signals. */
    static void takeDefaultAction(String... names) {
        try {
            set(Class.forName(HANDLER).getField("SIG_DFL").get(null), names);
        } catch (ReflectiveOperationException unavailable) {
            // As it does.
        }
    }

    private static void set(Object handler, String... names) throws ReflectiveOperationException {
        for (String name : names) {
            Class.forName(SIGNAL).getMethod("handle", Class.forName(SIGNAL), Class.forName(HANDLER))
                    .invoke(null, signal(name), handler);
        }
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
    }
}
