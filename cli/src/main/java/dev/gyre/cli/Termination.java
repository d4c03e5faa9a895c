package dev.gyre.cli;

import dev.gyre.linux.Signals;
import dev.gyre.linux.layout.Sigaction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a command come to an end of its own when the process is told to end, by SIGTERM or by Ctrl-C.
 *
 * <p>The virtual machine answers such a signal by running its shutdown hooks and exiting with 128 and the signal's
 * number. The hook here asks the command to stop, waits until it has, and then exits with 0, since to stop a server is
 * no failure; or as the virtual machine would, where the command has left something undone.
 *
 * <p>A second signal ends the process at once, as it ends any process: the virtual machine would leave it unheard.
 */
final class Termination implements AutoCloseable {
    /** What the virtual machine takes as a request to end, besides the end of a terminal. */
    private static final int[] ENDING = {Signals.SIGINT, Signals.SIGTERM};

    private static final Set<Termination> AWAITED = ConcurrentHashMap.newKeySet();

    private final Runnable stop;
    private final boolean isSuccess;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::terminate, "gyre-termination");

    private final ReentrantLock stopping = new ReentrantLock();
    private boolean closed;

    private Termination(Runnable stop, boolean isSuccess) {
        this.stop = stop;
        this.isSuccess = isSuccess;
    }

    /**
     * From now on, a request to end the process calls {@code stop}, once, on another thread.
     *
     * @param stop sees to it that the command returns soon, so that it closes this; must not throw
     */
    static Termination handledBy(Runnable stop) {
        return registered(new Termination(stop, true));
    }

    /**
     * The same for a command that has left something undone then: the process exits with 128 and the signal's number,
     * 130 for Ctrl-C.
     *
     * @param stop as for {@link #handledBy}
     */
    static Termination interruptedBy(Runnable stop) {
        return registered(new Termination(stop, false));
    }

    private static Termination registered(Termination termination) {
        Runtime.getRuntime().addShutdownHook(termination.hook);
        AWAITED.add(termination);
        return termination;
    }

    /** Asks all commands that run in this process to stop, as a signal would; the process lives on. */
    static void request() {
        AWAITED.forEach(Termination::stop);
    }

    /**
     * The command has ended. If that was asked for by a signal, the process ends here; but not before {@code stop} has
     * returned, since what it uses is closed after this.
     */
    @Override
    public void close() {
        AWAITED.remove(this);
        stopping.lock();
        try {
            closed = true;
        } finally {
            stopping.unlock();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shutdownHasBegun) {
            await(stopped);
        }
        ended.countDown();
    }

    /** Holds up {@link #close} until it is done. */
    private void stop() {
        stopping.lock();
        try {
            if (!closed) {
                stop.run();
            }
        } finally {
            stopping.unlock();
        }
    }

    private void terminate() {
        for (int signal : ENDING) {
            takeDefaultAction(signal);
        }
        try {
            stop();
        } finally {
            stopped.countDown();
        }
        await(ended);
        System.out.flush();
        System.err.flush();
        if (isSuccess) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** From the next of these signals on, the kernel ends the process; unless it was started to ignore them. */
    private static void takeDefaultAction(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(Sigaction.LAYOUT);
            int result = Signals.sigaction(signal, MemorySegment.NULL, action);
            if (result == 0 && action.get(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER) != Signals.SIG_IGN) {
                action.fill((byte) 0);
                action.set(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER, Signals.SIG_DFL);
                Signals.sigaction(signal, action, MemorySegment.NULL);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyInterruptsCommands) {
            Thread.currentThread().interrupt();
        }
    }
}
