package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Listing;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Permission;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.Task;
import dev.gyre.io.Timestamp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What changes names and the attributes of what has them. */
@Tag("T11")
abstract class NameConformance {
    private static final OpenOptions CREATE =
            new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE), 0644);

    private static Directory open(Io io, Path folder) throws Exception {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    private static void write(Directory folder, String path, String content) throws Exception {
        try (File file = folder.openFile(path, CREATE)) {
            if (!content.isEmpty()) {
                file.write(content.getBytes(StandardCharsets.UTF_8), 0);
            }
        }
    }

    private static String read(Directory folder, String path) throws Exception {
        byte[] buffer = new byte[100];
        try (File file = folder.openFile(path, OpenOptions.READ)) {
            int count = file.read(buffer, 0);
            return new String(buffer, 0, Math.max(count, 0), StandardCharsets.UTF_8);
        }
    }

    private static Set<String> names(Directory folder) throws Exception {
        Set<String> names = new HashSet<>();
        for (DirectoryEntry entry : folder.list()) {
            names.add(entry.name());
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T9")
    void foldersAreMade(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                top.makeDirectory("plain");
                assertThat(top.stat("plain").kind()).isEqualTo(FileKind.DIRECTORY);
                top.makeDirectory("plain/private", 0700);
                assertThat(top.stat("plain/private").mode()).isEqualTo(0700);
                assertFails(Operation.MAKE_DIRECTORY, Reason.PATH_ALREADY_EXISTS, () -> top.makeDirectory("plain"));
                assertFails(Operation.MAKE_DIRECTORY, Reason.FILE_NOT_FOUND, () -> top.makeDirectory("no/where"));
                write(top, "file", "");
                assertFails(Operation.MAKE_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> top.makeDirectory("file/x"));
                assertFails(Operation.MAKE_DIRECTORY, Reason.BAD_PATH, () -> top.makeDirectory("a\0b"));
                assertFails(Operation.MAKE_DIRECTORY, Reason.NAME_TOO_LONG, () -> top.makeDirectory("x".repeat(256)));
                assertThatIllegalArgumentException().isThrownBy(() -> top.makeDirectory("x", 010000))
                        .withMessageContaining("010000");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T9")
    void waysAreMade(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                assertThat(top.makePath("a/b//c/./d/")).isTrue();
                assertThat(top.makePath("a/b/c/d")).isFalse();
                assertThat(top.makePath("a/b/e")).isTrue();
                assertThat(top.makePath(temporary.resolve("absolute/x").toString())).isTrue();
                assertThat(top.stat("absolute/x").kind()).isEqualTo(FileKind.DIRECTORY);
                top.symlink("a/b", "link");
                assertThat(top.makePath("link/f")).isTrue();
                assertThat(top.stat("a/b/f").kind()).isEqualTo(FileKind.DIRECTORY);
                write(top, "a/file", "");
                assertFails(Operation.MAKE_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> top.makePath("a/file"));
                assertFails(Operation.MAKE_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> top.makePath("a/file/x/y"));
                assertFails(Operation.MAKE_DIRECTORY, Reason.FILE_NOT_FOUND, () -> top.makePath(""));
                try (Directory made = top.makeOpenPath("g/h"); Directory again = top.makeOpenPath("g/h/")) {
                    write(made, "file", "content");
                    assertThat(read(again, "file")).isEqualTo("content");
                }
                assertThatIllegalArgumentException().isThrownBy(() -> top.makeOpenPath("i", Flag.CREATE));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesChange(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary);
                Directory one = top.makeOpenPath("one");
                Directory two = top.makeOpenPath("two")) {
            caller.run(io, () -> {
                write(top, "a", "a");
                top.rename("a", "b");
                assertFails(Operation.STAT, Reason.FILE_NOT_FOUND, () -> top.stat("a"));
                write(two, "c", "old");
                top.rename("b", two, "c", Renaming.REPLACE);
                assertThat(read(two, "c")).isEqualTo("a");
                write(one, "d", "d");
                assertFails(Operation.RENAME, Reason.PATH_ALREADY_EXISTS,
                        () -> one.rename("d", two, "c", Renaming.NO_REPLACE));
                one.rename("d", two, "c", Renaming.EXCHANGE);
                assertThat(read(two, "c")).isEqualTo("d");
                assertThat(read(one, "d")).isEqualTo("a");
                one.rename("d", two, "e", Renaming.NO_REPLACE);
                assertThat(names(one)).isEmpty();
                assertThat(names(two)).containsExactlyInAnyOrder("c", "e");

                two.symlink("nowhere", "link");
                two.rename("link", "moved");
                assertThat(two.readLink("moved")).isEqualTo("nowhere");

                one.makeDirectory("folder");
                write(one, "folder/x", "");
                one.makeDirectory("empty");
                assertFails(Operation.RENAME, Reason.DIRECTORY_NOT_EMPTY, () -> one.rename("empty", "folder"));
                one.rename("folder", "empty");
                assertThat(names(one)).containsExactly("empty");
                assertFails(Operation.RENAME, Reason.INTO_ITSELF, () -> one.rename("empty", "empty/below"));
                assertFails(Operation.RENAME, Reason.INTO_ITSELF,
                        () -> top.rename("one/empty", one, "empty/below", Renaming.NO_REPLACE));
                assertFails(Operation.RENAME, Reason.INTO_ITSELF,
                        () -> one.rename("empty", top, "one/empty/x", Renaming.EXCHANGE));
                assertFails(Operation.RENAME, Reason.INTO_ITSELF,
                        () -> one.rename("empty/x", top, "one/empty", Renaming.EXCHANGE));
                top.symlink("nowhere", "dangling");
                assertFails(Operation.MAKE_DIRECTORY, Reason.FILE_NOT_FOUND, () -> top.makePath("dangling"));
                top.deleteFile("dangling");
                assertFails(Operation.RENAME, Reason.IS_A_DIRECTORY, () -> two.rename("c", one, "empty",
                        Renaming.REPLACE));
                assertFails(Operation.RENAME, Reason.NOT_A_DIRECTORY, () -> one.rename("empty", two, "c",
                        Renaming.REPLACE));
                assertFails(Operation.RENAME, Reason.FILE_NOT_FOUND, () -> one.rename("missing", "x"));
                assertFails(Operation.RENAME, Reason.FILE_NOT_FOUND, () -> one.rename("empty", "missing/x"));
                assertFails(Operation.RENAME, Reason.BAD_PATH, () -> one.rename("empty", "a\0b"));
                one.deleteTree("empty");
                two.deleteTree("c");
                two.deleteTree("e");
                two.deleteTree("moved");
            });
        }
    }

    /** What others remove at the same time is no failure, wherever in the tree that happens. */
    @Test
    @StressRun
    void severalDeleteTheSameTree(Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            for (int round = 0; round < Rounds.of(100); round++) {
                for (int i = 0; i < 4; i++) {
                    top.makePath("tree/" + i + "/below/lowest");
                }
                List<Caller.Call<Boolean>> calls = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    calls.add(Caller.inTurn(i).start(io, () -> top.deleteTree("tree")));
                }
                boolean found = false;
                for (Caller.Call<Boolean> call : calls) {
                    found |= call.result();
                }
                assertThat(found).isTrue();
                assertFails(Operation.STAT, Reason.FILE_NOT_FOUND, () -> top.lstat("tree"));
            }
        }
    }

    @Test
    void foldersOfAnotherIoAreRefused(Opener opener, Io io, @TempDir Path temporary) throws Exception {
        try (Io other = opener.open(IoOptions.DEFAULT);
                Directory here = open(io, temporary);
                Directory there = other.currentDirectory()) {
            assertThatIllegalArgumentException().isThrownBy(() -> here.rename("a", there, "b", Renaming.REPLACE));
            assertThatIllegalArgumentException().isThrownBy(() -> here.hardLink("a", there, "b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void linksAreMadeAndRead(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary); Directory folder = top.makeOpenPath("folder")) {
            caller.run(io, () -> {
                write(top, "file", "content");
                top.hardLink("file", folder, "second");
                assertThat(top.stat("file")).isEqualTo(folder.stat("second"));
                assertThat(top.stat("file").links()).isEqualTo(2);
                assertFails(Operation.HARD_LINK, Reason.PATH_ALREADY_EXISTS,
                        () -> top.hardLink("file", folder, "second"));
                assertFails(Operation.HARD_LINK, Reason.PERMISSION_DENIED, () -> top.hardLink("folder", top, "third"));
                assertFails(Operation.HARD_LINK, Reason.FILE_NOT_FOUND, () -> top.hardLink("missing", top, "x"));

                top.symlink("folder/../file", "link");
                assertThat(top.readLink("link")).isEqualTo("folder/../file");
                assertThat(read(top, "link")).isEqualTo("content");
                top.symlink("\u00e4\udcff", "strange");
                assertThat(top.readLink("strange")).isEqualTo("\u00e4\udcff");
                top.symlink("x".repeat(4095), "long");
                assertThat(top.readLink("long")).hasSize(4095);
                assertFails(Operation.SYMLINK, Reason.NAME_TOO_LONG, () -> top.symlink("x".repeat(4096), "too long"));
                assertFails(Operation.SYMLINK, Reason.FILE_NOT_FOUND, () -> top.symlink("", "empty"));
                assertFails(Operation.SYMLINK, Reason.PATH_ALREADY_EXISTS, () -> top.symlink("x", "link"));
                assertFails(Operation.READ_LINK, Reason.NOT_A_SYMLINK, () -> top.readLink("file"));
                assertFails(Operation.READ_LINK, Reason.FILE_NOT_FOUND, () -> top.readLink("missing"));

                String real = top.realPath(".");
                assertThat(temporary).asString().endsWith(real.substring(real.lastIndexOf('/')));
                assertThat(top.realPath("link")).isEqualTo(real + "/file");
                assertThat(folder.realPath("..//folder/.")).isEqualTo(real + "/folder");
                assertFails(Operation.REAL_PATH, Reason.FILE_NOT_FOUND, () -> top.realPath("strange"));
                for (String name : names(top)) {
                    if (!name.equals("folder")) {
                        top.deleteFile(name);
                    }
                }
                folder.deleteFile("second");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesAreDeleted(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                write(top, "\udcff", "");
                top.deleteFile("\udcff");
                top.makeDirectory("folder");
                top.symlink("folder", "link");
                assertFails(Operation.DELETE_FILE, Reason.IS_A_DIRECTORY, () -> top.deleteFile("folder"));
                assertFails(Operation.DELETE_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> top.deleteDirectory("link"));
                top.deleteFile("link");
                write(top, "folder/file", "");
                assertFails(Operation.DELETE_DIRECTORY, Reason.DIRECTORY_NOT_EMPTY,
                        () -> top.deleteDirectory("folder"));
                assertFails(Operation.DELETE_DIRECTORY, Reason.OPERATION_UNSUPPORTED,
                        () -> top.deleteDirectory("folder/."));
                top.deleteFile("folder/file");
                top.deleteDirectory("folder");
                assertFails(Operation.DELETE_DIRECTORY, Reason.FILE_NOT_FOUND, () -> top.deleteDirectory("folder"));
                assertFails(Operation.DELETE_FILE, Reason.FILE_NOT_FOUND, () -> top.deleteFile("folder"));
                assertThat(top.list()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void treesAreDeleted(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                top.makePath("tree/a/b");
                top.makePath("kept");
                write(top, "kept/file", "kept");
                for (int i = 0; i < 300; i++) {
                    write(top, "tree/a/file " + i, "");
                }
                top.symlink("../kept", "tree/link");
                top.symlink(temporary.resolve("kept").toString(), "tree/a/b/absolute");
                for (String path : List.of(".", "..", "tree/a/..", "tree/a/./", "..//")) {
                    assertFails(Operation.DELETE_DIRECTORY, Reason.OPERATION_UNSUPPORTED, () -> top.deleteTree(path));
                }
                assertThat(top.list()).isNotEmpty();
                assertThat(top.deleteTree("tree")).isTrue();
                assertThat(top.deleteTree("tree")).isFalse();
                assertThat(read(top, "kept/file")).isEqualTo("kept");
                top.symlink("kept", "link");
                assertThat(top.deleteTree("link")).isTrue();
                assertThat(top.deleteTree("kept/file")).isTrue();
                assertThat(top.deleteTree("kept")).isTrue();
                assertThat(top.list()).isEmpty();
                assertFails(Operation.DELETE_FILE, Reason.NOT_A_DIRECTORY, () -> {
                    write(top, "file", "");
                    top.deleteTree("file/below");
                });
                top.deleteFile("file");
            });
        }
    }

    /** Deeper than any path is long, and than descriptors reach. */
    @Test
    void theDeepestTreeIsDeleted(Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            Directory folder = top;
            for (int i = 0; i < 600; i++) {
                folder.makeDirectory("a deep folder");
                if (i % 100 == 0) {
                    write(folder, "file", "");
                }
                Directory next = folder.openDirectory("a deep folder");
                if (folder != top) {
                    folder.close();
                }
                folder = next;
            }
            folder.close();
            Set<String> before = OpenDescriptors.now();
            assertThat(top.deleteTree("a deep folder")).isTrue();
            assertThat(OpenDescriptors.since(before)).isEmpty();
            assertThat(names(top)).containsExactly("file");
        }
    }

    @Test
    void aTreeThatGrowsMeanwhileIsDeletedOrRefused(Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            for (int round = 0; round < 5; round++) {
                top.makePath("tree/a");
                Task<Integer, Exception> growing = io.concurrent(() -> {
                    int made = 0;
                    for (int i = 0; i < 200; i++) {
                        try {
                            top.makeDirectory("tree/a/" + i);
                            made++;
                        } catch (IoException gone) {
                            assertThat(gone.reason()).isEqualTo(Reason.FILE_NOT_FOUND);
                        }
                    }
                    return made;
                });
                try {
                    top.deleteTree("tree");
                } catch (IoException refused) {
                    assertThat(refused.reason()).isEqualTo(Reason.DIRECTORY_NOT_EMPTY);
                }
                growing.await();
                top.deleteTree("tree");
                assertThat(top.list()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListingComesInPieces(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                top.makeDirectory("many");
                for (int i = 0; i < 1500; i++) {
                    top.symlink("x", "many/" + i);
                }
                Set<String> seen = new HashSet<>();
                try (Directory many = top.openDirectory("many"); Listing listing = many.listing()) {
                    for (DirectoryEntry entry = listing.next(); entry != null; entry = listing.next()) {
                        assertThat(entry.kind()).isEqualTo(FileKind.SYMLINK);
                        assertThat(seen.add(entry.name())).isTrue();
                    }
                    assertThat(listing.next()).isNull();
                    assertThat(seen).hasSize(1500);
                    assertThat(listing.next()).isNull();
                }
                Listing closed = top.listing();
                closed.close();
                closed.close();
                assertFails(Operation.LIST, Reason.CLOSED, closed::next);
                top.deleteTree("many");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void attributesAreSet(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        Timestamp old = new Timestamp(Clock.REAL, -1_500_000_000L);
        Timestamp recent = new Timestamp(Clock.REAL, 1_700_000_000_123_456_789L);
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                write(top, "file", "");
                top.symlink("file", "link");
                top.setPermissions("link", 04751);
                assertThat(top.stat("file").mode()).isEqualTo(04751);
                top.setTimes("file", old, recent);
                FileStat stat = top.stat("file");
                assertThat(stat.accessed()).isEqualTo(old);
                assertThat(stat.modified()).isEqualTo(recent);
                top.setTimes("file", null, old);
                assertThat(top.stat("file").accessed()).isEqualTo(old);
                assertThat(top.stat("file").modified()).isEqualTo(old);
                top.setTimes("link", recent, recent);
                assertThat(top.lstat("link").modified()).isEqualTo(recent);
                assertThat(top.stat("file").modified()).isEqualTo(old);
                int user = stat.user();
                int group = stat.group();
                top.setOwner("file", user, group);
                top.setOwner("link", -1, -1);
                try (File file = top.openFile("file", OpenOptions.READ)) {
                    file.setPermissions(0600);
                    file.setTimes(recent, null);
                    file.setOwner(user, -1);
                    assertThat(file.stat().mode()).isEqualTo(0600);
                    assertThat(file.stat().accessed()).isEqualTo(recent);
                    assertThat(file.stat().modified()).isEqualTo(old);
                    assertThatIllegalArgumentException().isThrownBy(() -> file.setPermissions(-1));
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> file.setTimes(io.now(Clock.AWAKE), null))
                            .withMessageContaining("AWAKE");
                }
                assertThatIllegalArgumentException().isThrownBy(() -> top.setPermissions("file", 010000));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> top.setTimes("file", null, io.now(Clock.BOOT)));
                for (Operation operation : List.of(Operation.SET_PERMISSIONS, Operation.SET_OWNER,
                        Operation.SET_TIMES)) {
                    assertFails(operation, Reason.FILE_NOT_FOUND, () -> {
                        switch (operation) {
                            case SET_PERMISSIONS -> top.setPermissions("missing", 0);
                            case SET_OWNER -> top.setOwner("missing", user, group);
                            default -> top.setTimes("missing", old, old);
                        }
                    });
                }
                top.deleteFile("file");
                top.deleteFile("link");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T9")
    void accessIsAskedFor(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            caller.run(io, () -> {
                write(top, "file", "");
                top.access("file");
                top.access("file", Permission.READ, Permission.WRITE);
                // Not even root executes what has no such bit.
                assertFails(Operation.ACCESS, Reason.ACCESS_DENIED, () -> top.access("file", Permission.EXECUTE));
                top.setPermissions("file", 0755);
                top.access("file", Permission.values());
                assertFails(Operation.ACCESS, Reason.FILE_NOT_FOUND, () -> top.access("missing"));
                assertFails(Operation.ACCESS, Reason.NOT_A_DIRECTORY, () -> top.access("file/x", Permission.READ));
                top.deleteFile("file");
            });
        }
    }

    @Test
    void foldersAreSynced(Io io, @TempDir Path temporary) throws Exception {
        Directory top = open(io, temporary);
        top.makeDirectory("folder");
        top.sync();
        io.currentDirectory().sync();
        top.close();
        assertFails(Operation.SYNC, Reason.CLOSED, top::sync);
    }

    @Test
    @StressRun
    @Tag("T18")
    void thereIsALimitToNames(Io io, @TempDir Path temporary) throws Exception {
        if (Rounds.of(0) == 0) {
            throw Skip.because("-Dgyre.stress.rounds", "not set; 65,000 links take too long for every build");
        }
        try (Directory top = open(io, temporary)) {
            write(top, "file", "");
            top.makeDirectory("links");
            try (Directory links = top.openDirectory("links")) {
                assertFails(Operation.HARD_LINK, Reason.LINK_LIMIT, () -> {
                    for (int i = 0; i < 70_000; i++) {
                        top.hardLink("file", links, "" + i);
                    }
                    throw Skip.because("70000 links to a file", "no limit");
                });
            }
            top.deleteTree("links");
        }
    }

    /** Asked to stop before it begins, nothing happens. */
    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void whoIsToStopChangesNothing(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = open(io, temporary)) {
            write(top, "file", "");
            Caller.Call<String> call = caller.start(io, () -> {
                try {
                    io.sleep(Duration.ofDays(1));
                } catch (CanceledException canceled) {
                    assertThatThrownBy(() -> top.deleteFile("file")).isInstanceOf(CanceledException.class);
                    throw canceled;
                }
                return "late";
            }).blocked();
            assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
            assertThat(names(top)).containsExactly("file");
        }
    }
}
