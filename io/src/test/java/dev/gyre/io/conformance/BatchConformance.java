package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Batch;
import dev.gyre.io.CanceledException;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many operations of one caller at once. */
@Tag("T23")
abstract class BatchConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 300;

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    /** Block number i consists of bytes that tell i. */
    private static Path numbered(Io io, Path folder) throws Exception {
        byte[] content = new byte[BLOCKS * BLOCK];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / BLOCK * 31 + i % BLOCK * 7);
        }
        return Folders.write(io, folder.resolve("numbered"), content);
    }

    private static void assertIsBlock(MemorySegment buffer, int number) {
        for (int i = 0; i < BLOCK; i += 97) {
            assertThat(buffer.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) (number * 31 + i * 7));
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyBlocksAreRead(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        for (OpenOptions options : List.of(OpenOptions.READ, OpenOptions.READ.with(Flag.DIRECT))) {
            caller.run(io, () -> {
                try (File file = open(io, path, options); Batch batch = io.batch(BLOCKS); Arena arena = io.arena()) {
                    MemorySegment buffer = arena.allocate((long) BLOCKS * BLOCK, BLOCK);
                    for (int round = 0; round < 3; round++) {
                        for (int i = 0; i < BLOCKS; i++) {
                            int number = batch.read(file, block(buffer, i), (long) (BLOCKS - 1 - i) * BLOCK);
                            assertThat(number).isEqualTo(i);
                        }
                        batch.await();
                        for (int i = 0; i < BLOCKS; i++) {
                            assertThat(batch.count(i)).isEqualTo(BLOCK);
                            assertIsBlock(block(buffer, i), BLOCKS - 1 - i);
                        }
                        buffer.fill((byte) 0);
                        batch.clear();
                        assertThat(batch.size()).isZero();
                    }
                }
            });
        }
    }

    private static MemorySegment block(MemorySegment buffer, int number) {
        return buffer.asSlice((long) number * BLOCK, BLOCK);
    }

    @ParameterizedTest
    @EnumSource
    void eachIsToldOnceWhenItHasEnded(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    Batch batch = io.batch(64);
                    Arena arena = io.arena()) {
                MemorySegment buffer = arena.allocate(64L * BLOCK, BLOCK);
                assertThat(batch.next()).isEqualTo(-1);
                BitSet told = new BitSet();
                for (int i = 0; i < 32; i++) {
                    batch.read(file, block(buffer, i), (long) i * BLOCK);
                }
                batch.submit();
                for (int i = 32; i < 64; i++) {
                    batch.read(file, block(buffer, i), (long) i * BLOCK);
                }
                for (int number = batch.next(); number >= 0; number = batch.next()) {
                    assertThat(told.get(number)).isFalse();
                    told.set(number);
                    assertThat(batch.count(number)).isEqualTo(BLOCK);
                    assertIsBlock(block(buffer, number), number);
                }
                assertThat(told.cardinality()).isEqualTo(64);
                batch.await();
                assertThat(batch.next()).isEqualTo(-1);
            }
        });
    }

    /** Those that end just when somebody looks whether they have are told as well. */
    @ParameterizedTest
    @EnumSource
    @StressRun
    void noEndIsMissed(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            Random random = new Random(1);
            try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    Batch batch = io.batch(8);
                    Arena arena = io.arena()) {
                MemorySegment buffer = arena.allocate(8L * BLOCK, BLOCK);
                for (int round = 0; round < Rounds.of(300); round++) {
                    int size = 1 + random.nextInt(8);
                    for (int i = 0; i < size; i++) {
                        batch.read(file, block(buffer, i), (long) random.nextInt(BLOCKS) * BLOCK);
                    }
                    for (int told = 0; told < size; told++) {
                        assertThat(batch.count(batch.next())).isEqualTo(BLOCK);
                    }
                    assertThat(batch.next()).isEqualTo(-1);
                    batch.clear();
                }
            }
        });
    }

    /** As many as there is room for are always under way, and each has the buffer of the one before it. */
    @ParameterizedTest
    @EnumSource
    void numbersAreGivenBack(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    Batch batch = io.batch(32);
                    Arena arena = io.arena()) {
                MemorySegment buffer = arena.allocate(32L * BLOCK, BLOCK);
                int[] blocks = new int[32];
                int begun = 0;
                for (; begun < 32; begun++) {
                    blocks[begun] = begun;
                    batch.read(file, block(buffer, begun), (long) begun * BLOCK);
                }
                int told = 0;
                for (int number = batch.next(); number >= 0; number = batch.next()) {
                    told++;
                    assertThat(batch.count(number)).isEqualTo(BLOCK);
                    assertIsBlock(block(buffer, number), blocks[number]);
                    batch.release(number);
                    assertThat(batch.size()).isEqualTo(Math.min(31, 3 * BLOCKS - told));
                    if (begun < 3 * BLOCKS) {
                        blocks[number] = begun++ % BLOCKS;
                        long offset = (long) blocks[number] * BLOCK;
                        assertThat(batch.read(file, block(buffer, number), offset)).isEqualTo(number);
                    }
                }
                assertThat(told).isEqualTo(3 * BLOCKS);
                assertThat(batch.size()).isZero();
            }
        });
    }

    @Test
    void onlyWhatHasEndedIsGivenBack(Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        Batch batch = io.batch(4);
        try (File file = open(io, path, OpenOptions.READ)) {
            MemorySegment buffer = Arena.ofAuto().allocate(BLOCK);
            assertThatIllegalStateException().isThrownBy(() -> batch.release(0)).withMessageContaining("operation 0");
            for (int i = 0; i < 4; i++) {
                batch.read(file, buffer, 0);
            }
            assertThatIllegalStateException().isThrownBy(() -> batch.release(3)).withMessageContaining("not ended");
            batch.await();
            batch.release(2);
            assertThatIllegalStateException().isThrownBy(() -> batch.release(2)).withMessageContaining("operation 2");
            assertThatIllegalStateException().isThrownBy(() -> batch.count(2)).withMessageContaining("operation 2");
            batch.release(0);
            BitSet told = new BitSet();
            told.set(batch.next());
            told.set(batch.next());
            assertThat(batch.next()).isEqualTo(-1);
            assertThat(told.stream()).as("after it was awaited, what was not given back is told").containsExactly(1, 3);
            assertThat(batch.read(file, buffer, 0)).as("what was given back last").isZero();
            assertThat(batch.read(file, buffer, BLOCK)).isEqualTo(2);
            assertThatIllegalStateException().isThrownBy(() -> batch.sync(file)).withMessageContaining("full");
            assertThat(batch.next()).isIn(0, 2);
            assertThat(batch.next()).isIn(0, 2);
            batch.clear();
            assertThat(batch.read(file, buffer, 0)).isZero();
            batch.close();
            assertThatIllegalStateException().isThrownBy(() -> batch.release(0)).withMessageContaining("closed");
        }
    }

    @Test
    void aSecondThreadIsTold(Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, numbered(io, folder), OpenOptions.READ.with(Flag.DIRECT));
                Arena arena = io.arena();
                Batch batch = io.batch(BLOCKS)) {
            MemorySegment buffer = arena.allocate(BLOCK, BLOCK);
            AtomicBoolean over = new AtomicBoolean();
            Caller.Call<Integer> second = Caller.PLATFORM_THREAD.start(io, () -> {
                int refused = 0;
                while (!over.get()) {
                    try {
                        batch.submit();
                    } catch (IllegalStateException told) {
                        assertThat(told).hasMessageContaining("another thread");
                        refused++;
                    }
                }
                return refused;
            });
            int refused = 0;
            for (int round = 0; round < 100; round++) {
                try {
                    for (int i = 0; i < BLOCKS; i++) {
                        batch.read(file, buffer, 0);
                    }
                    batch.await();
                    batch.clear();
                } catch (IllegalStateException told) {
                    refused++;
                    Eventually.await("the others end", () -> isCleared(batch));
                }
            }
            over.set(true);
            assertThat(refused + second.result()).isPositive();
        }
    }

    private static boolean isCleared(Batch batch) {
        try {
            batch.await();
            batch.clear();
            return true;
        } catch (IllegalStateException used) {
            return false;
        }
    }

    /**
     * One thread adds reads into memory of its own, and another waits for them; and a mapped file is shorter than its
     * memory. Each of those fails for itself, all others go on.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("T20")
    void memoryThatCannotBeReachedIsToldOfAlone(boolean direct, Io io, @TempDir Path folder) throws Exception {
        OpenOptions options = direct ? OpenOptions.READ.with(Flag.DIRECT) : OpenOptions.READ;
        try (File file = open(io, numbered(io, folder), options);
                File copy = open(io, folder.resolve("copy"), BOTH);
                Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared();
                Arena ours = io.arena();
                Batch batch = io.batch(40)) {
            MemorySegment mine = confined.allocate(BLOCK, BLOCK);
            MemorySegment cut = MappedFiles.cut(folder.resolve("mapped"), 2 * BLOCK, 0, shared);
            MemorySegment good = ours.allocate(BLOCK, BLOCK);
            for (int i = 0; i < 40; i += 5) {
                batch.read(file, good, 0);
                batch.read(file, mine, 0);
                batch.read(file, cut, 0);
                batch.write(copy, mine, 0);
                batch.write(copy, cut, 0);
            }
            Caller.PLATFORM_THREAD.run(io, batch::await);
            for (int i = 0; i < 40; i++) {
                int number = i;
                switch (i % 5) {
                    case 0 -> assertThat(batch.count(i)).isEqualTo(BLOCK);
                    case 1, 2 -> assertFails(Operation.READ_FILE, Reason.MEMORY_GONE, () -> batch.count(number));
                    default -> assertFails(Operation.WRITE_FILE, Reason.MEMORY_GONE, () -> batch.count(number));
                }
            }
            batch.clear();
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryOfAnyKindWillDo(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        Path copy = folder.resolve("copy");
        caller.run(io, () -> {
            try (File file = open(io, path, OpenOptions.READ);
                    File written = open(io, copy, BOTH);
                    Arena confined = Arena.ofConfined();
                    Arena shared = Arena.ofShared();
                    Arena ours = io.arena();
                    Batch batch = io.batch(20)) {
                List<MemorySegment> buffers = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    buffers.add(switch (i % 5) {
                        case 0 -> MemorySegment.ofArray(new byte[BLOCK]);
                        case 1 -> confined.allocate(BLOCK);
                        case 2 -> shared.allocate(BLOCK);
                        case 3 -> ours.allocate(BLOCK);
                        default -> Arena.ofAuto().allocate(BLOCK);
                    });
                    batch.read(file, buffers.get(i), (long) i * BLOCK);
                }
                batch.await();
                for (int i = 0; i < 10; i++) {
                    assertThat(batch.count(i)).isEqualTo(BLOCK);
                    assertIsBlock(buffers.get(i), i);
                    batch.write(written, buffers.get(i), (long) i * BLOCK);
                }
                batch.await();
                assertThat(batch.size()).isEqualTo(20);
                for (int i = 10; i < 20; i++) {
                    assertThat(batch.count(i)).isEqualTo(BLOCK);
                }
                batch.clear();
                batch.sync(written);
                batch.dataSync(written);
                batch.await();
                assertThat(batch.count(0)).isZero();
                assertThat(batch.count(1)).isZero();
                assertThat(written.stat().size()).isEqualTo(10 * BLOCK);
            }
        });
        assertThat(Folders.read(io, copy)).isEqualTo(Arrays.copyOf(Folders.read(io, path), 10 * BLOCK));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T18")
    void eachFailsForItself(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            File closed = open(io, path, OpenOptions.READ);
            closed.close();
            try (File file = open(io, path, OpenOptions.READ);
                    File writer = open(io, path, new OpenOptions(Access.WRITE, Set.of(), 0));
                    File direct = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    File directory = open(io, folder, OpenOptions.READ);
                    Arena arena = io.arena();
                    Batch batch = io.batch(16)) {
                MemorySegment buffer = arena.allocate(2 * BLOCK, BLOCK);
                int good = batch.read(file, block(buffer, 0), 0);
                int gone = batch.read(closed, block(buffer, 0), 0);
                int notWritable = batch.write(file, block(buffer, 0), 0);
                int notReadable = batch.read(writer, block(buffer, 0), 0);
                int atEnd = batch.read(file, block(buffer, 1), (long) BLOCKS * BLOCK);
                int beyond = batch.read(file, block(buffer, 1), Long.MAX_VALUE);
                int empty = batch.read(file, MemorySegment.NULL, Long.MAX_VALUE);
                int tooFar = batch.write(writer, block(buffer, 0), Long.MAX_VALUE);
                int folders = batch.read(directory, block(buffer, 1), 0);
                int crooked = batch.read(direct, buffer.asSlice(1, BLOCK), 0);
                batch.await();
                assertThat(batch.count(good)).isEqualTo(BLOCK);
                assertFails(Operation.READ_FILE, Reason.CLOSED, () -> batch.count(gone));
                assertFails(Operation.WRITE_FILE, Reason.NOT_OPEN_FOR_WRITING, () -> batch.count(notWritable));
                assertFails(Operation.READ_FILE, Reason.NOT_OPEN_FOR_READING, () -> batch.count(notReadable));
                assertThat(batch.count(atEnd)).isEqualTo(-1);
                assertThat(batch.count(beyond)).isEqualTo(-1);
                assertThat(batch.count(empty)).isZero();
                assertFails(Operation.WRITE_FILE, Reason.FILE_TOO_BIG, () -> batch.count(tooFar));
                assertFails(Operation.READ_FILE, Reason.IS_A_DIRECTORY, () -> batch.count(folders));
                if (direct.stat().alignment() > 1) {
                    assertFails(Operation.READ_FILE, Reason.MISALIGNED, () -> batch.count(crooked));
                }
            }
        });
    }

    @Test
    void misuseIsToldAtOnce(Opener opener, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        assertThatIllegalArgumentException().isThrownBy(() -> io.batch(0)).withMessageContaining("capacity 0");
        assertThatIllegalArgumentException().isThrownBy(() -> io.batch(1 << 17));
        MemorySegment buffer = Arena.ofAuto().allocate(BLOCK);
        Batch batch = io.batch(2);
        try (Io other = opener.open(IoOptions.DEFAULT);
                File foreign = open(other, numbered(other, folder), OpenOptions.READ);
                File file = open(io, path, OpenOptions.READ)) {
            assertThatIllegalArgumentException().isThrownBy(() -> batch.read(foreign, buffer, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> batch.sync(foreign));
            assertThatIllegalArgumentException().isThrownBy(() -> batch.read(file, buffer, -1));
            assertThatIllegalArgumentException().isThrownBy(() -> batch.read(file, buffer.asReadOnly(), 0));
            assertThatIllegalStateException().isThrownBy(() -> batch.count(0)).withMessageContaining("operation 0");
            batch.read(file, buffer, 0);
            assertThatIllegalStateException().isThrownBy(() -> batch.count(0)).withMessageContaining("not ended");
            batch.read(file, buffer, 0);
            assertThatIllegalStateException().isThrownBy(() -> batch.read(file, buffer, 0))
                    .withMessageContaining("full");
            batch.clear();
            batch.await();
            Arena closed = Arena.ofShared();
            MemorySegment gone = closed.allocate(BLOCK);
            closed.close();
            assertThatIllegalStateException().isThrownBy(() -> batch.read(file, gone, 0));
            batch.close();
            batch.close();
            assertThatIllegalStateException().isThrownBy(() -> batch.read(file, buffer, 0));
            assertThatIllegalStateException().isThrownBy(batch::await);
            assertThatIllegalStateException().isThrownBy(batch::next);
            assertThatIllegalStateException().isThrownBy(batch::clear);
        }
    }

    /** What was freed before it was submitted is not touched; what is freed later is not copied to. */
    @Test
    void memoryThatIsGoneIsNotTouched(Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT)); Batch batch = io.batch(4)) {
            Arena early = Arena.ofShared();
            int number = batch.read(file, early.allocate(BLOCK, BLOCK), 0);
            early.close();
            batch.await();
            assertFails(Operation.READ_FILE, Reason.MEMORY_GONE, () -> batch.count(number));
            Arena late = Arena.ofShared();
            int second = batch.read(file, late.allocate(BLOCK, BLOCK), 0);
            batch.submit();
            late.close();
            batch.await();
            assertFails(Operation.READ_FILE, Reason.MEMORY_GONE, () -> batch.count(second));
            Arena ours = io.arena();
            batch.read(file, ours.allocate(BLOCK, BLOCK), 0);
            batch.submit();
            assertThatIllegalStateException().as("it is in use").isThrownBy(ours::close);
            batch.await();
            ours.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimeMayBeOver(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    Arena arena = io.arena();
                    Batch batch = io.batch(BLOCKS)) {
                MemorySegment buffer = arena.allocate((long) BLOCKS * BLOCK, BLOCK);
                for (int i = 0; i < BLOCKS; i++) {
                    batch.read(file, block(buffer, i), (long) i * BLOCK);
                }
                assertThatThrownBy(() -> io.within(Timeout.after(Duration.ZERO), () -> {
                    batch.await();
                    return "done";
                })).isInstanceOf(TimeoutException.class);
                batch.await();
                for (int i = 0; i < BLOCKS; i++) {
                    assertIsBlock(block(buffer, i), i);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void whoIsToStopCanCloseIt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        Caller.Call<String> call = caller.start(io, () -> {
            try (File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                    Arena arena = io.arena();
                    Batch batch = io.batch(BLOCKS)) {
                MemorySegment buffer = arena.allocate((long) BLOCKS * BLOCK, BLOCK);
                try {
                    io.sleep(Duration.ofDays(1));
                } catch (CanceledException canceled) {
                    for (int i = 0; i < BLOCKS; i++) {
                        batch.read(file, block(buffer, i), (long) i * BLOCK);
                    }
                    batch.submit();
                    assertThatThrownBy(batch::await).isInstanceOf(CanceledException.class);
                    throw canceled;
                }
                return "late";
            }
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
    }

    /** Closing ends what is under way; and the file that was closed before it lasts as long. */
    @ParameterizedTest
    @EnumSource
    void nothingOutlivesIt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = numbered(io, folder);
        caller.run(io, () -> {
            for (int round = 0; round < 20; round++) {
                File file = open(io, path, OpenOptions.READ.with(Flag.DIRECT));
                try (Arena arena = io.arena(); Batch batch = io.batch(BLOCKS)) {
                    MemorySegment buffer = arena.allocate((long) BLOCKS * BLOCK, BLOCK);
                    for (int i = 0; i < BLOCKS; i++) {
                        batch.read(file, block(buffer, i), (long) i * BLOCK);
                    }
                    batch.submit();
                    file.close();
                    if (round % 2 == 0) {
                        assertThat(batch.next()).isNotNegative();
                    }
                }
            }
        });
    }

    /** Batches of several callers over the same files, and every byte where it belongs. */
    @Test
    void severalCallersWriteAndRead(Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder.resolve("file"), BOTH)) {
            List<Caller.Call<Integer>> calls = new ArrayList<>();
            for (int twice = 0; twice < 2; twice++) {
                for (Caller caller : Caller.values()) {
                    int mine = calls.size();
                    calls.add(caller.start(io, () -> writeAndRead(io, file, mine)));
                }
            }
            for (Caller.Call<Integer> call : calls) {
                assertThat(call.result()).isEqualTo(20);
            }
        }
    }

    private static int writeAndRead(Io io, File file, int mine) throws Exception {
        Random random = new Random(mine);
        int rounds = 0;
        try (Batch batch = io.batch(64); Arena arena = io.arena()) {
            MemorySegment written = arena.allocate(64L * BLOCK);
            MemorySegment read = arena.allocate(64L * BLOCK);
            for (; rounds < 20; rounds++) {
                for (long i = 0; i < written.byteSize(); i += 8) {
                    written.set(ValueLayout.JAVA_LONG, i, random.nextLong());
                }
                for (int i = 0; i < 64; i++) {
                    batch.write(file, block(written, i), (64L * mine + i) * BLOCK);
                }
                batch.await();
                batch.clear();
                for (int i = 0; i < 64; i++) {
                    batch.read(file, block(read, i), (64L * mine + i) * BLOCK);
                }
                batch.await();
                for (int i = 0; i < 64; i++) {
                    assertThat(batch.count(i)).isEqualTo(BLOCK);
                }
                batch.clear();
                assertThat(written.mismatch(read)).isEqualTo(-1);
            }
        }
        return rounds;
    }
}
