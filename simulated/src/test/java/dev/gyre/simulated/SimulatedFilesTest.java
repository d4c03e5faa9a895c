package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Permission;
import dev.gyre.io.Reason;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the files of a simulation do beyond what every backend's do. */
@Tag("S2")
@Tag("T11")
final class SimulatedFilesTest {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    @Test
    void theWorldBeginsWithAnEmptyFolder() {
        simulate(1, io -> {
            Directory current = io.currentDirectory();
            assertThat(current.realPath(".")).isEqualTo("/");
            assertThat(current.list()).isEmpty();
            assertThat(current.stat("..").inode()).isEqualTo(current.stat(".").inode());
            FileStat root = current.stat("/");
            assertThat(List.of(root.user(), root.group(), root.mode())).containsExactly(1000, 1000, 0755);
            current.makePath("var/log");
            assertThat(current.stat("/var/log").mode()).as("less the umask").isEqualTo(0755);
            return null;
        });
    }

    @Test
    void eachWorldHasItsOwn() {
        for (int run = 0; run < 2; run++) {
            simulate(1, io -> {
                try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                    assertThat(file.read(new byte[1], 0)).isEqualTo(-1);
                    file.write(new byte[1], 0);
                }
                return null;
            });
        }
    }

    @Test
    void timesAreThoseOfTheSimulation() {
        simulate(1, io -> {
            Directory top = io.currentDirectory();
            try (File file = top.openFile("file", UPDATE)) {
                io.sleep(Duration.ofDays(3));
                file.write(new byte[1], 0);
                assertThat(file.stat().modified()).isEqualTo(io.now(Clock.REAL)).isEqualTo(file.stat().changed());
                assertThat(io.now(Clock.REAL).since(file.stat().accessed())).isEqualTo(Duration.ofDays(3));
                assertThat(io.now(Clock.REAL).since(top.stat(".").modified())).isEqualTo(Duration.ofDays(3));
                io.sleep(Duration.ofHours(1));
                file.read(new byte[1], 0);
                assertThat(file.stat().accessed()).as("since it was changed").isEqualTo(io.now(Clock.REAL));
                io.sleep(Duration.ofHours(23));
                file.read(new byte[1], 0);
                assertThat(io.now(Clock.REAL).since(file.stat().accessed())).as("not noted within a day")
                        .isEqualTo(Duration.ofHours(23));
            }
            return null;
        });
    }

    @Test
    void theOrderOfNamesIsTheSeeds() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            List<String> once = simulate(seed, SimulatedFilesTest::listEight);
            assertThat(simulate(seed, SimulatedFilesTest::listEight)).isEqualTo(once);
            orders.add(once);
        }
        assertThat(orders).hasSizeGreaterThan(8);
    }

    private static List<String> listEight(Io io) throws IoException {
        for (String name : "one two three four five six seven eight".split(" ", -1)) {
            io.currentDirectory().makeDirectory(name);
        }
        return io.currentDirectory().list().stream().map(DirectoryEntry::name).toList();
    }

    /** Here the user is none that permission bits do not bind. */
    @Test
    void permissionBitsAreObeyed() {
        simulate(1, io -> {
            Directory top = io.currentDirectory();
            top.makePath("locked/inner");
            top.openFile("locked/file", UPDATE).close();
            top.setPermissions("locked", 0400);
            try (Directory locked = top.openDirectory("locked")) {
                assertThat(reason(locked::list)).as("to open . leads through it")
                        .isEqualTo(Reason.ACCESS_DENIED);
            }
            assertThat(reason(() -> top.stat("locked/file"))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.realPath("locked/inner/.."))).isEqualTo(Reason.ACCESS_DENIED);
            top.setPermissions("locked", 0500);
            assertThat(top.stat("locked/file").size()).isZero();
            assertThat(reason(() -> top.deleteFile("locked/file"))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.makeDirectory("locked/new"))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.openFile("locked/new", UPDATE))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.rename("locked/file", "x"))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.access("locked", Permission.WRITE))).isEqualTo(Reason.ACCESS_DENIED);
            top.setPermissions("locked", 0700);
            top.setPermissions("locked/inner", 0500);
            assertThat(reason(() -> top.rename("locked/inner", "inner"))).as("its .. would change")
                    .isEqualTo(Reason.ACCESS_DENIED);
            top.rename("locked/inner", "locked/renamed");
            top.setPermissions("locked/file", 0200);
            assertThat(reason(() -> top.openFile("locked/file", OpenOptions.READ))).isEqualTo(Reason.ACCESS_DENIED);
            top.setPermissions("locked/file", 0400);
            assertThat(reason(() -> top.openFile("locked/file", UPDATE))).isEqualTo(Reason.ACCESS_DENIED);
            assertThat(reason(() -> top.setOwner("locked/file", 0, -1))).isEqualTo(Reason.PERMISSION_DENIED);
            top.setOwner("locked/file", 1000, 1000);
            return null;
        });
    }

    @Test
    void whoWritesTakesTheBitsOfPrivileges() {
        simulate(1, io -> {
            try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                file.setPermissions(06755);
                file.write(new byte[1], 0);
                assertThat(file.stat().mode()).isEqualTo(0755);
                file.setPermissions(06744);
                file.truncate(0);
                assertThat(file.stat().mode()).isEqualTo(02744);
            }
            return null;
        });
    }

    /** As much as was written, and no more than there is room for. */
    @Test
    @SuppressWarnings("try") // it is closed in the middle, too
    void aDiskHasItsSize() {
        SimulationOptions options = SimulationOptions.ofSeed(1).withDiskBytesMax(1 << 20);
        Simulation.run(options, io -> {
            Directory top = io.currentDirectory();
            try (File file = top.openFile("file", UPDATE); File other = top.openFile("other", UPDATE)) {
                assertThat(file.write(new byte[1], 1L << 40)).isEqualTo(1);
                assertThat(file.stat().blocks()).isEqualTo(8);
                assertThat(other.write(new byte[1 << 20], 0)).isEqualTo((1 << 20) - 4096);
                assertThat(reason(() -> other.write(new byte[1], 1 << 20))).isEqualTo(Reason.NO_SPACE_LEFT);
                assertThat(reason(() -> file.allocate(0, 1))).isEqualTo(Reason.NO_SPACE_LEFT);
                other.write(new byte[10], 0);
                other.punchHole(0, 8192);
                file.allocate(0, 8192);
                file.write(new byte[8192], 0);
                assertThat(reason(() -> other.write(new byte[1], 0))).isEqualTo(Reason.NO_SPACE_LEFT);
                top.deleteFile("file");
                assertThat(reason(() -> other.write(new byte[1], 0))).as("it is still open")
                        .isEqualTo(Reason.NO_SPACE_LEFT);
                file.close();
                assertThat(other.write(new byte[5000], 0)).isEqualTo(5000);
            }
            return null;
        });
    }

    @Test
    void aDiskTellsHowFullItIs() {
        Simulation.run(SimulationOptions.ofSeed(1).withDiskBytesMax(1 << 20), io -> {
            Directory top = io.currentDirectory();
            FileSystemStat empty = top.statFileSystem();
            assertThat(empty.bytesTotal()).isEqualTo(1 << 20).isEqualTo(empty.bytesFree());
            assertThat(List.of(empty.blockSize(), empty.nameBytesMax(), empty.filesTotal()))
                    .containsExactly(4096L, 255L, 0L);
            try (File file = top.openFile("file", UPDATE)) {
                file.write(new byte[5000], 1 << 30);
                file.allocate(0, 4096);
                FileSystemStat used = file.statFileSystem();
                assertThat(used.bytesFree()).isEqualTo((1 << 20) - 3 * 4096).isEqualTo(used.bytesAvailable());
                assertThat(used.bytesTotal()).isEqualTo(1 << 20);
            }
            top.deleteFile("file");
            assertThat(top.statFileSystem()).isEqualTo(empty);
            return null;
        });
        simulate(1, io -> {
            FileSystemStat endless = io.currentDirectory().statFileSystem();
            assertThat(endless.bytesFree()).isEqualTo(Long.MAX_VALUE / 4096 * 4096);
            return null;
        });
    }

    /** They have a block of 4 KiB for all of a file together, as on ext4; permission bits count as for content. */
    @Test
    void extendedAttributesHaveABlock() {
        simulate(1, io -> {
            Directory top = io.currentDirectory();
            try (File file = top.openFile("file", UPDATE)) {
                file.setExtendedAttribute("user.a", new byte[3000]);
                assertThat(reason(() -> file.setExtendedAttribute("user.b", new byte[1100])))
                        .isEqualTo(Reason.NO_SPACE_LEFT);
                file.setExtendedAttribute("user.a", new byte[4000]);
                assertThat(reason(() -> file.setExtendedAttribute("user.", new byte[0])))
                        .isEqualTo(Reason.ATTRIBUTE_INVALID);
                assertThat(reason(() -> file.setExtendedAttribute("security.a", new byte[0])))
                        .isEqualTo(Reason.PERMISSION_DENIED);
                io.sleep(Duration.ofSeconds(1));
                file.removeExtendedAttribute("user.a");
                assertThat(file.stat().changed()).isEqualTo(io.now(Clock.REAL));
                top.setPermissions("file", 0200);
                file.setExtendedAttribute("user.c", new byte[1]);
                assertThat(reason(() -> file.getExtendedAttribute("user.c"))).isEqualTo(Reason.ACCESS_DENIED);
                top.setPermissions("file", 0400);
                assertThat(file.getExtendedAttribute("user.c")).hasSize(1);
                assertThat(reason(() -> top.removeExtendedAttribute("file", "user.c")))
                        .isEqualTo(Reason.ACCESS_DENIED);
            }
            return null;
        });
    }

    /** Stores to mapped memory are the machine's alone: nobody could say when, or repeat it. */
    @Test
    void filesAreNotMapped() {
        simulate(1, io -> {
            try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                file.write(new byte[10], 0);
                assertThat(reason(() -> file.map(Mapping.READ, 0, 10, Arena.ofAuto())))
                        .isEqualTo(Reason.OPERATION_UNSUPPORTED);
            }
            return null;
        });
    }

    /** A clone takes the room of what differs. */
    @Test
    void aCloneSharesItsPagesUntilTheyAreWritten() {
        Simulation.run(SimulationOptions.ofSeed(1).withDiskBytesMax(4 * 4096), io -> {
            Directory top = io.currentDirectory();
            try (File file = top.openFile("file", UPDATE); File clone = top.openFile("clone", UPDATE)) {
                byte[] content = new byte[10_000];
                Arrays.fill(content, (byte) 7);
                file.write(content, 0);
                clone.write(new byte[] {1}, 0);
                assertThat(file.cloneTo(clone)).isTrue();
                assertThat(clone.stat().size()).isEqualTo(10_000);
                assertThat(clone.stat().blocks()).isEqualTo(file.stat().blocks());
                assertThat(top.statFileSystem().bytesFree()).isEqualTo(4096);
                file.write(new byte[] {8}, 0);
                byte[] read = new byte[10_000];
                assertThat(clone.read(read, 0)).isEqualTo(10_000);
                assertThat(read).isEqualTo(content);
                assertThat(reason(() -> clone.write(new byte[] {9}, 9000))).as("a page more than there is")
                        .isEqualTo(Reason.NO_SPACE_LEFT);
                assertThat(clone.write(new byte[] {9}, 0)).as("nobody else has that now").isEqualTo(1);
                assertThat(clone.cloneTo(clone)).isFalse();
                try (File empty = top.openFile("empty", UPDATE)) {
                    assertThat(empty.cloneTo(empty)).as("there is nothing to share").isTrue();
                }
                clone.truncate(10_001);
                assertThat(file.cloneTo(clone)).as("it would end in the middle of a page").isFalse();
                try (File appending = top.openFile("clone", UPDATE.with(Flag.APPEND))) {
                    assertThat(reason(() -> file.cloneTo(appending))).isEqualTo(Reason.NOT_OPEN_FOR_WRITING);
                }
            }
            top.deleteFile("file");
            assertThat(top.statFileSystem().bytesFree()).isEqualTo(4096);
            top.deleteFile("clone");
            assertThat(top.statFileSystem().bytesFree()).isEqualTo(4 * 4096);
            return null;
        });
    }

    /** A million files of a tebibyte, if need be. */
    @Test
    void holesCostNothing() {
        simulate(1, io -> {
            for (int i = 0; i < 1000; i++) {
                try (File file = io.currentDirectory().openFile("file" + i, UPDATE)) {
                    file.write(new byte[] {1}, (1L << 40) - 1);
                    assertThat(file.seekData(0)).isEqualTo((1L << 40) - 4096);
                }
            }
            return null;
        });
    }

    @Test
    void linksAreFollowedFortyTimes() {
        simulate(1, io -> {
            Directory top = io.currentDirectory();
            top.openFile("link0", UPDATE).close();
            for (int i = 1; i <= 41; i++) {
                top.symlink("link" + (i - 1), "link" + i);
            }
            assertThat(top.realPath("link40")).isEqualTo("/link0");
            assertThat(reason(() -> top.stat("link41"))).isEqualTo(Reason.SYMLINK_LOOP);
            return null;
        });
    }

    @Test
    void whatIsLeftOpenIsALeak() {
        SimulationFailure failure = catchThrowableOfType(SimulationFailure.class, () -> simulate(3, io -> {
            io.currentDirectory().makeDirectory("folder");
            io.currentDirectory().openDirectory("folder");
            return io.currentDirectory().openFile("folder/file", UPDATE);
        }));
        assertThat(failure.getCause()).isInstanceOf(LeakError.class)
                .hasMessageContaining("folder folder")
                .hasMessageContaining("file folder/file");
    }

    private static Reason reason(ThrowingCallable call) {
        IoException refused = catchThrowableOfType(IoException.class, call);
        assertThat(refused).isNotNull();
        return refused.reason();
    }

    private static <T> T simulate(long seed, Program<T> program) {
        return Simulation.run(SimulationOptions.ofSeed(seed), program).value();
    }
}
