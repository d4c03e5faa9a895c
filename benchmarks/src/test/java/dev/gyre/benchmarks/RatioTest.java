package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void isTheMedianOfThePairsNotThePairOfMedians() {
        Ratio ratio = Ratio.of(List.of(10.0, 30.0, 20.0), List.of(10.0, 10.0, 40.0));

        assertThat(ratio).isEqualTo(new Ratio(1.0, 0.5, 3.0));
    }

    @Test
    void anEvenNumberHasItsMedianInBetween() {
        assertThat(Ratio.median(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(3.5);
    }
}
