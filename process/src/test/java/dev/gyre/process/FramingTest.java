package dev.gyre.process;

import static dev.gyre.process.PassiveSocketTest.assertReason;
import static dev.gyre.process.SocketPair.bytes;
import static dev.gyre.process.SocketPair.pattern;
import static dev.gyre.process.SocketPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Direction;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.process.SocketMessage.Closed;
import dev.gyre.process.SocketMessage.Data;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Frames in a stream, in both modes, whole and cut, small and too long. */
@Tag("P7")
final class FramingTest {
    /** Netstrings, and a fault of their own for what is none. */
    private static final class Netstring implements Framing {
        @Override
        public long length(byte[] buffer, int offset, int count, int seen) {
            int length = 0;
            for (int i = 0; i < count; i++) {
                byte digit = buffer[offset + i];
                if (digit == ':') {
                    return i + 1L + length + 1;
                }
                if (digit < '0' || digit > '9' || i > 5) {
                    throw new IllegalArgumentException("no netstring");
                }
                length = length * 10 + digit - '0';
            }
            return 0;
        }

        @Override
        public byte[] decode(byte[] buffer, int offset, int length) {
            if (buffer[offset + length - 1] != ',') {
                throw new IllegalArgumentException("no comma");
            }
            int begin = offset;
            while (buffer[begin] != ':') {
                begin++;
            }
            return Arrays.copyOfRange(buffer, begin + 1, offset + length - 1);
        }

        @Override
        public byte[] encode(byte[] payload) {
            return bytes(payload.length + ":" + text(payload) + ",");
        }
    }

    @Test
    void framesOfErlang() {
        assertThat(Framing.LENGTH_1.encode(bytes("ab"))).isEqualTo(new byte[] {2, 'a', 'b'});
        assertThat(Framing.LENGTH_2.encode(new byte[258])).startsWith(1, 2, 0).hasSize(260);
        assertThat(Framing.LENGTH_4.encode(bytes("a"))).isEqualTo(new byte[] {0, 0, 0, 1, 'a'});
        assertThatThrownBy(() -> Framing.LENGTH_1.encode(new byte[256]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("256 bytes are too many for LENGTH_1, which carries 255 at most");
        assertThatThrownBy(() -> Framing.LENGTH_2.encode(new byte[65_536]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Framing.LENGTH_4.length(new byte[] {-1, -1, -1, -1}, 0, 4, 0)).isEqualTo(4L + 0xffff_ffffL);
    }

    @OnEachBackend
    void framesInAndOut(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (Framing framing : List.of(
                    Framing.LENGTH_1, Framing.LENGTH_2, Framing.LENGTH_4, Framing.LINE, new Netstring())) {
                SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT.withFraming(framing));
                List<byte[]> payloads = List.of(
                        bytes("a\n"), bytes(framing == Framing.LINE ? "\n" : ""), bytes("x".repeat(200) + "\n"));
                for (byte[] payload : payloads) {
                    pair.socket().send(payload);
                    byte[] frame = framing.encode(payload);
                    assertThat(pair.readBytes(frame.length)).isEqualTo(frame);
                    // Back a byte at a time, and twice at once.
                    for (byte each : frame) {
                        pair.peer().writeAll(new byte[] {each});
                    }
                    pair.peer().writeAll(frame);
                }
                int turn = 0;
                for (byte[] payload : payloads) {
                    for (int i = 0; i < 2; i++) {
                        if (turn++ % 3 == 0) {
                            pair.socket().setActive(ActiveMode.ONCE);
                            assertThat(((Data) TestNode.next(self)).bytes()).isEqualTo(payload);
                        } else {
                            assertThat(pair.socket().receive(0, TestNode.LONG)).isEqualTo(payload);
                        }
                    }
                }
            }
        });
    }

