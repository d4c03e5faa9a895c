package dev.gyre.io;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to open a file.
 *
 * @param access reading, writing or both
 * @param flags everything else
 * @param mode the permission bits of a file that gets created, 0 to 07777, less the process's umask
 */
public record OpenOptions(Access access, Set<Flag> flags, int mode) {
    /** For reading. */
    public static final OpenOptions READ = new OpenOptions(Access.READ, Set.of(), 0);

    /** For writing, created where it is missing, with everything that was in it cut off. */
    public static final OpenOptions REPLACE =
            new OpenOptions(Access.WRITE, Set.of(Flag.CREATE, Flag.TRUNCATE), 0666);

    /** What may be done with the file. */
    public enum Access {
        /** Only reading. */
        READ,
        /** Only writing. */
        WRITE,
        /** Both. */
        READ_WRITE
    }

    /** Further wishes. */
    public enum Flag {
        /** Create it where it is missing. */
        CREATE,
        /** With {@link #CREATE}: fail with {@link Reason#PATH_ALREADY_EXISTS} where it is not. */
        EXCLUSIVE,
        /** Cut off what is in it. */
        TRUNCATE,
        /** Every write goes to the end. */
        APPEND,
        /** Transfer past the page cache; address, length and offset must be aligned. */
        DIRECT,
        /** A symbolic link as the last part fails with {@link Reason#SYMLINK_LOOP}. */
        NO_FOLLOW,
        /**
         * Neither {@code ..} nor an absolute path nor a symbolic link may leave the folder that the path starts at;
         * otherwise it fails with {@link Reason#PATH_ESCAPES}. {@code RESOLVE_BENEATH}, Linux 5.6.
         */
        BENEATH,
        /** Lock it before anything else happens to it, {@link Locking#SHARED}: wait for whoever has it exclusively. */
        LOCK_SHARED,
        /**
         * Lock it before anything else happens to it, {@link Locking#EXCLUSIVE}: wait for all who have it. What
         * {@link #TRUNCATE} cuts off is cut off afterwards.
         */
        LOCK_EXCLUSIVE,
        /** With one of these locks: fail with {@link Reason#WOULD_BLOCK} rather than wait for it. */
        LOCK_NOW,
        /** Fail with {@link Reason#NO_DEVICE} or {@link Reason#WOULD_BLOCK} rather than wait for a pipe's other end. */
        NON_BLOCKING,
        /**
         * Open regular files and folders only: a pipe, a socket and a device fail with {@link Reason#NO_DEVICE}, and do
         * not notice that somebody came. The path is looked up once, so that nothing else can take the file's place
         * between the look and the opening; this costs three calls more ({@code O_PATH}, statx(2) and close(2)), and
         * needs proc(5) at {@code /proc}. Not with {@link #CREATE}.
         */
        NO_SPECIAL
    }

    /** Refuses contradictions. */
    public OpenOptions {
        EnumSet<Flag> copy = EnumSet.noneOf(Flag.class);
        copy.addAll(flags);
        flags = java.util.Collections.unmodifiableSet(copy);
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException("mode 0" + Integer.toOctalString(mode) + " is not within 0..07777");
        }
        if (flags.contains(Flag.EXCLUSIVE) && !flags.contains(Flag.CREATE)) {
            throw new IllegalArgumentException("EXCLUSIVE needs CREATE");
        }
        if (flags.contains(Flag.TRUNCATE) && access == Access.READ) {
            throw new IllegalArgumentException("TRUNCATE needs write access");
        }
        if (flags.contains(Flag.NO_SPECIAL) && flags.contains(Flag.CREATE)) {
            throw new IllegalArgumentException("NO_SPECIAL and CREATE exclude each other");
        }
        requireLocks(access, flags);
    }

    private static void requireLocks(Access access, Set<Flag> flags) {
        boolean shared = flags.contains(Flag.LOCK_SHARED);
        boolean exclusive = flags.contains(Flag.LOCK_EXCLUSIVE);
        if (shared && exclusive) {
            throw new IllegalArgumentException("LOCK_SHARED and LOCK_EXCLUSIVE exclude each other");
        }
        if (shared && access == Access.WRITE) {
            throw new IllegalArgumentException("LOCK_SHARED needs read access");
        }
        if (exclusive && access == Access.READ) {
            throw new IllegalArgumentException("LOCK_EXCLUSIVE needs write access");
        }
        if (flags.contains(Flag.LOCK_NOW) && !shared && !exclusive) {
            throw new IllegalArgumentException("LOCK_NOW needs LOCK_SHARED or LOCK_EXCLUSIVE");
        }
    }

    /**
     * The same with further flags.
     *
     * @param more to add
     * @return the options
     */
    public OpenOptions with(Flag... more) {
        EnumSet<Flag> all = EnumSet.noneOf(Flag.class);
        all.addAll(flags);
        java.util.Collections.addAll(all, more);
        return new OpenOptions(access, all, mode);
    }

    /**
     * The same without some flags.
     *
     * @param less to take away, if they are there
     * @return the options
     */
    public OpenOptions without(Flag... less) {
        EnumSet<Flag> rest = EnumSet.noneOf(Flag.class);
        rest.addAll(flags);
        for (Flag flag : less) {
            rest.remove(flag);
        }
        return new OpenOptions(access, rest, mode);
    }

    /**
     * The lock that is asked for.
     *
     * @return null if none is
     */
    public @Nullable Locking lock() {
        return flags.contains(Flag.LOCK_EXCLUSIVE)
                ? Locking.EXCLUSIVE
                : flags.contains(Flag.LOCK_SHARED) ? Locking.SHARED : null;
    }

    /**
     * The same with another mode.
     *
     * @param newMode 0 to 07777
     * @return the options
     */
    public OpenOptions withMode(int newMode) {
        return new OpenOptions(access, flags, newMode);
    }
}
