package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timestamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths: where they lead, where they must not, and what is there. */
@Tag("T9")
abstract class PathConformance {
    private static final OpenOptions BENEATH = OpenOptions.READ.with(Flag.BENEATH);

    @ParameterizedTest
    @EnumSource
    void startAtTheirFolder(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("a/b"));
        Folders.write(io, folder.resolve("a/b/file"), "content");
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString());
                    Directory a = top.openDirectory("a");
                    Directory b = a.openDirectory("b/../b/.");
                    File file = b.openFile("file", OpenOptions.READ)) {
                assertThat(file.stat().size()).isEqualTo(7);
                assertThat(file).asString().startsWith(folder.toString()).endsWith("file");
                assertThat(top.stat("a/b/file").inode()).isEqualTo(file.stat().inode());
                assertThat(b.stat("../../a/b/file").inode()).isEqualTo(file.stat().inode());
                assertThat(b.stat(folder.resolve("a").toString()).kind()).isEqualTo(FileKind.DIRECTORY);
            }
        });
    }

    @Test
    void beneathStaysBeneath(Io io, @TempDir Path folder) throws Exception {
        Path root = Folders.make(io, folder.resolve("root/inner"));
        Folders.write(io, folder.resolve("secret"), "secret");
        Folders.write(io, folder.resolve("root/file"), "file");
        Folders.symlink(io, folder.resolve("root/out"), "../secret");
        Folders.symlink(io, folder.resolve("root/absolute"), folder.resolve("root/file").toString());
        Folders.symlink(io, folder.resolve("root/in"), "inner/../file");
        Folders.symlink(io, folder.resolve("root/up"), "..");
        try (Directory top = io.currentDirectory().openDirectory(root.getParent().toString())) {
            for (String inside : List.of("file", "in", "./file", "inner/../file", "inner/../in")) {
                top.openFile(inside, BENEATH).close();
            }
            String absolute = folder.resolve("root/file").toString();
            for (String outside : List.of("..", "../secret", "inner/../../secret", "out", "absolute", "up/secret",
                    "../root/file", absolute, "/")) {
                assertFails(Operation.OPEN_FILE, Reason.PATH_ESCAPES, () -> top.openFile(outside, BENEATH).close());
                assertFails(Operation.OPEN_DIRECTORY, Reason.PATH_ESCAPES,
                        () -> top.openDirectory(outside, Flag.BENEATH).close());
            }
            top.openFile("out", OpenOptions.READ).close();
            top.openDirectory("inner", Flag.BENEATH).close();
        }
    }

    @Test
    void noFollowStopsAtALink(Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("directory"));
        Folders.write(io, folder.resolve("directory/file"), "x");
        Folders.symlink(io, folder.resolve("link"), "directory/file");
        Folders.symlink(io, folder.resolve("way"), "directory");
        OpenOptions noFollow = OpenOptions.READ.with(Flag.NO_FOLLOW);
        try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
            top.openFile("link", OpenOptions.READ).close();
            assertFails(Operation.OPEN_FILE, Reason.SYMLINK_LOOP, () -> top.openFile("link", noFollow).close());
            top.openFile("way/file", noFollow).close();
            top.openDirectory("way").close();
            assertFails(Operation.OPEN_DIRECTORY, Reason.NOT_A_DIRECTORY,
                    () -> top.openDirectory("way", Flag.NO_FOLLOW).close());
        }
    }

    @Test
    void aFolderHasFewWaysToBeOpened(Io io) {
        for (Flag flag : List.of(Flag.CREATE, Flag.EXCLUSIVE, Flag.TRUNCATE, Flag.APPEND, Flag.DIRECT,
                Flag.NON_BLOCKING, Flag.NO_SPECIAL)) {
            assertThatIllegalArgumentException().isThrownBy(() -> io.currentDirectory().openDirectory(".", flag))
                    .withMessageContaining(flag.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T18")
    void leadNowhere(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Folders.write(io, folder.resolve("file"), "");
        Folders.symlink(io, folder.resolve("loop"), "loop");
        Folders.symlink(io, folder.resolve("dangling"), "missing");
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
                assertAllFail(top, Reason.FILE_NOT_FOUND, "missing");
                assertAllFail(top, Reason.FILE_NOT_FOUND, "missing/below");
                assertAllFail(top, Reason.FILE_NOT_FOUND, "dangling");
                assertAllFail(top, Reason.FILE_NOT_FOUND, "");
                assertAllFail(top, Reason.NOT_A_DIRECTORY, "file/below");
                assertAllFail(top, Reason.NOT_A_DIRECTORY, "file/");
                assertAllFail(top, Reason.SYMLINK_LOOP, "loop");
                assertAllFail(top, Reason.SYMLINK_LOOP, "loop/below");
                assertAllFail(top, Reason.NAME_TOO_LONG, "x".repeat(256));
                assertFails(Operation.OPEN_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> top.openDirectory("file").close());
            }
        });
    }

    /** These never reach the kernel. */
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "a\0", "\ud800", "\udc7f", "x\udd00y"})
    @Tag("T19")
    void cannotContainEverything(String path, Io io) {
        assertAllFail(io.currentDirectory(), Reason.BAD_PATH, path);
    }

    @Test
    @Tag("T19")
    void areLimited(Io io) throws Exception {
        String longest = "./".repeat(2047);
        assertThat(io.currentDirectory().stat(longest + ".").kind()).isEqualTo(FileKind.DIRECTORY);
        assertAllFail(io.currentDirectory(), Reason.NAME_TOO_LONG, longest + "..");
        assertAllFail(io.currentDirectory(), Reason.NAME_TOO_LONG, "\u00e4/".repeat(1366));
        assertAllFail(io.currentDirectory(), Reason.NAME_TOO_LONG, "x".repeat(1_000_000));
    }

    @ParameterizedTest
    @EnumSource
    void statTellsWhatThereIs(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path file = Folders.write(io, folder.resolve("file"), "content");
        io.currentDirectory().hardLink(file.toString(), io.currentDirectory(), folder.resolve("second").toString());
        Folders.symlink(io, folder.resolve("link"), "file");
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString());
                    File open = top.openFile("file", OpenOptions.READ)) {
                FileStat stat = top.stat("file");
                assertThat(stat).isEqualTo(open.stat()).isEqualTo(top.stat("link")).isEqualTo(top.stat("second"));
                assertThat(stat.kind()).isEqualTo(FileKind.FILE);
                assertThat(stat.size()).isEqualTo(7);
                assertThat(stat.links()).isEqualTo(2);
                assertThat(stat.blocks()).isPositive();
                assertThat(stat.mode()).isEqualTo(0644);
                Timestamp now = io.now(Clock.REAL);
                for (Timestamp time : List.of(stat.modified(), stat.changed(), stat.accessed())) {
                    assertThat(now.since(time)).isBetween(Duration.ofMillis(-1), Duration.ofMinutes(1));
                }
                assertThat(top.stat(".").kind()).isEqualTo(FileKind.DIRECTORY);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void lstatDoesNotFollow(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Folders.write(io, folder.resolve("file"), "content");
        Folders.symlink(io, folder.resolve("link"), "file");
        Folders.symlink(io, folder.resolve("loop"), "loop");
        Folders.symlink(io, folder.resolve("up"), ".");
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
                assertThat(top.lstat("link").kind()).isEqualTo(FileKind.SYMLINK);
                assertThat(top.lstat("link").size()).as("the length of where it leads").isEqualTo(4);
                assertThat(top.lstat("loop").kind()).isEqualTo(FileKind.SYMLINK);
                assertThat(top.lstat("file")).isEqualTo(top.stat("file"));
                assertThat(top.lstat("up/link").kind()).as("only the last part").isEqualTo(FileKind.SYMLINK);
                assertFails(Operation.STAT, Reason.FILE_NOT_FOUND, () -> top.lstat("missing"));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T11")
    void aFolderListsItsNames(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Set<String> names = IntStream.range(0, 2500).mapToObj(i -> "file number " + i).collect(Collectors.toSet());
        for (String name : names) {
            Folders.write(io, folder.resolve(name), "");
        }
        Folders.make(io, folder.resolve("directory"));
        Folders.symlink(io, folder.resolve("link"), "nowhere");
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
                for (int i = 0; i < 2; i++) {
                    List<DirectoryEntry> entries = top.list();
                    assertThat(entries).hasSize(2502).contains(
                            new DirectoryEntry("directory", FileKind.DIRECTORY),
                            new DirectoryEntry("link", FileKind.SYMLINK),
                            new DirectoryEntry("file number 0", FileKind.FILE));
                    assertThat(entries).extracting(DirectoryEntry::name).containsAll(names).doesNotContain(".", "..");
                }
                try (Directory empty = top.openDirectory("directory")) {
                    assertThat(empty.list()).isEmpty();
                }
            }
        });
    }

    /** To Linux a name is bytes: one that is no UTF-8 is listed, and can be opened by what was listed. */
    @Test
    @Tag("T11")
    void everyNameThatIsListedCanBeOpened(Io io, @TempDir Path folder) throws Exception {
        List<String> names = List.of("plain", "\u00e4\u4e2d\ud83d\ude00", "\udcff\udc80", "a\udce4b", "tab\tnewline\n",
                "x".repeat(255), " ", "\u0001");
        OpenOptions create = new OpenOptions(OpenOptions.Access.WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE), 0600);
        try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
            for (String name : names) {
                top.openFile(name, create).close();
            }
            List<DirectoryEntry> entries = top.list();
            assertThat(entries).extracting(DirectoryEntry::name).containsExactlyInAnyOrderElementsOf(names);
            for (DirectoryEntry entry : entries) {
                assertThat(top.stat(entry.name()).kind()).isEqualTo(FileKind.FILE);
            }
        }
    }

    @Test
    @Tag("T11")
    void aFolderThatIsGoneHasNoNames(Io io, @TempDir Path folder) throws Exception {
        Path gone = Folders.make(io, folder.resolve("gone"));
        try (Directory directory = io.currentDirectory().openDirectory(gone.toString())) {
            io.currentDirectory().deleteDirectory(gone.toString());
            assertFails(Operation.LIST, Reason.FILE_NOT_FOUND, directory::list);
            assertFails(Operation.OPEN_FILE, Reason.FILE_NOT_FOUND, () -> directory.openFile("x", OpenOptions.READ));
        }
    }

    @Test
    @Tag("P9")
    void aClosedFolderLeadsNowhere(Io io, @TempDir Path folder) throws Exception {
        Folders.write(io, folder.resolve("file"), "");
        Directory closed = io.currentDirectory().openDirectory(folder.toString());
        closed.close();
        closed.close();
        assertAllFail(closed, Reason.CLOSED, "file");
        assertFails(Operation.LIST, Reason.CLOSED, closed::list);
    }

    private static void assertAllFail(Directory directory, Reason reason, String path) {
        assertFails(Operation.OPEN_FILE, reason, () -> directory.openFile(path, OpenOptions.READ).close());
        assertFails(Operation.OPEN_DIRECTORY, reason, () -> directory.openDirectory(path).close());
        assertFails(Operation.STAT, reason, () -> directory.stat(path));
    }
}
