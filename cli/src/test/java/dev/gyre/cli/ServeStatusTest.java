package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.ServerStatistics;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code gyre serve} says of itself. */
@Tag("T14")
final class ServeStatusTest {
    @Test
    void showsWhatHappensInASecond() {
        ServerStatistics before = new ServerStatistics(10, 0, 0, 0, 1 << 20, 0);
        ServerStatistics now = new ServerStatistics(3010, 2, 1, 0, 5 << 20, 1);

        assertThat(ServeStatus.line(before, now, 2))
                .isEqualTo("1,502 requests/s, 2.0 MiB/s, 2xx 3,010, 3xx 2, 4xx 1, 5xx 0, 1 connection open");
        assertThat(ServeStatus.total(now)).isEqualTo("3,013 requests, 5.0 MiB, 2xx 3,010, 3xx 2, 4xx 1, 5xx 0");
    }

    @Test
    void namesAddressesThatWork() {
        assertThat(ServeAddresses.urls(Ip4Address.loopback(8080))).containsExactly("http://127.0.0.1:8080/");
        assertThat(ServeAddresses.urls(IpAddress.parse("::1", 1))).containsExactly("http://[::1]:1/");
        assertThat(ServeAddresses.urls(IpAddress.parse("0.0.0.0", 1)))
                .startsWith("http://127.0.0.1:1/")
                .noneMatch(url -> url.contains("[") || url.contains("0.0.0.0"));
        assertThat(ServeAddresses.urls(IpAddress.parse("::", 1)))
                .startsWith("http://127.0.0.1:1/")
                .noneMatch(url -> url.contains("%"));
    }
}
