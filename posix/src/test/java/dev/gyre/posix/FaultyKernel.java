package dev.gyre.posix;

import dev.gyre.io.ErrorNumber;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that lets one call fail and hands all others on, to that of a backend. It counts the descriptors that are
 * open.
 */
final class FaultyKernel {
    private static final Set<String> OPENING = Set.of(
            "socket", "datagramSocket", "accept", "openFile", "openDirectory", "openWatcher", "openWorkingDirectory",
            "pipe", "spawn", "socketPair");
    private static final Set<String> CLOSING = Set.of("closeSocket", "close", "closeNow");

    private final Kernel kernel;
    private final AtomicInteger open = new AtomicInteger();

    private final Semaphore ends = new Semaphore(0);
    private volatile boolean interrupting;
    private volatile @Nullable String failing;
    private final AtomicInteger skipped = new AtomicInteger();
    private volatile int error;
    private volatile @Nullable Callable<@Nullable Object> outcome;

    private FaultyKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Puts one before the calls of an {@code Io}. */
    static FaultyKernel before(PosixIo io) {
        FaultyKernel faulty = new FaultyKernel(io.kernel());
        io.putBefore((Kernel) Proxy.newProxyInstance(
                FaultyKernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, faulty::call));
        return faulty;
    }

    /** Lets the next call of that name fail. One that closes does close all the same, as close(2) says. */
    void fail(String call, int newError) {
        fail(call, 0, newError);
    }

    /** Lets a call of that name fail after some others. */
    void fail(String call, int others, int newError) {
        error = newError;
        skipped.set(others);
        failing = call;
    }

    /** Lets a call of that name be made after some others, and have another outcome. */
    void replace(String call, int others, Callable<@Nullable Object> newOutcome) {
        outcome = newOutcome;
        skipped.set(others);
        failing = call;
    }

    /** Whether the call that was to fail has been made; it does not fail any more. */
    boolean hasFailed() {
        boolean failed = failing == null;
        failing = null;
        return failed;
    }

    /** Lets every third operation of a batch that is made from now on end as if by a signal, when it ends first. */
    void interruptEachThirdOfABatch() {
        interrupting = true;
    }

    /** Waits until so many operations of such batches have ended. */
    void awaitEndsOfABatch(int count) throws InterruptedException {
        ends.acquire(count);
    }

    private KernelBatch.Listener interrupted(KernelBatch.Listener listener) {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        return (slot, result) -> {
            boolean first = seen.add(slot);
            listener.ended(slot, first && slot % 3 == 0 ? -ErrorNumber.EINTR.code() : result);
            ends.release();
        };
    }

    /** How many descriptors are open. */
    int open() {
        return open.get();
    }

    private @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (interrupting && arguments != null && name.equals("batch")) {
            arguments[2] = interrupted((KernelBatch.Listener) arguments[2]);
        }
        boolean fails = name.equals(failing) && skipped.getAndDecrement() == 0;
        if (fails) {
            failing = null;
        }
        Callable<@Nullable Object> replacing = fails ? outcome : null;
        Object result = fails && replacing == null && !CLOSING.contains(name) ? null : made(method, arguments);
        if (OPENING.contains(name)) {
            open.addAndGet(opened(result));
        }
        if (arguments != null && name.equals("receiveWith")) {
            open.addAndGet(((PassedDescriptors) arguments[3]).count());
        }
        if (CLOSING.contains(name)) {
            open.decrementAndGet();
        }
        if (replacing != null) {
            outcome = null;
            return replacing.call();
        }
        return fails ? failure(method.getReturnType()) : result;
    }

    private static int opened(@Nullable Object result) {
        return switch (result) {
            case Integer descriptor when descriptor >= 0 -> 1;
            case Answer<?>(int _, PipeEnds _) -> 2;
            case Answer<?>(int _, SocketCalls.Ends _) -> 2;
            case Answer<?>(int _, ProcessDescriptor _) -> 1;
            case null, default -> 0;
        };
    }

    private @Nullable Object made(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private @Nullable Object failure(Class<?> type) {
        if (type == Answer.class) {
            return Answer.failed(-error);
        }
        return type == void.class ? null : type == long.class ? (Object) (long) -error : (Object) (-error);
    }
}
