package dev.gyre.simulated;

import static dev.gyre.simulated.PowerCutTest.READ_AND_WRITE;
import static dev.gyre.simulated.PowerCutTest.read;
import static dev.gyre.simulated.PowerCutTest.write;
import static dev.gyre.simulated.TwoHosts.age;
import static dev.gyre.simulated.TwoHosts.reason;
import static dev.gyre.simulated.TwoHosts.simulate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Batch;
import dev.gyre.io.Directory;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Disks of hosts that fail, are full, or take their time. */
@Tag("S5")
@Tag("S7")
final class HostDiskTest {
    /** What is done on the only host of a world. */
    @FunctionalInterface
    private interface Body {
        void on(Host host, Io io, Directory folder) throws Exception;
    }

    private static void onHost(long seed, Body test) {
        simulate(seed, world -> {
            Host host = world.host("host");
            return host.run(io -> {
                test.on(host, io, io.currentDirectory());
                return null;
            });
        });
    }

    @Test
    void aCallOfManyFails() {
        onHost(1, (host, io, folder) -> {
            DiskFault third = DiskFault.of(Operation.SYNC, ErrorNumber.EIO)
                    .onPaths(path -> path.endsWith(".log")).after(2).times(1);
            try (HostDisk.Rule rule = host.disk().fail(third);
                    File log = folder.openFile("a.log", OpenOptions.REPLACE);
                    File other = folder.openFile("other", OpenOptions.REPLACE)) {
                for (int i = 0; i < 5; i++) {
                    other.sync();
                    if (i == 2) {
                        assertThat(reason(log::sync)).isEqualTo(Reason.INPUT_OUTPUT);
                    } else {
                        log.sync();
                    }
                }
                assertThat(rule.count()).isEqualTo(1);
            }
        });
    }

