package dev.gyre.uring;

import dev.gyre.host.BounceBuffer;
import dev.gyre.host.StableMemory;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Write;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that go to a loop's ring together, with one message for all. Their operations are used again and again.
 *
 * <p>The calling thread fills slots and puts their numbers into a ring of its own, of which the loop submits what was
 * offered. A slot is in it once at most.
 */
final class UringBatch implements KernelBatch, LoopThread.Message {
    /** Counters start over soon in every batch, and not only in one that has run for an hour. */
    private static final int FIRST = Integer.MAX_VALUE - 500;

    private final UringKernel kernel;
    private final LoopThread loop;
    private final Listener listener;
    private final @Nullable Slot[] slots;

    /** As long as a power of two, so that the places go on where the counters start again. */
    private final int[] queue;

    /** How many numbers were put into the queue, were offered to the loop, and were submitted by it. */
    private int put = FIRST;

    private volatile int offered = FIRST;

    /** How many of those offered the loop has a message of. */
    private int announced = FIRST;

    private volatile int taken = FIRST;
    private final LoopThread.Message cancellation = this::cancelHere;

    /** Only on the loop. */
    private boolean canceled;

    UringBatch(UringKernel kernel, LoopThread loop, int capacity, Listener listener) {
        this.kernel = kernel;
        this.loop = loop;
        this.listener = listener;
        this.slots = new Slot[capacity];
        this.queue = new int[Integer.highestOneBit(2 * capacity - 1)];
    }

    /** An operation, and what stands between the kernel and memory that it cannot be given. */
    private final class Slot implements Callback {
        private final int number;
        private @Nullable Read read;
        private @Nullable Write write;
        private @Nullable Fsync sync;

        /** What is to be submitted, or was. */
        @Nullable Operation operation;

        private @Nullable BounceBuffer bounce;

        /** Where what was read is to be copied; null for writes. */
        private @Nullable MemorySegment readInto;

        Slot(int number) {
            this.number = number;
        }

        void read(int fd, MemorySegment into, long offset) {
            if (!StableMemory.isLasting(into)) {
                bounce = BounceBuffer.borrow(into.byteSize());
                readInto = into;
            }
            MemorySegment target = bounce == null ? into : bounce.memory(into.byteSize());
            if (read == null) {
                read = new Read(fd, target, offset, this);
            }
            operation = read.from(fd, target, offset);
        }

        void write(int fd, MemorySegment from, long offset) {
            if (!StableMemory.isLasting(from)) {
                bounce = BounceBuffer.of(from);
            }
            MemorySegment source = bounce == null ? from : bounce.memory(from.byteSize());
            if (write == null) {
                write = new Write(fd, source, offset, this);
            }
            operation = write.to(fd, source, offset);
        }

        void sync(int fd, boolean dataOnly) {
            if (sync == null) {
                sync = new Fsync(fd, dataOnly, this);
            }
            operation = sync.of(fd, dataOnly);
        }

        void collect(int result) {
            BounceBuffer used = bounce;
            if (used == null) {
                return;
            }
            MemorySegment memory = readInto;
            bounce = null;
            readInto = null;
            try (used) {
                if (memory != null) {
                    used.copyTo(memory, Math.max(result, 0));
                }
            }
        }

        @Override
        public void completed(Operation completed) {
            int result = completed.result();
            // Nobody has asked for that: the kernel could start no thread for it.
            boolean givenUp = result == -Errno.ECANCELED.code() && !canceled && !loop.isStopped();
            listener.ended(number, givenUp ? -Errno.ENOMEM.code() : result);
        }
    }

    private Slot slot(int number) {
        Slot found = slots[number];
        if (found == null) {
            found = new Slot(number);
            slots[number] = found;
        }
        return found;
    }

    @Override
    public void read(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        if (memory.isNative()) {
            int result = kernel.readNow(fiber, file, memory, offset);
            if (result != -Errno.EAGAIN.code()) {
                listener.ended(slot, result);
                return;
            }
        }
        if (!kernel.isReadAtOffsets(file)) {
            listener.ended(slot, -Errno.ESPIPE.code());
            return;
        }
        slot(slot).read(file.number(), memory, offset);
        put(slot);
    }

    @Override
    public void write(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        if (!kernel.hasOffsets(file)) {
            listener.ended(slot, -Errno.ESPIPE.code());
            return;
        }
        slot(slot).write(file.number(), memory, offset);
        put(slot);
    }

    @Override
    public void sync(Fiber fiber, int slot, Descriptor file, boolean dataOnly) {
        slot(slot).sync(file.number(), dataOnly);
        put(slot);
    }

    private void put(int slot) {
        queue[put & queue.length - 1] = slot;
        put++;
    }

    @Override
    public void submit() {
        if (announced == put) {
            return;
        }
        offered = put;
        boolean posted = loop.post(this); // or there is no memory for it: then the next attempt finds it so
        announced = put;
        if (!posted) {
            while (taken != offered) {
                listener.ended(take(), -Errno.ECANCELED.code());
            }
            throw new IllegalStateException("the Io is closed");
        }
    }

    /** Submits what was offered. On the loop. */
    @Override
    public void run() {
        while (taken != offered) {
            int slot = take();
            try {
                loop.loop().submit(operation(slot));
            } catch (OutOfMemoryError exhausted) {
                listener.ended(slot, -Errno.ENOMEM.code());
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the loop writes it, and after its end the caller
    private int take() {
        int slot = queue[taken & queue.length - 1];
        taken++;
        return slot;
    }

    private Operation operation(int slot) {
        Operation found = slot(slot).operation;
        if (found == null) {
            throw new AssertionError("what was put has an operation");
        }
        return found;
    }

    @Override
    public void collect(int slot, int result) {
        Slot used = slots[slot];
        if (used != null) {
            used.collect(result);
        }
    }

    @Override
    public void cancel() {
        loop.post(cancellation);
    }

    private void cancelHere() {
        canceled = true;
        for (Slot slot : slots) {
            if (slot != null && slot.operation != null) {
                loop.loop().cancel(slot.operation);
            }
        }
    }
}
