package dev.gyre.linux;

import dev.gyre.linux.layout.Pollfd;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;

/**
 * Waiting for readiness, and descriptors that count. A call answers with 0 or more, or with a negated {@link Errno}.
 * Any thread may call.
 */
public final class Events {
    // Flags of eventfd(2).

    /** A read takes 1 instead of everything. */
    public static final int EFD_SEMAPHORE = 1;
    /** Reads and writes answer EAGAIN instead of waiting. */
    public static final int EFD_NONBLOCK = 04000;
    /** The descriptor is closed by execve(2). */
    public static final int EFD_CLOEXEC = 02000000;

    // What poll(2) waits for and answers.

    /** Can be read. */
    public static final int POLLIN = 0x001;
    /** Something exceptional, as urgent data. */
    public static final int POLLPRI = 0x002;
    /** Can be written. */
    public static final int POLLOUT = 0x004;
    /** Answer: an error, or nobody reads the pipe. */
    public static final int POLLERR = 0x008;
    /** Answer: the other end is closed. */
    public static final int POLLHUP = 0x010;
    /** Answer: the descriptor is not open. */
    public static final int POLLNVAL = 0x020;
    /** The peer ended its direction. */
    public static final int POLLRDHUP = 0x2000;

    private Events() {}

    /**
     * Makes a descriptor that counts: eventfd(2). A write of 8 bytes adds to its 64-bit count, a read of 8 bytes takes
     * it and waits while it is 0.
     *
     * @param initial what it counts from, unsigned
     * @param flags {@code EFD_*}
     * @return a descriptor that the caller owns, or negated: EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM
     */
    public static int eventfd(int initial, int flags) {
        return (int) Kernel.call(SystemCallNumber.EVENTFD2, initial, flags);
    }

    /**
     * Waits until one of several descriptors is ready: ppoll(2). Blocks; leaves the signal mask alone.
     *
     * @param pollfds an array of {@link Pollfd}, in which the kernel writes the answers
     * @param count how many elements it has
     * @param timeout a {@link Timespec}, in which the kernel writes what is left of it; or {@link MemorySegment#NULL}
     *     to wait without limit
     * @return how many are ready, 0 when the time is over, or negated: EFAULT, EINTR, EINVAL (also: more than the limit
     *     of descriptors), ENOMEM
     */
    public static int ppoll(MemorySegment pollfds, int count, MemorySegment timeout) {
        Assert.lengthFits(count * Pollfd.SIZE, pollfds);
        Assert.lengthFitsOrNull(Timespec.SIZE, timeout);
        return (int) Kernel.call(
                SystemCallNumber.PPOLL, pollfds.address(), count, timeout.address(), 0, 0, pollfds, timeout);
    }
}
