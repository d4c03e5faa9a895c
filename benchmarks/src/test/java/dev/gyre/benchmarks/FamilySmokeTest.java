package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Families of small programs that are not written with Netty. */
final class FamilySmokeTest extends Smoke {
    @ParameterizedTest
    @CsvSource({"chat, 1", "queue, 1", "uneven, 1", "files, 3"})
    void counts(String family, int programs) throws IOException {
        for (Map<String, Object> sample : samples(family, Contenders.RUNTIMES, programs)) {
            assertCounted(sample);
        }
    }

    @Test
    void looksUp() throws IOException {
        Needs.nameServer();
        for (Map<String, Object> sample : samples("lookup", Contenders.LOOKUPS, 1)) {
            assertCounted(sample);
        }
    }

    @Test
    void times() throws IOException {
        for (Map<String, Object> sample : samples("mixed", Contenders.RUNTIMES, 2)) {
            assertCounted(sample);
            double median = figure(sample, Metric.TOOK_P50);
            assertThat(median).isPositive();
            assertThat(figure(sample, Metric.TOOK_P99)).isGreaterThanOrEqualTo(median);
        }
    }

    @Test
    void aProgramThatThereIsNotIsNamed() {
        Run run = Run.bench("chat", "--only=chess", "--output=" + output);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("chess", "20 clients");
    }
}
