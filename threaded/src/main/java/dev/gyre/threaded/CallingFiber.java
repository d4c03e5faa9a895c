package dev.gyre.threaded;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.ThreadFiber;
import dev.gyre.linux.Mmap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A fiber whose thread waits in system calls and in timed sleep: a task on a thread of the pool, or a stranger. */
final class CallingFiber extends ThreadFiber {
    private final ThreadedIo io;

    /** The thread's name while the fiber has it. The thread has another one, or another fiber, afterwards. */
    private volatile String name;

    private final boolean stranger;
    private final boolean virtual;

    /** A fiber that will run {@code body} on a thread of {@code io}'s pool. */
    CallingFiber(ThreadedIo io, String name, Runnable body) {
        super(body);
        this.io = io;
        this.name = name;
        this.stranger = false;
        this.virtual = false;
    }

    /** A fiber that stands for a thread that Gyre did not start. */
    CallingFiber(ThreadedIo io, Thread thread) {
        super(thread);
        this.io = io;
        this.name = thread.getName();
        this.stranger = true;
        this.virtual = thread.isVirtual();
    }

    /** The one that made it: the fiber of a task stays the same when that task calls another {@code Io}. */
    ThreadedIo io() {
        return io;
    }

    /** Whether it is no task. */
    boolean isStranger() {
        return stranger;
    }

    /** Whether its thread must not block in a system call, because that would block its carrier too. */
    boolean isVirtual() {
        return virtual;
    }

    /** Memory that the thread which makes this fiber's system calls can reach, as long as the fiber waits for it. */
    MemorySegment forCall(MemorySegment memory) {
        return virtual ? Mmap.segment(memory.address(), memory.byteSize(), Arena.global()) : memory;
    }

    /** Runs the body on the calling thread, which bears the task's name meanwhile. */
    void run() {
        Thread thread = Thread.currentThread();
        String ownName = thread.getName();
        String nameHere = ownName + " " + name;
        thread.setName(nameHere);
        name = nameHere;
        started(thread);
        try {
            Objects.requireNonNull(body()).run();
        } finally {
            thread.setName(ownName);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    protected void blockCancelable(Blocker blocker) {
        if (stranger) {
            io.strangers().whileWaiting(this, () -> super.blockCancelable(blocker));
        } else {
            super.blockCancelable(blocker);
        }
    }

    @Override
    protected void blockDeaf(Blocker blocker) {
        if (stranger) {
            io.strangers().whileWaiting(this, () -> super.blockDeaf(blocker));
        } else {
            super.blockDeaf(blocker);
        }
    }

    @Override
    protected void suspend(Blocker awaited) {
        if (awaited instanceof Waiting own) {
            own.suspend();
        } else {
            super.suspend(awaited);
        }
    }
}
