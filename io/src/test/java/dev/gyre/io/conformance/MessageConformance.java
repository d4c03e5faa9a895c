package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BufferedSink;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Sink;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that carry messages: none is cut or divided on any way. */
@Tag("T13")
abstract class MessageConformance {
    /** More than the kernel takes at once, however small they are. */
    private static final int BUFFERS = 3000;

    /** Lengths of messages, with the longest that there can be among them. */
    private static List<Integer> lengths(Connection sender) throws IoException {
        int longest = sender.option(SocketOption.SEND_BUFFER) / 10 * 9;
        return List.of(1, 3000, longest, 5, longest - 1, 40_000, 2);
    }

    private static Task<Object, Exception> write(Io io, Connection to, List<Integer> lengths) throws Exception {
        return io.concurrent(() -> {
            for (int length : lengths) {
                to.writeAll(bytes(length));
            }
            to.close();
            return to;
        });
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + length);
        }
        return bytes;
    }

    private static void assertArrive(Connection from, List<Integer> lengths) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(1 << 20);
            for (int length : lengths) {
                assertThat(from.read(room)).isEqualTo(length);
                assertThat(room.asSlice(0, length).mismatch(MemorySegment.ofArray(bytes(length)))).isEqualTo(-1);
            }
            assertThat(from.read(room)).isEqualTo(-1);
        }
    }

    private static int total(List<Integer> lengths) {
        return lengths.stream().mapToInt(Integer::intValue).sum();
    }

    @ParameterizedTest
    @EnumSource
    void areCopiedAsTheyAre(Caller caller, Io io) throws Exception {
        try (ConnectionPair in = io.connectPair(SocketType.SEQPACKET);
                ConnectionPair out = io.connectPair(SocketType.SEQPACKET)) {
            List<Integer> lengths = lengths(in.first());
            Task<Object, Exception> writer = write(io, in.first(), lengths);
            Caller.Call<Long> copy = caller.start(io, () -> {
                long count = in.second().transferTo(out.first());
                out.first().close();
                return count;
            });
            assertArrive(out.second(), lengths);
            assertThat(copy.result()).isEqualTo(total(lengths));
            writer.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void areCopiedToAStreamWithoutLoss(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (ConnectionPair in = io.connectPair(SocketType.SEQPACKET);
                Sockets.Pair out = Sockets.Pair.open(io, family, folder);
                Arena arena = Arena.ofConfined()) {
            List<Integer> lengths = lengths(in.first());
            Task<Object, Exception> writer = write(io, in.first(), lengths);
            Task<Long, Exception> copy = io.concurrent(() -> in.second().transferTo(out.client()));
            MemorySegment all = arena.allocate(total(lengths));
            Sockets.readFully(out.server(), all);
            int at = 0;
            for (int length : lengths) {
                assertThat(all.asSlice(at, length).mismatch(MemorySegment.ofArray(bytes(length)))).isEqualTo(-1);
                at += length;
            }
            assertThat(copy.await()).isEqualTo(total(lengths));
            writer.await();
        }
    }

    /** What was written as a stream has no boundaries; its messages are of such lengths as can be. */
    @ParameterizedTest
    @EnumSource
    void areMadeOfAStream(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        int length = 3_000_000;
        try (Sockets.Pair in = Sockets.Pair.open(io, family, folder);
                ConnectionPair out = io.connectPair(SocketType.SEQPACKET);
                Arena shared = Arena.ofShared();
                Arena arena = Arena.ofConfined()) {
            Pattern pattern = new Pattern(shared, length, 2);
            Task<Object, Exception> writer = io.concurrent(() -> {
                in.client().writeAll(pattern.bytes());
                in.client().close();
                return in;
            });
            Task<Long, Exception> copy = io.concurrent(() -> {
                long count = in.server().transferTo(out.first());
                out.first().close();
                return count;
            });
            assertThat(pattern.check(out.second(), arena, 1 << 20)).isEqualTo(length);
            assertThat(copy.await()).isEqualTo(length);
            writer.await();
        }
    }

    /** Notes what is written to it. */
    private static final class Notes implements Sink {
        private final List<Integer> lengths = new ArrayList<>();

        @Override
        public int write(MemorySegment buffer) {
            assertThat(buffer.mismatch(MemorySegment.ofArray(bytes((int) buffer.byteSize())))).isEqualTo(-1);
            lengths.add((int) buffer.byteSize());
            return (int) buffer.byteSize();
        }

        @Override
        public void close() {}
    }

    @Test
    void areCopiedToAnySink(Io io) throws Exception {
        for (boolean buffered : new boolean[] {false, true}) {
            Notes notes = new Notes();
            Sink sink = buffered ? new BufferedSink(notes) : notes;
            try (ConnectionPair in = io.connectPair(SocketType.SEQPACKET)) {
                List<Integer> lengths = lengths(in.first());
                Task<Object, Exception> writer = write(io, in.first(), lengths);
                assertThat(in.second().transferTo(sink)).isEqualTo(total(lengths));
                assertThat(notes.lengths).isEqualTo(lengths);
                writer.await();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void areOneOfHoweverManyBuffers(VectorConformance.Memory memory, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            try (ConnectionPair pair = io.connectPair(SocketType.SEQPACKET)) {
                byte[] expected = bytes(BUFFERS * 2);
                caller.run(io, () -> {
                    try (Arena arena = Arena.ofConfined()) {
                        List<MemorySegment> parts = new ArrayList<>();
                        for (int i = 0; i < BUFFERS; i++) {
                            MemorySegment part = memory.allocate(arena, i, 2);
                            MemorySegment.copy(expected, i * 2, part, ValueLayout.JAVA_BYTE, 0, 2);
                            parts.add(part);
                        }
                        pair.first().writeAll(parts);
                        assertThat(pair.first().write(parts)).isEqualTo(expected.length);
                        pair.first().writeAll(List.of());
                        assertThat(pair.first().write(List.of(MemorySegment.NULL))).isZero();
                        pair.first().close();
                    }
                });
                assertArrive(pair.second(), List.of(expected.length, expected.length));
            }
        }
    }

    @Test
    void areRefusedWhereTheyAreTooLong(Io io) throws Exception {
        try (ConnectionPair pair = io.connectPair(SocketType.SEQPACKET); Arena arena = Arena.ofConfined()) {
            for (MemorySegment much : List.of(
                    arena.allocate(900_000), arena.allocate(2_000_000), MemorySegment.ofArray(new byte[2_000_000]))) {
                assertFails(Operation.WRITE, Reason.MESSAGE_TOO_BIG,
                        () -> pair.first().writeWith(much, List.of(pair.first())));
                List<MemorySegment> parts = new ArrayList<>();
                for (int i = 0; i < BUFFERS; i++) {
                    parts.add(much.asSlice(i * 300L, 300));
                }
                assertFails(Operation.WRITE, Reason.MESSAGE_TOO_BIG, () -> pair.first().writeAll(parts));
                assertFails(Operation.WRITE, Reason.MESSAGE_TOO_BIG, () -> pair.first().write(parts));
            }
            Sockets.assertConnected(pair.first(), pair.second());
        }
    }
}
