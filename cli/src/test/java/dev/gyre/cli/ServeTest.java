package dev.gyre.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gyre serve}: what it says, what it serves, how it ends. */
final class ServeTest {
    private static final Pattern ANNOUNCEMENT = Pattern.compile("serve: .* at (http://127\\.0\\.0\\.1:\\d+/), .+");

    @TempDir
    Path directory;

    @Test
    void aPortInUseIsExplainedWithTheFix() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = Run.gyre("serve", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err()).contains("127.0.0.1:" + taken.getLocalPort(), "in use", "--port 0");
        }
    }

    @Test
    void aForeignAddressIsExplainedWithTheFix() {
        Run run = Run.gyre("serve", "--host", "192.0.2.1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("192.0.2.1", "not available", "--host");
    }

    @Test
    void aDirectoryThatIsNoneIsAMisuse() throws IOException {
        Path missing = directory.resolve("missing");
        Run run = Run.gyre("serve", "--port", "0", missing.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'" + missing + "'", "no such file");

        Path file = Files.createFile(directory.resolve("file"));
        run = Run.gyre("serve", "--port", "0", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'" + file + "'", "not a directory");
    }

    @ParameterizedTest
    @CsvSource({
        "--connections, 0", "--head-bytes, 255", "--idle-timeout, 0", "--request-timeout, x", "--write-timeout, -1"
    })
    void aBadLimitIsRefused(String option, String value) {
        Run run = Run.gyre("serve", option, value);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(option, "'" + value + "'");
    }

    @Test
    void everyOptionReachesTheServer() throws Exception {
        Files.writeString(directory.resolve(".env"), "dots");
        try (Serving serving = new Serving("--dot-files", "--no-listing", "--connections=1", directory.toString())) {
            assertThat(serving.get(".env")).isEqualTo("200 dots");
            // The one connection is free again when the server has seen the client's close.
            String answer = serving.get("");
            for (long end = System.nanoTime() + 10_000_000_000L;
                    answer.startsWith("503 ") && System.nanoTime() < end; ) {
                answer = serving.get("");
            }
            assertThat(answer).startsWith("403 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItWithSuccess(String signal) throws Exception {
        Files.writeString(directory.resolve("a.txt"), "hello");
        try (Serving serving = new Serving(directory.toString())) {
            assertThat(serving.get("a.txt")).isEqualTo("200 hello");

            assertThat(serving.end(signal)).isZero();
        }
    }

    /** The program, running. */
    private static final class Serving implements AutoCloseable {
        private final Process process;
        private final URI uri;

        Serving(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "serve",
                    "--port=0"));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(UTF_8);
            Matcher line = ANNOUNCEMENT.matcher(String.valueOf(output.readLine()));
            assertThat(line.matches()).as(line.toString()).isTrue();
            uri = URI.create(line.group(1));
        }

        /** The status and the body. */
        String get(String path) throws IOException {
            var connection = (HttpURLConnection) uri.resolve(path).toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return status + " " + new String(body.readAllBytes(), UTF_8);
            }
        }

        int end(String signal) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
