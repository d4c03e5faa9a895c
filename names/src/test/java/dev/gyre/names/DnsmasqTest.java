package dev.gyre.names;

import static dev.gyre.names.TestIo.assertFails;
import static dev.gyre.names.TestIo.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Lookups by {@link Io#lookup}, answered by a real name server. */
@Tag("T16")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.gyre.names.TestIo#realBackends")
final class DnsmasqTest {
    private static final int MANY = 120;

    @Parameter
    String backend;

    @TempDir
    Path folder;

    private static List<IpAddress> all(Io io, String host, LookupOptions options) throws IoException {
        try (Lookup lookup = io.lookup(host, options)) {
            return lookup.all();
        }
    }

    @Test
    void namesOfAllKindsAreFound() throws Exception {
        Path many = folder.resolve("many");
        Files.writeString(many, IntStream.range(0, MANY)
                .mapToObj(i -> "192.0.2." + i + " many.example\n2001:db8::" + Integer.toHexString(i + 1)
                        + " many.example\n")
                .collect(Collectors.joining()));
        try (Dnsmasq server = Dnsmasq.start(folder, "--host-record=both.example,192.0.2.1,2001:db8::1",
                "--host-record=four.example,192.0.2.4", "--host-record=six.example,2001:db8::6",
                "--cname=alias.example,middle.example", "--cname=middle.example,both.example",
                "--cname=half.example,four.example", "--addn-hosts=" + many)) {
            TestIo.run(backend, folder, test -> {
                test.resolvConf("search example", "options timeout:5");
                Io io = test.io();
                LookupOptions options = test.options(server.address());
                assertThat(all(io, "both.example", options)).containsExactlyInAnyOrder(ip("192.0.2.1"),
                        ip("2001:db8::1"));
                assertThat(all(io, "BOTH.example.", options)).hasSize(2);
                assertThat(all(io, "four", options)).containsExactly(ip("192.0.2.4"));
                assertThat(all(io, "six", options)).containsExactly(ip("2001:db8::6"));
                assertThat(all(io, "half", options)).containsExactly(ip("192.0.2.4"));
                try (Lookup lookup = io.lookup("alias", options)) {
                    assertThat(lookup.all()).hasSize(2);
                    assertThat(lookup.canonicalName()).isEqualTo("both.example");
                }
                assertFails(Reason.UNKNOWN_HOST, () -> all(io, "none.example.", options));
                // Too long for a datagram, with and without EDNS.
                assertThat(all(io, "many", options)).hasSize(2 * MANY);
                assertThat(all(io, "many", options.withConfiguration(options.configuration().withUdpPayloadMax(0))))
                        .hasSize(2 * MANY);
                assertThat(all(io, "many", options.withConfiguration(options.configuration().withUdpPayloadMax(4096))))
                        .hasSize(2 * MANY);
            });
        }
    }

    @Test
    void manyTasksLookUpAtTheSameTime() throws Exception {
        try (Dnsmasq server = Dnsmasq.start(folder, "--address=/example/192.0.2.9")) {
            TestIo.run(backend, folder, test -> {
                LookupOptions options = test.options(server.address());
                AtomicInteger found = new AtomicInteger();
                try (Group<IoException> group = test.io().group()) {
                    for (int i = 0; i < 20; i++) {
                        int number = i;
                        group.concurrent(() -> {
                            for (int k = 0; k < 20; k++) {
                                assertThat(all(test.io(), "n" + number + "x" + k + ".example", options))
                                        .containsExactly(ip("192.0.2.9"));
                                found.incrementAndGet();
                            }
                        });
                    }
                    group.await();
                }
                assertThat(found).hasValue(400);
            });
        }
    }

    @Test
    void aServerThatIsSuspendedLeadsToTheNext() throws Exception {
        Path second = Files.createDirectory(folder.resolve("second"));
        try (Dnsmasq slow = Dnsmasq.start(folder, "--address=/example/192.0.2.1");
                Dnsmasq good = Dnsmasq.start(second, "--address=/example/192.0.2.2")) {
            slow.suspend();
            TestIo.run(backend, folder, test -> {
                test.resolvConf("options timeout:1");
                assertThat(all(test.io(), "www.example", test.options(slow.address(), good.address())))
                        .containsExactly(ip("192.0.2.2"));
                test.resolvConf("options timeout:20");
                Task<List<IpAddress>, IoException> waiting =
                        test.io().concurrent(() -> all(test.io(), "www.example", test.options(slow.address())));
                slow.resume();
                assertThat(waiting.await()).containsExactly(ip("192.0.2.1"));
            });
        }
    }
}
