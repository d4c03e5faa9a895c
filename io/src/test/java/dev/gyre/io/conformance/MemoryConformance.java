package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of memory on every way that bytes take, and memory that goes away meanwhile. */
@Tag("T20")
abstract class MemoryConformance {
    /** More than what goes by way of receive buffers, and more than a bounce buffer holds. */
    private static final int LARGE = 300_000;

    @ParameterizedTest
    @EnumSource
    void everyKindOfMemoryIsReadAndWritten(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder);
                    Arena shared = Arena.ofShared();
                    Arena ours = io.arena()) {
                for (int size : List.of(1, 100, 5000, LARGE)) {
                    caller.run(io, () -> {
                        try (Arena confined = Arena.ofConfined()) {
                            for (LongFunction<MemorySegment> kind : List.<LongFunction<MemorySegment>>of(
                                    confined::allocate, shared::allocate, ours::allocate, Arena.ofAuto()::allocate,
                                    Arena.global()::allocate,
                                    length -> MemorySegment.ofArray(new byte[(int) length]),
                                    length -> MemorySegment.ofArray(new long[(int) length / 8 + 1]).asSlice(0, length),
                                    length -> MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) length)))) {
                                exchange(io, pair, kind.apply(size), kind.apply(size));
                            }
                        }
                    });
                }
            }
        }
    }

    private static void exchange(Io io, Sockets.Pair pair, MemorySegment sent, MemorySegment received)
            throws Exception {
        for (long i = 0; i < sent.byteSize(); i++) {
            sent.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 251));
        }
        byte[] expected = sent.toArray(ValueLayout.JAVA_BYTE);
        // Another task writes: its copy is the only way from one thread's confined memory to another thread.
        var writing = io.concurrent(() -> {
            pair.client().writeAll(expected);
            return null;
        });
        readFully(pair.server(), received);
        writing.await();
        assertThat(received.mismatch(sent)).isEqualTo(-1);
        var echoing = io.concurrent(() -> {
            byte[] back = new byte[expected.length];
            readFully(pair.server(), MemorySegment.ofArray(back));
            return back;
        });
        pair.client().writeAll(sent);
        assertThat(echoing.await()).isEqualTo(expected);
    }

    private static void readFully(Connection connection, MemorySegment memory) throws Exception {
        long read = 0;
        while (read < memory.byteSize()) {
            int count = connection.read(memory.asSlice(read));
            assertThat(count).isPositive();
            read += count;
        }
    }

    @ParameterizedTest
    @EnumSource
    void arraysAndBuffersAreReadAndWritten(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                pair.client().writeAll("--hello--".getBytes(StandardCharsets.US_ASCII), 2, 5);
                byte[] array = new byte[10];
                assertThat(pair.server().read(array, 3, 7)).isEqualTo(5);
                assertThat(new String(array, 3, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
                assertThatThrownBy(() -> pair.server().read(array, 3, 8))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                for (ByteBuffer buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
                    buffer.position(2);
                    pair.client().writeAll("abc".getBytes(StandardCharsets.US_ASCII));
                    assertThat(pair.server().read(buffer)).isEqualTo(3);
                    assertThat(buffer.position()).isEqualTo(5);
                    buffer.flip().position(2);
                    assertThat(StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString()).isEqualTo("abc");
                    pair.server().writeAll(buffer);
                    assertThat(buffer.hasRemaining()).isFalse();
                    assertThat(pair.client().read(array)).isEqualTo(3);
                    assertThatThrownBy(() -> pair.server().read(buffer.asReadOnlyBuffer().clear()))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        });
    }

    /** Memory that was given back before is refused, and nothing is lost by it. */
    @ParameterizedTest
    @EnumSource
    void memoryOfAClosedArenaIsRefused(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                Arena arena = Arena.ofShared();
                MemorySegment gone = arena.allocate(8);
                arena.close();
                pair.client().writeAll(new byte[] {7});
                assertThatThrownBy(() -> pair.server().read(gone)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> pair.server().write(gone)).isInstanceOf(IllegalStateException.class);
                assertThat(Sockets.readOne(pair.server())).isEqualTo(7);
            }
        });
    }

    /**
     * An arena is closed while a read into it waits. Memory that was allocated afterwards, most likely at the same
     * place, stays as it is.
     */
    @ParameterizedTest
    @EnumSource
    void anArenaThatIsClosedDuringAReadIsNotWrittenTo(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            for (int i = 0; i < 20; i++) {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    Arena arena = Arena.ofShared();
                    MemorySegment memory = arena.allocate(64);
                    Caller.Call<Integer> reading = caller.start(io, () -> pair.server().read(memory)).blocked();
                    boolean closed = closeIfPossible(arena);
                    try (Arena others = Arena.ofConfined()) {
                        MemorySegment other = others.allocate(64).fill((byte) 1);
                        pair.client().writeAll("overwritten".getBytes(StandardCharsets.US_ASCII));
                        if (closed) {
                            assertThatThrownBy(reading::result).isInstanceOf(IllegalStateException.class);
                        } else {
                            assertThat(reading.result()).isEqualTo(11);
                            arena.close();
                        }
                        assertThat(other.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
                    }
                }
            }
        }
    }

    /** What is sent is what was there when the write began, whatever becomes of the memory. */
    @Test
    void anArenaThatIsClosedDuringAWriteIsNotSent(Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Arena arena = Arena.ofShared();
                MemorySegment memory = arena.allocate(Sockets.TOO_MUCH).fill((byte) 7);
                Caller.Call<Object> writing = Caller.TASK.start(io, () -> {
                    pair.client().writeAll(memory);
                    return null;
                }).blocked();
                boolean closed = closeIfPossible(arena);
                Caller.Call<Boolean> reading = Caller.TASK.start(io, () -> {
                    byte[] received = new byte[64 * 1024];
                    boolean clean = true;
                    for (int count; (count = pair.server().read(received)) >= 0; ) {
                        for (int i = 0; i < count; i++) {
                            clean &= received[i] == 7;
                        }
                    }
                    return clean;
                });
                if (closed) {
                    assertThatThrownBy(writing::result).isInstanceOf(IllegalStateException.class);
                } else {
                    writing.result();
                    arena.close();
                }
                pair.client().close();
                assertThat(reading.result()).isTrue();
            }
        }
    }

    /** An arena of the Io's own is not closed under an operation, and is afterwards. */
    @ParameterizedTest
    @EnumSource
    void anArenaOfTheIosIsNotClosedWhileItIsUsed(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Arena arena = io.arena();
                MemorySegment memory = arena.allocate(8);
                Caller.Call<Integer> reading = caller.start(io, () -> pair.server().read(memory)).blocked();
                assertThatThrownBy(arena::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("an operation uses");
                pair.client().writeAll(new byte[] {7});
                assertThat(reading.result()).isEqualTo(1);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
                arena.close();
                assertThat(memory.scope().isAlive()).isFalse();
                assertThatThrownBy(() -> pair.server().read(memory)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(arena::close).hasMessageContaining("closed already");
            }
        }
    }

    /** The JDK refuses to close an arena whose memory a call uses at that moment. */
    static boolean closeIfPossible(Arena arena) {
        try {
            arena.close();
            return true;
        } catch (IllegalStateException used) {
            return false;
        }
    }

    /** Whoever makes a mapped file shorter takes the memory from under an operation. */
    @ParameterizedTest
    @EnumSource
    void memoryOfAMappedFileThatBecameShorterIsAFailure(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared()) {
                for (Arena arena : List.of(confined, shared, Arena.ofAuto(), Arena.global())) {
                    for (int arriving : List.of(1, 100, 10_000)) {
                        MemorySegment gone = MappedFiles.cut(folder.resolve("mapped"), LARGE, 0, arena);
                        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                            assertFails(Operation.WRITE, Reason.MEMORY_GONE, () -> pair.client().write(gone));
                            MemorySegment sent = MemorySegment.ofArray(new byte[arriving]);
                            var writing = io.concurrent(() -> pair.server().write(sent));
                            assertFails(Operation.READ, Reason.MEMORY_GONE, () -> pair.client().read(gone));
                            writing.await();
                            Sockets.writeOne(pair.server(), 1);
                            assertThat(pair.client().read(new byte[1])).as("the stream has not ended").isEqualTo(1);
                        }
                    }
                }
            }
        });
    }
}
