package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Families of small programs that are written with Netty, too. */
final class ConnectedFamilySmokeTest extends Smoke {
    @ParameterizedTest
    @ValueSource(strings = {"stream", "pipeline", "churn"})
    void counts(String family) throws IOException {
        for (Map<String, Object> sample : samples(family, Contenders.CONNECTED_RUNTIMES, 1)) {
            assertCounted(sample);
        }
    }
}
