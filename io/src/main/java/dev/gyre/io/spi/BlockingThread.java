package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** A thread for bodies of {@link dev.gyre.io.Tasks#blocking}, which knows for whom it works. */
final class BlockingThread extends Thread {
    /** Own thread only. */
    private @Nullable BlockingCall<?, ?> call;

    BlockingThread(Runnable work, String name) {
        super(null, work, name, 0, false);
        setDaemon(true);
        setPriority(NORM_PRIORITY);
    }

    /** What the calling thread was given to run, or null. */
    static @Nullable BlockingCall<?, ?> currentCall() {
        return Thread.currentThread() instanceof BlockingThread own ? own.call : null;
    }

    /** Says what the calling thread, which is one of these, runs from now on. */
    static void setCurrentCall(@Nullable BlockingCall<?, ?> newCall) {
        if (Thread.currentThread() instanceof BlockingThread own) {
            own.call = newCall;
        }
    }
}
