package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BufferedSink;
import dev.gyre.io.BufferedSource;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines, numbers and frames over connections. */
@Tag("T25")
abstract class BufferedConformance {
    private static final int FRAMES = 300;
    private static final int FRAME_MAX = 20_000;
    private static final Duration SHORT = Duration.ofMillis(50);

    /** What waits for more than the eight bytes {@code "abc\ndefg"} that begin the stream. */
    enum Waiting {
        REQUEST {
            @Override
            Object take(BufferedSource source) throws IoException {
                return source.request(12);
            }
        },
        PEEK {
            @Override
            Object take(BufferedSource source) throws IoException {
                return new String(source.peek(12).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), UTF_8);
            }
        },
        EXACTLY {
            @Override
            Object take(BufferedSource source) throws IoException {
                return new String(source.readExactly(12), UTF_8);
            }
        },
        FULLY {
            @Override
            Object take(BufferedSource source) throws IoException {
                byte[] target = new byte[12];
                source.readFully(target);
                return new String(target, UTF_8);
            }
        },
        NUMBERS {
            @Override
            Object take(BufferedSource source) throws IoException {
                source.request(12);
                return Long.toHexString(source.readLong()) + Integer.toHexString(source.readInt());
            }
        },
        LINES {
            @Override
            Object take(BufferedSource source) throws IoException {
                source.indexOf("\nX".getBytes(UTF_8), 100);
                return source.readLine(100) + source.readLine(100);
            }
        },
        UNTIL {
            @Override
            Object take(BufferedSource source) throws IoException {
                return new String(source.readUntil("\r\n".getBytes(UTF_8), 100), UTF_8);
            }
        },
        ALL {
            @Override
            Object take(BufferedSource source) throws IoException {
                return source.readAllText(100);
            }
        };

