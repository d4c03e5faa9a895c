package dev.gyre.io;

import java.util.EnumSet;
import java.util.Set;

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
        /** Fail with {@link Reason#NO_DEVICE} or {@link Reason#WOULD_BLOCK} rather than wait for a pipe's other end. */
        NON_BLOCKING
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
     * The same with another mode.
     *
     * @param newMode 0 to 07777
     * @return the options
     */
    public OpenOptions withMode(int newMode) {
        return new OpenOptions(access, flags, newMode);
    }
}
