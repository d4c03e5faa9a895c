package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Advice;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file has besides content, names and permissions, and what the file system is that it is on. */
@Tag("T11")
abstract class FileAttributeConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    @ParameterizedTest
    @EnumSource
    void aFileSystemTellsWhatItIs(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); File file = open(io, temporary.resolve("file"), BOTH)) {
            caller.run(io, () -> {
                FileSystemStat state = folder.statFileSystem();
                FileStore oracle = Files.getFileStore(temporary);
                assertThat(state.bytesTotal()).isEqualTo(oracle.getTotalSpace());
                assertThat(state.bytesAvailable()).isBetween(1L, state.bytesFree());
                assertThat(state.bytesFree()).isLessThan(state.bytesTotal());
                assertThat(state.filesFree()).isLessThanOrEqualTo(state.filesTotal());
                assertThat(state.blockSize()).isPositive();
                assertThat(state.nameBytesMax()).isBetween(14L, 1024L);
                assertThat(state.readOnly()).isFalse();
                assertThat(file.statFileSystem().magic()).isEqualTo(state.magic());
                assertThat(file.statFileSystem().bytesTotal()).isEqualTo(state.bytesTotal());
                assertThat(io.currentDirectory().statFileSystem().bytesTotal()).isPositive();
            });
        }
        try (Directory proc = open(io, Path.of("/proc")); Directory sys = open(io, Path.of("/sys"))) {
            assertThat(proc.statFileSystem().kind()).isEqualTo("proc");
            assertThat(sys.statFileSystem().kind()).isEqualTo("sysfs");
        }
    }

    @Test
    void aFileSystemTellsHowFullItIs(Io io, @TempDir Path folder) throws Exception {
        try (Mounts mount = Mounts.tmpfs(folder, "size=1m,nr_inodes=10"); Directory small = open(io, folder)) {
            FileSystemStat empty = small.statFileSystem();
            assertThat(empty.kind()).isEqualTo("tmpfs");
            assertThat(empty.bytesTotal()).isEqualTo(1 << 20);
            assertThat(empty.filesTotal()).isEqualTo(10);
            assertThat(empty.nameBytesMax()).isEqualTo(255);
            try (File file = small.openFile("file", BOTH)) {
                file.write(new byte[512 << 10], 0);
                FileSystemStat half = file.statFileSystem();
                assertThat(half.bytesFree()).isEqualTo(empty.bytesFree() - (512 << 10));
                assertThat(half.bytesAvailable()).isEqualTo(half.bytesFree());
                assertThat(half.filesFree()).isEqualTo(empty.filesFree() - 1);
                assertThat(half.readOnly()).isFalse();
            }
            mount.makeReadOnly();
            assertThat(small.statFileSystem().readOnly()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void adviceIsTaken(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path pipe = Pipes.make(folder.resolve("pipe"));
        try (File file = open(io, folder.resolve("file"), BOTH);
                File noFile = open(io, pipe, new OpenOptions(Access.READ_WRITE, Set.of(), 0));
                File directory = open(io, folder, OpenOptions.READ)) {
            caller.run(io, () -> {
                file.write(new byte[100_000], 0);
                for (Advice advice : Advice.values()) {
                    file.advise(advice, 0, 0);
                    file.advise(advice, 4096, 8192);
                    file.advise(advice, 50_000, 1L << 40);
                    file.advise(advice, Long.MAX_VALUE, Long.MAX_VALUE);
                    directory.advise(advice, 0, 0);
                    assertFails(Operation.ADVISE, Reason.NOT_SEEKABLE, () -> noFile.advise(advice, 0, 0));
                }
                assertThat(file.read(new byte[1000], 0)).isEqualTo(1000);
                assertThatIllegalArgumentException().isThrownBy(() -> file.advise(Advice.NORMAL, -1, 0))
                        .withMessageContaining("offset -1");
                assertThatIllegalArgumentException().isThrownBy(() -> file.advise(Advice.NORMAL, 0, -1))
                        .withMessageContaining("length -1");
            });
        }
    }

    /** What the advice is for: the page cache lets go of it, and has it again. */
    @Test
    void adviceChangesWhatIsCached(Io io, @TempDir Path folder) throws Exception {
        long length = 1 << 20;
        Path path = folder.resolve("file");
        try (File file = open(io, path, BOTH)) {
            file.write(new byte[1 << 20], 0);
            file.dataSync();
            assertThat(PageCache.has(path, 0, length)).isTrue();
            file.advise(Advice.DONT_NEED, 0, length / 2);
            if (PageCache.has(path, 0, length / 2)) {
                throw Skip.because("mincore(2) after POSIX_FADV_DONTNEED", "still cached");
            }
            assertThat(PageCache.has(path, length / 2, length / 2)).isTrue();
            for (int i = 0; i < 4; i++) {
                file.advise(Advice.WILL_NEED, i * (length / 8), length / 8);
            }
            Eventually.await("the page cache has it", () -> isCached(path, length));
        }
    }

    private static boolean isCached(Path path, long length) {
        try {
            return PageCache.has(path, 0, length);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void whatIsClosedTellsNothing(Io io, @TempDir Path folder) throws IOException {
        File file = open(io, folder.resolve("file"), BOTH);
        Directory directory = open(io, folder);
        file.close();
        directory.close();
        assertFails(Operation.STAT_FILE_SYSTEM, Reason.CLOSED, file::statFileSystem);
        assertFails(Operation.STAT_FILE_SYSTEM, Reason.CLOSED, directory::statFileSystem);
        assertFails(Operation.ADVISE, Reason.CLOSED, () -> file.advise(Advice.NORMAL, 0, 0));
    }
}
