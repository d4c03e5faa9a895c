package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.FileAttributeConformance.requireAttributes;
import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Advice;
import dev.gyre.io.Change;
import dev.gyre.io.ChangeEvent;
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
import dev.gyre.io.Watch;
import dev.gyre.io.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only a real kernel tells of files and file systems: with mounts, a page cache, and what the JDK finds there. */
@Tag("T11")
abstract class HostFileAttributeConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    @Test
    void fileSystemsAreThoseOfTheKernel(Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary);
                Directory proc = open(io, Path.of("/proc"));
                Directory sys = open(io, Path.of("/sys"))) {
            FileSystemStat state = folder.statFileSystem();
            assertThat(state.bytesTotal()).isEqualTo(Files.getFileStore(temporary).getTotalSpace());
            assertThat(state.bytesFree()).isLessThan(state.bytesTotal());
            assertThat(proc.statFileSystem().kind()).isEqualTo("proc");
            assertThat(sys.statFileSystem().kind()).isEqualTo("sysfs");
        }
    }

    @Test
    void extendedAttributesAreThoseOfTheKernel(Io io, @TempDir Path temporary) throws Exception {
        Path path = temporary.resolve("file");
        try (Directory folder = open(io, temporary); File file = open(io, path, BOTH)) {
            requireAttributes(folder);
            file.setExtendedAttribute("user.comment", new byte[] {1, 2, 3});
            assertThat(Files.getAttribute(path, "user:comment")).isEqualTo(new byte[] {1, 2, 3});
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
    @Tag("T18")
    void whatMayNotBeWrittenKeepsItsAttributes(Io io, @TempDir Path folder) throws Exception {
        try (Mounts mount = Mounts.tmpfs(folder, "size=1m"); Directory small = open(io, folder)) {
            requireAttributes(small);
            small.openFile("file", BOTH).close();
            small.setExtendedAttribute("file", "user.a", new byte[] {5});
            mount.makeReadOnly();
            assertThat(small.getExtendedAttribute("file", "user.a")).containsExactly(5);
            assertFails(Operation.SET_EXTENDED_ATTRIBUTE, Reason.READ_ONLY_FILE_SYSTEM,
                    () -> small.setExtendedAttribute("file", "user.a", new byte[1]));
            assertFails(Operation.REMOVE_EXTENDED_ATTRIBUTE, Reason.READ_ONLY_FILE_SYSTEM,
                    () -> small.removeExtendedAttribute("file", "user.a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T10")
    void theProgramIsFound(Caller caller, Io io) throws Exception {
        Path oracle = Path.of(ProcessHandle.current().info().command().orElseThrow()).toRealPath();
        caller.run(io, () -> assertThat(Path.of(io.executablePath())).isEqualTo(oracle));
    }

    @Test
    void anUnmountIsTold(Io io, @TempDir Path mounted) throws Exception {
        try (Watcher watcher = io.watcher()) {
            Watch watch;
            try (Mounts _ = Mounts.tmpfs(mounted, "size=64k"); Directory small = open(io, mounted)) {
                watch = watcher.watch(small, ".", Set.of(Change.CREATED));
            }
            for (Change each : List.of(Change.UNMOUNTED, Change.WATCH_ENDED)) {
                ChangeEvent event = watcher.next();
                assertThat(event.change()).isEqualTo(each);
                assertThat(event.watch()).isSameAs(watch);
                assertThat(event.name()).isNull();
            }
        }
    }
}
