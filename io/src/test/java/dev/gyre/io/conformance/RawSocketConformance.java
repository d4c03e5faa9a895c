package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Passable;
import dev.gyre.io.Reason;
import dev.gyre.io.Received;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs may do with their Unix sockets. */
@Tag("T13")
abstract class RawSocketConformance {
    private static final int PATH_MAX = 108;

    private static final UnixAddress NONE = new UnixAddress("");

    private static byte[] bytes(UnixAddress address) {
        return address.path().getBytes(StandardCharsets.UTF_8);
    }

    /** An abstract one, and two paths: one that is no text, and one that leaves no room for a final NUL. */
    private static List<byte[]> oddNames(Path folder) {
        byte[] prefix = (folder + "/").getBytes(StandardCharsets.UTF_8);
        byte[] noText = Arrays.copyOf(prefix, prefix.length + 2);
        noText[prefix.length] = (byte) 0xff;
        noText[prefix.length + 1] = 'x';
        byte[] full = Arrays.copyOf(prefix, PATH_MAX);
        Arrays.fill(full, prefix.length, PATH_MAX, (byte) 'f');
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        byte[] hidden = new byte[pid.length + 2];
        hidden[1] = (byte) 0xc3;
        System.arraycopy(pid, 0, hidden, 2, pid.length);
        return List.of(hidden, noText, full);
    }

    @Test
    @Tag("T14")
    void aNameThatIsNoTextIsNone(Io io, @TempDir Path folder) throws Exception {
        if (folder.toString().length() > PATH_MAX - 2) {
            throw Skip.because("a temporary folder with a path of at most 106 bytes", folder);
        }
        for (byte[] name : oddNames(folder)) {
            UnixAddress address = (UnixAddress) Sockets.Family.UNIX_ABSTRACT.fresh(folder);
            try (DatagramSocket ours = io.bind(address, DatagramOptions.DEFAULT);
                    RawSocket other = RawSocket.named(RawSocket.DATAGRAM, name)) {
                other.connect(bytes(address));
                other.send();
                assertThat(ours.receive(MemorySegment.ofArray(new byte[1])).address()).isEqualTo(NONE);
            }
        }
        try (Listener listener = Sockets.Family.UNIX_ABSTRACT.listen(io, folder)) {
            for (byte[] name : oddNames(folder)) {
                try (RawSocket other = RawSocket.named(RawSocket.STREAM, again(name))) {
                    other.connect(bytes((UnixAddress) listener.localAddress()));
                    try (Connection connection = listener.accept()) {
                        assertThat(connection.remoteAddress()).isEqualTo(NONE);
                    }
                }
            }
        }
    }

    /** The file of the one before is still there. */
    private static byte[] again(byte[] name) {
        byte[] other = name.clone();
        other[other.length - 1] = 'o';
        return other;
    }

    /** Text that only looks as if it were none. */
    @Test
    @Tag("T14")
    void aNameOfAnyTextIsTold(Io io, @TempDir Path folder) throws Exception {
        UnixAddress name = new UnixAddress("\0\ufffd\u00fc-" + ProcessHandle.current().pid());
        UnixAddress address = (UnixAddress) Sockets.Family.UNIX_ABSTRACT.fresh(folder);
        try (DatagramSocket ours = io.bind(address, DatagramOptions.DEFAULT);
                RawSocket other = RawSocket.named(RawSocket.DATAGRAM, bytes(name))) {
            other.connect(bytes(address));
            other.send();
            assertThat(ours.receive(MemorySegment.ofArray(new byte[1])).address()).isEqualTo(name);
        }
    }

    /** There is room for who sent a datagram, but none for what was passed along. */
    @Test
    @Tag("T14")
    void whatIsPassedWithADatagramIsClosed(Io io, @TempDir Path folder) throws Exception {
        for (DatagramOptions options : List.of(
                DatagramOptions.DEFAULT, DatagramOptions.DEFAULT.with(DatagramOptions.Flag.CREDENTIALS))) {
            UnixAddress address = (UnixAddress) Sockets.Family.UNIX_ABSTRACT.fresh(folder);
            try (DatagramSocket ours = io.bind(address, options);
                    RawSocket other = RawSocket.open(RawSocket.AF_UNIX, RawSocket.DATAGRAM)) {
                other.connect(bytes(address));
                other.send(other, other);
                Datagram datagram = ours.receive(MemorySegment.ofArray(new byte[1]));
                assertThat(datagram.flags()).containsExactly(Datagram.Flag.CONTROL_TRUNCATED);
                assertThat(datagram.control().credentials() != null).isEqualTo(options.askForControl());
            }
        }
    }

