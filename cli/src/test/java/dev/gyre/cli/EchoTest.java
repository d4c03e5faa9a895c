package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** {@code gyre echo}, as far as it can be misused; that it works is shown by the launcher's tests. */
final class EchoTest {
    @Test
    void aPortInUseIsExplainedInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = Run.gyre("echo", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err()).contains("127.0.0.1:" + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void aHostNameIsRefusedWithWhatToGive() {
        Run run = Run.gyre("echo", "--host", "example.org");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--host", "example.org", "127.0.0.1");
    }
}
