package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of datagrams on their way, in networks of their own. */
@Tag("T14")
abstract class DatagramRouteConformance {
    private static final String LINK_LOCAL = "ip link set lo up && ip addr add fe80::1/64 dev lo nodad";

    /** Behind the second address nobody answers, for which the kernel looks for three seconds. */
    private static final String SILENCE = "ip link set lo up && ip link add gyre0 type veth peer name gyre1"
            + " && ip link set gyre0 up && ip link set gyre1 up && ip addr add 192.0.2.1/24 dev gyre0";

    private static Datagram datagram(int length) {
        return new Datagram(MemorySegment.ofArray(new byte[length]));
    }

    /** The kernel knows the interface by the socket, or by its routes. */
    @Test
    void aLinkLocalAddressMayGoWithoutItsInterface(Io io) throws Exception {
        assertThat(ChildJvm.runInNetwork(LINK_LOCAL, LinkLocal.class, io.backend()))
                .containsExactly("bound to lo: 3 bytes", "bound to nothing: 5 bytes", "connected: 7 bytes");
    }

    /** Prints what arrives. */
    static final class LinkLocal {
        private LinkLocal() {}

        public static void main(String[] arguments) throws Exception {
            DatagramOptions atLoopback = DatagramOptions.DEFAULT.withOption(SocketOption.BIND_TO_DEVICE, "lo");
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
                    DatagramSocket receiver = io.bind(io.parseAddress("fe80::1%lo", 0), DatagramOptions.DEFAULT);
                    DatagramSocket bound = io.bind(Ip6Address.unspecified(0), atLoopback);
                    DatagramSocket free = io.bind(Ip6Address.unspecified(0), DatagramOptions.DEFAULT)) {
                int port = ((IpAddress) receiver.localAddress()).port();
                IpAddress target = IpAddress.parse("fe80::1", port);
                bound.send(datagram(3).address(target));
                System.out.println("bound to lo: " + receiver.receive(room()).length() + " bytes");
                free.send(datagram(5).address(target));
                System.out.println("bound to nothing: " + receiver.receive(room()).length() + " bytes");
                bound.connect(target);
                bound.send(datagram(7));
                System.out.println("connected: " + receiver.receive(room()).length() + " bytes");
            }
        }

        private static MemorySegment room() {
            return MemorySegment.ofArray(new byte[10]);
        }
    }

    /** Errors that nobody has taken make a socket look ready. */
    @Test
    void aSendThatWaitsBesideErrorsKeepsNoProcessorBusy(Io io) throws Exception {
        assertThat(ChildJvm.runInNetwork(SILENCE, Full.class, io.backend()))
                .containsExactly("waited", "CONNECTION_REFUSED");
    }

    /** Fills the buffer of a socket that has an error waiting. */
    static final class Full {
        private Full() {}

        public static void main(String[] arguments) throws Exception {
            DatagramOptions options = DatagramOptions.DEFAULT.with(DatagramOptions.Flag.ERRORS)
                    .withOption(SocketOption.SEND_BUFFER, 4608);
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
                    DatagramSocket socket = io.bind(Ip4Address.unspecified(0), options)) {
                DatagramSocket closed = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT);
                IpAddress nobody = (IpAddress) closed.localAddress();
                closed.close();
                socket.send(datagram(1).address(nobody));
                Timestamp before = io.now(Clock.AWAKE);
                Timestamp busyBefore = io.now(Clock.PROCESS_CPU);
                io.concurrent(() -> fill(io, socket)).await();
                Duration waited = io.now(Clock.AWAKE).since(before);
                Duration busy = io.now(Clock.PROCESS_CPU).since(busyBefore);
                System.out.println(waited.compareTo(Duration.ofSeconds(1)) < 0
                        ? "not full after " + waited
                        : busy.compareTo(waited.dividedBy(2)) < 0 ? "waited" : "busy for " + busy + " of " + waited);
                DatagramError oldest = socket.takeError();
                System.out.println(oldest == null ? "no error" : oldest.reason());
            }
        }

        /** Sends until there is no room, and on until there is, or until it is known that nobody is there. */
        private static Object fill(Io io, DatagramSocket socket) throws Exception {
            Datagram datagram = datagram(1000).address(IpAddress.parse("192.0.2.2", 9));
            try {
                while (true) {
                    io.within(Timeout.after(Duration.ofMillis(100)), () -> send(socket, datagram));
                }
            } catch (TimeoutException full) {
                return send(socket, datagram);
            }
        }

        private static Object send(DatagramSocket socket, Datagram datagram) throws IoException {
            try {
                socket.send(datagram);
            } catch (IoException about) {
                // The error of the first one is told here, and so is that nobody is there.
                if (about.reason() != Reason.CONNECTION_REFUSED && about.reason() != Reason.HOST_UNREACHABLE) {
                    throw about;
                }
            }
            return socket;
        }
    }
}
