package dev.gyre.host;

import dev.gyre.linux.Processes;
import dev.gyre.linux.layout.Pollfd;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a platform thread keeps for its system calls.
 *
 * @param id the kernel's, for signals
 * @param pollfd memory for one {@link Pollfd}
 * @param argument memory for a {@link Timespec} or one number
 */
record NativeThread(int id, MemorySegment pollfd, MemorySegment argument) {
    private static final ThreadLocal<NativeThread> CURRENT = ThreadLocal.withInitial(NativeThread::create);

    /** That of the calling thread, which is not virtual: it makes system calls that block. */
    static NativeThread current() {
        if (Thread.currentThread().isVirtual()) {
            throw new AssertionError("a virtual thread does not block its carrier");
        }
        return CURRENT.get();
    }

    private static NativeThread create() {
        Arena arena = Arena.ofAuto();
        return new NativeThread(Processes.gettid(), arena.allocate(Pollfd.LAYOUT), arena.allocate(Timespec.LAYOUT));
    }
}
