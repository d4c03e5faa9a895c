package dev.gyre.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.IpAddress;
import dev.gyre.testing.Property;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The resolver's configuration as text. */
@Tag("T16")
final class ResolvConfTest {
    @Test
    void allThatIsUnderstoodIsTaken() {
        ResolvConf conf = ResolvConf.parse("""
                # comment
                ; comment
                nameserver 192.0.2.1
                nameserver\t2001:db8::1
                 nameserver 192.0.2.9
                nameserver nonsense
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                domain first.example
                search one.example two.example
                sortlist 192.0.2.0
                options ndots:3 timeout:7 attempts:4 rotate edns0 no-aaaa
                """);

        assertThat(conf.servers()).containsExactly(
                IpAddress.parse("192.0.2.1", 53), IpAddress.parse("2001:db8::1", 53), IpAddress.parse("192.0.2.3", 53));
        assertThat(conf.search()).containsExactly("one.example", "two.example");
        assertThat(conf.ndots()).isEqualTo(3);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(conf.attempts()).isEqualTo(4);
        assertThat(conf.rotate()).isTrue();
        assertThat(conf.noIp6()).isTrue();
    }

    @Test
    void anEmptyFileMeansTheServerOnThisMachine() {
        ResolvConf conf = ResolvConf.parse("");

        assertThat(conf.servers()).containsExactly(IpAddress.parse("127.0.0.1", 53));
        assertThat(conf.search()).isEmpty();
        assertThat(conf.ndots()).isEqualTo(1);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(conf.attempts()).isEqualTo(2);
        assertThat(conf.rotate()).isFalse();
        assertThat(conf.noIp6()).isFalse();
    }

    @Test
    void numbersAreBroughtWithinTheirLimits() {
        ResolvConf great = ResolvConf.parse("options ndots:99 timeout:99999999999 attempts:6");
        assertThat(great.ndots()).isEqualTo(15);
        assertThat(great.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(great.attempts()).isEqualTo(5);

        ResolvConf small = ResolvConf.parse("options ndots:-1 timeout:0 attempts:0 timeout:x attempts");
        assertThat(small.ndots()).isZero();
        assertThat(small.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(small.attempts()).isEqualTo(1);
    }

    @Test
    void theLastSearchListCounts() {
        assertThat(ResolvConf.parse("search a.example\ndomain b.example").search()).containsExactly("b.example");
    }

    @Test
    void theNameOfAnInterfaceBecomesItsNumber() {
        ResolvConf conf = ResolvConf.parse("nameserver fe80::1%eth0", text -> text.replace("eth0", "2"));

        assertThat(conf.servers()).containsExactly(IpAddress.parse("fe80::1%2", 53));
    }

    @Test
    void anyTextIsAConfiguration() {
        Property.check(draw -> {
            ResolvConf conf = ResolvConf.parse("options " + draw.text(0, 40) + "\n" + draw.text(0, 200));

            assertThat(conf.servers()).isNotEmpty();
            assertThat(conf.attempts()).isBetween(1, 5);
        });
    }
}
