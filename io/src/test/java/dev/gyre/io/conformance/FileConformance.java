package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opening, reading and writing files. */
@Tag("T10")
abstract class FileConformance {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0640);
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);
    private static final OpenOptions CREATE_NEW =
            new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE), 0600);

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (File file = open(io, folder.resolve("file-" + caller), UPDATE); Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(100);
                assertThat(file.read(buffer, 0)).as("of an empty file").isEqualTo(-1);
                writeFully(file, arena.allocateFrom("hello"), 0);
                assertThat(file.read(buffer, 0)).isEqualTo(6);
                assertThat(buffer.getString(0)).isEqualTo("hello");
                assertThat(file.read(buffer, 1)).isEqualTo(5);
                assertThat(buffer.getString(0)).isEqualTo("ello");
                assertThat(file.read(buffer.asSlice(0, 2), 2)).as("into a short buffer").isEqualTo(2);
                assertThat(file.read(buffer, 5)).isEqualTo(1);
                assertThat(file.read(buffer, 6)).as("at the end").isEqualTo(-1);
                assertThat(file.read(buffer, 1L << 40)).as("far beyond the end").isEqualTo(-1);
                assertThat(file.read(buffer.asSlice(0, 0), 0)).isZero();
                assertThat(file.read(buffer.asSlice(0, 0), 100)).as("nothing, beyond the end").isZero();
                assertThat(file.write(buffer.asSlice(0, 0), 0)).isZero();
                file.sync();
                assertThat(file.stat().size()).isEqualTo(6);
            }
        });
        assertThat(Folders.readText(io, folder.resolve("file-" + caller))).isEqualTo("hello\0");
    }

    @ParameterizedTest
    @EnumSource
    void largeFilesAreReadAndWrittenInPlace(Caller caller, Io io, @TempDir Path folder) throws Exception {
        int length = 5_000_001;
        long far = 5L << 30;
        Path path = folder.resolve("file");
        caller.run(io, () -> {
            try (File file = open(io, path, UPDATE); Arena arena = Arena.ofConfined()) {
                Pattern pattern = new Pattern(arena, length, 5);
                writeFully(file, pattern.bytes(), far);
                assertThat(file.stat().size()).isEqualTo(far + length);
                assertThat(file.stat().blocks() * 512).as("with a hole").isLessThan(far);
                for (boolean cold : new boolean[] {false, true}) {
                    if (cold) {
                        PageCache.dropIfReal(path);
                    }
                    MemorySegment buffer = arena.allocate(70_000);
                    long at = 0;
                    for (int count = 0; count >= 0; count = file.read(buffer, far + at)) {
                        pattern.check(buffer.asSlice(0, count), at);
                        at += count;
                    }
                    assertThat(at).isEqualTo(length);
                    assertThat(file.read(buffer, 1 << 30)).as("in the hole").isEqualTo(70_000);
                    assertThat(buffer.mismatch(arena.allocate(70_000))).isEqualTo(-1);
                }
            }
        });
    }

    @Test
    void severalTasksUseOneFile(Io io, @TempDir Path folder) throws Exception {
        int each = 64 * 1024;
        try (File file = open(io, folder.resolve("file"), UPDATE); Arena arena = Arena.ofShared()) {
            List<Caller.Call<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                MemorySegment written = arena.allocate(each).fill((byte) i);
                MemorySegment read = arena.allocate(each);
                long offset = (long) i * each;
                calls.add(Caller.inTurn(i).start(io, () -> {
                    writeFully(file, written, offset);
                    file.sync();
                    assertThat(readFully(file, read, offset)).isEqualTo(each);
                    assertThat(read.mismatch(written)).isEqualTo(-1);
                    return null;
                }));
            }
            for (Caller.Call<Object> call : calls) {
                call.result();
            }
            assertThat(file.stat().size()).isEqualTo(12L * each);
        }
    }

    @Test
    @Tag("T9")
    void createMakesAFileWithItsMode(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        assertOpenFails(io, Reason.FILE_NOT_FOUND, path, OpenOptions.READ);
        assertOpenFails(io, Reason.FILE_NOT_FOUND, path, WRITE);
        try (File file = open(io, path, UPDATE)) {
            assertThat(file.stat().mode()).isEqualTo(0640);
        }
        Folders.write(io, path, "kept");
        open(io, path, UPDATE.withMode(0600)).close();
        assertThat(Folders.readText(io, path)).isEqualTo("kept");
        assertThat(io.currentDirectory().stat(path.toString()).mode()).as("of a file that was there").isEqualTo(0640);
    }

    @Test
    @Tag("T9")
    void exclusiveRefusesWhatIsThere(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        open(io, path, CREATE_NEW).close();
        assertOpenFails(io, Reason.PATH_ALREADY_EXISTS, path, CREATE_NEW);
        assertOpenFails(io, Reason.PATH_ALREADY_EXISTS, folder, CREATE_NEW);
        Path dangling = Folders.symlink(io, folder.resolve("dangling"), "missing");
        assertOpenFails(io, Reason.PATH_ALREADY_EXISTS, dangling, CREATE_NEW);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenOptions(Access.WRITE, Set.of(Flag.EXCLUSIVE), 0))
                .withMessageContaining("CREATE");
    }

    @Test
    @Tag("T9")
    void truncateCutsOff(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "before");
        open(io, path, WRITE).close();
        assertThat(Folders.readText(io, path)).isEqualTo("before");
        open(io, path, WRITE.with(Flag.TRUNCATE)).close();
        assertThat(Folders.read(io, path)).isEmpty();
        Folders.write(io, path, "before");
        open(io, path, OpenOptions.REPLACE).close();
        assertThat(Folders.read(io, path)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenOptions(Access.READ, Set.of(Flag.TRUNCATE), 0))
                .withMessageContaining("write access");
    }

    @Test
    @Tag("T9")
    void appendWritesAtTheEnd(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "one ");
        try (File file = open(io, path, WRITE.with(Flag.APPEND)); Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocateFrom("two", StandardCharsets.US_ASCII).asSlice(0, 3);
            writeFully(file, two, 0);
            writeFully(file, two, 1000);
        }
        assertThat(Folders.readText(io, path)).isEqualTo("one twotwo");
    }

    @ParameterizedTest
    @EnumSource
    void directTransfersMustBeAligned(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file-" + caller);
        caller.run(io, () -> {
            try (File file = openDirect(io, path); Arena arena = Arena.ofConfined()) {
                MemorySegment block = arena.allocate(8192, 4096).fill((byte) 7);
                assertThat(file.write(block, 0)).isEqualTo(8192);
                assertThat(file.read(block, 0)).isEqualTo(8192);
                assertThat(file.read(block, 4096)).isEqualTo(4096);
                assertThat(file.read(block, 8192)).isEqualTo(-1);
                assertFails(Operation.READ_FILE, Reason.MISALIGNED, () -> file.read(block, 1));
                assertFails(Operation.READ_FILE, Reason.MISALIGNED, () -> file.read(block.asSlice(0, 100), 0));
                assertFails(Operation.WRITE_FILE, Reason.MISALIGNED, () -> file.write(block, 1));
            }
        });
    }

    @Test
    @Tag("T9")
    void accessIsAsItWasAskedFor(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "content");
        try (File reading = open(io, path, OpenOptions.READ); File writing = open(io, path, WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(10);
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> {
                    assertFails(Operation.WRITE_FILE, Reason.NOT_OPEN_FOR_WRITING, () -> reading.write(buffer, 0));
                    assertFails(Operation.READ_FILE, Reason.NOT_OPEN_FOR_READING, () -> writing.read(buffer, 0));
                });
            }
        }
    }

    @Test
    @Tag("T18")
    void memoryAndOffsetsThatCannotBeUsedAreRefused(Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder.resolve("file"), UPDATE); Arena arena = Arena.ofConfined()) {
            MemorySegment constant = arena.allocateFrom("constant").asReadOnly();
            assertThat(file.write(constant, 0)).isEqualTo(9);
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(constant, 0));
            assertThat(constant.getString(0)).isEqualTo("constant");
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(arena.allocate(1), -1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.write(arena.allocate(1), Long.MIN_VALUE));
        }
    }

    /** No file is so long; and the kernel calls it an invalid argument if a buffer reaches beyond. */
    @ParameterizedTest
    @EnumSource
    void atTheLastOffsetThereIsNoFile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (File file = open(io, folder.resolve("file"), UPDATE); Arena arena = Arena.ofConfined()) {
                for (MemorySegment buffer : List.of(arena.allocate(100), MemorySegment.ofArray(new byte[100]))) {
                    for (long beyond : new long[] {0, 1, 50, 100, 101}) {
                        assertThat(file.read(buffer, Long.MAX_VALUE - beyond)).isEqualTo(-1);
                    }
                    assertFails(Operation.WRITE_FILE, Reason.FILE_TOO_BIG,
                            () -> file.write(buffer, Long.MAX_VALUE));
                    assertThat(file.write(buffer.asSlice(0, 0), Long.MAX_VALUE)).isZero();
                }
            }
            try (File file = open(io, folder.resolve("file"), UPDATE)) {
                int written = file.write(new byte[100], Long.MAX_VALUE - 50);
                assertThat(written).as("where files may be so long").isEqualTo(50);
            } catch (IoException tooBig) {
                assertThat(tooBig.reason()).isEqualTo(Reason.FILE_TOO_BIG);
            }
        });
    }

    @Test
    void aDirectoryIsNoFile(Io io, @TempDir Path folder) throws Exception {
        assertOpenFails(io, Reason.IS_A_DIRECTORY, folder, WRITE);
        assertOpenFails(io, Reason.IS_A_DIRECTORY, folder, OpenOptions.REPLACE);
        try (File file = open(io, folder, OpenOptions.READ); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(10);
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> {
                    assertFails(Operation.READ_FILE, Reason.IS_A_DIRECTORY, () -> file.read(buffer, 0));
                });
            }
            file.sync();
        }
    }

    /** A journal that is brought to the disk when its writer is told to stop. */
    @ParameterizedTest
    @EnumSource(names = {"TASK", "VIRTUAL_THREAD", "PLATFORM_THREAD"})
    @Tag("T6")
    void aProtectedRegionDoesAsManyOperationsAsItLikes(Caller caller, Io io, @TempDir Path folder) throws Exception {
        String path = folder.resolve("journal").toString();
        Caller.Call<Integer> stopped = caller.start(io, () -> {
            try {
                io.sleep(Duration.ofHours(1));
                return 0;
            } catch (CanceledException canceled) {
                return io.protect(() -> {
                    try (File file = io.currentDirectory().openFile(
                            path, new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0600))) {
                        byte[] read = new byte[10];
                        for (int i = 0; i < 3; i++) {
                            file.write("line".getBytes(StandardCharsets.US_ASCII), 4L * i);
                            file.sync();
                            file.read(read, 0);
                        }
                        return file.read(read, 2);
                    }
                });
            }
        }).blocked();
        assertThat(stopped.stop()).isEqualTo(10);
    }

    @Test
    @Tag("T9")
    void permissionBitsAreObeyed(Io io, @TempDir Path folder) throws Exception {
        assertOpenFails(io, Reason.ACCESS_DENIED, Modes.unreadable(io, folder), OpenOptions.READ);
    }

    @Test
    @Tag("P9")
    void closingIsFinal(Io io, @TempDir Path folder) throws Exception {
        File file = open(io, folder.resolve("file"), UPDATE);
        file.close();
        file.close();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1);
            assertFails(Operation.READ_FILE, Reason.CLOSED, () -> file.read(buffer, 0));
            assertFails(Operation.WRITE_FILE, Reason.CLOSED, () -> file.write(buffer, 0));
            assertFails(Operation.SYNC, Reason.CLOSED, file::sync);
            assertFails(Operation.STAT, Reason.CLOSED, file::stat);
        }
    }

    /** Whoever is in the middle of something gets it done, or hears of the end. */
    @ParameterizedTest
    @EnumSource
    @Tag("P9")
    void closingWhileOthersReadAndWrite(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), new byte[100_000]);
        for (int i = 0; i < 30; i++) {
            File file = open(io, path, UPDATE);
            Caller.Call<Object> using = caller.start(io, () -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment buffer = arena.allocate(1000);
                    while (true) {
                        file.read(buffer, 0);
                        file.write(buffer, 5000);
                    }
                }
            });
            using.thread.join();
            Busy.computeFor(Duration.ofNanos(i * 10_000L));
            file.close();
            assertThatThrownBy(using::result).isInstanceOfSatisfying(IoException.class,
                    failure -> assertThat(failure.reason()).isEqualTo(Reason.CLOSED));
        }
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    private static File openDirect(Io io, Path path) throws IoException {
        try {
            return open(io, path, UPDATE.with(Flag.DIRECT));
        } catch (IoException refused) {
            if (refused.reason() == Reason.OPERATION_UNSUPPORTED) {
                throw Skip.because("open with O_DIRECT", refused.getMessage());
            }
            throw refused;
        }
    }

    private static void assertOpenFails(Io io, Reason reason, Path path, OpenOptions options) {
        IoException failure = assertFails(Operation.OPEN_FILE, reason, () -> open(io, path, options).close());
        assertThat(failure).hasMessageContaining(path.toString());
    }

    private static void writeFully(File file, MemorySegment buffer, long offset) throws IoException {
        long done = 0;
        while (done < buffer.byteSize()) {
            done += file.write(buffer.asSlice(done), offset + done);
        }
    }

    private static long readFully(File file, MemorySegment buffer, long offset) throws IoException {
        long done = 0;
        while (done < buffer.byteSize()) {
            int count = file.read(buffer.asSlice(done), offset + done);
            if (count < 0) {
                return done;
            }
            done += count;
        }
        return done;
    }
}
