package dev.gyre.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat as a program. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ChatProgramTest {
    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChatProgram.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void sigtermEndsItInOrder() throws Exception {
        Process chat = start("--port", "0");
        try (BufferedReader printed = chat.inputReader()) {
            String line = printed.readLine();
            assertThat(line).matches("listening at 127\\.0\\.0\\.1:\\d+ on .*");
            int port = Integer.parseInt(line.replaceAll("^\\D*[\\d.]+:(\\d+) .*", "$1"));
            try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port);
                    var lines = new BufferedReader(
                            new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).startsWith("* Welcome, guest");
                chat.toHandle().destroy();
                assertThat(lines.readLine()).isEqualTo("* The server ends this connection. Good bye!");
                assertThat(lines.readLine()).isNull();
            }
            assertThat(printed.readLine()).isNull();
            assertThat(chat.waitFor()).isZero();
        } finally {
            chat.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process chat = start("--port", String.valueOf(other.getLocalPort()));
            assertThat(chat.inputReader().readAllAsString())
                    .isEqualTo("chat: 127.0.0.1:" + other.getLocalPort()
                            + " is taken by another program; choose another port\n");
            assertThat(chat.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void optionsAreRead() {
        assertThat(ChatProgram.parse())
                .isEqualTo(new ChatProgram.Arguments(ChatOptions.DEFAULT, IoOptions.DEFAULT));
        assertThat(ChatProgram.parse("--backend", "threaded").io())
                .isEqualTo(IoOptions.DEFAULT.withBackend("threaded"));
        assertThat(ChatProgram.parse("--port", "0", "--listen", "127.0.0.2", "--connections", "7").chat())
                .isEqualTo(ChatOptions.DEFAULT
                        .withAddress(Ip4Address.parse("127.0.0.2", 0))
                        .withConnectionsMax(7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatProgram.parse("--port", "65536"))
                .withMessage("--port 65536 is not a number of 0 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatProgram.parse("--port"))
                .withMessage("--port needs a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatProgram.parse("--listen", "nowhere"))
                .withMessageContaining("nowhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatProgram.parse("--connections", "0"))
                .withMessage("connectionsMax 0 is less than 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatProgram.parse("--prot", "7"))
                .withMessage("there is no option --prot");
    }
}
