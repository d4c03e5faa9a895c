package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files as streams, the position of a file, and transfers of several buffers at once. */
@Tag("T10")
abstract class FileStreamConformance {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0640);
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);

    @ParameterizedTest
    @EnumSource
    void aFileIsReadAndWrittenFromItsPositionOn(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (File file = open(io, folder.resolve("file"), UPDATE)) {
                assertThat(file.position()).isZero();
                file.writeAll(bytes("hello, "));
                file.writeAll(bytes("world"));
                assertThat(file.position()).isEqualTo(12);
                assertThat(file.read(new byte[3])).as("at the end").isEqualTo(-1);
                file.seekTo(0);
                byte[] five = new byte[5];
                assertThat(file.read(five)).isEqualTo(5);
                assertThat(five).asString().isEqualTo("hello");
                assertThat(file.seekBy(2)).isEqualTo(7);
                assertThat(file.read(five, 1)).as("elsewhere").isEqualTo(5);
                assertThat(file.position()).as("is left alone by that").isEqualTo(7);
                assertThat(file.read(new byte[100])).isEqualTo(5);
                file.seekBy(-5);
                file.writeAll(bytes("there"));
                file.seekTo(20);
                assertThat(file.read(five)).as("beyond the end").isEqualTo(-1);
                file.writeAll(bytes("!"));
                assertThat(file.stat().size()).isEqualTo(21);
                assertThat(file.seekData(0)).isZero();
                assertThat(file.seekHole(0)).isEqualTo(21);
                assertThat(file.position()).as("is left alone by a look for holes").isEqualTo(21);
            }
        });
        assertThat(Folders.readText(io, folder.resolve("file"))).isEqualTo("hello, there\0\0\0\0\0\0\0\0!");
    }

    @Test
    void aPositionThatIsNoneIsRefused(Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder.resolve("file"), UPDATE)) {
            file.seekTo(10);
            assertFails(Operation.SEEK, Reason.NO_SUCH_POSITION, () -> file.seekBy(-11));
            assertFails(Operation.SEEK, Reason.NO_SUCH_POSITION, () -> file.seekBy(Long.MAX_VALUE));
            assertFails(Operation.SEEK, Reason.NO_SUCH_POSITION, () -> file.seekTo(Long.MAX_VALUE));
            assertThatIllegalArgumentException().isThrownBy(() -> file.seekTo(-1))
                    .withMessage("position -1 is negative");
            assertThat(file.position()).isEqualTo(10);
        }
        File closed = open(io, folder.resolve("file"), UPDATE);
        closed.close();
        assertFails(Operation.SEEK, Reason.CLOSED, closed::position);
        assertFails(Operation.READ_FILE, Reason.CLOSED, () -> closed.read(new byte[1]));
        assertFails(Operation.WRITE_FILE, Reason.CLOSED, () -> closed.write(List.of(segment("x"))));
    }

    @Test
    void whatIsAppendedGoesToTheEnd(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "one ");
        try (File file = open(io, path, WRITE.with(Flag.APPEND)); File other = open(io, path, WRITE)) {
            file.writeAll(bytes("two "));
            other.write(bytes("six "), 8);
            file.seekTo(0);
            file.writeAll(List.of(segment("ten"), segment(".")));
            assertThat(file.position()).isEqualTo(16);
        }
        assertThat(Folders.readText(io, path)).isEqualTo("one two six ten.");
    }

    @Test
    void aFolderIsNoStream(Io io, @TempDir Path folder) throws Exception {
        try (File file = open(io, folder, OpenOptions.READ)) {
            assertFails(Operation.READ_FILE, Reason.IS_A_DIRECTORY, () -> file.read(new byte[1]));
            assertFails(Operation.READ_FILE, Reason.IS_A_DIRECTORY, () -> file.read(List.of(segment("x"))));
            assertFails(Operation.WRITE_FILE, Reason.NOT_OPEN_FOR_WRITING, () -> file.writeAll(new byte[1]));
        }
    }

    /** Buffers of all kinds, of odd lengths and at odd places, beside what the JDK makes of the same. */
    @ParameterizedTest
    @EnumSource
    void severalBuffersAreTransferredAtOnce(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        Random random = new Random(14);
        caller.run(io, () -> {
            try (File file = open(io, path, UPDATE); Arena confined = Arena.ofConfined(); Arena shared = io.arena()) {
                byte[] expected = new byte[300_000];
                for (int round = 0; round < 200; round++) {
                    List<MemorySegment> buffers = buffers(random, confined, shared);
                    long length = buffers.stream().mapToLong(MemorySegment::byteSize).sum();
                    int offset = random.nextInt(200_000);
                    if (random.nextBoolean()) {
                        buffers.forEach(buffer -> fill(random, buffer));
                        int at = offset;
                        for (MemorySegment buffer : buffers) {
                            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, expected, at,
                                    (int) buffer.byteSize());
                            at += (int) buffer.byteSize();
                        }
                        if (random.nextBoolean()) {
                            file.seekTo(offset);
                            file.writeAll(buffers);
                            assertThat(file.position()).isEqualTo(offset + length);
                        } else {
                            assertThat(file.write(buffers, offset)).isEqualTo((int) length);
                        }
                    } else {
                        long there = Math.clamp(file.stat().size() - offset, 0, length);
                        file.seekTo(offset);
                        int count = random.nextBoolean() ? file.read(buffers) : file.read(buffers, offset);
                        if (there == 0) {
                            assertThat(count).isEqualTo(length == 0 ? 0 : -1);
                        }
                        while (there > 0 && count < there) {
                            assertThat(count).as("it may stop where the page cache ends").isPositive();
                            count += file.read(behind(buffers, count), offset + count);
                        }
                        long at = 0;
                        for (MemorySegment buffer : buffers) {
                            long filled = Math.clamp(there - at, 0, buffer.byteSize());
                            assertThat(buffer.asSlice(0, filled).toArray(ValueLayout.JAVA_BYTE))
                                    .isEqualTo(java.util.Arrays.copyOfRange(
                                            expected, (int) (offset + at), (int) (offset + at + filled)));
                            at += filled;
                        }
                    }
                }
            }
        });
    }

    /** What of them is beyond so many bytes. */
    private static List<MemorySegment> behind(List<MemorySegment> buffers, int count) {
        List<MemorySegment> rest = new ArrayList<>();
        long before = count;
        for (MemorySegment buffer : buffers) {
            long passed = Math.min(before, buffer.byteSize());
            rest.add(buffer.asSlice(passed));
            before -= passed;
        }
        return rest;
    }

    private static List<MemorySegment> buffers(Random random, Arena confined, Arena shared) {
        List<MemorySegment> buffers = new ArrayList<>();
        int count = random.nextInt(6);
        boolean heap = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(4) == 0 ? 0 : random.nextInt(9_000);
            buffers.add(switch (random.nextInt(heap ? 4 : 3)) {
                case 0 -> confined.allocate(length + 1L).asSlice(1);
                case 1 -> shared.allocate(length + 3L).asSlice(3);
                case 2 -> Arena.ofAuto().allocate(length);
                default -> MemorySegment.ofArray(new byte[length]);
            });
        }
        return buffers;
    }

    private static void fill(Random random, MemorySegment buffer) {
        byte[] content = new byte[(int) buffer.byteSize()];
        random.nextBytes(content);
        MemorySegment.copy(content, 0, buffer, ValueLayout.JAVA_BYTE, 0, content.length);
    }

    @Test
    void moreBuffersThanTheKernelTakesAreWrittenInTurns(Io io, @TempDir Path folder) throws Exception {
        List<MemorySegment> buffers = new ArrayList<>(Collections.nCopies(5000, segment("ab")));
        buffers.set(3000, segment(""));
        try (File file = open(io, folder.resolve("file"), UPDATE)) {
            assertThat(file.write(buffers, 0)).isEqualTo(2048);
            file.writeAll(buffers);
            file.writeAll(List.of());
            file.writeAll(Collections.nCopies(3, segment("")));
            assertThat(file.stat().size()).isEqualTo(9998);
            assertThat(file.read(List.of(), 0)).isZero();
            assertThat(file.write(List.of())).isZero();
            assertThat(file.read(Collections.nCopies(2, segment("")))).isZero();
        }
        assertThat(Folders.readText(io, folder.resolve("file"))).isEqualTo("ab".repeat(4999));
    }

    @Test
    void aBufferThatCannotBeUsedIsRefusedBeforeAnythingHappens(Io io, @TempDir Path folder) throws Exception {
        Arena closed = Arena.ofShared();
        MemorySegment gone = closed.allocate(1);
        closed.close();
        try (File file = open(io, folder.resolve("file"), UPDATE)) {
            List<MemorySegment> withGone = List.of(segment("a"), gone);
            assertThatThrownBy(() -> file.write(withGone)).isInstanceOf(IllegalStateException.class);
            List<MemorySegment> withReadOnly = List.of(segment("a"), segment("b").asReadOnly());
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(withReadOnly, 0));
            assertThat(file.stat().size()).isZero();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MemorySegment segment(String text) {
        return MemorySegment.ofArray(bytes(text));
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }
}
