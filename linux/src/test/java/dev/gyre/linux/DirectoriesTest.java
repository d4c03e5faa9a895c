package dev.gyre.linux;

import static dev.gyre.linux.Directories.AT_FDCWD;
import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.intAt;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.path;
import static dev.gyre.linux.Native.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.Dirent64;
import dev.gyre.linux.layout.Statx;
import dev.gyre.linux.layout.StatxTimestamp;
import dev.gyre.linux.layout.Timespec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls on names, against a real file system. */
final class DirectoriesTest {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment statx = arena.allocate(Statx.LAYOUT);

    @TempDir
    private Path directory;

    private int root;

    @BeforeEach
    void open() {
        int flags = Files.O_RDONLY | Files.O_DIRECTORY | Files.O_CLOEXEC;
        root = ok(Files.openat(AT_FDCWD, path(arena, directory), flags, 0));
    }

    @AfterEach
    void close() {
        ok(Files.close(root));
        arena.close();
    }

    @Test
    void describesAFile() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("file"), "seven b");

        ok(Directories.statx(root, path(arena, "file"), 0, Directories.STATX_BASIC_STATS, statx));

        assertThat(intAt(statx, Statx.STX_MASK) & Directories.STATX_BASIC_STATS)
                .isEqualTo(Directories.STATX_BASIC_STATS);
        assertThat(mode() & Directories.S_IFMT).isEqualTo(Directories.S_IFREG);
        assertThat(statx.get(ValueLayout.JAVA_LONG, Statx.STX_SIZE)).isEqualTo(7);
        assertThat(intAt(statx, Statx.STX_NLINK)).isEqualTo(1);
        long seconds = statx.get(ValueLayout.JAVA_LONG, Statx.STX_MTIME + StatxTimestamp.TV_SEC);
        assertThat(seconds)
                .isEqualTo(java.nio.file.Files.getLastModifiedTime(directory.resolve("file"))
                        .toInstant()
                        .getEpochSecond());
        assertFails(
                Directories.statx(root, path(arena, "none"), 0, Directories.STATX_BASIC_STATS, statx), Errno.ENOENT);
    }

    @Test
    void makesListsAndRemoves() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("file"), "");
        ok(Directories.mkdirat(root, path(arena, "directory"), 0700));
        ok(Directories.symlinkat(path(arena, "file"), root, path(arena, "link")));
        assertFails(Directories.mkdirat(root, path(arena, "directory"), 0700), Errno.EEXIST);

        assertThat(list())
                .isEqualTo(Map.of(
                        ".", Directories.DT_DIR,
                        "..", Directories.DT_DIR,
                        "file", Directories.DT_REG,
                        "directory", Directories.DT_DIR,
                        "link", Directories.DT_LNK));

        assertFails(Directories.unlinkat(root, path(arena, "directory"), 0), Errno.EISDIR);
        ok(Directories.unlinkat(root, path(arena, "directory"), Directories.AT_REMOVEDIR));
        ok(Directories.unlinkat(root, path(arena, "file"), 0));
        assertThat(directory).isDirectoryNotContaining("glob:**/{file,directory}");
    }

    @Test
    void makesPipes() {
        ok(Directories.mknodat(root, path(arena, "pipe"), Directories.S_IFIFO | 0600, 0, 0));
        assertFails(Directories.mknodat(root, path(arena, "pipe"), Directories.S_IFIFO | 0600, 0, 0), Errno.EEXIST);
        assertThat(list()).containsEntry("pipe", Directories.DT_FIFO);
    }

    @Test
    void aBufferTooSmallForAnyEntryIsAnError() {
        assertFails(Directories.getdents64(root, arena.allocate(8, 8), 8), Errno.EINVAL);
    }

    @Test
    void renamesWithAndWithoutReplacing() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("a"), "a");
        java.nio.file.Files.writeString(directory.resolve("b"), "b");
        MemorySegment a = path(arena, "a");
        MemorySegment b = path(arena, "b");

        assertFails(Directories.renameat2(root, a, root, b, Directories.RENAME_NOREPLACE), Errno.EEXIST);
        ok(Directories.renameat2(root, a, root, b, Directories.RENAME_EXCHANGE));
        assertThat(directory.resolve("a")).hasContent("b");
        ok(Directories.renameat2(root, a, root, b, 0));
        assertThat(directory.resolve("b")).hasContent("b");
        assertThat(directory.resolve("a")).doesNotExist();
    }

    @Test
    void linksAndReadsLinks() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("file"), "data");
        ok(Directories.linkat(root, path(arena, "file"), root, path(arena, "hard"), 0));
        assertThat(directory.resolve("hard")).hasContent("data");
        ok(Directories.symlinkat(path(arena, "somewhere"), root, path(arena, "soft")));

        MemorySegment buffer = arena.allocate(64);
        assertThat(Directories.readlinkat(root, path(arena, "soft"), buffer, 64)).isEqualTo(9);
        assertThat(text(buffer, 9)).isEqualTo("somewhere");
        assertThat(Directories.readlinkat(root, path(arena, "soft"), buffer, 4)).isEqualTo(4);
        assertFails(Directories.readlinkat(root, path(arena, "file"), buffer, 64), Errno.EINVAL);
    }

    @Test
    void permissionsOwnerAndTimes() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("file"), "data");
        MemorySegment file = path(arena, "file");
        ok(Directories.fchmodat(root, file, 0640, 0));
        ok(Directories.fchownat(root, file, -1, -1, 0));
        MemorySegment times = arena.allocate(Timespec.LAYOUT, 2);
        times.set(ValueLayout.JAVA_LONG, Timespec.TV_NSEC, Directories.UTIME_OMIT);
        Timespec.set(times.asSlice(Timespec.SIZE), 1_234_567_890_000_000_777L);
        ok(Directories.utimensat(root, file, times, 0));

        ok(Directories.statx(root, file, 0, Directories.STATX_BASIC_STATS, statx));
        assertThat(mode() & 07777).isEqualTo(0640);
        assertThat(statx.get(ValueLayout.JAVA_LONG, Statx.STX_MTIME + StatxTimestamp.TV_SEC))
                .isEqualTo(1_234_567_890);
        assertThat(intAt(statx, Statx.STX_MTIME + StatxTimestamp.TV_NSEC)).isEqualTo(777);
        assertThat(statx.get(ValueLayout.JAVA_LONG, Statx.STX_ATIME + StatxTimestamp.TV_SEC))
                .as("left alone")
                .isNotEqualTo(1_234_567_890);
    }

    @Test
    void asksForAccess() throws IOException {
        java.nio.file.Files.writeString(directory.resolve("file"), "data");
        ok(Directories.faccessat(root, path(arena, "file"), Directories.R_OK | Directories.W_OK, 0));
        assertFails(Directories.faccessat(root, path(arena, "file"), Directories.X_OK, 0), Errno.EACCES);
        assertFails(Directories.faccessat(root, path(arena, "none"), Directories.F_OK, 0), Errno.ENOENT);
    }

    private int mode() {
        return Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, Statx.STX_MODE));
    }

    private Map<String, Integer> list() {
        Map<String, Integer> kinds = new HashMap<>();
        MemorySegment buffer = arena.allocate(Dirent64.SIZE, 8);
        while (true) {
            long length = ok(Directories.getdents64(root, buffer, Dirent64.SIZE));
            if (length == 0) {
                return kinds;
            }
            long entry = 0;
            while (entry < length) {
                kinds.put(
                        buffer.getString(entry + Dirent64.D_NAME),
                        (int) buffer.get(ValueLayout.JAVA_BYTE, entry + Dirent64.D_TYPE));
                entry += Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, entry + Dirent64.D_RECLEN));
            }
        }
    }
}
