package dev.gyre.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void surviveTheWayThroughText() {
        Histogram histogram = Latencies.histogram();
        Latencies.record(histogram, 12_345);
        Latencies.record(histogram, 1);
        Latencies.record(histogram, Long.MAX_VALUE);

        Histogram decoded = Latencies.decode(Latencies.encode(histogram));

        assertThat(decoded).isEqualTo(histogram);
        assertThat(Latencies.encode(histogram)).matches("[A-Za-z0-9+/=]+");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Latencies.decode("AAAA"));
    }
}
