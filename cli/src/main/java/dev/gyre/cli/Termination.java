package dev.gyre.cli;

import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command come to an end of its own when the process is told to end: by SIGTERM, by Ctrl-C, or, unless the
 * command has another use for it, by SIGHUP, the end of its terminal. The process then ends as it does without a
 * signal, when the command has returned and closed what it had.
 *
 * <p>A second signal ends the process at once, as it ends any process.
 */
final class Termination implements AutoCloseable {
    private static final String HANGUP = "HUP";
    private static final String INTERRUPT = "INT";
    private static final String TERMINATE = "TERM";

    private static final Set<Termination> AWAITED = ConcurrentHashMap.newKeySet();

    /** The first signal that has come, or 0. */
    private static volatile int signal;

    private final Runnable stop;
    private final @Nullable Runnable hangup;
    private final ReentrantLock stopping = new ReentrantLock();

    /** Whether {@code stop} was called, or must not be any more. */
    private boolean over;

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
        SignalHandlers.handle(Termination::received, HANGUP, INTERRUPT, TERMINATE);
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
            over = true;
        } finally {
            stopping.unlock();
        }
    }

    /** Holds up {@link #close} until it is done. */
    private void stop() {
        stopping.lock();
        try {
            if (!over) {
                over = true;
                stop.run();
            }
        } finally {
            stopping.unlock();
        }
    }

    private static void received(String name) {
        if (name.equals(HANGUP)) {
            List<Runnable> uses = AWAITED.stream().map(each -> each.hangup).filter(Objects::nonNull).toList();
            if (!uses.isEmpty()) {
                uses.forEach(Runnable::run);
                return;
            }
            SignalHandlers.takeDefaultAction(HANGUP);
        }
        signal = switch (name) {
            case HANGUP -> Signals.SIGHUP;
            case INTERRUPT -> Signals.SIGINT;
            default -> Signals.SIGTERM;
        };
        // From the next one on, the kernel ends the process.
        SignalHandlers.takeDefaultAction(INTERRUPT, TERMINATE);
        if (AWAITED.isEmpty()) {
            Processes.kill((int) ProcessHandle.current().pid(), signal);
        } else {
            request();
        }
    }
}
