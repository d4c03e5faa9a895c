package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers under load that echo. */
final class EchoSmokeTest extends Smoke {
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
}
