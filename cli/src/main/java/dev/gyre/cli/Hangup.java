package dev.gyre.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Lets a command do something when the process gets SIGHUP, which would end it otherwise.
 *
 * <p>The JDK's class for that is in the module {@code jdk.unsupported}, and the compiler warns of every mention of it;
 * so it is found by its name. Where it is missing, the signal does what it does.
 */
final class Hangup {
    private Hangup() {}

    /**
     * From now on, SIGHUP does this and nothing else, for as long as the process lives.
     *
     * @param action is run on a thread of the virtual machine; must not throw
     */
    static void handledBy(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handle = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> action.hashCode();
                default -> "SIGHUP";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handle);
            Object hup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hup, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            System.getLogger("dev.gyre.cli").log(System.Logger.Level.DEBUG, "SIGHUP is not handled", unavailable);
        }
    }
}
