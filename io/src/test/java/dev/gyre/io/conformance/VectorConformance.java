package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are read into, and written from, several buffers at once. */
@Tag("T12")
abstract class VectorConformance {
    private static final int TOTAL = 1_000_000;

    /** Memory that goes to the kernel as it is, memory that is copied, and both. */
    enum Memory {
        /** Of the caller's own arena. */
        CONFINED {
            @Override
            MemorySegment allocate(Arena arena, int i, long length) {
                return arena.allocate(length);
            }
        },
        /** Of the heap. */
        HEAP {
            @Override
            MemorySegment allocate(Arena arena, int i, long length) {
                return MemorySegment.ofArray(new byte[(int) length]);
            }
        },
        /** In turn. */
        MIXED {
            @Override
            MemorySegment allocate(Arena arena, int i, long length) {
                return (i % 2 == 0 ? CONFINED : HEAP).allocate(arena, i, length);
            }
        };

        abstract MemorySegment allocate(Arena arena, int i, long length);
    }

    @ParameterizedTest
    @EnumSource
    void everyByteArrivesHoweverItIsCut(Memory memory, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_ABSTRACT)) {
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> {
                    try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                        transfer(io, pair, memory);
                    }
                });
            }
        }
    }

    private static void transfer(Io io, Sockets.Pair pair, Memory memory) throws Exception {
        try (Arena shared = Arena.ofShared()) {
            Pattern pattern = new Pattern(shared, TOTAL, 9);
            Task<Object, Exception> writer = io.concurrent(() -> {
                Random random = new Random(1);
                for (int written = 0; written < TOTAL; ) {
                    try (Arena arena = Arena.ofConfined()) {
                        List<MemorySegment> parts = parts(arena, memory, random, TOTAL - written);
                        for (MemorySegment part : parts) {
                            MemorySegment.copy(pattern.bytes(), written, part, 0, part.byteSize());
                            written += (int) part.byteSize();
                        }
                        pair.client().writeAll(parts);
                    }
                }
                pair.client().close();
                return null;
            });
            assertThat(readAll(pair.server(), memory, pattern)).isEqualTo(TOTAL);
            writer.await();
        }
    }

    private static int readAll(Connection from, Memory memory, Pattern pattern) throws IoException {
        Random random = new Random(2);
        for (int total = 0; ; ) {
            try (Arena arena = Arena.ofConfined()) {
                List<MemorySegment> parts = parts(arena, memory, random, TOTAL);
                int count = from.read(parts);
                if (count < 0) {
                    return total;
                }
                assertThat(count).isPositive();
                for (MemorySegment part : parts) {
                    long filled = Math.min(count, part.byteSize());
                    pattern.check(part.asSlice(0, filled), total);
                    total += (int) filled;
                    count -= (int) filled;
                }
            }
        }
    }

    /** A few buffers, some of them empty, with one byte at least. */
    private static List<MemorySegment> parts(Arena arena, Memory memory, Random random, int most) {
        List<MemorySegment> parts = new ArrayList<>();
        int count = random.nextInt(1, 20);
        int left = most;
        for (int i = 0; i < count; i++) {
            int length = Math.min(left, random.nextInt(5) == 0 ? random.nextInt(100_000) : random.nextInt(300));
            parts.add(memory.allocate(arena, i, length));
            left -= length;
        }
        if (left == most) {
            parts.add(memory.allocate(arena, 0, 1));
        }
        return parts;
    }

    /** What is there goes into all of the buffers, as far as it does. */
    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void oneReadFillsSeveralBuffers(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder); Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 3; round++) {
                assertThat(pair.client().write(List.of(
                                MemorySegment.ofArray(new byte[] {1, 2}), MemorySegment.ofArray(new byte[0]),
                                MemorySegment.ofArray(new byte[] {3, 4, 5}))))
                        .isEqualTo(5);
                MemorySegment first = arena.allocate(1);
                MemorySegment second = arena.allocate(2);
                MemorySegment third = arena.allocate(100);
                assertThat(pair.server().read(List.of(first, second, third))).isEqualTo(5);
                assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1);
                assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsExactly(2, 3);
                assertThat(third.asSlice(0, 2).toArray(ValueLayout.JAVA_BYTE)).containsExactly(4, 5);
            }
            MemorySegment none = MemorySegment.ofArray(new byte[0]);
            assertThat(pair.client().write(List.of(none))).isZero();
            assertThat(pair.server().read(List.of(none, none))).isZero();
            pair.client().close();
            assertThat(pair.server().read(List.of(arena.allocate(1)))).isEqualTo(-1);
        }
    }

    @Test
    void moreBuffersThanOneOperationTakes(Io io) throws Exception {
        int count = 5000;
        int length = 7;
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena shared = Arena.ofShared()) {
            Pattern pattern = new Pattern(shared, count * length, 3);
            Task<Object, Exception> reader = io.concurrent(() -> {
                try (Arena own = Arena.ofConfined()) {
                    return pattern.check(pair.server(), own, 10_000);
                }
            });
            List<MemorySegment> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                parts.add(pattern.bytes().asSlice((long) i * length, length));
            }
            pair.client().writeAll(parts);
            pair.client().close();
            assertThat(reader.await()).isEqualTo((long) count * length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPatternIsWrittenAgainAndAgain(Memory memory, Io io) throws Exception {
        for (int length : new int[] {1, 3, 50_000, 200_000}) {
            long times = Math.max(5, 1_000_001 / length);
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment pattern = memory.allocate(arena, 0, length);
                pattern.copyFrom(new Pattern(arena, length, 5).bytes());
                byte[] expected = pattern.toArray(ValueLayout.JAVA_BYTE);
                Task<Object, Exception> reader = io.concurrent(() -> {
                    try (Arena own = Arena.ofConfined()) {
                        MemorySegment one = own.allocate(length);
                        for (long i = 0; i < times; i++) {
                            Sockets.readFully(pair.server(), one);
                            if (one.mismatch(MemorySegment.ofArray(expected)) != -1) {
                                throw new AssertionError("the " + i + "th differs");
                            }
                        }
                    }
                    Sockets.assertEnds(pair.server());
                    return null;
                });
                pair.client().writeRepeated(pattern, times);
                pair.client().writeRepeated(pattern, 0);
                pair.client().close();
                reader.await();
            }
        }
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.client().writeRepeated(MemorySegment.ofArray(new byte[1]), -1));
        }
    }

    @Test
    void failsAsOneBufferDoes(Io io) throws Exception {
        List<MemorySegment> parts =
                List.of(MemorySegment.ofArray(new byte[10]), MemorySegment.ofArray(new byte[10]));
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            List<MemorySegment> readOnly = List.of(parts.getFirst(), parts.getLast().asReadOnly());
            assertThatIllegalArgumentException().isThrownBy(() -> pair.client().read(readOnly));
            pair.server().close();
            Sockets.assertEnds(pair.client());
            Connection client = pair.client();
            client.writeAll(parts);
            Eventually.await("the peer's reset", () -> {
                try {
                    client.writeAll(parts);
                    return false;
                } catch (IoException failed) {
                    return failed.reason() == Reason.BROKEN_PIPE || failed.reason() == Reason.CONNECTION_RESET;
                }
            });
            client.close();
            assertFails(Operation.READ, Reason.CLOSED, () -> client.read(parts));
            assertFails(Operation.WRITE, Reason.CLOSED, () -> client.writeAll(parts));
        }
    }

    /** A reset that comes after bytes is heard of, although the bytes were read by several buffers. */
    @Test
    void aResetBehindBytesIsNotLost(Io io) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                Sockets.writeOne(pair.server(), 1); // never read, so that closing resets
                pair.client().writeAll(new byte[3]);
                pair.client().close();
                List<MemorySegment> parts = List.of(arena.allocate(1), arena.allocate(1), arena.allocate(100));
                assertFails(Operation.READ, Reason.CONNECTION_RESET, () -> {
                    while (pair.server().read(parts) > 0) {
                        // what came before it
                    }
                });
            }
        }
    }
}
