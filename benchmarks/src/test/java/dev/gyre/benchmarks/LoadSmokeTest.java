package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Servers under load that do more than echo. */
final class LoadSmokeTest extends Smoke {
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
}