    @Test
    void anotherProcessIsNamed(Io io, @TempDir Path folder) throws Exception {
        ListenOptions options = ListenOptions.DEFAULT.withOption(SocketOption.PASS_CREDENTIALS, true);
        UnixAddress address = (UnixAddress) Sockets.Family.UNIX_PATH.fresh(folder);
        try (Listener listener = io.listen(address, options)) {
            String pid = ChildJvm.run(Writer.class, address.path()).getFirst();
            try (Connection connection = listener.accept();
                    Received received = connection.readWith(MemorySegment.ofArray(new byte[1]), 2)) {
                assertThat(received.credentials().process()).isEqualTo(Integer.parseInt(pid));
            }
        }
    }

    /** Writes a byte to a socket, without Gyre, and says which process it is. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
                channel.write(ByteBuffer.allocate(1));
            }
            System.out.println(ProcessHandle.current().pid());
        }
    }

    @Test
    void aSocketThatWasPassedUnconnectedSaysSo(Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_ABSTRACT.listen(io, folder);
                RawSocket other = RawSocket.open(RawSocket.AF_UNIX, RawSocket.STREAM);
                RawSocket unix = RawSocket.open(RawSocket.AF_UNIX, RawSocket.STREAM);
                RawSocket tcp = RawSocket.open(RawSocket.AF_INET, RawSocket.STREAM)) {
            other.connect(bytes((UnixAddress) listener.localAddress()));
            for (int i = 0; i < Caller.values().length; i++) {
                other.send(unix, tcp);
            }
            try (Connection connection = listener.accept()) {
                for (Caller caller : Caller.values()) {
                    try (Received received = connection.readWith(MemorySegment.ofArray(new byte[1]), 2)) {
                        assertThat(received.passed()).hasSize(2);
                        caller.run(io, () -> assertUnconnected(received.passed()));
                    }
                }
            }
        }
    }

    /** One that was never bound, which Gyre itself does not make. */
    @Test
    @Tag("T14")
    void aSocketOfDatagramsThatWasPassedUnboundCanBeUsed(Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_ABSTRACT.listen(io, folder);
                RawSocket other = RawSocket.open(RawSocket.AF_UNIX, RawSocket.STREAM);
                RawSocket unix = RawSocket.open(RawSocket.AF_UNIX, RawSocket.DATAGRAM);
                RawSocket udp = RawSocket.open(RawSocket.AF_INET, RawSocket.DATAGRAM);
                DatagramSocket unixPeer = io.bind(NONE, DatagramOptions.DEFAULT);
                DatagramSocket udpPeer = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
            other.connect(bytes((UnixAddress) listener.localAddress()));
            other.send(unix, udp);
            MemorySegment one = MemorySegment.ofArray(new byte[1]);
            try (Connection connection = listener.accept(); Received received = connection.readWith(one, 2)) {
                DatagramSocket unbound = (DatagramSocket) received.passed().getFirst();
                assertThat(unbound.localAddress()).isEqualTo(NONE);
                unbound.send(one, unixPeer.localAddress());
                assertThat(unixPeer.receive(one).address()).isEqualTo(NONE);
                DatagramSocket portless = (DatagramSocket) received.passed().getLast();
                assertThat(portless.localAddress()).isEqualTo(Ip4Address.unspecified(0));
                portless.connect(udpPeer.localAddress());
                portless.send(one);
                Datagram arrived = udpPeer.receive(one);
                assertThat(arrived.address()).isEqualTo(portless.localAddress());
                udpPeer.send(arrived);
                assertThat(portless.receive(one).address()).isEqualTo(udpPeer.localAddress());
            }
        }
    }

    private static void assertUnconnected(List<Passable> passed) {
        for (Passable each : passed) {
            Connection connection = (Connection) each;
            assertFails(Operation.READ, Reason.NOT_CONNECTED, () -> Sockets.readOne(connection));
            assertFails(Operation.REMOTE_ADDRESS, Reason.NOT_CONNECTED, connection::remoteAddress);
        }
        assertFails(Operation.WRITE, Reason.NOT_CONNECTED,
                () -> Sockets.writeOne((Connection) passed.getFirst(), 1));
        assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> Sockets.writeOne((Connection) passed.getLast(), 1));
    }
}
