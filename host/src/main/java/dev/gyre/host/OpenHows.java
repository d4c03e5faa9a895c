package dev.gyre.host;

import dev.gyre.io.OpenOptions;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.OpenHow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/** The ways to open a path as {@code open_how}s (openat2(2)). */
public final class OpenHows {
    private OpenHows() {}

    /**
     * For a file.
     *
     * @param options how
     * @param how cleared native memory of {@link OpenHow}'s size
     */
    public static void writeFile(OpenOptions options, MemorySegment how) {
        long flags = switch (options.access()) {
            case READ -> Files.O_RDONLY;
            case WRITE -> Files.O_WRONLY;
            case READ_WRITE -> Files.O_RDWR;
        };
        for (OpenOptions.Flag flag : options.flags()) {
            flags |= switch (flag) {
                case CREATE -> Files.O_CREAT;
                case EXCLUSIVE -> Files.O_EXCL;
                case TRUNCATE -> Files.O_TRUNC;
                case APPEND -> Files.O_APPEND;
                case DIRECT -> Files.O_DIRECT;
                case NO_FOLLOW -> Files.O_NOFOLLOW;
                case NON_BLOCKING -> Files.O_NONBLOCK;
                case BENEATH, NO_SPECIAL, LOCK_SHARED, LOCK_EXCLUSIVE, LOCK_NOW -> 0;
            };
        }
        // openat2 refuses a mode where nothing can be created.
        int mode = options.flags().contains(OpenOptions.Flag.CREATE) ? options.mode() : 0;
        write(how, flags, mode, options.flags());
    }

    /**
     * For a folder.
     *
     * @param flags {@link OpenOptions.Flag#NO_FOLLOW} and {@link OpenOptions.Flag#BENEATH}
     * @param how cleared native memory of {@link OpenHow}'s size
     * @throws IllegalArgumentException for any other flag
     */
    public static void writeDirectory(Set<OpenOptions.Flag> flags, MemorySegment how) {
        long bits = Files.O_RDONLY | Files.O_DIRECTORY;
        for (OpenOptions.Flag flag : flags) {
            bits |= switch (flag) {
                case NO_FOLLOW -> Files.O_NOFOLLOW;
                case BENEATH -> 0;
                case CREATE, EXCLUSIVE, TRUNCATE, APPEND, DIRECT, NON_BLOCKING, NO_SPECIAL, LOCK_SHARED, LOCK_EXCLUSIVE,
                        LOCK_NOW ->
                    throw new IllegalArgumentException(flag + " has no meaning for a directory");
            };
        }
        write(how, bits, 0, flags);
    }

    /**
     * For the place that a path leads to, of which nothing is opened.
     *
     * @param options {@link OpenOptions.Flag#NO_FOLLOW} and {@link OpenOptions.Flag#BENEATH} have a meaning here
     * @param how cleared native memory of {@link OpenHow}'s size
     */
    static void writePlace(OpenOptions options, MemorySegment how) {
        boolean noFollow = options.flags().contains(OpenOptions.Flag.NO_FOLLOW);
        // openat2 refuses most flags beside this one.
        how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS,
                Files.O_PATH | Files.O_CLOEXEC | (noFollow ? Files.O_NOFOLLOW : 0));
        how.set(ValueLayout.JAVA_LONG, OpenHow.RESOLVE, resolve(options.flags()));
    }

    /**
     * For a folder that is only gone to, and not read.
     *
     * @param how cleared native memory of {@link OpenHow}'s size
     */
    public static void writeWorkingDirectory(MemorySegment how) {
        how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC);
    }

    private static void write(MemorySegment how, long flags, int mode, Set<OpenOptions.Flag> options) {
        how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, flags | Files.O_CLOEXEC | Files.O_NOCTTY);
        how.set(ValueLayout.JAVA_LONG, OpenHow.MODE, mode);
        how.set(ValueLayout.JAVA_LONG, OpenHow.RESOLVE, resolve(options));
    }

    private static long resolve(Set<OpenOptions.Flag> options) {
        return options.contains(OpenOptions.Flag.BENEATH)
                ? Files.RESOLVE_BENEATH | Files.RESOLVE_NO_MAGICLINKS
                : 0;
    }
}
