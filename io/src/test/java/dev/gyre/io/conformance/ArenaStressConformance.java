package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Shared arenas that the test closes at any moment of a transfer. Memory that is allocated right after that, mostly at
 * the same place, must stay as it is, and nothing of it may be sent.
 */
@StressRun
@Tag("T20")
abstract class ArenaStressConformance {
    private static final int ROUNDS = Rounds.of(150);
    private static final int DELAY_NANOS_MAX = 40_000;
    private static final int FILE_SIZE = 1 << 20;

    private static final OpenOptions READ_AND_WRITE = new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(), 0);

    /** What the memory of a transfer holds. */
    private static final byte OURS = 7;

    /** What memory holds that is allocated afterwards. */
    private static final byte OTHERS = 1;

    /** A transfer of each kind. */
    enum Transfer {
        SMALL_READ(100) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.fed.read(memory);
            }
        },
        LARGE_READ(200_000) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.fed.read(memory);
            }
        },
        SMALL_WRITE(100) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.drained.writeAll(memory);
            }
        },
        LARGE_WRITE(2_000_000) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.drained.writeAll(memory);
            }
        },
        FILE_READ(FILE_SIZE) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.file.read(memory, 0);
            }
        },
        FILE_WRITE(FILE_SIZE) {
            @Override
            void run(Ends ends, MemorySegment memory) throws IoException {
                ends.file.write(memory, 0);
            }
        };

        final int size;

        Transfer(int size) {
            this.size = size;
        }

        abstract void run(Ends ends, MemorySegment memory) throws IoException;
    }

    /** A connection that never runs dry, one that never fills up, and a file. */
    record Ends(Connection fed, Connection drained, File file) {}

    @ParameterizedTest
    @EnumSource
    void freedMemoryIsNeitherWrittenNorSent(Transfer transfer, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        Files.write(path, filled(FILE_SIZE));
        try (Sockets.Pair feeding = Sockets.Pair.open(io);
                Sockets.Pair draining = Sockets.Pair.open(io);
                File file = io.currentDirectory().openFile(path.toString(), READ_AND_WRITE)) {
            Task<?, Exception> feeder = io.concurrent(() -> feed(feeding.client()));
            Task<Boolean, Exception> drainer = io.concurrent(() -> isDrainedOfOurs(draining.server()));
            Ends ends = new Ends(feeding.server(), draining.client(), file);
            Random random = new Random(1);
            for (int i = 0; i < ROUNDS; i++) {
                if (transfer == Transfer.FILE_READ && i % 10 == 0) {
                    PageCache.drop(path);
                }
                race(io, transfer, ends, random.nextInt(DELAY_NANOS_MAX));
            }
            assertThat(Files.readAllBytes(path)).as("the file").containsOnly(OURS);
            draining.client().close();
            assertThat(drainer.await()).as("only what was written arrived").isTrue();
            assertThatThrownBy(feeder::cancel).isInstanceOf(CanceledException.class);
        }
    }

    private static void race(Io io, Transfer transfer, Ends ends, int delayNanos) throws Exception {
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(transfer.size).fill(OURS);
        Task<?, Exception> running = io.concurrent(() -> {
            try {
                transfer.run(ends, memory);
            } catch (IllegalStateException freed) {
                assertThat(memory.scope().isAlive()).isFalse();
            }
            return null;
        });
        for (long start = System.nanoTime(); System.nanoTime() - start < delayNanos; ) {
            Thread.onSpinWait();
        }
        boolean closed = MemoryConformance.closeIfPossible(arena);
        try (Arena others = Arena.ofConfined()) {
            MemorySegment other = others.allocate(transfer.size).fill(OTHERS);
            running.await();
            assertThat(other.mismatch(MemorySegment.ofArray(filledWith(OTHERS, transfer.size)))).isEqualTo(-1);
        }
        if (!closed) {
            arena.close();
        }
    }

    private static Object feed(Connection connection) throws IoException {
        byte[] bytes = filled(64 * 1024);
        while (true) {
            connection.writeAll(bytes);
        }
    }

    private static boolean isDrainedOfOurs(Connection connection) throws IoException {
        byte[] received = new byte[64 * 1024];
        boolean ours = true;
        for (int count = connection.read(received); count >= 0; count = connection.read(received)) {
            for (int i = 0; i < count; i++) {
                ours &= received[i] == OURS;
            }
        }
        return ours;
    }

    private static byte[] filled(int size) {
        return filledWith(OURS, size);
    }

    private static byte[] filledWith(byte value, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, value);
        return bytes;
    }
}
