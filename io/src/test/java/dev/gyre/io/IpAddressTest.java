package dev.gyre.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** IP addresses as text and back. */
@Tag("T17")
final class IpAddressTest {
    @Test
    void everyIp4AddressIsReadAsItIsPrinted() {
        Property.check(draw -> {
            int port = draw.between(0, 65535);
            Ip4Address address = new Ip4Address(draw.anyInt(), port);
            assertThat(IpAddress.parse(address.host(), port)).isEqualTo(address);
            assertThat(address).hasToString(address.host() + ":" + port);
        });
    }

    @Test
    void everyIp6AddressIsReadAsItIsPrinted() {
        Property.check(draw -> {
            int port = draw.between(0, 65535);
            int scope = draw.between(0, Integer.MAX_VALUE);
            Ip6Address address = new Ip6Address(half(draw), half(draw), port, 0, scope);
            assertThat(IpAddress.parse(address.host(), port)).isEqualTo(address);
            assertThat(IpAddress.parse("[" + address.host() + "]", port)).isEqualTo(address);
            assertThat(address).hasToString("[" + address.host() + "]:" + port);
        });
    }

    /** The JDK reads the same as we do; and what it prints, we read. */
    @Test
    void theJdkReadsTheSame() {
        Property.check(draw -> theJdkReadsTheSame(half(draw), half(draw)));
    }

    private static void theJdkReadsTheSame(long high, long low) throws UnknownHostException {
        Ip6Address address = new Ip6Address(high, low, 0);
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        InetAddress theirs = InetAddress.getByName(address.host());
        if (address.isMapped()) {
            assertThat(theirs.getAddress()).isEqualTo(ByteBuffer.allocate(4).putInt((int) low).array());
        } else {
            assertThat(theirs.getAddress()).isEqualTo(bytes);
            assertThat(Ip6Address.parse(Inet6Address.getByAddress(bytes).getHostAddress(), 0)).isEqualTo(address);
        }
    }

    @Test
    void loopbackIsANetInIp4AndItsIp6FormAndOneAddressInIp6() {
        for (String host : List.of("127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:127.1.2.3")) {
            assertThat(IpAddress.parse(host, 80).isLoopback()).as(host).isTrue();
        }
        for (String host : List.of("126.255.255.255", "128.0.0.0", "0.0.0.0", "255.127.0.1", "::", "::2", "1::1",
                "::127.0.0.1", "::ffff:128.0.0.1", "fe80::1%1")) {
            assertThat(IpAddress.parse(host, 80).isLoopback()).as(host).isFalse();
        }
    }

    /** RFC 5952, section 4: lower case, no leading zeros, the longest run of zeros and no single one as "::". */
    @Test
    void ip6IsPrintedInItsOneForm() {
        Property.check(draw -> ip6IsPrintedInItsOneForm(half(draw), half(draw)));
    }

    private static void ip6IsPrintedInItsOneForm(long high, long low) {
        Ip6Address address = new Ip6Address(high, low, 0);
        String text = address.host();
        if (!address.isMapped()) {
            assertThat(text).matches("[0-9a-f:]+").doesNotContain(":::").doesNotContainPattern("(^|:)0[0-9a-f]");
            assertThat(text.indexOf("::")).isEqualTo(text.lastIndexOf("::"));
            int longest = longestRunOfZeros(high, low);
            assertThat(text.contains("::")).isEqualTo(longest >= 2);
            if (longest >= 2) {
                long groups = text.equals("::") ? 0 : text.split(":+").length - (text.startsWith("::") ? 1 : 0);
                assertThat(8 - groups).as(text).isEqualTo(longest);
            }
        }
    }

    /** Whatever the text, it is an address or refused with a reason. */
    @Test
    void nothingElseThanAnAddressIsRead() {
        Property.check(draw -> nothingElseThanAnAddressIsRead(draw.textOf("0123456789abcdefABCDEF:.%[] x", 45)));
    }

    private static void nothingElseThanAnAddressIsRead(String text) {
        try {
            IpAddress address = IpAddress.parse(text, 1);
            String host = switch (address) {
                case Ip4Address ip -> ip.host();
                case Ip6Address ip -> ip.host();
            };
            assertThat(IpAddress.parse(host, 1)).isEqualTo(address);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(text);
        }
    }

