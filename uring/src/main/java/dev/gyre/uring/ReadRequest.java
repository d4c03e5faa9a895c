package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.host.BounceBuffer;
import dev.gyre.host.StableMemory;
import dev.gyre.linux.Errno;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wish for bytes of a connection. It waits in the connection's {@link Receiver} until there are some, and
 * then is told where: in a part of a receive buffer, in a bounce buffer, or in the fiber's own memory already. To copy
 * is the fiber's part, since its memory may belong to its thread alone, and may be gone by then.
 *
 * <p>Only the receiver's loop changes it, apart from the fiber that fills it in and waits.
 */
final class ReadRequest extends LoopWait {
    private static final int NO_BUFFER = -1;

    final Receiver receiver;

    /** The next that waits at the same receiver. */
    @Nullable ReadRequest next;

    /** The loop that carries the fiber; null for none. */
    private @Nullable LoopThread reader;

    private MemorySegment memory = MemorySegment.NULL;

    /** Whether the kernel may be given the memory. */
    private boolean stable;

    private @Nullable BounceBuffer bounce;
    private int buffer = NO_BUFFER;
    private int bufferStart;

    /** Counts the uses, so that a request to stop that arrives late does not hit the next one. */
    private long use;

    ReadRequest(Receiver receiver) {
        this.receiver = receiver;
    }

    void prepare(Fiber newFiber, MemorySegment newMemory) {
        reader = newFiber instanceof LoopFiber own ? own.home() : null;
        memory = newMemory;
        stable = StableMemory.isStable(newMemory);
        use++;
        prepare(newFiber);
    }

    @Override
    LoopThread loop() {
        return receiver.home();
    }

    @Override
    void start() {
        if (!isDone()) {
            receiver.enter(this);
        }
    }

    @Nullable LoopThread reader() {
        return reader;
    }

    long length() {
        return memory.byteSize();
    }

    /** Where a receive may put bytes for it. On the loop. */
    MemorySegment target() {
        if (stable) {
            return memory;
        }
        if (bounce == null) {
            bounce = BounceBuffer.borrow(memory.byteSize());
        }
        return bounce.memory(memory.byteSize());
    }

    /** Lets the fiber go on with a part of a receive buffer, which it releases. On the loop. */
    void finishWith(int id, int start, int length) {
        buffer = id;
        bufferStart = start;
        finish(length);
    }

    /**
     * Takes what the request was told of, into the fiber's memory. On the fiber, after its wait.
     *
     * @return the number of bytes, 0 at the end of the stream, or a negative error number
     */
    int collect() {
        MemorySegment to = memory;
        memory = MemorySegment.NULL;
        try {
            int result = result();
            if (result > 0 && buffer != NO_BUFFER) {
                receiver.buffers().copy(buffer, bufferStart, to, 0, result);
            } else if (result > 0 && bounce != null) {
                bounce.copyTo(to, result);
            }
            return result;
        } finally {
            if (bounce != null) {
                bounce.close();
                bounce = null;
            }
            if (buffer != NO_BUFFER) {
                receiver.release(buffer);
                buffer = NO_BUFFER;
            }
        }
    }

    @Override
    public void cancel() {
        LoopThread home = loop();
        if (!hasBegun()) {
            finish(-Errno.ECANCELED.code());
        } else if (home.isCurrent()) {
            receiver.giveUp(this);
        } else {
            long asked = use;
            home.post(() -> {
                if (asked == use) {
                    receiver.giveUp(this);
                }
            });
        }
    }

    @Override
    public String operation() {
        return "read";
    }

    @Override
    public String toString() {
        return operation() + " " + receiver;
    }
}
