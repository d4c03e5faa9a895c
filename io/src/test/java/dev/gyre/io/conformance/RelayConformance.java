package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From one connection to another, and connections that are broken off. */
@Tag("T13")
abstract class RelayConformance {
    /** Enough for the way that is for many bytes at once. */
    private static final int MANY = 3 * 1024 * 1024;

    private static final int CHUNK_MAX = 200_000;

    @ParameterizedTest
    @EnumSource
    void everyByteGoesThroughInChunksOfAnySize(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family from : Sockets.Family.values()) {
            for (Sockets.Family to : Sockets.Family.values()) {
                relay(caller, io, from, to, folder);
            }
        }
    }

    private static void relay(Caller caller, Io io, Sockets.Family from, Sockets.Family to, Path folder)
            throws Exception {
        try (Sockets.Pair in = Sockets.Pair.open(io, from, folder);
                Sockets.Pair out = Sockets.Pair.open(io, to, folder);
                Arena arena = Arena.ofShared()) {
            Pattern pattern = new Pattern(arena, MANY, from.name().length());
            AtomicLong told = new AtomicLong();
            Task<Object, Exception> writer = io.concurrent(() -> {
                writeInChunks(in.client(), pattern.bytes());
                in.client().shutdown(Direction.WRITE);
                return in;
            });
            Caller.Call<Long> copy = caller.start(io, () -> {
                long count = in.server().transferTo(out.client(), Long.MAX_VALUE, told::addAndGet);
                out.client().shutdown(Direction.WRITE);
                return count;
            });
            assertThat(pattern.check(out.server(), arena, 100_000, 7, 1000)).as("%s to %s", from, to).isEqualTo(MANY);
            assertThat(copy.result()).isEqualTo(MANY);
            assertThat(told).hasValue(MANY);
            writer.await();
        }
    }

    private static void writeInChunks(Connection to, MemorySegment bytes) throws IoException {
        Random random = new Random(bytes.byteSize());
        for (long done = 0; done < bytes.byteSize(); ) {
            long chunk = Math.min(bytes.byteSize() - done, 1 + random.nextInt(random.nextBoolean() ? CHUNK_MAX : 100));
            to.writeAll(bytes.asSlice(done, chunk));
            done += chunk;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBeyondTheLimitStays(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        int limit = 1_000_003;
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair in = Sockets.Pair.open(io, family, folder);
                    Sockets.Pair out = Sockets.Pair.open(io, family, folder);
                    Arena arena = Arena.ofShared()) {
                Pattern pattern = new Pattern(arena, MANY, 1);
                Task<Object, Exception> writer = io.concurrent(() -> {
                    in.client().writeAll(pattern.bytes());
                    in.client().shutdown(Direction.WRITE);
                    return in;
                });
                Task<Long, Exception> reader = io.concurrent(() -> pattern.check(out.server(), arena, 65_536));
                assertThat(caller.<Long>run(io, () -> in.server().transferTo(out.client(), limit))).isEqualTo(limit);
                assertThat(caller.<Long>run(io, () -> in.server().transferTo(out.client(), 0))).isZero();
                out.client().close();
                assertThat(reader.await()).isEqualTo(limit);
                MemorySegment rest = arena.allocate(MANY - limit);
                Sockets.readFully(in.server(), rest);
                assertThat(rest.mismatch(pattern.bytes().asSlice(limit))).isEqualTo(-1);
                Sockets.assertEnds(in.server());
                writer.await();
            }
        }
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            assertThatIllegalArgumentException().isThrownBy(() -> pair.server().transferTo(pair.client(), -1));
        }
    }

    /** Once when nothing comes any more, and once when nothing is taken. */
    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void stopsOnEitherSide(Caller caller, Io io) throws Exception {
        try (Sockets.Pair in = Sockets.Pair.open(io);
                Sockets.Pair out = Sockets.Pair.open(io);
                Arena arena = Arena.ofShared()) {
            Pattern pattern = new Pattern(arena, MANY, 2);
            Task<Object, Exception> writer = io.concurrent(() -> {
                in.client().writeAll(pattern.bytes());
                return in;
            });
            MemorySegment all = arena.allocate(MANY);
            Caller.Call<Long> copy = caller.start(io, () -> in.server().transferTo(out.client()));
            Sockets.readFully(out.server(), all);
            assertThat(all.mismatch(pattern.bytes())).isEqualTo(-1);
            writer.await();
            Stopping.assertStops(caller, io, () -> in.server().transferTo(out.client(), MANY));
            in.client().shutdown(Direction.WRITE);
            copy.result();
        }
        try (Sockets.Pair in = Sockets.Pair.open(io); Sockets.Pair out = Sockets.Pair.open(io)) {
            Task<Object, Exception> writer = io.concurrent(() -> {
                in.client().writeAll(MemorySegment.ofArray(new byte[(int) Sockets.TOO_MUCH]));
                return in;
            });
            Stopping.assertStops(caller, io, () -> in.server().transferTo(out.client()));
            Sockets.cancel(writer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhichSideFailed(Caller caller, Io io) throws Exception {
        try (Sockets.Pair in = Sockets.Pair.open(io); Sockets.Pair out = Sockets.Pair.open(io)) {
            Caller.Call<Long> copy = caller.start(io, () -> in.server().transferTo(out.client()));
            begin(io, in, out);
            in.client().abort();
            assertFails(Operation.READ, Reason.CONNECTION_RESET, copy::result);
        }
        try (Sockets.Pair in = Sockets.Pair.open(io); Sockets.Pair out = Sockets.Pair.open(io)) {
            Caller.Call<Long> copy = caller.start(io, () -> in.server().transferTo(out.client()));
            begin(io, in, out);
            in.server().close();
            assertFails(Operation.READ, Reason.CLOSED, copy::result);
        }
        try (Sockets.Pair in = Sockets.Pair.open(io); Sockets.Pair out = Sockets.Pair.open(io)) {
            Caller.Call<Long> copy = caller.start(io, () -> in.server().transferTo(out.client()));
            begin(io, in, out);
            out.server().abort();
            Task<Object, Exception> writer = io.concurrent(() -> {
                in.client().writeAll(MemorySegment.ofArray(new byte[MANY]));
                return in;
            });
            IoException failure = catchThrowableOfType(IoException.class, copy::result);
            assertThat(failure.operation()).isEqualTo(Operation.WRITE);
            assertThat(failure.reason()).isIn(Reason.CONNECTION_RESET, Reason.BROKEN_PIPE);
            in.server().close();
            // It may be through: the kernel takes more than one thinks.
            var _ = catchThrowableOfType(Exception.class, writer::cancel);
        }
    }

    /** Many bytes go through, so that what ends it meets the way that is for many. */
    private static void begin(Io io, Sockets.Pair in, Sockets.Pair out) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(MANY);
            Task<Object, Exception> writer = io.concurrent(() -> {
                in.client().writeAll(bytes);
                return in;
            });
            Sockets.readFully(out.server(), arena.allocate(MANY));
            writer.await();
        }
    }

    /** Not by the end of the stream, which would say that nothing is missing. */
    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsBrokenOffIsResetForThePeer(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Sockets.assertConnected(pair.client(), pair.server());
                Caller.Call<Integer> own = caller.start(io, () -> Sockets.readOne(pair.server())).blocked();
                Caller.Call<Integer> peers = caller.start(io, () -> Sockets.readOne(pair.client())).blocked();
                caller.run(io, () -> pair.server().abort());
                assertFails(Operation.READ, Reason.CLOSED, own::result);
                assertFails(Operation.READ, Reason.CLOSED, () -> Sockets.readOne(pair.server()));
                pair.server().abort();
                switch (family) {
                    case IP4, IP6 -> assertFails(Operation.READ, Reason.CONNECTION_RESET, peers::result);
                    case UNIX_PATH, UNIX_ABSTRACT -> assertThat(peers.result()).isEqualTo(-1);
                }
                Sockets.assertEnds(pair.client());
                assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> Sockets.writeOne(pair.client(), 3));
            }
        }
    }
}
