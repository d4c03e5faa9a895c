package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks that lead nowhere, for real: each reason is provoked in a network of its own. */
@Tag("T12")
@Tag("L3")
abstract class RouteConformance {
    /** Documentation networks of RFC 5737, each with a route of another type. */
    private static final String ROUTES = "ip link set lo up"
            + " && ip route add unreachable 198.51.100.0/24"
            + " && ip route add prohibit 203.0.113.0/24"
            + " && ip route add blackhole 192.0.2.128/25"
            + " && echo 50000 50003 > /proc/sys/net/ipv4/ip_local_port_range";

    @Test
    void eachRouteThatLeadsNowhereIsToldApart(Io io) throws Exception {
        assertThat(ChildJvm.runInNetwork(ROUTES, Program.class, io.backend())).containsExactly(
                "connect 192.0.2.1:1: the network is unreachable (ENETUNREACH)",
                "connect 198.51.100.1:1: the host is unreachable (EHOSTUNREACH)",
                "connect 203.0.113.1:1: access denied (EACCES)",
                "connect 192.0.2.129:1: the network is unreachable (EINVAL)",
                "connect [fe80::1]:1: a link-local address needs its interface, as in fe80::1%eth0",
                "listen [fe80::1]:0: a link-local address needs its interface, as in fe80::1%eth0",
                "connect: no ephemeral port is free", "connect from: no ephemeral port is free",
                "listen: no ephemeral port is free");
    }

    /** Prints what it hears. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                for (String host : List.of("192.0.2.1", "198.51.100.1", "203.0.113.1", "192.0.2.129")) {
                    System.out.println(failure(() -> io.connect(Ip4Address.parse(host, 1))).getMessage());
                }
                Ip6Address linkLocal = Ip6Address.parse("fe80::1", 1);
                System.out.println(failure(() -> io.connect(linkLocal)).getMessage());
                System.out.println(
                        failure(() -> io.listen(linkLocal.withPort(0), ListenOptions.DEFAULT)).getMessage());
                exhaustPorts(io);
            }
        }

        @SuppressWarnings("ModifiedButNotUsed") // it keeps them from being collected
        private static void exhaustPorts(Io io) throws IoException {
            ConnectOptions from = ConnectOptions.DEFAULT.withLocal(Ip4Address.loopback(0));
            List<AutoCloseable> taken = new ArrayList<>();
            Listener listener = io.listen(Ip4Address.loopback(49_000), ListenOptions.DEFAULT);
            Address address = listener.localAddress();
            System.out.println("connect: " + failure(() -> {
                while (true) {
                    taken.add(io.connect(address));
                }
            }).reason().text());
            System.out.println("connect from: " + failure(() -> io.connect(address, from)).reason().text());
            System.out.println("listen: " + failure(() -> {
                while (true) {
                    taken.add(io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT));
                }
            }).reason().text());
        }

        private interface Attempt {
            Object make() throws IoException;
        }

        private static IoException failure(Attempt attempt) {
            try {
                throw new AssertionError("succeeded: " + attempt.make());
            } catch (IoException failed) {
                return failed;
            }
        }
    }
}
