package dev.gyre.host;

import dev.gyre.io.Clock;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Timestamp;
import dev.gyre.linux.Directories;
import dev.gyre.linux.FileSystems;
import dev.gyre.linux.layout.Statfs;
import dev.gyre.linux.layout.Statx;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What statx(2) tells, as {@link FileStat}. */
public final class FileStats {
    /** What must be asked for, to fill everything in. */
    public static final int MASK = Directories.STATX_BASIC_STATS | Directories.STATX_DIOALIGN;

    private static final int PERMISSIONS = 07777;

    private FileStats() {}

    /**
     * Reads the kernel's answer.
     *
     * @param state a {@link Statx} that the kernel filled in
     * @return the same as a value
     */
    public static FileStat read(MemorySegment state) {
        int mode = Short.toUnsignedInt(state.get(ValueLayout.JAVA_SHORT, Statx.STX_MODE));
        return new FileStat(
                kind(mode),
                state.get(ValueLayout.JAVA_LONG, Statx.STX_SIZE),
                mode & PERMISSIONS,
                state.get(ValueLayout.JAVA_INT, Statx.STX_UID),
                state.get(ValueLayout.JAVA_INT, Statx.STX_GID),
                time(state, Statx.STX_MTIME),
                time(state, Statx.STX_CTIME),
                time(state, Statx.STX_ATIME),
                device(state, Statx.STX_DEV_MAJOR, Statx.STX_DEV_MINOR),
                state.get(ValueLayout.JAVA_LONG, Statx.STX_INO),
                Integer.toUnsignedLong(state.get(ValueLayout.JAVA_INT, Statx.STX_NLINK)),
                state.get(ValueLayout.JAVA_LONG, Statx.STX_BLOCKS),
                Math.max(state.get(ValueLayout.JAVA_INT, Statx.STX_DIO_MEM_ALIGN),
                        state.get(ValueLayout.JAVA_INT, Statx.STX_DIO_OFFSET_ALIGN)),
                device(state, Statx.STX_RDEV_MAJOR, Statx.STX_RDEV_MINOR));
    }

    private static long device(MemorySegment state, long major, long minor) {
        return (long) state.get(ValueLayout.JAVA_INT, major) << 32
                | Integer.toUnsignedLong(state.get(ValueLayout.JAVA_INT, minor));
    }

    /** What mknodat(2) takes for a kind of file that it makes. */
    static int modeOf(FileKind node) {
        return switch (node) {
            case PIPE -> Directories.S_IFIFO;
            case SOCKET -> Directories.S_IFSOCK;
            case BLOCK_DEVICE -> Directories.S_IFBLK;
            case CHARACTER_DEVICE -> Directories.S_IFCHR;
            case FILE, DIRECTORY, SYMLINK, UNKNOWN -> throw new AssertionError(node + " is refused above");
        };
    }

    /** What statfs(2) has filled in, as a value. */
    static FileSystemStat readFileSystem(MemorySegment state) {
        long transfer = state.get(ValueLayout.JAVA_LONG, Statfs.F_BSIZE);
        long fragment = state.get(ValueLayout.JAVA_LONG, Statfs.F_FRSIZE);
        long block = fragment == 0 ? transfer : fragment;
        long free = bytes(state, Statfs.F_BFREE, block);
        return new FileSystemStat(
                state.get(ValueLayout.JAVA_LONG, Statfs.F_TYPE),
                transfer,
                bytes(state, Statfs.F_BLOCKS, block),
                free,
                Math.min(free, bytes(state, Statfs.F_BAVAIL, block)),
                bytes(state, Statfs.F_FILES, 1),
                bytes(state, Statfs.F_FFREE, 1),
                state.get(ValueLayout.JAVA_LONG, Statfs.F_NAMELEN),
                (state.get(ValueLayout.JAVA_LONG, Statfs.F_FLAGS) & FileSystems.ST_RDONLY) != 0);
    }

    /** Saturates: some claim to be larger than any number. */
    private static long bytes(MemorySegment state, long at, long unit) {
        long count = state.get(ValueLayout.JAVA_LONG, at);
        return count < 0 || Math.multiplyHigh(count, unit) != 0 || count * unit < 0 ? Long.MAX_VALUE : count * unit;
    }

    /** The two times that utimensat(2) sets; null leaves one as it is. */
    static MemorySegment times(SegmentAllocator memory, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        MemorySegment times = memory.allocate(2 * Timespec.SIZE, Long.BYTES);
        write(accessed, times.asSlice(0, Timespec.SIZE));
        write(modified, times.asSlice(Timespec.SIZE, Timespec.SIZE));
        return times;
    }

    private static void write(@Nullable Timestamp time, MemorySegment to) {
        long nanoseconds = time == null ? 0 : time.nanoseconds();
        to.set(ValueLayout.JAVA_LONG, Timespec.TV_SEC, Math.floorDiv(nanoseconds, 1_000_000_000));
        to.set(ValueLayout.JAVA_LONG, Timespec.TV_NSEC,
                time == null ? Directories.UTIME_OMIT : Math.floorMod(nanoseconds, 1_000_000_000));
    }

    /** The kind alone, of an answer in which the rest may be missing. */
    static FileKind kind(MemorySegment state) {
        return kind(Short.toUnsignedInt(state.get(ValueLayout.JAVA_SHORT, Statx.STX_MODE)));
    }

    private static FileKind kind(int mode) {
        int type = mode & Directories.S_IFMT;
        if (type == Directories.S_IFREG) {
            return FileKind.FILE;
        } else if (type == Directories.S_IFDIR) {
            return FileKind.DIRECTORY;
        } else if (type == Directories.S_IFLNK) {
            return FileKind.SYMLINK;
        } else if (type == Directories.S_IFIFO) {
            return FileKind.PIPE;
        } else if (type == Directories.S_IFSOCK) {
            return FileKind.SOCKET;
        } else if (type == Directories.S_IFBLK) {
            return FileKind.BLOCK_DEVICE;
        } else if (type == Directories.S_IFCHR) {
            return FileKind.CHARACTER_DEVICE;
        }
        return FileKind.UNKNOWN;
    }

    /** Saturates: a file system may claim years that no clock here can show. */
    private static Timestamp time(MemorySegment state, long at) {
        long seconds = state.get(ValueLayout.JAVA_LONG, at);
        int nanoseconds = state.get(ValueLayout.JAVA_INT, at + Long.BYTES);
        long limit = Long.MAX_VALUE / 1_000_000_000 - 1;
        long bounded = Math.clamp(seconds, -limit, limit);
        return new Timestamp(Clock.REAL, bounded * 1_000_000_000 + nanoseconds);
    }
}
