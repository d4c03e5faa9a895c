package dev.gyre.ring.socket;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import java.lang.foreign.MemorySegment;

/**
 * A send out of the program's own memory, without a copy into the kernel's.
 *
 * <p>It has two completions. With the first the callback learns how much was sent, while {@link #isInFlight()} is still
 * true: the network may read the memory yet, for a retransmission for instance. With the second, the
 * <i>notification</i>, the memory is the program's again; the callback comes once more, with the same result, and
 * {@link #isInFlight()} is false. An error may come without the second.
 */
public abstract sealed class ZeroCopy extends Operation permits SendZeroCopy, SendMsgZeroCopy {
    private boolean copied;
    private boolean interrupted;

    ZeroCopy(Callback callback, MemorySegment... memory) {
        super(callback, memory);
        persist();
    }

    /**
     * Whether the kernel copied the data after all, as it does on the loopback device.
     *
     * @return what the notification said; false before it. Kernel 6.2
     */
    public final boolean copied() {
        return copied;
    }

    @Override
    protected final Next next(int result) {
        return interrupted ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected final void complete(int newResult, int newFlags) {
        boolean notification = (newFlags & IoUring.IORING_CQE_F_NOTIF) != 0;
        boolean more = (newFlags & IoUring.IORING_CQE_F_MORE) != 0;
        if (notification) {
            copied = (newResult & IoUringOp.IORING_NOTIF_USAGE_ZC_COPIED) != 0;
            super.complete(result(), newFlags);
        } else if (more && retries(newResult)) {
            // Nothing was sent. The notification follows all the same, and then the loop submits once more.
            interrupted = true;
        } else {
            super.complete(newResult, newFlags);
        }
    }

    /** To be called by each preparation. */
    final void begin() {
        copied = false;
        interrupted = false;
    }

    @Override
    protected final boolean retries(int value) {
        return value == -Errno.EINTR.code();
    }
}
