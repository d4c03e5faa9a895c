package dev.gyre.io.conformance;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives tests an {@link Io} or an {@link Opener}, and audits what each leaves behind.
 *
 * <p>The folder of a test is there for its {@code Io} as well, where that has files of its own.
 *
 * <p>After a test its {@code Io} is closed, which waits for all its tasks. Then the process must have the descriptors
 * that it had before, and no thread of a backend's.
 */
final class Harness implements BeforeEachCallback, AfterEachCallback, ParameterResolver, InvocationInterceptor {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Harness.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        store.put("descriptors", OpenDescriptors.now());
        store.put("threads", BackendThreads.now());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        Io io = store.remove(Io.class, Io.class);
        if (io != null) {
            io.close();
        }
        @SuppressWarnings("unchecked")
        Set<String> descriptors = store.get("descriptors", Set.class);
        @SuppressWarnings("unchecked")
        Set<Thread> threads = store.get("threads", Set.class);
        Eventually.assertEmpty("descriptors were left open", () -> OpenDescriptors.since(descriptors));
        Eventually.assertEmpty("threads were left running", () -> BackendThreads.since(threads));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Io.class || type == Opener.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Opener opener = opener(context);
        if (parameter.getParameter().getType() == Opener.class) {
            return opener;
        }
        return context.getStore(NAMESPACE).computeIfAbsent(Io.class, _ -> open(opener), Io.class);
    }

    private static Opener opener(ExtensionContext context) {
        return context.getRequiredTestInstances()
                .findInstance(Opener.class)
                .orElseThrow(() -> new AssertionError("the tests are nested in a subclass of Conformance"));
    }

    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> test, ExtensionContext context) throws Throwable {
        makeFolder(test, context);
        invocation.proceed();
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> test, ExtensionContext context) throws Throwable {
        makeFolder(test, context);
        invocation.proceed();
    }

    private static void makeFolder(ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws IoException {
        Io io = context.getStore(NAMESPACE).get(Io.class, Io.class);
        if (io == null || !opener(context).hasOwnFiles()) {
            return;
        }
        for (Object argument : test.getArguments()) {
            if (argument instanceof Path folder) {
                Folders.make(io, folder);
            }
        }
    }

    private static Io open(Opener opener) {
        try {
            return opener.open(IoOptions.DEFAULT);
        } catch (Exception refused) {
            throw new AssertionError("the backend does not open", refused);
        }
    }
}
