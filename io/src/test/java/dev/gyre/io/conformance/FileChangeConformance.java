package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Clock;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timestamp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What changes a file besides writing: its length, its room, and when it is safe. */
@Tag("T11")
abstract class FileChangeConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);
    private static final int PIECE = 64 << 10;

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    @ParameterizedTest
    @EnumSource
    void theLengthIsSet(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder.resolve("file"), BOTH)) {
            caller.run(io, () -> {
                file.truncate(0);
                file.write(new byte[] {1, 2, 3}, 0);
                file.truncate(2);
                file.truncate(4);
                byte[] read = new byte[10];
                assertThat(file.read(read, 0)).isEqualTo(4);
                assertThat(read).startsWith(1, 2, 0, 0);
                file.truncate(1L << 40);
                assertThat(file.stat().size()).isEqualTo(1L << 40);
                assertThat(file.stat().blocks()).isLessThan(1000);
                assertFails(Operation.TRUNCATE, Reason.FILE_TOO_BIG, () -> file.truncate(Long.MAX_VALUE));
                assertThatIllegalArgumentException().isThrownBy(() -> file.truncate(-1)).withMessageContaining("-1");
                file.truncate(0);
            });
        }
        try (File reader = open(io, folder.resolve("file"), OpenOptions.READ)) {
            assertFails(Operation.TRUNCATE, Reason.NOT_OPEN_FOR_WRITING, () -> reader.truncate(0));
            assertFails(Operation.ALLOCATE, Reason.NOT_OPEN_FOR_WRITING, () -> reader.allocate(0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomIsReservedAndGivenBack(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder.resolve("file"), BOTH)) {
            caller.run(io, () -> {
                file.truncate(0);
                try {
                    file.allocate(0, 4 * PIECE);
                } catch (IoException refused) {
                    throw Skip.because("fallocate(2)", refused);
                }
                assertThat(file.stat().size()).isEqualTo(4 * PIECE);
                assertThat(file.stat().blocks() * 512).isGreaterThanOrEqualTo(4 * PIECE);
                byte[] ones = new byte[4 * PIECE];
                Arrays.fill(ones, (byte) 1);
                assertThat(file.write(ones, 0)).isEqualTo(ones.length);
                file.punchHole(PIECE, PIECE);
                assertThat(file.stat().size()).isEqualTo(4 * PIECE);
                byte[] read = new byte[3];
                assertThat(file.read(read, PIECE - 1)).isEqualTo(3);
                assertThat(read).containsExactly(1, 0, 0);

                assertThat(file.seekData(0)).isZero();
                assertThat(file.seekHole(0)).isEqualTo(PIECE);
                assertThat(file.seekData(PIECE)).isEqualTo(2 * PIECE);
                assertThat(file.seekHole(2 * PIECE)).isEqualTo(4 * PIECE);
                assertThat(file.seekHole(4 * PIECE)).isEqualTo(-1);
                assertThat(file.seekData(5 * PIECE)).isEqualTo(-1);
                file.punchHole(3 * PIECE, PIECE);
                assertThat(file.seekData(3 * PIECE)).isEqualTo(-1);
                assertThat(file.seekHole(3 * PIECE + 5)).isEqualTo(3 * PIECE + 5);

                assertFails(Operation.ALLOCATE, Reason.FILE_TOO_BIG, () -> file.allocate(Long.MAX_VALUE, 1));
                assertFails(Operation.ALLOCATE, Reason.FILE_TOO_BIG, () -> file.allocate(Long.MAX_VALUE - 1, 1));
                assertThatIllegalArgumentException().isThrownBy(() -> file.allocate(-1, 1));
                assertThatIllegalArgumentException().isThrownBy(() -> file.punchHole(0, 0));
                assertThatIllegalArgumentException().isThrownBy(() -> file.seekData(-1));
                assertThatIllegalArgumentException().isThrownBy(() -> file.seekHole(-1));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFolderThatIsOpenAsAFileRefuses(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (File directory = open(io, folder, OpenOptions.READ)) {
            caller.run(io, () -> {
                assertFails(Operation.TRUNCATE, Reason.NOT_OPEN_FOR_WRITING, () -> directory.truncate(0));
                directory.dataSync();
                directory.setPermissions(0755);
                assertThat(directory.stat().mode()).isEqualTo(0755);
            });
        }
    }

    @Test
    void whatIsClosedChangesNoMore(Io io, @TempDir Path folder) throws Exception {
        File file = open(io, folder.resolve("file"), BOTH);
        file.dataSync();
        file.sync();
        file.close();
        Timestamp now = io.now(Clock.REAL);
        assertFails(Operation.TRUNCATE, Reason.CLOSED, () -> file.truncate(0));
        assertFails(Operation.ALLOCATE, Reason.CLOSED, () -> file.allocate(0, 1));
        assertFails(Operation.SEEK, Reason.CLOSED, () -> file.seekHole(0));
        assertFails(Operation.SYNC, Reason.CLOSED, file::dataSync);
        assertFails(Operation.SET_PERMISSIONS, Reason.CLOSED, () -> file.setPermissions(0600));
        assertFails(Operation.SET_OWNER, Reason.CLOSED, () -> file.setOwner(-1, -1));
        assertFails(Operation.SET_TIMES, Reason.CLOSED, () -> file.setTimes(now, now));
    }

    @Test
    @Tag("T10")
    void directTransfersAreAligned(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        int alignment;
        try (File file = open(io, path, BOTH)) {
            alignment = file.stat().alignment();
        }
        if (alignment == 0) {
            throw Skip.because("statx(2) with STATX_DIOALIGN", "0");
        }
        assertThat(Integer.bitCount(alignment)).isEqualTo(1);
        try (File direct = open(io, path, BOTH.with(Flag.DIRECT)); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(2L * alignment, alignment);
            assertThat(direct.write(buffer, 0)).isEqualTo(2 * alignment);
            assertThat(direct.read(buffer.asSlice(0, alignment), alignment)).isEqualTo(alignment);
            assertFails(Operation.READ_FILE, Reason.MISALIGNED, () -> direct.read(buffer.asSlice(1), 0));
        }
    }

    /** The JDK's channel and we do the same, thousands of times, and always see the same. */
    @Test
    void theJdkSeesTheSame(Io io, @TempDir Path folder) throws Exception {
        for (long seed : List.of(1L, 2L, System.nanoTime())) {
            Path path = folder.resolve("ours-" + seed);
            Path oracle = folder.resolve("theirs-" + seed);
            try (File file = open(io, path, BOTH);
                    FileChannel channel = FileChannel.open(oracle, StandardOpenOption.READ, StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE)) {
                Random random = new Random(seed);
                for (int i = 0; i < 10_000; i++) {
                    step(file, channel, random, "seed " + seed + ", step " + i);
                }
                file.dataSync();
            }
            assertThat(Folders.read(io, path)).as("seed " + seed).isEqualTo(Files.readAllBytes(oracle));
        }
    }

    private static void step(File file, FileChannel channel, Random random, String what) throws IOException {
        long size = channel.size();
        assertThat(file.stat().size()).as(what).isEqualTo(size);
        long offset = random.nextLong(size + 10_000);
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 20_000 : 100)];
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> {
                random.nextBytes(bytes);
                assertThat(file.write(bytes, offset)).as(what).isEqualTo(bytes.length);
                channel.write(ByteBuffer.wrap(bytes), offset);
            }
            case 4 -> {
                long length = random.nextLong(Math.min(size, 1 << 20) + 5000);
                file.truncate(length);
                channel.truncate(length);
                if (length > size) {
                    channel.write(ByteBuffer.wrap(new byte[1]), length - 1);
                }
            }
            case 5 -> {
                int length = 1 + random.nextInt(10_000);
                file.punchHole(offset, length);
                int within = Math.clamp(size - offset, 0, length);
                channel.write(ByteBuffer.wrap(new byte[within]), offset);
            }
            case 6 -> {
                random.nextBytes(bytes);
                file.seekTo(offset);
                file.writeAll(parts(bytes, random));
                assertThat(file.position()).as(what).isEqualTo(offset + bytes.length);
                channel.write(ByteBuffer.wrap(bytes), offset);
            }
            case 7, 8 -> {
                byte[] theirs = new byte[bytes.length];
                int count = channel.read(ByteBuffer.wrap(theirs), offset);
                assertThat(readRest(file, bytes, offset, file.read(parts(bytes, random), offset))).as(what)
                        .isEqualTo(count);
                assertThat(bytes).as(what).isEqualTo(theirs);
            }
            case 9 -> {
                long target = random.nextLong(size + 10_000);
                long length = random.nextLong(Math.min(Math.abs(target - offset), 20_000) + 1);
                byte[] copied = new byte[(int) Math.clamp(size - offset, 0, length)];
                assertThat(file.copyTo(file, offset, target, length)).as(what).isEqualTo(copied.length);
                channel.read(ByteBuffer.wrap(copied), offset);
                channel.write(ByteBuffer.wrap(copied), target);
            }
            default -> {
                byte[] theirs = new byte[bytes.length];
                assertThat(readAll(file, bytes, offset)).as(what)
                        .isEqualTo(channel.read(ByteBuffer.wrap(theirs), offset));
                assertThat(bytes).as(what).isEqualTo(theirs);
            }
        }
    }

    /** The same bytes in up to four pieces of odd lengths. */
    private static List<MemorySegment> parts(byte[] bytes, Random random) {
        List<MemorySegment> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < 3; i++) {
            int to = from + random.nextInt(bytes.length - from + 1);
            parts.add(MemorySegment.ofArray(bytes).asSlice(from, to - from));
            from = to;
        }
        parts.add(MemorySegment.ofArray(bytes).asSlice(from));
        return parts;
    }

    /** A read may stop where the page cache ends. */
    private static int readAll(File file, byte[] bytes, long offset) throws IOException {
        return readRest(file, bytes, offset, file.read(bytes, offset));
    }

    private static int readRest(File file, byte[] bytes, long offset, int read) throws IOException {
        int total = read;
        while (total > 0 && total < bytes.length) {
            MemorySegment rest = MemorySegment.ofArray(bytes).asSlice(total);
            int count = file.read(rest, offset + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }
}
