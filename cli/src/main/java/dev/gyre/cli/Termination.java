package dev.gyre.cli;

import dev.gyre.linux.Signals;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Lets a command come to an end of its own when the process is told to end: by SIGTERM, by Ctrl-C, or, unless the
 * command has another use for it, by SIGHUP, the end of its terminal. The process then ends as it does without a
 * signal, when the command has returned and closed what it had.
 *
 * <p>A second signal ends the process at once, as it ends any process.
 *
 * <p>A handler has to be native code, and the virtual machine's is the only one that tells a program written in Java.
 * (signalfd(2) sees only what every thread blocks, and the virtual machine unblocks these signals in each of its own.)
 * Where the virtual machine was started not to handle signals, by {@code -Xrs}, they do what they do; as do those that
 * the process was started to ignore, by nohup(1) for one.
 */
final class Termination implements AutoCloseable {
    private static final Signal HANGUP = new Signal("HUP");
    private static final List<Signal> ENDING = List.of(new Signal("INT"), new Signal("TERM"));

    private static final Set<Termination> AWAITED = ConcurrentHashMap.newKeySet();

    /** The first signal that has come, or 0. */
    private static volatile int signal;

    private final Runnable stop;
    private final @Nullable Runnable hangup;
    private final ReentrantLock stopping = new ReentrantLock();
    private boolean closed;

    private Termination(Runnable stop, @Nullable Runnable hangup) {
        this.stop = stop;
        this.hangup = hangup;
    }

    /**
     * From now on, a request to end the process calls {@code stop}, once, on another thread.
     *
     * @param stop sees to it that the command returns soon, so that it closes this; must not throw
     */
    static Termination handledBy(Runnable stop) {
        return handledBy(stop, null);
    }

    /**
     * The same, with something else to do on SIGHUP.
     *
     * @param stop as with the other
     * @param hangup is run for each SIGHUP, on another thread; must not throw. Null if that ends the command, too
     */
    static Termination handledBy(Runnable stop, @Nullable Runnable hangup) {
        Termination termination = new Termination(stop, hangup);
        AWAITED.add(termination);
        handle(HANGUP, Termination::hungUp);
        ENDING.forEach(each -> handle(each, Termination::endedBy));
        return termination;
    }

    /** Asks all commands that run in this process to stop, as a signal would. */
    static void request() {
        AWAITED.forEach(Termination::stop);
    }

    /** What the process exits with if its command has left something undone: 128 and the signal, Ctrl-C if none. */
    static int exitCode() {
        return 128 + (signal == 0 ? Signals.SIGINT : signal);
    }

    /** The command has ended. Returns when {@code stop} has, if that runs, since what it uses is closed after this. */
    @Override
    public void close() {
        AWAITED.remove(this);
        stopping.lock();
        try {
            closed = true;
        } finally {
            stopping.unlock();
        }
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

    private static void hungUp(Signal received) {
        List<Runnable> uses = AWAITED.stream().map(each -> each.hangup).filter(Objects::nonNull).toList();
        if (uses.isEmpty()) {
            handle(HANGUP, SignalHandler.SIG_DFL);
            endedBy(received);
        } else {
            uses.forEach(Runnable::run);
        }
    }

    private static void endedBy(Signal received) {
        signal = received.getNumber();
        // From the next one on, the kernel ends the process.
        ENDING.forEach(each -> handle(each, SignalHandler.SIG_DFL));
        if (AWAITED.isEmpty()) {
            Signal.raise(received);
        } else {
            request();
        }
    }

    private static void handle(Signal signal, SignalHandler handler) {
        try {
            Signal.handle(signal, handler);
        } catch (IllegalArgumentException unavailable) {
            // By -Xrs. The signal does what it does.
            return;
        }
    }
}
