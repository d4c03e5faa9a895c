package dev.gyre.names;

import static dev.gyre.names.TestIo.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.testing.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of hosts as text. */
@Tag("T16")
final class HostsTest {
    @Test
    void linesAreAnAddressANameAndAliases() {
        Hosts hosts = Hosts.parse("""
                # comment
                127.0.0.1\tlocalhost
                  192.0.2.1   Host.Example   alias1\talias2 # alias3
                2001:db8::1 host.example
                fe80::1%3 link
                192.0.2.2
                192.0.2.300 wrong
                host backwards
                192.0.2.4#nospace x

                """);

        assertThat(hosts.find("host.example"))
                .isEqualTo(new Hosts.Host("Host.Example", java.util.List.of(ip("192.0.2.1"), ip("2001:db8::1"))));
        assertThat(hosts.find("ALIAS2."))
                .isEqualTo(new Hosts.Host("Host.Example", java.util.List.of(ip("192.0.2.1"))));
        assertThat(hosts.find("link").addresses()).containsExactly(ip("fe80::1%3"));
        assertThat(hosts.find("alias3")).isNull();
        assertThat(hosts.find("wrong")).isNull();
        assertThat(hosts.find("backwards")).isNull();
        assertThat(hosts.find("x")).isNull();
    }

    @Test
    void carriageReturnsAreBlanks() {
        assertThat(Hosts.parse("192.0.2.1 host\r\n").find("host")).isNotNull();
    }

    @Test
    void anyTextIsATable() {
        Property.check(draw -> assertThat(Hosts.parse(draw.text(0, 200)).find("host.example")).isNull());
    }
}
