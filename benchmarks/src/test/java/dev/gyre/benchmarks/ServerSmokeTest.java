package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers that start, or wait. */
final class ServerSmokeTest extends Smoke {
    @Test
    void startup() throws IOException {
        for (Map<String, Object> sample : samples("startup", Contenders.HTTP, 1)) {
            double listening = figure(sample, Metric.LISTENING);
            assertThat(listening).isPositive();
            assertThat(figure(sample, Metric.FIRST_ANSWER)).isGreaterThan(listening);
            assertThat(figure(sample, Metric.CPU_TO_ANSWER)).isNotNegative();
            assertThat(figure(sample, Metric.RESIDENT)).isPositive();
        }
    }

    @Test
    void idle() throws IOException {
        for (Map<String, Object> sample : samples("idle", Contenders.ECHO, 1)) {
            assertThat(figure(sample, Metric.MEMORY_PER_CONNECTION)).isFinite();
            assertThat(figure(sample, Metric.PROPORTIONAL_BEFORE)).isPositive();
            assertThat(figure(sample, Metric.PROPORTIONAL_AFTER)).isPositive();
        }
    }
}
