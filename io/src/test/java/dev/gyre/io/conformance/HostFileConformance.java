package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.gyre.io.Batch;
import dev.gyre.io.Clock;
import dev.gyre.io.Direction;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Permission;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that only a real kernel has: devices, those that it makes up, other users', and other file systems'. */
@Tag("T10")
abstract class HostFileConformance {
    private static final int BLOCK = 4096;
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0640);
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);
    private static final OpenOptions CREATE =
            new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE), 0644);

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void memoryOfAMappedFileThatBecameShorterIsAFailure(Caller caller, Io io, @TempDir Path folder) throws Exception {
        int length = 300_000;
        Path path = Files.write(folder.resolve("file"), new byte[length]);
        caller.run(io, () -> {
            try (File file = open(io, path, UPDATE);
                    Arena confined = Arena.ofConfined();
                    Arena shared = Arena.ofShared()) {
                for (Arena arena : List.of(confined, shared, Arena.ofAuto(), Arena.global())) {
                    MemorySegment gone = MappedFiles.cut(folder.resolve("mapped"), length, 0, arena);
                    assertFails(Operation.READ_FILE, Reason.MEMORY_GONE, () -> file.read(gone, 0));
                    assertFails(Operation.WRITE_FILE, Reason.MEMORY_GONE, () -> file.write(gone, 0));
                    PageCache.drop(path);
                    assertFails(Operation.READ_FILE, Reason.MEMORY_GONE, () -> file.read(gone.asSlice(1, 100), 0));
                    assertFails(Operation.WRITE_FILE, Reason.MEMORY_GONE, () -> file.write(gone.asSlice(1, 100), 0));
                }
            }
        });
    }

    /** One that has positions, although pwrite(2) says that it has none. */
    @ParameterizedTest
    @EnumSource
    void aFileOfTheKernelsIsWritten(Caller caller, Io io) throws Exception {
        Path path = Path.of("/proc/self/comm");
        String before = Files.readString(path).strip();
        try (File file = open(io, path, new OpenOptions(Access.READ_WRITE, Set.of(), 0))) {
            caller.run(io, () -> {
                for (long offset : new long[] {0, 3, 1000}) {
                    String name = "gyre-" + offset;
                    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                    assertThat(file.write(bytes, offset)).isEqualTo(bytes.length);
                    assertThat(path).hasContent(name);
                    byte[] read = new byte[100];
                    assertThat(new String(read, 0, file.read(read, 2), StandardCharsets.UTF_8))
                            .isEqualTo(name.substring(2) + "\n");
                }
            });
        } finally {
            Files.writeString(path, before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullDeviceSaysSo(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (File full = open(io, Path.of("/dev/full"), WRITE); Arena arena = Arena.ofConfined()) {
                IoException failure = assertFails(Operation.WRITE_FILE, Reason.NO_SPACE_LEFT,
                        () -> full.write(arena.allocate(10), 0));
                assertThat(failure).hasMessage("write file /dev/full: no space left on the device (ENOSPC)");
            }
        });
    }

    @Test
    @Tag("T11")
    void ownersAreThoseOfTheKernel(Io io, @TempDir Path temporary) throws Exception {
        try (Directory top = openFolder(io, temporary)) {
            create(top, "file");
            assertThat(top.stat("file").user()).isEqualTo(Files.getAttribute(temporary.resolve("file"), "unix:uid"));
            assertThat(top.stat("file").group()).isEqualTo(Files.getAttribute(temporary.resolve("file"), "unix:gid"));
            if (top.stat("file").user() != 0) {
                assertFails(Operation.SET_OWNER, Reason.PERMISSION_DENIED, () -> top.setOwner("file", 0, 0));
                throw Skip.because("getuid(2)", top.stat("file").user() + ": only root gives files away");
            }
            top.setOwner("file", 1234, 5678);
            assertThat(top.stat("file").user()).isEqualTo(1234);
            assertThat(top.stat("file").group()).isEqualTo(5678);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T11")
    void pipesSocketsAndDevicesAreMade(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        caller.run(io, () -> {
            try (Directory top = openFolder(io, temporary)) {
                top.makeNode("pipe", FileKind.PIPE, 0600, 0);
                top.makeNode("socket", FileKind.SOCKET, 0700, 0);
                assertThat(top.lstat("pipe").kind()).isEqualTo(FileKind.PIPE);
                assertThat(top.lstat("pipe").mode()).isEqualTo(0600);
                assertThat(top.lstat("pipe").represented()).isZero();
                assertThat(top.lstat("socket").kind()).isEqualTo(FileKind.SOCKET);
                assertThat(io.currentDirectory().stat("/dev/null").represented()).isEqualTo(1L << 32 | 3);
                assertFails(Operation.MAKE_NODE, Reason.PATH_ALREADY_EXISTS,
                        () -> top.makeNode("pipe", FileKind.PIPE, 0600, 0));
                assertFails(Operation.MAKE_NODE, Reason.FILE_NOT_FOUND,
                        () -> top.makeNode("missing/pipe", FileKind.PIPE, 0600, 0));
                assertThatIllegalArgumentException().isThrownBy(() -> top.makeNode("x", FileKind.FILE, 0600, 0));
                assertThatIllegalArgumentException().isThrownBy(() -> top.makeNode("x", FileKind.PIPE, 0600, 1));
                assertThatIllegalArgumentException().isThrownBy(() -> top.makeNode("x", FileKind.PIPE, 010000, 0));
            }
        });
    }

    @Test
    @Tag("T11")
    void devicesTakeRoot(Io io, @TempDir Path temporary) throws Exception {
        long many = 259L << 32 | 70_000;
        try (Directory top = openFolder(io, temporary)) {
            try {
                top.makeNode("block", FileKind.BLOCK_DEVICE, 0600, many);
                top.makeNode("character", FileKind.CHARACTER_DEVICE, 0600, 1L << 32 | 3);
            } catch (IoException failed) {
                assertThat(failed.reason()).isEqualTo(Reason.PERMISSION_DENIED);
                throw Skip.because("mknod(2)", "it refuses devices");
            }
            assertThat(top.lstat("block").kind()).isEqualTo(FileKind.BLOCK_DEVICE);
            assertThat(top.lstat("block").represented()).isEqualTo(many);
            assertThat(top.lstat("character").represented()).isEqualTo(1L << 32 | 3);
        }
    }

    @Test
    @Tag("T18")
    void anotherFileSystemAndAFullOneAndOneThatMayNotBeWritten(Io io, @TempDir Path temporary) throws Exception {
        Path mounted = Files.createDirectory(temporary.resolve("mounted"));
        try (Mounts mount = Mounts.tmpfs(mounted, "size=64k,nr_inodes=8");
                Directory top = openFolder(io, temporary);
                Directory small = openFolder(io, mounted)) {
            create(top, "file");
            assertFails(Operation.RENAME, Reason.CROSS_DEVICE,
                    () -> top.rename("file", small, "file", Renaming.REPLACE));
            assertFails(Operation.HARD_LINK, Reason.CROSS_DEVICE, () -> top.hardLink("file", small, "file"));
            assertFails(Operation.DELETE_DIRECTORY, Reason.DEVICE_BUSY, () -> top.deleteDirectory("mounted"));
            assertFails(Operation.RENAME, Reason.DEVICE_BUSY, () -> top.rename("mounted", "elsewhere"));

            create(small, "big");
            assertFails(Operation.MAKE_DIRECTORY, Reason.NO_SPACE_LEFT, () -> {
                for (int i = 0; i < 10; i++) {
                    small.makeDirectory("folder " + i);
                }
            });
            assertFails(Operation.SYMLINK, Reason.NO_SPACE_LEFT, () -> small.symlink("x", "link"));
            assertFails(Operation.OPEN_FILE, Reason.NO_SPACE_LEFT, () -> small.openFile("new", CREATE));
            try (File big = small.openFile("big", OpenOptions.REPLACE)) {
                assertFails(Operation.ALLOCATE, Reason.NO_SPACE_LEFT, () -> big.allocate(0, 1 << 20));
                assertFails(Operation.WRITE_FILE, Reason.NO_SPACE_LEFT, () -> {
                    for (long offset = 0; ; offset += big.write(new byte[4096], offset)) {
                        assertThat(offset).isLessThanOrEqualTo(64 << 10);
                    }
                });
            }
            mount.makeReadOnly();
            Reason readOnly = Reason.READ_ONLY_FILE_SYSTEM;
            assertFails(Operation.MAKE_DIRECTORY, readOnly, () -> small.makeDirectory("x"));
            assertFails(Operation.SYMLINK, readOnly, () -> small.symlink("x", "y"));
            assertFails(Operation.HARD_LINK, readOnly, () -> small.hardLink("big", small, "y"));
            assertFails(Operation.RENAME, readOnly, () -> small.rename("big", "y"));
            assertFails(Operation.DELETE_FILE, readOnly, () -> small.deleteFile("big"));
            assertFails(Operation.DELETE_DIRECTORY, readOnly, () -> small.deleteDirectory("folder 0"));
            assertFails(Operation.SET_PERMISSIONS, readOnly, () -> small.setPermissions("big", 0));
            assertFails(Operation.SET_OWNER, readOnly, () -> small.setOwner("big", 0, 0));
            Timestamp now = io.now(Clock.REAL);
            assertFails(Operation.SET_TIMES, readOnly, () -> small.setTimes("big", now, now));
            assertFails(Operation.ACCESS, readOnly, () -> small.access("big", Permission.WRITE));
            assertFails(Operation.OPEN_FILE, readOnly, () -> small.openFile("big", OpenOptions.REPLACE));
        }
    }

    @Test
    void theCurrentFolderIsThatOfTheProcess(Io io) throws Exception {
        Directory current = io.currentDirectory();
        assertThat(current).isSameAs(io.currentDirectory());
        FileStat itself = current.stat(".");
        assertThat(itself.inode()).isEqualTo(current.stat(Path.of("").toAbsolutePath().toString()).inode());
        current.close();
        assertThat(io.currentDirectory().stat(".")).as("closing does nothing").isNotNull();
        assertThat(current.list()).extracting(DirectoryEntry::name).contains("pom.xml");
    }

    /** Files without pages in the cache, which some ways of sending refuse. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/version", "/proc/self/mounts", "/dev/null", "/dev/zero", "/proc/self/cmdline"})
    void filesThatTheKernelMakesUp(String path, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared();
                    File file = open(io, Path.of(path), OpenOptions.READ)) {
                MemorySegment content = arena.allocate(100);
                int expected = Math.max(0, file.read(content, 0));
                long sent = caller.run(io, () -> pair.client().sendFile(file, 0, expected + 0L, Timeout.NONE));
                assertThat(sent).as("sent of %s by %s", path, caller).isEqualTo(expected);
                pair.client().shutdown(Direction.WRITE);
                assertThat(new Pattern(content).check(pair.server(), arena, 100)).isEqualTo(expected);
            }
        }
    }

    @Test
    @Tag("T9")
    void kindsAndAttributesAreThoseOfTheKernel(Io io, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        try (Directory top = io.currentDirectory().openDirectory(folder.toString());
                var listener = io.listen(new UnixAddress(folder.resolve("s").toString()), ListenOptions.DEFAULT)) {
            FileStat stat = top.stat("file");
            assertThat(stat.mode()).isEqualTo((int) Files.getAttribute(file, "unix:mode") & 07777);
            assertThat(stat.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
            assertThat(top.stat("/dev/null").kind()).isEqualTo(FileKind.CHARACTER_DEVICE);
            assertThat(top.stat("s").kind()).isEqualTo(FileKind.SOCKET);
            assertThat(top.realPath("file")).isEqualTo(file.toRealPath().toString());
            assertThat(listener).isNotNull();
        }
    }

    /** The JDK's own locks are of the same kind. */
    @Test
    void locksOfOthersCount(Io io, @TempDir Path folder) throws Exception {
        Path path = Files.createFile(folder.resolve("file"));
        try (File file = open(io, path, UPDATE);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try (FileLock lock = channel.lock()) {
                assertThat(lock.isShared()).isFalse();
                assertThat(file.tryLock(Locking.SHARED)).isFalse();
            }
            assertThat(file.tryLock(Locking.EXCLUSIVE)).isTrue();
            assertThat(channel.tryLock()).isNull();
        }
    }

    /** Its length is told as 0, and the kernel copies nothing. */
    @Test
    void filesOfTheKernelAreCopiedByReading(Io io, @TempDir Path folder) throws Exception {
        io.currentDirectory().copyFile("/proc/self/cmdline", io.currentDirectory(), folder.resolve("copy").toString());
        assertThat(folder.resolve("copy")).hasSameBinaryContentAs(Path.of("/proc/self/cmdline"));
    }

    @Test
    void copiesCrossFileSystems(Io io, @TempDir Path folder) throws Exception {
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "gyre");
        byte[] content = new byte[3_000_000];
        new Random(5).nextBytes(content);
        Files.write(folder.resolve("file"), content);
        try (Directory here = openFolder(io, folder); Directory there = openFolder(io, memory)) {
            assertThat(here.copyFile("file", there, "copy")).isEqualTo(content.length);
            assertThat(there.copyFile("copy", here, "back")).isEqualTo(content.length);
            there.deleteFile("copy");
        } finally {
            Files.delete(memory);
        }
        assertThat(folder.resolve("back")).hasBinaryContent(content);
    }

    /** Neither its caller nor whoever carries it out makes one. Compiled code makes fewer than interpreted code. */
    @Test
    @Tag("T23")
    void anOperationOfABatchMakesNoObject(Io io, @TempDir Path folder) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path path = Folders.write(io, folder.resolve("file"), new byte[50 * BLOCK]);
        try (File file = open(io, path, OpenOptions.READ);
                File direct = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                File copy = open(io, folder.resolve("copy"), UPDATE);
                Arena arena = io.arena();
                Batch batch = io.batch(200)) {
            MemorySegment[] buffers = new MemorySegment[50];
            Arrays.setAll(buffers, _ -> arena.allocate(BLOCK, BLOCK));
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 300 && least > 2000; round++) {
                long before = threads.getTotalThreadAllocatedBytes();
                for (int i = 0; i < 50; i++) {
                    batch.read(file, buffers[i], (long) i * BLOCK);
                    batch.read(direct, buffers[i], (long) i * BLOCK);
                    batch.write(copy, buffers[i], (long) i * BLOCK);
                    batch.dataSync(copy);
                }
                batch.await();
                for (int i = 0; i < 200; i++) {
                    batch.count(i);
                }
                batch.clear();
                least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes for 200 operations").isBetween(0L, 2000L);
        }
    }

    /** The kernel's log is at its end for as long as the kernel says nothing. */
    @ParameterizedTest
    @EnumSource
    @Tag("P9")
    void closingEndsTheWaitForADeviceThatWasSought(Caller caller, Io io) throws Exception {
        File log;
        try {
            log = open(io, Path.of("/dev/kmsg"), OpenOptions.READ);
        } catch (IoException refused) {
            throw Skip.because("open /dev/kmsg for reading", refused.getMessage());
        }
        log.seekTo(0);
        Caller.Call<Integer> reading = caller.start(io, () -> {
            byte[] entry = new byte[8192];
            while (log.read(entry) > 0) {}
            return 0;
        }).blocked();
        log.close();
        assertFails(Operation.READ_FILE, Reason.CLOSED, reading::result);
    }

    /** A file that ends in a line, and one whose length the kernel does not know. */
    @ParameterizedTest
    @EnumSource
    @Tag("T25")
    void aFileOfTheKernelsIsTransferredToTheEnd(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            Path path = Files.writeString(folder.resolve("out"), "first\n");
            OpenOptions append = new OpenOptions(Access.WRITE, Set.of(Flag.APPEND), 0);
            try (File in = open(io, Path.of("/proc/version"), OpenOptions.READ); File out = open(io, path, append)) {
                long copied = in.transferTo(out);
                assertThat(copied).isPositive();
                assertThat(Files.size(path)).isEqualTo(6 + copied);
                assertThat(Files.readString(path)).isEqualTo("first\n" + Files.readString(Path.of("/proc/version")));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceIsSpecial(Caller caller, Io io) throws Exception {
        caller.run(io, () -> assertFails(Operation.OPEN_FILE, Reason.NO_DEVICE,
                () -> open(io, Path.of("/dev/null"), OpenOptions.READ.with(Flag.NO_SPECIAL))));
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    private static Directory openFolder(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    private static void create(Directory folder, String path) throws IoException {
        folder.openFile(path, CREATE).close();
    }
}
