package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.host.BounceBuffer;
import dev.gyre.host.StableMemory;
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

    private MemorySegment memory = MemorySegment.NULL;

    /** Whether the kernel may be given the memory. */
    private boolean stable;

    private @Nullable BounceBuffer bounce;
    private int buffer = NO_BUFFER;
    private int bufferStart;
    private int result;

    /** Counts the uses, so that a request to stop that arrives late does not hit the next one. */
    private long use;

    ReadRequest(Receiver receiver) {
        this.receiver = receiver;
    }

    void begin(Fiber newFiber, MemorySegment newMemory) {
        memory = newMemory;
        stable = StableMemory.isStable(newMemory);
        use++;
        begin(newFiber);
    }

    long length() {
        return memory.byteSize();
    }

    /** Whether a receive may put bytes into {@link #target()}. */
    boolean hasTarget() {
        return stable || bounce != null;
    }

    /** Sees to it that there is a target. May wait for the JDK. */
    void prepareTarget() {
        bounce = BounceBuffer.borrow(memory.byteSize());
    }

    /** Where a receive may put bytes for it. */
    MemorySegment target() {
        return bounce == null ? memory : bounce.memory(memory.byteSize());
    }

    /** Gives back what {@link #prepareTarget()} has borrowed. */
    void dropTarget() {
        if (bounce != null) {
            bounce.close();
            bounce = null;
        }
    }

    /** Lets the fiber go on with a part of a receive buffer, which it releases. On the loop. */
    void finishWith(int id, int start, int length) {
        buffer = id;
        bufferStart = start;
        finish(length);
    }

    /** Lets the fiber go on. On the loop. */
    void finish(int newResult) {
        result = newResult;
        finish();
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
            if (result > 0 && buffer != NO_BUFFER) {
                receiver.buffers().copy(buffer, bufferStart, to, 0, result);
            } else if (result > 0 && bounce != null) {
                bounce.copyTo(to, result);
            }
            return result;
        } finally {
            dropTarget();
            if (buffer != NO_BUFFER) {
                receiver.release(buffer);
                buffer = NO_BUFFER;
            }
        }
    }

    @Override
    public void cancel() {
        LoopThread home = receiver.home();
        if (home.isCurrent()) {
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
