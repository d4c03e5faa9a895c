package dev.gyre.linux;

import dev.gyre.linux.layout.Sigaction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Signals, as far as a thread needs them that is blocked in a system call and shall stop waiting.
 *
 * <p>A signal whose handler does nothing makes a blocked call answer {@link Errno#EINTR}. Such a handler has to be
 * native code: it runs in the middle of anything, where Java code cannot. The C library's {@code abs} serves as one, as
 * it takes an int, touches nothing else and returns. A call answers with 0 or more, or with a negated {@link Errno}.
 * Any thread may call; none of this blocks. Source: signal(7), sigaction(2), tgkill(2).
 */
public final class Signals {
    // Signals.

    /** The terminal is gone. */
    public static final int SIGHUP = 1;
    /** Interrupted from the keyboard. */
    public static final int SIGINT = 2;
    /** Asked to quit; a Java virtual machine prints its threads. */
    public static final int SIGQUIT = 3;
    /** Not an instruction. */
    public static final int SIGILL = 4;
    /** A breakpoint. */
    public static final int SIGTRAP = 5;
    /** abort(3). */
    public static final int SIGABRT = 6;
    /** No memory behind an address, as beyond the end of a mapped file. */
    public static final int SIGBUS = 7;
    /** Arithmetic went wrong. */
    public static final int SIGFPE = 8;
    /** Ends the process, whatever it does. */
    public static final int SIGKILL = 9;
    /** For the program. */
    public static final int SIGUSR1 = 10;
    /** No such memory. */
    public static final int SIGSEGV = 11;
    /** For the program; a Java virtual machine uses it itself. */
    public static final int SIGUSR2 = 12;
    /** Nobody reads. */
    public static final int SIGPIPE = 13;
    /** alarm(2). */
    public static final int SIGALRM = 14;
    /** Asked to end. */
    public static final int SIGTERM = 15;
    /** A child changed. */
    public static final int SIGCHLD = 17;
    /** Goes on. */
    public static final int SIGCONT = 18;
    /** Stops the process, whatever it does. */
    public static final int SIGSTOP = 19;
    /** Stopped from the keyboard. */
    public static final int SIGTSTP = 20;
    /** Read from the terminal in the background. */
    public static final int SIGTTIN = 21;
    /** Wrote to the terminal in the background. */
    public static final int SIGTTOU = 22;
    /** Urgent data on a socket; ignored unless handled. */
    public static final int SIGURG = 23;
    /** The limit of processor time. */
    public static final int SIGXCPU = 24;
    /** The limit of a file's length. */
    public static final int SIGXFSZ = 25;
    /** A timer of processor time. */
    public static final int SIGVTALRM = 26;
    /** A timer for profiling. */
    public static final int SIGPROF = 27;
    /** The window has another size; ignored unless handled. */
    public static final int SIGWINCH = 28;
    /** A descriptor is ready. */
    public static final int SIGIO = 29;
    /** The power fails. */
    public static final int SIGPWR = 30;
    /** Not a system call, or one that a filter refused. */
    public static final int SIGSYS = 31;

    // What happens on a signal: Sigaction.SA_HANDLER and Sigaction.SA_FLAGS.

    /** The default. */
    public static final long SIG_DFL = 0;
    /** Nothing, and no call is interrupted. */
    public static final long SIG_IGN = 1;
    /** No SIGCHLD when a child only stops. */
    public static final int SA_NOCLDSTOP = 1;
    /** The kernel keeps no child's end. */
    public static final int SA_NOCLDWAIT = 2;
    /** The handler takes three arguments. */
    public static final int SA_SIGINFO = 4;
    /** The handler runs on the thread's alternate stack, if it has one. */
    public static final int SA_ONSTACK = 0x08000000;
    /** Interrupted calls go on instead of answering EINTR. */
    public static final int SA_RESTART = 0x10000000;
    /** The signal is not blocked while its handler runs. */
    public static final int SA_NODEFER = 0x40000000;
    /** The handler runs once. */
    public static final int SA_RESETHAND = 0x80000000;

    private Signals() {}

    /**
     * Sets and asks for what happens on a signal, in the whole process: sigaction(2).
     *
     * @param signal which signal
     * @param action a {@link Sigaction} to set, or {@link MemorySegment#NULL}
     * @param previous a {@link Sigaction} where the kernel writes what was set before, or {@link MemorySegment#NULL}
     * @return 0, or negated: EFAULT, EINVAL (no such signal, or one that cannot be handled)
     */
    public static int sigaction(int signal, MemorySegment action, MemorySegment previous) {
        Assert.lengthFitsOrNull(Sigaction.SIZE, action);
        Assert.lengthFitsOrNull(Sigaction.SIZE, previous);
        // Not by number: the kernel wants to be told how a handler returns, which the library knows.
        return Libc.callInt(
                Libc.address("sigaction"), signal, action.address(), previous.address(), 0, action, previous);
    }

    /**
     * Makes a signal do nothing but interrupt: a blocked call answers EINTR. Replaces what happened on it before, in
     * the whole process; {@link #sigaction} tells what that is.
     *
     * @param signal which signal, best one from {@link #rtMinimum} to {@link #rtMaximum} that nobody else uses
     * @return 0, or negated EINVAL (no such signal, or one that cannot be handled)
     */
    public static int installNoOpHandler(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(Sigaction.LAYOUT);
            action.set(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER, Libc.address("abs").address());
            return sigaction(signal, action, MemorySegment.NULL);
        }
    }

    /**
     * Sends a signal to one thread: tgkill(2). From kernel 2.5.75.
     *
     * @param process its id
     * @param thread the id of one of its threads, as from {@link Processes#gettid}
     * @param signal which signal, or 0 to ask whether the thread exists
     * @return 0, or negated: EAGAIN (too many queued), EINVAL, EPERM, ESRCH (no such thread; its id may belong to
     *     another one soon)
     */
    public static int tgkill(int process, int thread, int signal) {
        return (int) Kernel.call(SystemCallNumber.TGKILL, process, thread, signal);
    }

    /**
     * The first real-time signal that the C library leaves to programs: signal(7).
     *
     * @return its number, 34 with glibc
     */
    public static int rtMinimum() {
        return Libc.callInt(
                Libc.address("__libc_current_sigrtmin"), 0, 0, 0, 0, MemorySegment.NULL, MemorySegment.NULL);
    }

    /**
     * The last real-time signal: signal(7).
     *
     * @return its number, 64
     */
    public static int rtMaximum() {
        return Libc.callInt(
                Libc.address("__libc_current_sigrtmax"), 0, 0, 0, 0, MemorySegment.NULL, MemorySegment.NULL);
    }
}