        /** Takes something, or nothing. */
        abstract Object take(BufferedSource source) throws IoException;
    }

    @ParameterizedTest
    @EnumSource
    void framesArriveHoweverTheyAreCut(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Caller.Call<Object> writing = caller.start(io, () -> {
                Random random = new Random(7);
                BufferedSink sink = new BufferedSink(pair.client(), 1000);
                for (int i = 0; i < FRAMES; i++) {
                    byte[] frame = new byte[random.nextInt(FRAME_MAX) >> random.nextInt(14)];
                    random.nextBytes(frame);
                    sink.writeInt(frame.length);
                    sink.writeAll(frame);
                    sink.writeText("end of " + i + "\r\n");
                    if (i % 10 == 0) {
                        sink.flush();
                    }
                }
                sink.splat('.', 10_000);
                sink.flush();
                pair.client().shutdown(Direction.WRITE);
                return true;
            });
            assertThat(caller.<Boolean>run(io, () -> {
                Random random = new Random(7);
                BufferedSource source = new BufferedSource(pair.server(), 1000);
                for (int i = 0; i < FRAMES; i++) {
                    byte[] frame = new byte[random.nextInt(FRAME_MAX) >> random.nextInt(14)];
                    random.nextBytes(frame);
                    assertThat(source.readExactly(source.readInt())).isEqualTo(frame);
                    assertThat(source.readLine(100)).isEqualTo("end of " + i);
                }
                assertThat(source.readAllText(10_000)).isEqualTo(".".repeat(10_000));
                return source.isAtEnd();
            })).isTrue();
            assertThat(writing.result()).isEqualTo(true);
        }
    }

    /** Whatever waits may be stopped and done again. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void whatIsCanceledHasTakenNothing(Waiting waiting, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                BufferedSource source = new BufferedSource(pair.server(), 16);
                pair.client().writeAll("abc\ndefg".getBytes(UTF_8));
                for (int i = 0; i < 2; i++) {
                    Stopping.assertStops(caller, io, () -> waiting.take(source));
                    assertThat(source.position()).isZero();
                }
                caller.run(io, () -> assertLate(io, SHORT, () -> waiting.take(source)));
                assertThat(source.buffered()).isEqualTo(8);
                pair.client().writeAll("\nX\r\n".getBytes(UTF_8));
                pair.client().shutdown(Direction.WRITE);
                assertThat(caller.<Object>run(io, () -> waiting.take(source))).isEqualTo(switch (waiting) {
                    case REQUEST -> true;
                    case PEEK, EXACTLY, FULLY, ALL -> "abc\ndefg\nX\r\n";
                    case NUMBERS -> "6162630a64656667" + "a580d0a";
                    case LINES -> "abcdefg";
                    case UNTIL -> "abc\ndefg\nX";
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P9")
    void closingEndsWhatWaits(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            BufferedSource source = new BufferedSource(pair.server());
            pair.client().writeAll(new byte[3]);
            Caller.Call<String> reading = caller.start(io, () -> source.readLine(100)).blocked();
            source.close();
            assertFails(Operation.READ, Reason.CLOSED, reading::result);
            assertFails(Operation.READ_BUFFERED, Reason.CLOSED, source::read);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndInTheMiddleLosesNothing(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                BufferedSource source = new BufferedSource(pair.server());
                pair.client().writeAll(new byte[] {1, 2, 3});
                pair.client().shutdown(Direction.WRITE);
                assertFails(Operation.READ_BUFFERED, Reason.END_OF_STREAM, source::readInt);
                assertThat(source.readShort()).isEqualTo((short) 0x0102);
                assertThat(source.read()).isEqualTo(3);
                assertThat(source.isAtEnd()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aResetInTheMiddleLosesNothing(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                BufferedSource source = new BufferedSource(pair.server());
                Sockets.writeOne(pair.server(), 1);
                pair.client().writeAll(new byte[] {1, 2, 3});
                assertThat(source.request(3)).isTrue();
                pair.client().close();
                assertFails(Operation.READ, Reason.CONNECTION_RESET, source::readLong);
                assertThat(source.buffered()).isEqualTo(3);
            }
        });
    }

    /** What a peer does not take stays in the buffer, and goes on with the next flush. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void aFlushThatIsCanceledGoesOnLater(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder)) {
            long before = Sockets.fill(io, pair.client());
            BufferedSink sink = new BufferedSink(pair.client(), 100_000);
            sink.splat(7, 100_000);
            Stopping.assertStops(caller, io, () -> {
                sink.flush();
                return null;
            });
            caller.run(io, () -> assertLate(io, SHORT, () -> sink.splat(8, 1)));
            assertThat(sink.buffered()).isBetween(1, 100_000);
            Caller.Call<Long> draining = caller.start(io, () -> Sockets.drain(pair.server()));
            sink.close();
            assertThat(draining.result()).isEqualTo(before + 100_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsCopiedFromConnectionToConnection(Caller caller, Io io) throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(3).nextBytes(content);
        for (boolean buffered : new boolean[] {false, true}) {
            try (Sockets.Pair in = Sockets.Pair.open(io); Sockets.Pair out = Sockets.Pair.open(io)) {
                Caller.Call<Object> writing = caller.start(io, () -> {
                    in.client().writeAll(content);
                    in.client().shutdown(Direction.WRITE);
                    return true;
                });
                Caller.Call<byte[]> reading = caller.start(io,
                        () -> new BufferedSource(out.server()).readAll(content.length));
                assertThat(caller.<Long>run(io, () -> copy(in.server(), out.client(), buffered)))
                        .isEqualTo(content.length);
                assertThat(writing.result()).isEqualTo(true);
                assertThat(reading.result()).isEqualTo(content);
            }
        }
    }

    private static long copy(Connection from, Connection to, boolean buffered) throws IoException {
        long copied;
        if (buffered) {
            BufferedSource source = new BufferedSource(from);
            BufferedSink sink = new BufferedSink(to);
            sink.writeByte(source.readByte());
            copied = 1 + source.transferTo(sink, 100_000) + source.limit(1000).transferTo(sink);
            copied += source.transferTo(sink);
        } else {
            copied = from.transferTo(to, 100_000) + from.limit(1000).transferTo(to) + from.transferTo(to);
        }
        to.shutdown(Direction.WRITE);
        return copied;
    }

    /** What was read and not taken is still in the buffer. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void aCopyThatIsCanceledLosesNothing(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair in = Sockets.Pair.open(io);
                Sockets.Pair out = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder)) {
            long before = Sockets.fill(io, out.client());
            BufferedSource source = new BufferedSource(in.server());
            in.client().writeAll(new byte[50_000]);
            in.client().shutdown(Direction.WRITE);
            Stopping.assertStops(caller, io, () -> source.transferTo(out.client()));
            Stopping.assertStops(caller, io, () -> source.transferTo(out.client()));
            Caller.Call<Long> draining = caller.start(io, () -> Sockets.drain(out.server()));
            caller.run(io, () -> source.transferTo(out.client()));
            out.client().shutdown(Direction.WRITE);
            assertThat(draining.result()).isEqualTo(before + 50_000);
            assertThat(source.position()).isEqualTo(50_000);
        }
    }

    /** A limit of time is over while a line is half here, again and again. */
    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void aLineThatComesSlowlyIsWhole(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Caller.Call<String> reading = caller.start(io, () -> {
                BufferedSource source = new BufferedSource(pair.server());
                while (true) {
                    try {
                        return io.within(Timeout.after(Duration.ofMillis(1)), () -> source.readLine(100));
                    } catch (TimeoutException late) {
                        assertThat(source.position()).isZero();
                    }
                }
            });
            for (byte one : "slowly but surely\n".getBytes(UTF_8)) {
                Sockets.writeOne(pair.client(), one);
                io.sleep(Duration.ofMillis(1));
            }
            assertThat(reading.result()).isEqualTo("slowly but surely");
        }
    }
}
