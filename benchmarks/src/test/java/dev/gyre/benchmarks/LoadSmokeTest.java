package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Servers under load. */
final class LoadSmokeTest extends Smoke {
    @Test
    void echo() throws IOException {
        for (Map<String, Object> sample : samples("echo", Contenders.ECHO, 2)) {
            assertLoad(sample);
        }
    }

    @Test
    void udp() throws IOException {
        for (Map<String, Object> sample : samples("udp", Contenders.UDP, 2)) {
            assertLoad(sample);
        }
    }

    @Test
    void sockets() throws IOException {
        for (Map<String, Object> sample : samples("sockets", Contenders.SOCKETS, 2)) {
            assertLoad(sample);
        }
    }

    @Test
    void http() throws IOException {
        for (Map<String, Object> sample : samples("http", Contenders.HTTP, 4)) {
            assertLoad(sample);
        }
    }

    @Test
    void proxy() throws IOException {
        for (Map<String, Object> sample : samples("proxy", Contenders.proxies(1), 3)) {
            assertThat(figure(sample, Metric.REQUESTS)).isPositive();
            assertThat(figure(sample, Metric.CPU)).isNotNegative();
            assertThat(figure(sample, Metric.RESIDENT)).isPositive();
        }
    }

    @Test
    void iperf() throws IOException {
        Assumptions.assumeTrue(Tools.find("iperf3").isPresent(), "no iperf3 on the PATH");
        for (Map<String, Object> sample : samples("iperf", Contenders.IPERF, 1)) {
            assertThat(figure(sample, Metric.THROUGHPUT)).isPositive();
            assertThat(figure(sample, Metric.BYTES_PER_CPU)).isPositive();
            assertThat(figure(sample, Metric.CPU_SHARE)).isPositive();
        }
    }

    @Test
    void store() throws IOException {
        Assumptions.assumeTrue(Tools.find("redis-benchmark").isPresent(), "no redis-benchmark on the PATH");
        for (Map<String, Object> sample : samples("store", Contenders.STORE, 4)) {
            assertThat(figure(sample, Metric.REQUESTS)).isPositive();
            assertThat(figure(sample, Metric.CPU)).isNotNegative();
            assertThat(figure(sample, Metric.RESIDENT)).isPositive();
        }
    }

    private static void assertLoad(Map<String, Object> sample) {
        assertThat(figure(sample, Metric.REQUESTS)).isPositive();
        double p50 = figure(sample, Metric.P50);
        double p99 = figure(sample, Metric.P99);
        assertThat(p50).isPositive();
        assertThat(p99).isGreaterThanOrEqualTo(p50);
        assertThat(figure(sample, Metric.P999)).isGreaterThanOrEqualTo(p99);
        assertThat(figure(sample, Metric.RESIDENT)).isPositive();
        double user = figure(sample, Metric.CPU_USER);
        double kernel = figure(sample, Metric.CPU_KERNEL);
        assertThat(user).isNotNegative();
        assertThat(kernel).isNotNegative();
        assertThat(figure(sample, Metric.CPU)).isBetween(0.999 * (user + kernel), 1.001 * (user + kernel));
        for (Metric share : List.of(Metric.LATE, Metric.SKIPPED, Metric.IDLE)) {
            assertThat(figure(sample, share)).as(share.title()).isBetween(0.0, 100.0);
        }
    }
}