    @Test
    void textsOfTheStandards() {
        assertPrints("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a");
        assertPrints("FF01:0:0:0:0:0:0:101", "ff01::101");
        assertPrints("0:0:0:0:0:0:0:1", "::1");
        assertPrints("0:0:0:0:0:0:0:0", "::");
        assertPrints("::13.1.68.3", "::d01:4403");
        assertPrints("::FFFF:129.144.52.38", "::ffff:129.144.52.38");
        assertPrints("::ffff:8190:3426", "::ffff:129.144.52.38");
        assertPrints("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
        assertPrints("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
        assertPrints("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
        assertPrints("fe80::1%7", "fe80::1%7");
        assertPrints("1::", "1::");
        assertPrints("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0");
        assertPrints("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8");
    }

    @Test
    void whatIsNoAddress() {
        for (String text : List.of("", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1..2.3",
                " 1.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "\u0661.2.3.4", "localhost",
                ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::",
                "::1.2.3", "1.2.3.4::", "::1:1.2.3.4:1", "fe80::1%", "fe80::1%eth0", "fe80::1%-1",
                "fe80::1%2147483648", "[::1", "::1]", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> IpAddress.parse(text, 1));
        }
    }

    @Test
    void partsOutOfRange() {
        for (int port : new int[] {-1, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Ip4Address(0, port));
            assertThatIllegalArgumentException().isThrownBy(() -> new Ip6Address(0, 0, port));
            assertThatIllegalArgumentException().isThrownBy(() -> Ip4Address.loopback(1).withPort(port));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Ip6Address(0, 0, 1, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Ip6Address(0, 0, 1, 1 << 20, 0));
        assertThatThrownBy(() -> new Ip6Address(0, 0, 1, 0, -1)).hasMessageContaining("-1");
    }

    @Test
    void aMappedAddressIsTheSameInDisguise() {
        Property.check(draw -> {
            int port = draw.between(0, 65535);
            Ip4Address address = new Ip4Address(draw.anyInt(), port);
            Ip6Address mapped = Ip6Address.mapped(address);
            assertThat(mapped.isMapped()).isTrue();
            assertThat(mapped.port()).isEqualTo(port);
            assertThat(mapped.host()).isEqualTo("::ffff:" + address.host());
            assertThat(mapped.withPort(1).withPort(port)).isEqualTo(mapped);
        });
    }

    @Test
    void wellKnownAddresses() {
        assertThat(Ip4Address.loopback(80)).hasToString("127.0.0.1:80");
        assertThat(Ip4Address.unspecified(0)).hasToString("0.0.0.0:0");
        assertThat(Ip6Address.loopback(80)).hasToString("[::1]:80");
        assertThat(Ip6Address.unspecified(0)).hasToString("[::]:0");
        assertThat(Ip6Address.loopback(80).isMapped()).isFalse();
    }

    @Test
    void addressesThatNeedAnInterface() {
        for (String host : List.of("fe80::1", "febf::", "ff02::1", "ff12::7101", "ff01::1")) {
            assertThat(Ip6Address.parse(host, 0).lacksInterface()).as(host).isTrue();
            assertThat(Ip6Address.parse(host + "%1", 0).lacksInterface()).as(host).isFalse();
        }
        for (String host : List.of("::", "::1", "fec0::1", "fe7f::1", "ff05::1", "ff0e::1", "::ffff:169.254.1.1")) {
            assertThat(Ip6Address.parse(host, 0).lacksInterface()).as(host).isFalse();
        }
    }

    /** Half of an IPv6 address, with zeros, which decide about the text, in all places. */
    private static long half(Draw draw) {
        return draw.list(4, 4, IpAddressTest::group).stream().reduce(0L, (bits, next) -> bits << 16 | next);
    }

    private static long group(Draw draw) {
        long any = draw.between(0L, 0xffffL);
        return draw.of(0L, 0L, 0L, draw.of(1L, 0x10L, 0xffffL), any, any);
    }

    private static int longestRunOfZeros(long high, long low) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < 8; i++) {
            long group = (i < 4 ? high >>> (48 - 16 * i) : low >>> (48 - 16 * (i - 4))) & 0xffff;
            run = group == 0 ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static void assertPrints(String text, String expected) {
        IpAddress address = IpAddress.parse(text, 1);
        assertThat(address).hasToString("[" + expected + "]:1");
    }
}
