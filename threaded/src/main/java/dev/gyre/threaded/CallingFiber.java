package dev.gyre.threaded;

import dev.gyre.io.spi.LentThread;
import dev.gyre.io.spi.ThreadFiber;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A task on a thread of the pool, which waits in system calls. */
final class CallingFiber extends ThreadFiber implements Runnable {
    /** Of all tasks of this kind in the process: a thread's own number serves one task after the other. */
    private static final AtomicLong COUNT = new AtomicLong();

    private final ThreadedIo io;
    private final long number = COUNT.incrementAndGet();

    /** Where the body was written. */
    private final String place;

    /** That of the thread that makes the task, as a thread of the task's own would inherit it. */
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    /** A fiber that will run {@code body}, which was written at {@code place}, on a thread of {@code io}'s pool. */
    CallingFiber(ThreadedIo io, String place, Runnable body) {
        super(body);
        this.io = io;
        this.place = place;
    }

    /** The one that made it: the fiber of a task stays the same when that task calls another {@code Io}. */
    ThreadedIo io() {
        return io;
    }

    /** Runs the task on the calling thread, which is as new for it. Makes no object. */
    void runHere() {
        LentThread.run(loader, this);
    }

    /** Runs the body, while the thread bears the task's name. */
    @Override
    public void run() {
        Thread thread = Thread.currentThread();
        nameAfterTask(thread);
        started(thread);
        try {
            Objects.requireNonNull(body()).run();
        } finally {
            ended();
        }
    }

    /** Where there is no memory for names, the task runs all the same. */
    private void nameAfterTask(Thread thread) {
        try {
            thread.setName(toString());
        } catch (OutOfMemoryError unnamed) {
            // It can be told apart less easily.
        }
    }

    /** The number comes first, since Linux keeps only 15 characters of a thread's name. */
    @Override
    public String toString() {
        return "gyre-task-" + number + " " + place;
    }
}
