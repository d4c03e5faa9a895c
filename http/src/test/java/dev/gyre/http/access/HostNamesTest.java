package dev.gyre.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("T14")
class HostNamesTest {
    private final HostNames names = new HostNames(List.of("localhost", "*.localhost", "My.Host"));

    @ParameterizedTest
    @ValueSource(strings = {
        "localhost", "localhost:80", "LocalHost.", "a.localhost", "a.b.localhost:1", "my.host", "MY.HOST:99999",
        "127.0.0.1", "127.0.0.1:80", "192.0.2.1", "[::1]", "[::1]:80", "[fe80::1%251]:1", "", ":80"
    })
    void allows(String host) {
        assertThat(names.allow(host)).isTrue();
        assertThat(names.allow(host)).as("again").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "example.org", "localhost.example.org", "xlocalhost", "a.my.host", "127.0.0.1.example.org", "1.2.3",
        "1.2.3.4.5", "0x7f.0.0.1", "host", "localhost..", "localhost@example.org"
    })
    void refuses(String host) {
        assertThat(names.allow(host)).isFalse();
        assertThat(names.allow("localhost")).isTrue();
        assertThat(names.allow(host)).as("after another").isFalse();
    }

    @Test
    void allowsWhoSaysNothing() {
        assertThat(names.allow(null)).isTrue();
    }
}
