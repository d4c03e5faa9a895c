package dev.gyre.host;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileKind;
import dev.gyre.linux.Directories;
import dev.gyre.linux.layout.Dirent64;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Paths;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The entries of a folder, by getdents64(2), which blocks while the disk is read. */
public final class DirectoryEntries {
    private static final int BUFFER_SIZE = 32 * 1024;

    private DirectoryEntries() {}

    /**
     * Reads the next ones.
     *
     * @param fd an open folder whose own position nobody else uses meanwhile
     * @return some, without {@code .} and {@code ..}; none after the last
     */
    public static Answer<List<DirectoryEntry>> next(int fd) {
        List<DirectoryEntry> entries = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_SIZE, Long.BYTES);
            while (entries.isEmpty()) {
                int length = (int) Directories.getdents64(fd, buffer, BUFFER_SIZE);
                if (length == 0) {
                    break;
                }
                if (length < 0) {
                    return Answer.failed(length);
                }
                for (long at = 0; at < length; at += recordLength(buffer, at)) {
                    add(buffer, at, entries);
                }
            }
            return Answer.of(entries);
        }
    }

    private static int recordLength(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + Dirent64.D_RECLEN));
    }

    private static void add(MemorySegment buffer, long at, List<DirectoryEntry> entries) {
        long start = at + Dirent64.D_NAME;
        int length = 0;
        while (buffer.get(ValueLayout.JAVA_BYTE, start + length) != 0) {
            length++;
        }
        String name = Paths.decode(buffer.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE));
        if (!name.equals(".") && !name.equals("..")) {
            entries.add(new DirectoryEntry(name, kind(buffer.get(ValueLayout.JAVA_BYTE, at + Dirent64.D_TYPE))));
        }
    }

    private static FileKind kind(int type) {
        return switch (type) {
            case 1 -> FileKind.PIPE;
            case 2 -> FileKind.CHARACTER_DEVICE;
            case 4 -> FileKind.DIRECTORY;
            case 6 -> FileKind.BLOCK_DEVICE;
            case 8 -> FileKind.FILE;
            case 10 -> FileKind.SYMLINK;
            case 12 -> FileKind.SOCKET;
            default -> FileKind.UNKNOWN;
        };
    }
}