    /** What was read already is divided anew. */
    @OnEachBackend
    void framesChangeOnTheWay(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT.withFraming(Framing.LINE));
            TcpSocket socket = pair.socket();
            pair.write("4\nab\ncd");
            assertThat(text(socket.receive(0))).isEqualTo("4\n");
            socket.setFraming(Framing.RAW);
            assertThat(text(socket.receive(4))).isEqualTo("ab\nc");
            pair.write("\1g");
            assertThat(text(socket.receive(1))).isEqualTo("d");
            socket.setFraming(Framing.LENGTH_1);
            assertThat(text(socket.receive(0))).isEqualTo("g");
            socket.setActive(ActiveMode.ALWAYS);
            assertThatThrownBy(() -> socket.setFraming(Framing.RAW)).isInstanceOf(IllegalStateException.class);
            socket.close();
            assertReason(Reason.CLOSED, () -> socket.setFraming(Framing.RAW));
        });
    }

    @OnEachBackend
    void aLongFrameInManyReads(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(
                    self, TcpOptions.DEFAULT.withFraming(Framing.LENGTH_4).withReceiveBuffer(1_000));
            byte[] payload = pattern(300_000);
            Task<String, Exception> sender = self.io().concurrent(() -> {
                pair.peer().writeAll(Framing.LENGTH_4.encode(payload));
                pair.peer().writeAll(Framing.LENGTH_4.encode(bytes("small")));
                return "";
            });
            assertThat(pair.socket().receive(0, TestNode.LONG)).isEqualTo(payload);
            assertThat(text(pair.socket().receive(0, TestNode.LONG))).isEqualTo("small");
            sender.await();
        });
    }

    @OnEachBackend
    void aFrameThatIsTooLongIsRefusedAtOnce(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpOptions bounded = TcpOptions.DEFAULT.withFrameMax(1_000);
            for (ActiveMode mode : List.of(ActiveMode.PASSIVE, ActiveMode.ALWAYS)) {
                SocketPair announced = SocketPair.open(
                        self, bounded.withActive(mode).withFraming(Framing.LENGTH_4));
                announced.peer().writeAll(new byte[] {127, -1, -1, -1});
                assertTold(self, mode, announced, Reason.TOO_LONG);
                SocketPair line = SocketPair.open(self, bounded.withActive(mode).withFraming(Framing.LINE));
                line.peer().writeAll(bytes("x".repeat(1_000)));
                assertTold(self, mode, line, Reason.TOO_LONG);
                // The peer is hung up on.
                assertReason(Reason.CONNECTION_RESET, () -> line.peer().read(new byte[1]));
                SocketPair just = SocketPair.open(self, bounded.withActive(mode).withFraming(Framing.LINE));
                just.peer().writeAll(bytes("x".repeat(999) + "\n"));
                assertThat(mode == ActiveMode.PASSIVE
                                ? just.socket().receive(0)
                                : ((Data) TestNode.next(self)).bytes())
                        .hasSize(1_000);
            }
        });
    }

    @OnEachBackend
    void aFrameThatIsCutIsToldOnce(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (ActiveMode mode : List.of(ActiveMode.PASSIVE, ActiveMode.ONCE)) {
                SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT
                        .withActive(mode)
                        .withFraming(Framing.LENGTH_2));
                pair.peer().writeAll(new byte[] {0, 3, 'a'});
                pair.peer().shutdown(Direction.WRITE);
                assertTold(self, mode, pair, Reason.END_OF_STREAM);
            }
        });
    }

    private static void assertTold(Self self, ActiveMode mode, SocketPair pair, Reason reason) throws Exception {
        if (mode == ActiveMode.PASSIVE) {
            assertReason(reason, () -> pair.socket().receive(0, TestNode.LONG));
        } else {
            assertThat(TestNode.next(self)).isInstanceOfSatisfying(
                    SocketMessage.Failed.class,
                    error -> assertReason(reason, () -> {
                        throw error.cause();
                    }));
            assertThat(TestNode.next(self)).isEqualTo(new Closed(pair.socket()));
        }
        assertReason(Reason.CLOSED, () -> pair.socket().receive(0, TestNode.LONG));
    }

    @OnEachBackend
    void whatAFramingThrowsIsTold(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpOptions own = TcpOptions.DEFAULT.withFraming(new Netstring());
            for (String bad : List.of("x", "1:ab")) {
                SocketPair passive = SocketPair.open(self, own);
                passive.write(bad);
                assertThatThrownBy(() -> passive.socket().receive(0)).isInstanceOf(IllegalArgumentException.class);
                assertReason(Reason.CLOSED, () -> passive.socket().receive(0));
                SocketPair active = SocketPair.open(self, own.withActive(ActiveMode.ALWAYS));
                active.write(bad);
                assertThat(TestNode.next(self)).isInstanceOfSatisfying(
                        SocketMessage.Failed.class,
                        error -> assertThat(error.cause()).isInstanceOf(IllegalArgumentException.class));
                assertThat(TestNode.next(self)).isEqualTo(new Closed(active.socket()));
                assertReason(Reason.CLOSED, () -> active.socket().receive(0));
            }
        });
    }

    /** A line that comes a byte at a time is looked at once, and not anew for each byte. */
    @OnEachBackend
    void aSlowPeerCostsNoMore(String backend) throws Exception {
        TestNode.run(backend, self -> {
            long[] looked = {0};
            Framing counted = new Framing() {
                @Override
                public long length(byte[] buffer, int offset, int count, int seen) {
                    looked[0] += count - seen;
                    return Framing.LINE.length(buffer, offset, count, seen);
                }

                @Override
                public byte[] decode(byte[] buffer, int offset, int length) {
                    return Framing.LINE.decode(buffer, offset, length);
                }

                @Override
                public byte[] encode(byte[] payload) {
                    return payload;
                }
            };
            SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT.withFraming(counted));
            Task<String, Exception> sender = self.io().concurrent(() -> {
                for (int i = 0; i < 2_000; i++) {
                    pair.peer().writeAll(new byte[] {'x'});
                    if (i % 100 == 0) {
                        self.io().sleep(Duration.ofNanos(100_000));
                    }
                }
                pair.peer().writeAll(new byte[] {'\n'});
                return "";
            });
            assertThat(pair.socket().receive(0, TestNode.LONG)).hasSize(2_001);
            assertThat(looked[0]).isEqualTo(2_001);
            sender.await();
        });
    }
}
