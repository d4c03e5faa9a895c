package dev.gyre.io.spi.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.IpAddress;
import dev.gyre.io.spi.name.DestinationOrder.Candidate;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which address is tried first: the examples of RFC 6724 §10.2, and what holds for all. */
@Tag("T16")
final class DestinationOrderTest {
    /** Destinations and the address of this machine that each is reached from; {@code -} for none. */
    private static List<String> sorted(String... pairs) {
        List<Candidate> candidates = new ArrayList<>();
        for (String pair : pairs) {
            String[] words = pair.split(" ", -1);
            candidates.add(Candidate.of(IpAddress.parse(words[0], 0),
                    words[1].equals("-") ? null : IpAddress.parse(words[1], 0)));
        }
        DestinationOrder.sort(candidates);
        return candidates.stream().map(candidate -> {
            String text = candidate.address().toString();
            return text.substring(0, text.lastIndexOf(':')).replace("[", "").replace("]", "");
        }).toList();
    }

    @Test
    void theScopeOfTheOwnAddressMatches() {
        assertThat(sorted("198.51.100.121 169.254.13.78", "2001:db8:1::1 2001:db8:1::2"))
                .containsExactly("2001:db8:1::1", "198.51.100.121");
        assertThat(sorted("2001:db8:1::1 fe80::1", "198.51.100.121 198.51.100.117"))
                .containsExactly("198.51.100.121", "2001:db8:1::1");
    }

    @Test
    void ip6HasThePrecedence() {
        assertThat(sorted("10.1.2.3 10.1.2.4", "2001:db8:1::1 2001:db8:1::2"))
                .containsExactly("2001:db8:1::1", "10.1.2.3");
        assertThat(sorted("127.0.0.1 127.0.0.1", "::1 ::1")).containsExactly("::1", "127.0.0.1");
    }

    @Test
    void theSmallerScopeIsNearer() {
        assertThat(sorted("2001:db8:1::1 2001:db8:1::2", "fe80::1 fe80::2"))
                .containsExactly("fe80::1", "2001:db8:1::1");
    }

    @Test
    void theOwnAddressIsOfTheSameKind() {
        assertThat(sorted("2001:db8:1::1 2002:c633:6401::2", "2002:c633:6401::1 2002:c633:6401::2"))
                .containsExactly("2002:c633:6401::1", "2001:db8:1::1");
    }

    @Test
    void withNativeAddressesTunnelsComeLast() {
        assertThat(sorted("2002:c633:6401::1 2002:c633:6401::2", "2001:db8:1::1 2001:db8:1::2"))
                .containsExactly("2001:db8:1::1", "2002:c633:6401::1");
        assertThat(sorted("2001::1 2001::2", "192.0.2.1 192.0.2.2")).containsExactly("192.0.2.1", "2001::1");
        assertThat(sorted("fd00::1 fd00::2", "192.0.2.1 192.0.2.2")).containsExactly("192.0.2.1", "fd00::1");
    }

    @Test
    void theLongerCommonPrefixIsNearer() {
        assertThat(sorted("2001:db8:3ffe::1 2001:db8:1::2", "2001:db8:1::1 2001:db8:1::2"))
                .containsExactly("2001:db8:1::1", "2001:db8:3ffe::1");
    }

    @Test
    void ip4AddressesStayInTheirOrder() {
        assertThat(sorted("198.51.100.1 192.0.2.2", "192.0.2.1 192.0.2.2"))
                .containsExactly("198.51.100.1", "192.0.2.1");
    }

    @Test
    void whatCannotBeReachedComesLast() {
        assertThat(sorted("2001:db8:1::1 -", "10.1.2.3 10.1.2.4")).containsExactly("10.1.2.3", "2001:db8:1::1");
    }

    @Test
    void theOrderIsOneWhateverComesFirst() {
        Property.check(draw -> {
            List<Candidate> candidates = draw.list(0, 20, DestinationOrderTest::candidate);
            List<Candidate> sorted = new ArrayList<>(candidates);
            DestinationOrder.sort(sorted);
            List<Candidate> again = new ArrayList<>(sorted);
            Collections.reverse(again);
            DestinationOrder.sort(again);
            Collections.reverse(again);
            DestinationOrder.sort(again);

            assertThat(sorted).containsExactlyInAnyOrderElementsOf(candidates);
            assertThat(again).isEqualTo(sorted);
        });
    }

    private static Candidate candidate(Draw draw) {
        String[] addresses = {"127.0.0.1", "::1", "169.254.1.1", "10.0.0.1", "192.0.2.1", "fe80::1", "fec0::1",
            "fd00::1", "2001::1", "2002::1", "2001:db8::1", "2001:db8:8000::1", "::ffff:192.0.2.1", "ff02::1"};
        IpAddress address = IpAddress.parse(draw.of(addresses), 0);
        String source = draw.of("2001:db8::1", "192.0.2.1", "fe80::1", "-");
        return Candidate.of(address, source.equals("-") ? null : IpAddress.parse(source, 0));
    }
}
