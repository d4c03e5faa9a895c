package dev.gyre.names;

import static dev.gyre.names.LyingServer.a;
import static dev.gyre.names.LyingServer.aaaa;
import static dev.gyre.names.TestIo.assertFails;
import static dev.gyre.names.TestIo.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.FileKind;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.NameConfiguration;
import dev.gyre.io.Reason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Rcode;

/** Where a name is looked for. */
@Tag("T16")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.gyre.names.TestIo#backends")
final class DnsNamesTest {
    @Parameter
    String backend;

    @TempDir
    Path folder;

    private static List<IpAddress> all(DnsNames names, String host, LookupOptions options) throws Exception {
        try (Lookup lookup = names.lookup(host, options)) {
            return lookup.all();
        }
    }

    @Test
    void theTableOfHostsComesFirst() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("192.0.2.1  www.example www # a comment", "2001:db8::1 WWW.example", "192.0.2.1 www");
            DnsNames names = new DnsNames(test.io());
            try (LyingServer server = LyingServer.start(test.io(), ask -> ask.reply(Rcode.NXDOMAIN))) {
                LookupOptions options = test.options(server.address());
                assertThat(all(names, "www.example", options)).containsExactly(ip("192.0.2.1"), ip("2001:db8::1"));
                assertThat(all(names, "Www.Example.", options)).hasSize(2);
                try (Lookup lookup = names.lookup("www", options)) {
                    assertThat(lookup.canonicalName()).isEqualTo("www.example");
                    assertThat(lookup.all()).containsExactly(ip("192.0.2.1"));
                }
                assertThat(server.asks()).isEmpty();
            }
        });
    }

    @Test
    void whatTheTableLacksIsAskedFor() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("192.0.2.1 www.example");
            try (LyingServer server = LyingServer.start(test.io(),
                    ask -> ask.reply(aaaa("www.example", "2001:db8::1")))) {
                assertThat(all(new DnsNames(test.io()), "www.example",
                        test.options(server.address()).withFamily(IpFamily.IP6))).containsExactly(ip("2001:db8::1"));
            }
        });
    }

    @Test
    void localhostIsThisMachine() throws Exception {
        TestIo.run(backend, folder, test -> {
            DnsNames names = new DnsNames(test.io());
            try (LyingServer server = LyingServer.start(test.io(), ask -> ask.reply(a(ask.name(), "192.0.2.66")))) {
                LookupOptions options = test.options(server.address());
                assertThat(all(names, "localhost", options)).containsExactly(ip("127.0.0.1"), ip("::1"));
                assertThat(all(names, "www.LocalHost.", options)).containsExactly(ip("127.0.0.1"), ip("::1"));
                assertThat(all(names, "localhost", options.withFamily(IpFamily.IP6))).containsExactly(ip("::1"));
                assertThat(server.asks()).isEmpty();
                test.hosts("127.0.0.5 localhost");
                assertThat(all(names, "localhost", options)).containsExactly(ip("127.0.0.5"));
            }
        });
    }

    @Test
    void theFilesAreReadAgainWhenTheyHaveChanged() throws Exception {
        TestIo.run(backend, folder, test -> {
            DnsNames names = new DnsNames(test.io());
            try (LyingServer server = LyingServer.start(test.io(), ask -> ask.reply(Rcode.NXDOMAIN))) {
                LookupOptions options = test.options(server.address());
                assertFails(Reason.UNKNOWN_HOST, () -> all(names, "www", options));
                assertThat(server.names()).containsExactly("www");
                test.hosts("192.0.2.1 www");
                assertThat(all(names, "www", options)).containsExactly(ip("192.0.2.1"));
                test.hosts("192.0.2.2 www");
                assertThat(all(names, "www", options)).containsExactly(ip("192.0.2.2"));
                test.hosts();
                test.resolvConf("search example");
                server.asks().clear();
                assertFails(Reason.UNKNOWN_HOST, () -> all(names, "www", options));
                assertThat(server.names()).containsExactly("www.example", "www");
            }
        });
    }

    @Test
    void theStateOfFilesIsBelievedForATime() throws Exception {
        TestIo.run(backend, folder, test -> {
            DnsNames names = new DnsNames(test.io());
            NameConfiguration known = test.options().configuration().withRecheck(java.time.Duration.ofDays(1));
            LookupOptions options = LookupOptions.DEFAULT.withConfiguration(known);
            test.hosts("192.0.2.1 www");
            assertThat(all(names, "www", options)).containsExactly(ip("192.0.2.1"));
            test.hosts("192.0.2.2 www");
            assertThat(all(names, "www", options)).containsExactly(ip("192.0.2.1"));
        });
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        TestIo.run(backend, folder, test -> {
            DnsNames names = new DnsNames(test.io());
            test.io().currentDirectory().makeDirectory(folder.resolve("hosts").toString());
            assertFails(Reason.NAME_CONFIGURATION, () -> all(names, "www", test.options()));
            test.io().currentDirectory().deleteDirectory(folder.resolve("hosts").toString());
            test.io().currentDirectory().makeNode(folder.resolve("hosts").toString(), FileKind.PIPE, 0600, 0);
            assertFails(Reason.NAME_CONFIGURATION, () -> all(names, "www", test.options()));
            test.io().currentDirectory().deleteFile(folder.resolve("hosts").toString());
            test.io().currentDirectory().makeDirectory(folder.resolve("resolv.conf").toString());
            assertFails(Reason.NAME_CONFIGURATION, () -> all(names, "www", test.options()));
        });
    }
}
