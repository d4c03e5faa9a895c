package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.io.Directory;
import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Walk;
import dev.gyre.io.WalkEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks through trees. */
@Tag("T9")
abstract class WalkConformance {

    @ParameterizedTest
    @EnumSource
    void aFolderIsToldBeforeAndAfterWhatIsInIt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("top/a/b"));
        Folders.write(io, folder.resolve("top/a/b/file"), "");
        Folders.symlink(io, folder.resolve("top/a/link"), "..");
        Folders.symlink(io, folder.resolve("to-top"), "top");
        caller.run(io, () -> {
            List<String> told = new ArrayList<>();
            try (Directory here = open(io, folder); Walk walk = here.walk("to-top")) {
                for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                    told.add((entry.left() ? "-" : "+") + entry.path() + " " + entry.kind() + " " + entry.depth());
                    assertThat(entry.folder().lstat(entry.name()).kind()).isEqualTo(entry.kind());
                }
                assertThat(walk.next()).isNull();
            }
            told.remove("+a/link SYMLINK 1");
            assertThat(told).containsExactly("+a DIRECTORY 0", "+a/b DIRECTORY 1", "+a/b/file FILE 2",
                    "-a/b DIRECTORY 1", "-a DIRECTORY 0");
        });
    }

    @Test
    void aFolderIsLeftOut(Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("left-out/inside"));
        Folders.make(io, folder.resolve("walked/inside"));
        try (Directory here = open(io, folder); Walk walk = here.walk(".")) {
            assertThatIllegalStateException().isThrownBy(walk::prune);
            List<String> told = new ArrayList<>();
            for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                told.add(entry.path());
                if (entry.name().equals("left-out")) {
                    walk.prune();
                    assertThatIllegalStateException().isThrownBy(walk::prune);
                } else if (entry.left()) {
                    assertThatIllegalStateException().isThrownBy(walk::prune);
                }
            }
            assertThat(told).containsExactlyInAnyOrder(
                    "left-out", "walked", "walked/inside", "walked/inside", "walked");
        }
    }

    /** All names, with no more than a bounded number of descriptors. */
    @Test
    void treesOfAllShapesAreWalked(Io io, @TempDir Path folder) throws Exception {
        Random random = new Random(3);
        List<Path> folders = new ArrayList<>(List.of(folder));
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            Path parent = i % 3 == 0 ? folders.getLast() : folders.get(random.nextInt(folders.size()));
            if (random.nextInt(3) > 0 && parent.getNameCount() < 400) {
                folders.add(Folders.make(io, parent.resolve("d" + i)));
                made.add(folder.relativize(folders.getLast()).toString());
            } else {
                made.add(folder.relativize(Folders.write(io, parent.resolve("f" + i), "")).toString());
            }
        }
        int before = descriptors();
        List<String> told = new ArrayList<>();
        try (Directory here = open(io, folder); Walk walk = here.walk(".")) {
            for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                if (!entry.left()) {
                    told.add(entry.path());
                }
                assertThat(descriptors() - before).isLessThan(140);
            }
        }
        assertThat(told).containsExactlyInAnyOrderElementsOf(made);
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    /** Deeper than any path is long. */
    @Test
    void theDeepestTreeIsWalked(Io io, @TempDir Path temporary) throws Exception {
        int depth = 600;
        String name = "a deep folder";
        try (Directory top = open(io, temporary)) {
            Directory folder = top;
            for (int i = 0; i < depth; i++) {
                folder.makeDirectory(name);
                Directory next = folder.openDirectory(name);
                if (folder != top) {
                    folder.close();
                }
                folder = next;
            }
            folder.close();
            int entered = 0;
            int left = 0;
            try (Walk walk = top.walk(".")) {
                for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                    assertThat(entry.kind()).isEqualTo(FileKind.DIRECTORY);
                    assertThat(entry.path()).hasSize((entry.depth() + 1) * (name.length() + 1) - 1);
                    if (entry.left()) {
                        left++;
                    } else {
                        entered++;
                    }
                }
            }
            assertThat(entered).isEqualTo(depth);
            assertThat(left).isEqualTo(depth);
            top.deleteTree(name);
        }
    }

    @Test
    void aWalkGoesOnBehindWhatItCannotRead(Io io, @TempDir Path folder) throws Exception {
        Path shut = Modes.unreadable(io, Folders.make(io, folder.resolve("a")));
        io.currentDirectory().deleteFile(shut.toString());
        Folders.make(io, folder.resolve("b/c"));
        io.currentDirectory().setPermissions(folder.resolve("a").toString(), 0);
        int told = 0;
        int failed = 0;
        try (Directory here = open(io, folder); Walk walk = here.walk(".")) {
            while (true) {
                try {
                    if (walk.next() == null) {
                        break;
                    }
                    told++;
                } catch (IoException denied) {
                    assertThat(denied.reason()).isEqualTo(Reason.ACCESS_DENIED);
                    failed++;
                }
            }
        }
        assertThat(failed).isEqualTo(1);
        assertThat(told).as("a, and b and c twice").isEqualTo(5);
    }

    @Test
    void whatVanishesOrBecomesALinkIsNotEntered(Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("outside/secret"));
        Folders.make(io, folder.resolve("top/gone"));
        Folders.make(io, folder.resolve("top/swapped"));
        List<String> told = new ArrayList<>();
        try (Directory here = open(io, folder); Walk walk = here.walk("top")) {
            for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                told.add(entry.path());
                here.deleteTree("top/" + entry.path());
                if (entry.name().equals("swapped")) {
                    Folders.symlink(io, folder.resolve("top/swapped"), "../outside");
                }
            }
        }
        assertThat(told).containsExactlyInAnyOrder("gone", "swapped");
    }

    /** Also where the walk has to open a folder again that is far up. */
    @Test
    void aWalkThatIsCanceledAtAnyMomentGoesOnWhereItWas(Io io, @TempDir Path folder) throws Exception {
        Path deepest = Folders.make(io, folder.resolve("d/".repeat(70)));
        Folders.write(io, deepest.resolve("file"), "");
        List<String> told = new ArrayList<>();
        try (Directory here = open(io, folder); Walk walk = here.walk(".")) {
            for (WalkEntry entry = patiently(io, walk); entry != null; entry = patiently(io, walk)) {
                told.add((entry.left() ? "-" : "+") + entry.path());
            }
        }
        List<String> expected = new ArrayList<>();
        for (int depth = 1; depth <= 70; depth++) {
            String path = "d" + "/d".repeat(depth - 1);
            expected.add(depth - 1, "+" + path);
            expected.add(depth, "-" + path);
        }
        expected.add(70, "+" + "d/".repeat(70) + "file");
        assertThat(told).isEqualTo(expected);
    }

    /** Gives it a little more time after each attempt that was canceled. */
    private static @Nullable WalkEntry patiently(Io io, Walk walk) throws IoException {
        for (int attempt = 0; ; attempt++) {
            try {
                return io.within(Timeout.after(Duration.ofNanos(attempt * 3000L)), walk::next);
            } catch (TimeoutException _) {
                assertThat(attempt).isLessThan(1_000_000);
            }
        }
    }

    /** To go down there, the walk reads on in a folder far up, so as to close it. */
    @Test
    void whatWasReadAheadOfAFolderFarUpIsToldAfterACancel(Io io, @TempDir Path folder) throws Exception {
        Folders.make(io, folder.resolve("d/".repeat(65)));
        for (int i = 0; i < 500; i++) {
            Folders.write(io, folder.resolve("a-name-that-is-somewhat-longer-" + i), "");
        }
        try (Directory here = open(io, folder)) {
            for (int attempt = 0; attempt < 20; attempt++) {
                Timeout limit = Timeout.after(Duration.ofNanos(attempt * 20_000L));
                int files = 0;
                try (Walk walk = here.walk(".")) {
                    for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
                        files += entry.kind() == FileKind.FILE ? 1 : 0;
                        if (entry.depth() == 63 && !entry.left()) {
                            try {
                                io.within(limit, walk::next);
                            } catch (TimeoutException _) {
                                walk.prune();
                            }
                        }
                    }
                }
                assertThat(files).isEqualTo(500);
            }
        }
    }

    @Test
    void aWalkBeginsAtAFolder(Io io, @TempDir Path folder) throws Exception {
        Folders.write(io, folder.resolve("file"), "");
        try (Directory here = open(io, folder)) {
            assertFails(Operation.OPEN_DIRECTORY, Reason.NOT_A_DIRECTORY, () -> here.walk("file"));
            assertFails(Operation.OPEN_DIRECTORY, Reason.FILE_NOT_FOUND, () -> here.walk("none"));
            Walk walk = here.walk(".");
            walk.close();
            walk.close();
            assertThat(walk.next()).isNull();
        }
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }
}
