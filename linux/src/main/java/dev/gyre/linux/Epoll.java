package dev.gyre.linux;

import dev.gyre.linux.layout.EpollEvent;
import java.lang.foreign.MemorySegment;

/**
 * Watching many descriptors at once: epoll(7). A call answers with 0 or more, or with a negated {@link Errno}. Any
 * thread may call.
 */
public final class Epoll {
    /** For {@link #create}: the descriptor is closed by execve(2). */
    public static final int EPOLL_CLOEXEC = 02000000;

    /** For {@link #control}: watch a descriptor. */
    public static final int EPOLL_CTL_ADD = 1;
    /** For {@link #control}: watch it no more. */
    public static final int EPOLL_CTL_DEL = 2;
    /** For {@link #control}: watch it for something else, or once more. */
    public static final int EPOLL_CTL_MOD = 3;

    /** Can be read. */
    public static final int EPOLLIN = 0x001;
    /** Can be written. */
    public static final int EPOLLOUT = 0x004;
    /** Answer: an error. */
    public static final int EPOLLERR = 0x008;
    /** Answer: the other end is closed. */
    public static final int EPOLLHUP = 0x010;
    /** The peer ended its direction. */
    public static final int EPOLLRDHUP = 0x2000;
    /** Answer once, and then not before {@link #EPOLL_CTL_MOD}. */
    public static final int EPOLLONESHOT = 1 << 30;
    /** Answer what happens, not what is. */
    public static final int EPOLLET = 1 << 31;

    private Epoll() {}

    /**
     * Makes a set of watched descriptors: epoll_create1(2).
     *
     * @param flags 0 or {@link #EPOLL_CLOEXEC}
     * @return a descriptor that the caller owns, or negated: EINVAL, EMFILE, ENFILE, ENOMEM
     */
    public static int create(int flags) {
        return (int) Kernel.call(SystemCallNumber.EPOLL_CREATE1, flags);
    }

    /**
     * Changes what is watched: epoll_ctl(2). A descriptor whose last copy is closed is no longer watched.
     *
     * @param set the set
     * @param operation {@code EPOLL_CTL_*}
     * @param fd whom to watch
     * @param event an {@link EpollEvent}: what for, and its name; {@link MemorySegment#NULL} for
     *     {@link #EPOLL_CTL_DEL}
     * @return 0, or negated: EBADF, EEXIST, EINVAL, ELOOP, ENOENT, ENOMEM, ENOSPC (the user's limit of watches), EPERM
     *     (a file that is always ready)
     */
    public static int control(int set, int operation, int fd, MemorySegment event) {
        Assert.lengthFitsOrNull(EpollEvent.SIZE, event);
        return (int) Kernel.call(SystemCallNumber.EPOLL_CTL, set, operation, fd, event.address(), event);
    }

    /**
     * Takes what has happened: epoll_wait(2). Blocks unless told otherwise.
     *
     * @param set the set
     * @param events an array of {@link EpollEvent}, in which the kernel writes
     * @param count how many elements it has, 1 or more
     * @param timeoutMillis how long to wait for the first; 0 does not wait, -1 without limit
     * @return how many were written, 0 when the time is over, or negated: EBADF, EFAULT, EINTR, EINVAL
     */
    public static int await(int set, MemorySegment events, int count, int timeoutMillis) {
        Assert.lengthFits(count * EpollEvent.SIZE, events);
        return (int) Kernel.call(
                SystemCallNumber.EPOLL_PWAIT, set, events.address(), count, timeoutMillis, 0, 0, events);
    }
}
