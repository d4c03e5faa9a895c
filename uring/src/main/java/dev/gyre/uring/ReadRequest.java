package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Mmap;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wish for bytes of a connection. It waits in the connection's {@link Inflow} until there are some.
 *
 * <p>Only the inflow's loop changes it, apart from the fiber that fills it in and waits.
 */
final class ReadRequest extends LoopWait {
    /**
     * All there is. The memory that a fiber reads into may belong to its thread alone, which the loop's thread is not;
     * as that one waits, it is filled in by its address, as if it belonged to nobody.
     */
    static final MemorySegment MEMORY = Mmap.everything();

    final Inflow inflow;

    /** The next that waits at the same inflow. */
    @Nullable ReadRequest next;

    private MemorySegment buffer = MemorySegment.NULL;
    private int result;
    private @Nullable Expiry expiry;

    /** Counts the uses, so that a request to stop that arrives late does not hit the next one. */
    private long use;

    ReadRequest(Inflow inflow) {
        this.inflow = inflow;
    }

    void begin(Fiber newFiber, MemorySegment newBuffer) {
        buffer = newBuffer;
        use++;
        begin(newFiber);
    }

    /** Where in {@link #MEMORY} the bytes go. */
    long address() {
        return buffer.address();
    }

    long length() {
        return buffer.byteSize();
    }

    /** The same place, as memory of its own. */
    MemorySegment buffer() {
        return MEMORY.asSlice(address(), length());
    }

    /** The number of bytes, 0 at the end of the stream, or a negative error number. */
    int result() {
        return result;
    }

    /** Lets the fiber go on. On the loop. */
    void finish(int newResult) {
        if (expiry != null) {
            Timers.stop(expiry);
        }
        result = newResult;
        buffer = MemorySegment.NULL;
        finish();
    }

    /** Gives the request up after a time. On the loop. */
    void expireAt(long deadline) {
        if (expiry == null) {
            expiry = new Expiry();
        }
        inflow.home().timers().set(expiry, deadline);
    }

    @Override
    public void cancel() {
        LoopThread home = inflow.home();
        if (home.isCurrent()) {
            inflow.giveUp(this, -Errno.ECANCELED.code());
        } else {
            long asked = use;
            home.execute(() -> {
                if (asked == use) {
                    inflow.giveUp(this, -Errno.ECANCELED.code());
                }
            });
        }
    }

    @Override
    public String operation() {
        return "read";
    }

    private final class Expiry extends Timer {
        @Override
        void fire() {
            inflow.giveUp(ReadRequest.this, -Errno.ETIME.code());
        }
    }
}
