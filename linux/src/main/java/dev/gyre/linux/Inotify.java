package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * Hearing of changes of files: inotify(7). A call answers with 0 or more, or with a negated {@link Errno}. Any thread
 * may call. What has happened is read from the descriptor, as {@link dev.gyre.linux.layout.InotifyEvent}s.
 */
public final class Inotify {
    /** The descriptor is closed by execve(2). */
    public static final int IN_CLOEXEC = 0x80000;
    /** Reading answers EAGAIN instead of waiting. */
    public static final int IN_NONBLOCK = 0x800;

    /** The content has changed. */
    public static final int IN_MODIFY = 0x2;
    /** Permissions, owner, times, links or extended attributes have changed. */
    public static final int IN_ATTRIB = 0x4;
    /** Somebody who could write has closed it. */
    public static final int IN_CLOSE_WRITE = 0x8;
    /** The directory has lost a name to a rename. */
    public static final int IN_MOVED_FROM = 0x40;
    /** The directory has got a name by a rename. */
    public static final int IN_MOVED_TO = 0x80;
    /** The directory has a new name. */
    public static final int IN_CREATE = 0x100;
    /** The directory has lost a name. */
    public static final int IN_DELETE = 0x200;
    /** It has no name any more, and nobody has it open. */
    public static final int IN_DELETE_SELF = 0x400;
    /** It has another name. */
    public static final int IN_MOVE_SELF = 0x800;

    /** Told without being asked for: the file system was unmounted. */
    public static final int IN_UNMOUNT = 0x2000;
    /** Told without being asked for: events were lost, as the queue was full. */
    public static final int IN_Q_OVERFLOW = 0x4000;
    /** Told without being asked for: it is watched no more. */
    public static final int IN_IGNORED = 0x8000;
    /** Told with others: it is about a directory. */
    public static final int IN_ISDIR = 0x40000000;

    /** When adding: the file must not be watched yet; from kernel 4.18. */
    public static final int IN_MASK_CREATE = 0x10000000;

    private Inotify() {}

    /**
     * Makes a queue of what happens to files, and watches none: inotify_init1(2).
     *
     * @param flags IN_CLOEXEC, IN_NONBLOCK
     * @return a descriptor that the caller owns, or negated: EINVAL, EMFILE (the process's limit of descriptors, or the
     *     user's of queues), ENFILE, ENOMEM
     */
    public static int init(int flags) {
        return (int) Kernel.call(SystemCallNumber.INOTIFY_INIT1, flags);
    }

    /**
     * Watches a file: inotify_add_watch(2). May wait for a device.
     *
     * @param queue from {@link #init}
     * @param path a path that ends in a 0 byte, in native memory
     * @param mask {@code IN_*}
     * @return a number for the watch, 1 or more, or negated: EACCES, EBADF, EEXIST (IN_MASK_CREATE), EFAULT, EINVAL,
     *     ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC (the user's limit of watches), ENOTDIR
     */
    public static int addWatch(int queue, MemorySegment path, int mask) {
        return (int) Kernel.call(SystemCallNumber.INOTIFY_ADD_WATCH, queue, path.address(), mask, path);
    }

    /**
     * Watches a file no more: inotify_rm_watch(2). Does not block.
     *
     * @param queue from {@link #init}
     * @param watch from {@link #addWatch}
     * @return 0, or negated: EBADF, EINVAL (there is no such watch any more)
     */
    public static int removeWatch(int queue, int watch) {
        return (int) Kernel.call(SystemCallNumber.INOTIFY_RM_WATCH, queue, watch);
    }
}
