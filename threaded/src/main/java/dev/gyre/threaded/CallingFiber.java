package dev.gyre.threaded;

import dev.gyre.io.spi.ThreadFiber;
import java.util.Objects;

/** A task on a thread of the pool, which waits in system calls. */
final class CallingFiber extends ThreadFiber {
    private final ThreadedIo io;

    /** The thread's name while the fiber has it. The thread has another one, or another fiber, afterwards. */
    private volatile String name;

    /** A fiber that will run {@code body} on a thread of {@code io}'s pool. */
    CallingFiber(ThreadedIo io, String name, Runnable body) {
        super(body);
        this.io = io;
        this.name = name;
    }

    /** The one that made it: the fiber of a task stays the same when that task calls another {@code Io}. */
    ThreadedIo io() {
        return io;
    }

    /** Runs the body on the calling thread, which bears the task's name meanwhile. */
    void run() {
        Thread thread = Thread.currentThread();
        String ownName = thread.getName();
        nameAs(thread, ownName);
        started(thread);
        try {
            Objects.requireNonNull(body()).run();
        } finally {
            ended();
            thread.setName(ownName);
        }
    }

    /** Where there is no memory for names, the task runs all the same. */
    private void nameAs(Thread thread, String ownName) {
        try {
            String nameHere = ownName + " " + name;
            thread.setName(nameHere);
            name = nameHere;
        } catch (OutOfMemoryError unnamed) {
            // It can be told apart less easily.
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
