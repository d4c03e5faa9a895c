package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Placement;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many bytes, of which each must arrive once, in its place. */
@Tag("T12")
abstract class TransferConformance {
    private static final int LENGTH = 8 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource
    void everyByteArrivesBothWays(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            transferBothWays(caller, io, pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void everyByteArrivesOnEachKindOfSocket(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
            transferBothWays(Caller.TASK, io, pair);
        }
    }

    /** Small and large pieces in turn, read into small and large buffers: the ways through a backend alternate. */
    @Test
    void everyByteArrivesHoweverItIsCut(Io io) throws Exception {
        for (long seed = 1; seed <= 4; seed++) {
            Random cuts = new Random(seed);
            int[] writes = cuts.ints(400, 1, 20_000).map(size -> size % 3 == 0 ? size % 50 + 1 : size).toArray();
            int[] reads = cuts.ints(50, 1, 30_000).map(size -> size % 2 == 0 ? size % 50 + 1 : size).toArray();
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
                Pattern pattern = new Pattern(arena, writes.length * 20_000, seed);
                Task<Long, Exception> writing = io.concurrent(() -> {
                    long at = 0;
                    for (int size : writes) {
                        pair.client().writeAll(pattern.bytes().asSlice(at, size));
                        at += size;
                        if (size < 20) {
                            Thread.yield();
                        }
                    }
                    pair.client().shutdown(Direction.WRITE);
                    return at;
                });
                Task<Long, Exception> reading =
                        io.concurrent(() -> pattern.check(pair.server(), arena, reads));
                assertThat(reading.await()).as("seed " + seed).isEqualTo(writing.await());
            }
        }
    }

    /** The order in which several tasks read is nobody's promise, but each byte goes to one of them. */
    @Test
    void concurrentReadersShareTheBytes(Io io) throws Exception {
        int readers = 6;
        byte[] values = new byte[1 << 20];
        new Random(7).nextBytes(values);
        AtomicLongArray seen = new AtomicLongArray(256);
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            List<Caller.Call<Object>> calls = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                Caller caller = Caller.inTurn(i);
                int size = 1 << (2 * i + 2);
                calls.add(caller.start(io, () -> {
                    MemorySegment buffer = arena.allocate(size);
                    while (true) {
                        int count = pair.server().read(buffer);
                        if (count < 0) {
                            return null;
                        }
                        for (int at = 0; at < count; at++) {
                            seen.incrementAndGet(Byte.toUnsignedInt(buffer.get(ValueLayout.JAVA_BYTE, at)));
                        }
                    }
                }));
            }
            pair.client().writeAll(arena.allocateFrom(ValueLayout.JAVA_BYTE, values));
            pair.client().shutdown(Direction.WRITE);
            for (Caller.Call<Object> call : calls) {
                call.result();
            }
        }
        AtomicLongArray sent = new AtomicLongArray(256);
        for (byte value : values) {
            sent.incrementAndGet(Byte.toUnsignedInt(value));
        }
        assertThat(seen).hasToString(sent.toString());
    }

    /** Readers on all loops, one after the other: whose turn it is changes with every byte. */
    @Test
    void aConnectionIsReadFromWhereverATaskRuns(Io io) throws Exception {
        int numbers = 2000;
        AtomicLong next = new AtomicLong();
        try (Sockets.Pair pair = Sockets.Pair.open(io); var group = io.<IoException>group()) {
            for (int i = 0; i < 4; i++) {
                group.concurrent(Placement.SPREAD, () -> {
                    while (next.getAndIncrement() < numbers) {
                        assertThat(Sockets.readOne(pair.server())).isEqualTo(1);
                    }
                });
            }
            group.concurrent(() -> {
                for (int i = 0; i < numbers; i++) {
                    Sockets.writeOne(pair.client(), 1);
                }
            });
            group.await();
            pair.client().shutdown(Direction.WRITE);
            Sockets.assertEnds(pair.server());
        }
    }

    @Test
    void concurrentWritersLoseNothing(Io io) throws Exception {
        int writers = 8;
        int each = 256 * 1024;
        long[] seen = new long[256];
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            List<Caller.Call<Object>> calls = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                MemorySegment mine = arena.allocate(each).fill((byte) i);
                calls.add(Caller.inTurn(i).start(io, () -> {
                    pair.client().writeAll(mine);
                    return null;
                }));
            }
            MemorySegment buffer = arena.allocate(64 * 1024);
            for (long total = 0; total < (long) writers * each;) {
                int count = pair.server().read(buffer);
                assertThat(count).isPositive();
                for (int at = 0; at < count; at++) {
                    seen[Byte.toUnsignedInt(buffer.get(ValueLayout.JAVA_BYTE, at))]++;
                }
                total += count;
            }
            for (Caller.Call<Object> call : calls) {
                call.result();
            }
        }
        for (int i = 0; i < writers; i++) {
            assertThat(seen[i]).as("bytes of writer " + i).isEqualTo(each);
        }
    }

    private static void transferBothWays(Caller caller, Io io, Sockets.Pair pair) throws Exception {
        int[] reads = {64 * 1024, 1, 4096, 100_000, 7};
        try (Arena arena = Arena.ofShared()) {
            Pattern there = new Pattern(arena, LENGTH, 1);
            Pattern back = new Pattern(arena, LENGTH, 2);
            List<Caller.Call<Object>> writing = List.of(
                    caller.start(io, () -> send(pair.client(), there)),
                    caller.start(io, () -> send(pair.server(), back)));
            List<Caller.Call<Long>> reading = List.of(
                    caller.start(io, () -> there.check(pair.server(), arena, reads)),
                    caller.start(io, () -> back.check(pair.client(), arena, reads)));
            for (Caller.Call<Object> call : writing) {
                call.result();
            }
            for (Caller.Call<Long> call : reading) {
                assertThat(call.result()).isEqualTo(LENGTH);
            }
        }
    }

    private static Object send(Connection connection, Pattern pattern) throws Exception {
        connection.writeAll(pattern.bytes());
        connection.shutdown(Direction.WRITE);
        return true;
    }
}
