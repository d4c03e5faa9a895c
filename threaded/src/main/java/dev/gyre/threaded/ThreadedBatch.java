package dev.gyre.threaded;

import dev.gyre.host.BounceBuffer;
import dev.gyre.host.FileCalls;
import dev.gyre.host.StableMemory;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Transfers that a few threads make, one after the other each. */
final class ThreadedBatch implements KernelBatch {
    private static final int WORKERS_MAX = 32;
    private static final int NONE = -1;

    /** Counters start over soon in every batch, and not only in one that has run for an hour. */
    private static final int FIRST = Integer.MAX_VALUE - 500;

    private enum Kind {
        READ,
        WRITE,
        SYNC,
        DATA_SYNC
    }

    private final ThreadedKernel kernel;
    private final Executor threads;
    private final Listener listener;

    private final Kind[] kinds;
    private final @Nullable Descriptor[] files;
    private final MemorySegment[] used;
    private final MemorySegment[] memories;
    private final @Nullable BounceBuffer[] bounces;
    private final long[] offsets;

    private final Runnable worker = this::work;

    /**
     * The slots that wait for a worker, a ring; guarded by this object's lock, as all below. As long as a power of two,
     * so that the places go on where the counters start again.
     */
    private final int[] queue;

    private int put = FIRST;
    private int offered = FIRST;
    private int taken = FIRST;
    private int workers;

    ThreadedBatch(ThreadedKernel kernel, Executor threads, int capacity, Listener listener) {
        this.kernel = kernel;
        this.threads = threads;
        this.listener = listener;
        kinds = new Kind[capacity];
        files = new Descriptor[capacity];
        used = new MemorySegment[capacity];
        memories = new MemorySegment[capacity];
        bounces = new BounceBuffer[capacity];
        offsets = new long[capacity];
        queue = new int[Integer.highestOneBit(2 * capacity - 1)];
    }

    @Override
    public void read(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        if (memory.isNative() && !FileCalls.isDirect(file.number())) {
            int result = FileCalls.readCached(file.number(), memory, offset);
            if (result >= 0) {
                listener.ended(slot, result);
                return;
            }
        }
        if (!StableMemory.isLasting(memory)) {
            bounces[slot] = BounceBuffer.borrow(memory.byteSize());
        }
        put(slot, Kind.READ, file, memory, offset);
    }

    @Override
    public void write(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        if (!StableMemory.isLasting(memory)) {
            bounces[slot] = BounceBuffer.of(memory);
        }
        put(slot, Kind.WRITE, file, memory, offset);
    }

    @Override
    public void sync(Fiber fiber, int slot, Descriptor file, boolean dataOnly) {
        put(slot, dataOnly ? Kind.DATA_SYNC : Kind.SYNC, file, MemorySegment.NULL, 0);
    }

    private void put(int slot, Kind kind, Descriptor file, MemorySegment memory, long offset) {
        BounceBuffer bounce = bounces[slot];
        kinds[slot] = kind;
        files[slot] = file;
        memories[slot] = memory;
        used[slot] = bounce == null ? memory : bounce.memory(memory.byteSize());
        offsets[slot] = offset;
        synchronized (this) {
            queue[put & queue.length - 1] = slot;
            put++;
        }
    }

    @Override
    public void submit() {
        int more;
        synchronized (this) {
            if (offered == put) {
                return;
            }
            offered = put;
            more = Math.min(offered - taken, WORKERS_MAX) - workers;
            workers += Math.max(more, 0);
        }
        try {
            for (; more > 0; more--) {
                threads.execute(worker);
            }
        } catch (OutOfMemoryError noThread) {
            workHere(more);
        } catch (RejectedExecutionException ended) {
            synchronized (this) {
                workers -= more;
            }
            cancel();
            throw new IllegalStateException("the Io is closed", ended);
        }
    }

    /** Where not one thread can be had, the caller does the work. */
    private void workHere(int missing) {
        synchronized (this) {
            workers -= missing;
            if (workers > 0) {
                return;
            }
            workers = 1;
        }
        work();
    }

    private void work() {
        for (int slot = take(true); slot != NONE; slot = take(true)) {
            listener.ended(slot, performed(slot));
        }
    }

    private int performed(int slot) {
        try {
            return perform(slot);
        } catch (OutOfMemoryError exhausted) {
            return -Errno.ENOMEM.code();
        }
    }

    /** The next one, or none; then a worker is one no more. */
    private synchronized int take(boolean worker) {
        if (taken == offered) {
            workers -= worker ? 1 : 0;
            return NONE;
        }
        int slot = queue[taken & queue.length - 1];
        taken++;
        return slot;
    }

    private int perform(int slot) {
        Descriptor file = files[slot];
        if (file == null) {
            throw new AssertionError("what was put has a file");
        }
        int fd = file.number();
        MemorySegment memory = used[slot];
        return (int) switch (kinds[slot]) {
            case READ -> Files.pread(fd, memory, memory.byteSize(), offsets[slot]);
            case WRITE -> kernel.writeAt(file, memory, offsets[slot]);
            case SYNC -> Files.fsync(fd);
            case DATA_SYNC -> Files.fdatasync(fd);
        };
    }

    @Override
    public void collect(int slot, int result) {
        BounceBuffer bounce = bounces[slot];
        MemorySegment memory = memories[slot];
        files[slot] = null;
        bounces[slot] = null;
        if (bounce != null) {
            try (bounce) {
                bounce.copyTo(memory, kinds[slot] == Kind.READ ? Math.max(result, 0) : 0);
            }
        }
    }

    @Override
    public void cancel() {
        for (int slot = take(false); slot != NONE; slot = take(false)) {
            listener.ended(slot, -Errno.ECANCELED.code());
        }
    }
}
