package dev.gyre.host;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import dev.gyre.linux.layout.Sigaction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How a thread is brought out of a system call that blocks: by a signal whose handler does nothing, so that the call
 * answers {@code EINTR}.
 *
 * <p>The signal is a real-time one, because programs leave those alone: the highest that still has its default action,
 * looked for from {@code SIGRTMAX - 3} downwards. Above that the JDK uses {@code SIGRTMAX - 2}, to wake its own
 * threads from blocking calls; below {@code SIGRTMIN} the C library has some. The virtual machine itself only uses
 * signals that have names. Its action stays set for as long as the process lives.
 *
 * <p>A thread to which the signal comes a moment before it enters the kernel blocks all the same. So signals are sent
 * again until the thread says that it is through, after a quarter of a millisecond, then less and less often: a thread
 * that waits for a disk hears no signal at all, and each that it has not heard takes one of the user's
 * {@code RLIMIT_SIGPENDING}.
 */
final class Interruption {
    private static final long REPEAT_FIRST_NANOS = 250_000;
    private static final long REPEAT_LAST_NANOS = 100_000_000;

    private static final int PROCESS = Processes.getpid();
    private static final int SIGNAL = install();
    private static final ScheduledThreadPoolExecutor REPEATING = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("gyre-interrupter").factory());

    private Interruption() {}

    /** Makes sure that {@link #interrupt} will work: the signal is set, and the thread that repeats it runs. */
    static void prepare() throws BackendUnavailable {
        if (SIGNAL == 0) {
            throw new BackendUnavailable("threads need a real-time signal to interrupt system calls with,"
                    + " and this process uses all of them");
        }
        REPEATING.prestartCoreThread();
    }

    /** Sends the signal to {@code call}'s thread now, and again as long as it needs. Never blocks. */
    static void interrupt(SystemCall call) {
        send(call, REPEAT_FIRST_NANOS);
    }

    private static void send(SystemCall call, long nextNanos) {
        if (call.signal(PROCESS, SIGNAL)) {
            var _ = REPEATING.schedule(
                    () -> send(call, Math.min(2 * nextNanos, REPEAT_LAST_NANOS)), nextNanos, TimeUnit.NANOSECONDS);
        }
    }

    private static int install() {
        for (int signal = Signals.rtMaximum() - 3; signal >= Signals.rtMinimum(); signal--) {
            if (isUnused(signal)) {
                int result = Signals.installNoOpHandler(signal);
                if (result < 0) {
                    throw new AssertionError("sigaction " + signal + " failed: " + Errno.describe(-result));
                }
                return signal;
            }
        }
        return 0;
    }

    private static boolean isUnused(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(Sigaction.LAYOUT);
            int result = Signals.sigaction(signal, MemorySegment.NULL, action);
            return result == 0 && action.get(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER) == Signals.SIG_DFL;
        }
    }
}
