package dev.gyre.io.spi.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the name of a host. */
@Tag("T16")
final class HostNameTest {
    private static final String LABEL = "x".repeat(63);

    @ParameterizedTest
    @ValueSource(strings = {"a", "localhost", "www.example", "www.example.", "WWW.Example", "3com.example", "a-b.c",
            "_sip._tcp.example", "xn--bcher-kva.example", "1.2.3.4a", "0xfg", "1and1"})
    void namesAreAccepted(String host) {
        assertThatCode(() -> HostName.check(host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|is empty", ".|is empty", "a..b|empty label", ".a|empty label", "a..|empty label",
        "-a.b|hyphen", "a-.b|hyphen", "a b|' '", "a/b|'/'", "a\\b|'\\'", "a:b|':'", "a%b|'%'", "*.example|'*'",
        "bücher.example|xn--", "１.example|xn--",
        "127.1|number", "1.2.3.256|number", "2130706433|number", "0x7f000001|number", "example.0x7F|number",
        "0x|number", "1.2.3.4.5|number"
    })
    void everythingElseIsRefusedAndSaysWhy(String host, String why) {
        assertRefused(host, why);
    }

    @Test
    void lengthsAreLimited() throws Exception {
        HostName.check(LABEL + "." + LABEL + "." + LABEL + "." + "x".repeat(61));
        HostName.check(LABEL + "." + LABEL + "." + LABEL + "." + "x".repeat(61) + ".");
        assertRefused(LABEL + "." + LABEL + "." + LABEL + "." + "x".repeat(62), "254 characters");
        assertRefused(LABEL + "x.example", "63");
        assertRefused("x".repeat(1_000_000), "1000000 characters");
    }

    @Test
    void aNulCharacterIsRefused() {
        assertRefused("www.example\0.evil.example", "NUL");
    }

    @Test
    void localhostIsToldByItsLastLabel() {
        assertThat(HostName.isLocalhost("localhost")).isTrue();
        assertThat(HostName.isLocalhost("LOCALHOST.")).isTrue();
        assertThat(HostName.isLocalhost("a.b.Localhost")).isTrue();
        assertThat(HostName.isLocalhost("notlocalhost")).isFalse();
        assertThat(HostName.isLocalhost("localhost.example")).isFalse();
    }

    private static void assertRefused(String host, String why) {
        assertThatThrownBy(() -> HostName.check(host))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(IoException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.BAD_HOST_NAME);
                    assertThat(refused.getMessage()).doesNotContain("\0").hasSizeLessThan(600);
                });
    }
}