    /** The path is where a file is now, however it was opened. */
    @Test
    void filesAreKnownByTheirPaths() {
        onHost(2, (host, io, folder) -> {
            List<String> asked = new ArrayList<>();
            folder.makeDirectory("sub");
            write(folder, "sub/file", "text", false);
            try (Directory sub = folder.openDirectory("sub"); File file = sub.openFile("file", OpenOptions.READ);
                    HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO)
                            .onPaths(path -> !asked.add(path)));
                    HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.STAT, ErrorNumber.EIO)
                            .onPaths(path -> !asked.add(path)))) {
                file.read(new byte[1], 0);
                sub.rename("file", "b\u00fccher");
                file.read(new byte[1], 0);
                sub.stat("b\u00fccher");
                folder.stat("sub/./b\u00fccher");
                folder.stat("/sub");
            } catch (IoException failed) {
                assertThat(failed.operation()).isEqualTo(Operation.STAT);
            }
            assertThat(asked).startsWith("/sub/file", "/sub/b\u00fccher");
        });
    }

    @Test
    void eachOperationFails() {
        onHost(3, (host, io, folder) -> {
            write(folder, "file", "text", false);
            folder.makeDirectory("sub");
            try (File file = folder.openFile("file", READ_AND_WRITE);
                    File target = folder.openFile("target", OpenOptions.REPLACE)) {
                assertFails(host, Operation.READ_FILE, () -> file.read(new byte[1], 0));
                assertFails(host, Operation.READ_FILE, () -> file.read(new byte[1]));
                assertFails(host, Operation.WRITE_FILE, () -> file.write(new byte[1], 0));
                assertFails(host, Operation.SYNC, file::sync);
                assertFails(host, Operation.SYNC, file::dataSync);
                assertFails(host, Operation.SYNC, folder::sync);
                assertFails(host, Operation.TRUNCATE, () -> file.truncate(1));
                assertFails(host, Operation.ALLOCATE, () -> file.allocate(0, 1));
                assertFails(host, Operation.STAT, file::stat);
                assertFails(host, Operation.STAT, () -> folder.stat("file"));
                assertFails(host, Operation.LIST, folder::list);
                assertFails(host, Operation.OPEN_FILE, () -> folder.openFile("file", OpenOptions.READ));
                assertFails(host, Operation.OPEN_DIRECTORY, () -> folder.openDirectory("sub"));
                assertFails(host, Operation.RENAME, () -> folder.rename("file", "other"));
                assertFails(host, Operation.DELETE_FILE, () -> folder.deleteFile("file"));
                assertFails(host, Operation.DELETE_DIRECTORY, () -> folder.deleteDirectory("sub"));
                assertFails(host, Operation.MAKE_DIRECTORY, () -> folder.makeDirectory("made"));
                assertFails(host, Operation.HARD_LINK, () -> folder.hardLink("file", folder, "link"));
                assertFails(host, Operation.SYMLINK, () -> folder.symlink("file", "link"));
                try (HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO))) {
                    assertThat(reason(() -> file.copyTo(target, 0, 0, 4))).isEqualTo(Reason.INPUT_OUTPUT);
                }
            }
            assertThat(read(folder, "file")).isEqualTo("text");
            assertThat(folder.list()).hasSize(3);
        });
    }

    @FunctionalInterface
    private interface Call {
        void make() throws IoException;
    }

    private static void assertFails(Host host, Operation operation, Call call) {
        try (HostDisk.Rule rule = host.disk().fail(DiskFault.of(operation, ErrorNumber.EIO))) {
            assertThat(reason(call::make)).as("%s", operation).isEqualTo(Reason.INPUT_OUTPUT);
            assertThat(rule.count()).as("%s", operation).isEqualTo(1);
        }
    }

    @Test
    void batchesFailToo() {
        onHost(4, (host, io, folder) -> {
            try (File file = folder.openFile("file", READ_AND_WRITE); Batch batch = io.batch(3);
                    HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.WRITE_FILE, ErrorNumber.ENOSPC));
                    HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO));
                    HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO))) {
                int write = batch.write(file, MemorySegment.ofArray(new byte[1]), 0);
                int read = batch.read(file, MemorySegment.ofArray(new byte[1]), 0);
                int sync = batch.sync(file);
                batch.await();
                assertThat(reason(() -> batch.count(write))).isEqualTo(Reason.NO_SPACE_LEFT);
                assertThat(reason(() -> batch.count(read))).isEqualTo(Reason.INPUT_OUTPUT);
                assertThat(reason(() -> batch.count(sync))).isEqualTo(Reason.INPUT_OUTPUT);
            }
        });
    }

    /** As Linux has it: the next sync succeeds, and what the failed one was to write is lost all the same. */
    @Test
    void whatCouldNotBeSyncedIsNotTriedAgain() {
        simulate(5, world -> {
            Host host = world.host("host");
            host.run(io -> {
                Directory folder = io.currentDirectory();
                write(folder, "file", "old", true);
                folder.sync();
                try (File file = folder.openFile("file", READ_AND_WRITE)) {
                    file.write("new".getBytes(UTF_8), 0);
                    try (HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO))) {
                        assertThat(reason(file::sync)).isEqualTo(Reason.INPUT_OUTPUT);
                    }
                    file.sync();
                    assertThat(read(folder, "file")).isEqualTo("new");
                }
                return null;
            });
            host.powerCut(Unsynced.KEPT);
            String left = host.run(io -> read(io.currentDirectory(), "file"));
            assertThat(left).isEqualTo("old");
            return null;
        });
    }

    /** As Linux has it, too: everybody who had the file open hears of it, once. */
    @Test
    void everyDescriptorHearsOfAFailedSyncOnce() {
        simulate(11, world -> {
            Host host = world.host("host");
            host.run(io -> {
                Directory folder = io.currentDirectory();
                write(folder, "file", "old", true);
                folder.sync();
                try (File file = folder.openFile("file", READ_AND_WRITE);
                        File other = folder.openFile("file", READ_AND_WRITE)) {
                    file.write("new".getBytes(UTF_8), 0);
                    DiskFault once = DiskFault.of(Operation.SYNC, ErrorNumber.EDQUOT).times(1);
                    try (HostDisk.Rule rule = host.disk().fail(once)) {
                        assertThat(reason(file::sync)).isEqualTo(Reason.DISK_QUOTA);
                        assertThat(reason(other::dataSync)).isEqualTo(Reason.DISK_QUOTA);
                        assertThat(rule.count()).isEqualTo(1);
                    }
                    file.sync();
                    other.dataSync();
                    try (File late = folder.openFile("file", READ_AND_WRITE)) {
                        late.sync();
                    }
                }
                return null;
            });
            host.powerCut(Unsynced.KEPT);
            String left = host.run(io -> read(io.currentDirectory(), "file"));
            assertThat(left).isEqualTo("old");
            return null;
        });
    }

    /** What was refused is written with the next change of the same page. */
    @Test
    void whatCouldNotBeSyncedIsSyncedWhenItIsWrittenAgain() {
        simulate(12, world -> {
            Host host = world.host("host");
            host.run(io -> {
                Directory folder = io.currentDirectory();
                write(folder, "file", "old", true);
                folder.sync();
                try (File file = folder.openFile("file", READ_AND_WRITE)) {
                    file.write("new".getBytes(UTF_8), 0);
                    try (HostDisk.Rule _ = host.disk().fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO))) {
                        assertThat(reason(file::sync)).isEqualTo(Reason.INPUT_OUTPUT);
                    }
                    file.write("n".getBytes(UTF_8), 0);
                    file.sync();
                }
                return null;
            });
            host.powerCut(Unsynced.LOST);
            String left = host.run(io -> read(io.currentDirectory(), "file"));
            assertThat(left).isEqualTo("new");
            return null;
        });
    }

    /** What is written while a sync goes on is not covered by it, be it of a file, of a folder, or in a batch. */
    @Test
    void aSyncCoversWhatWasThereWhenItBegan() {
        simulate(13, world -> {
            Host host = world.host("host");
            host.run(io -> {
                Directory folder = io.currentDirectory();
                write(folder, "file", "old", true);
                write(folder, "batch", "old", true);
                folder.sync();
                host.disk().setLatency(DiskLatency.NONE.withSync(Duration.ofMillis(10)));
                try (File file = folder.openFile("file", READ_AND_WRITE);
                        File other = folder.openFile("batch", READ_AND_WRITE); Batch batch = io.batch(1)) {
                    file.write("new".getBytes(UTF_8), 0);
                    other.write("new".getBytes(UTF_8), 0);
                    write(folder, "early", "", false);
                    batch.dataSync(other);
                    batch.submit();
                    Task<Object, Exception> syncing = io.concurrent(() -> {
                        file.dataSync();
                        return null;
                    });
                    Task<Object, Exception> syncingNames = io.concurrent(() -> {
                        folder.sync();
                        return null;
                    });
                    io.sleep(Duration.ofMillis(5));
                    file.write("LATE".getBytes(UTF_8), 0);
                    other.write("LATE".getBytes(UTF_8), 0);
                    write(folder, "late", "", false);
                    syncing.await();
                    syncingNames.await();
                    batch.await();
                }
                return null;
            });
            host.powerCut(Unsynced.LOST);
            host.run(io -> {
                Directory folder = io.currentDirectory();
                assertThat(read(folder, "file")).isEqualTo("new");
                assertThat(read(folder, "batch")).isEqualTo("new");
                assertThat(read(folder, "early")).isEmpty();
                assertThat(reason(() -> folder.stat("late"))).isEqualTo(Reason.FILE_NOT_FOUND);
                return null;
            });
            return null;
        });
    }

    @Test
    void aDiskMayBecomeFullAndHaveRoomAgain() {
        onHost(6, (host, io, folder) -> {
            try (File file = folder.openFile("file", OpenOptions.REPLACE)) {
                file.write(new byte[8192], 0);
                host.disk().setBytesMax(4096);
                assertThat(folder.statFileSystem().bytesFree()).isZero();
                assertThat(reason(() -> file.write(new byte[1], 8192))).isEqualTo(Reason.NO_SPACE_LEFT);
                file.write(new byte[1], 0);
                file.truncate(0);
                file.write(new byte[4096], 0);
                host.disk().setBytesMax(12_288);
                assertThat(file.write(new byte[10_000], 4096)).isEqualTo(8192);
            }
        });
        onHost(6, (host, io, folder) -> assertThatIllegalArgumentException()
                .isThrownBy(() -> host.disk().setBytesMax(-1)));
    }

    @Test
    void callsFailByChanceAsTheSeedHasIt() {
        Set<List<Integer>> all = new HashSet<>();
        for (long seed = 0; seed < 5; seed++) {
            List<Integer> failed = failures(seed);
            assertThat(failed).isEqualTo(failures(seed));
            assertThat(failed.size()).isBetween(50, 150);
            all.add(failed);
        }
        assertThat(all).hasSizeGreaterThan(1);
    }

    private static List<Integer> failures(long seed) {
        List<Integer> failed = new ArrayList<>();
        onHost(seed, (host, io, folder) -> {
            write(folder, "file", "text", false);
            host.disk().fail(DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO).withProbability(0.1));
            try (File file = folder.openFile("file", OpenOptions.READ)) {
                for (int i = 0; i < 1000; i++) {
                    try {
                        file.read(new byte[1], 0);
                    } catch (IoException failure) {
                        failed.add(i);
                    }
                }
            }
        });
        return failed;
    }

    @Test
    void aDiskTakesItsTime() {
        onHost(7, (host, io, folder) -> {
            host.disk().setLatency(new DiskLatency(
                    Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMillis(300), Duration.ZERO));
            try (File file = folder.openFile("file", READ_AND_WRITE); Batch batch = io.batch(3)) {
                Duration begin = age(io);
                file.write(new byte[1], 0);
                file.read(new byte[1], 0);
                file.sync();
                assertThat(age(io).minus(begin)).isEqualTo(Duration.ofMillis(321));
                begin = age(io);
                for (int i = 0; i < 3; i++) {
                    batch.sync(file);
                }
                batch.await();
                assertThat(age(io).minus(begin)).as("at once").isEqualTo(Duration.ofMillis(300));
                // It is not given up halfway, as with a real disk.
                Duration before = age(io);
                Task<Object, Exception> writing = io.concurrent(() -> {
                    file.write(new byte[10], 0);
                    return null;
                });
                io.sleep(Duration.ofMillis(5));
                writing.cancel();
                assertThat(age(io).minus(before)).isEqualTo(Duration.ofMillis(20));
                assertThat(file.stat().size()).isEqualTo(10);
            }
        });
    }

    @Test
    void jitterIsTheSeeds() {
        Set<Duration> all = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            Duration[] taken = new Duration[2];
            for (int i = 0; i < 2; i++) {
                int run = i;
                onHost(seed, (host, io, folder) -> {
                    host.disk().setLatency(new DiskLatency(
                            Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)));
                    write(folder, "file", "text", true);
                    taken[run] = age(io);
                });
            }
            assertThat(taken[0]).isEqualTo(taken[1]).isBetween(Duration.ofMillis(2), Duration.ofMillis(4));
            all.add(taken[0]);
        }
        assertThat(all).hasSizeGreaterThan(1);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAdvice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiskFault.of(Operation.CONNECT, ErrorNumber.ECONNREFUSED))
                .withMessageContaining("none of a disk's").withMessageContaining("SYNC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiskFault.of(Operation.SYNC, ErrorNumber.ECONNREFUSED))
                .withMessageContaining("SYNC does not fail with ECONNREFUSED").withMessageContaining("NO_SPACE_LEFT");
        assertThatIllegalArgumentException().isThrownBy(() -> DiskFault.of(Operation.SYNC, ErrorNumber.EBADF));
        assertThatIllegalArgumentException().isThrownBy(() -> DiskFault.of(Operation.SYNC, ErrorNumber.EINTR));
        DiskFault fault = DiskFault.of(Operation.SYNC, ErrorNumber.EIO);
        assertThatIllegalArgumentException().isThrownBy(() -> fault.after(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> fault.times(0));
        assertThatIllegalArgumentException().isThrownBy(() -> fault.withProbability(0));
        assertThatIllegalArgumentException().isThrownBy(() -> fault.withProbability(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new DiskLatency(
                Duration.ofNanos(-1), Duration.ZERO, Duration.ZERO, Duration.ZERO)).withMessageContaining("read");
    }
}
