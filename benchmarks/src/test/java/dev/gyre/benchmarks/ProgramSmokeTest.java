package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that measure themselves. */
final class ProgramSmokeTest extends Smoke {
    @Test
    void sleepers() throws IOException {
        for (Map<String, Object> sample : samples("sleepers", Contenders.SLEEPERS, 1)) {
            assertThat(figure(sample, Metric.MEMORY_PER_TASK)).isFinite();
            double median = figure(sample, Metric.LATENESS);
            assertThat(median).isPositive();
            assertThat(figure(sample, Metric.LATENESS_P99)).isGreaterThanOrEqualTo(median);
            assertThat(figure(sample, Metric.CANCEL)).isPositive();
        }
    }

    @Test
    void tasks() throws IOException {
        for (Map<String, Object> sample : samples("tasks", Contenders.TASKS, 5)) {
            assertThat(figure(sample, Metric.NANOS)).isPositive();
        }
    }

    @Test
    void processes() throws IOException {
        for (Map<String, Object> sample : samples("processes", Contenders.processes(1), 4)) {
            assertThat(figure(sample, Metric.FIRST_NANOS)).isPositive();
            assertThat(figure(sample, Metric.WARM_NANOS)).isPositive();
        }
    }

    @Test
    void waitingProcesses() throws IOException {
        for (Map<String, Object> sample : samples("processes", Contenders.MANY_PROCESSES, 1, "--memory")) {
            assertThat(figure(sample, Metric.MEMORY_PER_PROCESS)).isPositive();
        }
    }

    @Test
    void nop() throws IOException {
        for (Map<String, Object> sample : samples("nop", Contenders.NOP, 3)) {
            assertThat(figure(sample, Metric.NANOS)).isPositive();
            assertThat(figure(sample, Metric.ALLOCATED)).isNotNegative();
        }
    }

    @Test
    void reads() throws IOException {
        for (Map<String, Object> sample : samples("reads", Contenders.READS, 1)) {
            assertThat(figure(sample, Metric.READS)).isPositive();
            assertThat(figure(sample, Metric.CPU_PER_READ)).isPositive();
        }
    }
}
