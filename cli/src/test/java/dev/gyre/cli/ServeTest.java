package dev.gyre.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gyre serve}: what it says, what it serves, how it ends. */
final class ServeTest {
    private static final Pattern ANNOUNCEMENT = Pattern.compile("serve: .* at (http://127\\.0\\.0\\.1:\\d+/), .+");

    private static final int DESCRIPTORS_MAX = 96;

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

    @Test
    void anEmptyDirectoryIsAMisuse() {
        Run run = Run.gyre("serve", "--port", "0", "");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err()).contains("empty", "'.'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItWithSuccess(String signal) throws Exception {
        Files.writeString(directory.resolve("a.txt"), "hello");
        // Whatever runs in the background of a script inherits that SIGINT is ignored, these tests for instance.
        try (Serving serving = new Serving(List.of("env", "--default-signal=" + signal), directory.toString())) {
            assertThat(serving.get("a.txt")).isEqualTo("200 hello");

            assertThat(serving.end(signal)).isZero();
        }
    }

    @Test
    void saysWhatItWaitsForAndEndsAtOnceWhenAskedAgain() throws Exception {
        try (RandomAccessFile large = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            large.setLength(1L << 30);
        }
        Process process = new ProcessBuilder(Program.of(Main.class, "serve", "--port=0", directory.toString())).start();
        try (Socket client = new Socket()) {
            Matcher line = ANNOUNCEMENT.matcher(process.inputReader(UTF_8).readLine());
            assertThat(line.matches()).isTrue();
            client.connect(new InetSocketAddress("127.0.0.1", URI.create(line.group(1)).getPort()));
            client.getOutputStream().write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            assertThat(client.getInputStream().read()).isEqualTo('H');

            Program.signal(process, "TERM");
            assertThat(process.errorReader(UTF_8).readLine()).contains("an answer is", "10 seconds", "second signal");
            assertThat(process.isAlive()).isTrue();

            Program.signal(process, "TERM");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @ParameterizedTest
    @CsvSource({"uring, true", "uring, false", "threaded, false"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void outlivesAShortageOfDescriptors(String backend, boolean tasksOnLoops) throws Exception {
        requireBackend(backend);
        Files.writeString(directory.resolve("a.txt"), "hello");
        Files.writeString(directory.resolve("b.txt"), "before");
        List<String> scarce = List.of("sh", "-c", "ulimit -n " + DESCRIPTORS_MAX + "; exec \"$@\"", "sh");
        List<Socket> held = new ArrayList<>();
        try (Serving serving = new Serving(scarce, tasksOnLoops, "--backend=" + backend, directory.toString())) {
            // What serves a file is loaded: the JVM opens class files, too, and does not look again for one it missed.
            assertThat(serving.get("b.txt")).isEqualTo("200 before");
            Path descriptors = Path.of("/proc", Long.toString(serving.process.pid()), "fd");
            for (int i = 0; i < DESCRIPTORS_MAX; i++) {
                held.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), serving.uri.getPort()));
            }
            while (count(descriptors) < DESCRIPTORS_MAX) {
                assertThat(serving.process.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            Socket first = held.getFirst();
            first.setSoTimeout(30_000);
            first.getOutputStream().write("GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
            String status = new String(first.getInputStream().readNBytes(12), UTF_8);
            assertThat(status).as("the file cannot be opened now").isIn("HTTP/1.1 503", "");

            for (Socket socket : held) {
                socket.close();
            }
            assertThat(serving.get("a.txt")).isEqualTo("200 hello");
            assertThat(serving.end("TERM")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void saysSoWhenAFileMayNotBeRead(String backend) throws Exception {
        requireBackend(backend);
        Files.setPosixFilePermissions(Files.writeString(directory.resolve("a.txt"), "secret"), Set.of());
        List<String> bound = List.of();
        if (Files.isReadable(directory.resolve("a.txt"))) {
            // For root, who may read everything, unless the right to it is taken away.
            bound = List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");
            Process probe = new ProcessBuilder("sh", "-c", String.join(" ", bound) + " cat '" + directory + "/a.txt'")
                    .start();
            String said = probe.errorReader().readAllAsString();
            Assumptions.assumeTrue(
                    probe.waitFor() != 0 && said.contains("Permission denied"),
                    "setpriv cannot take root's right to read everything: " + said);
        }
        try (Serving serving = new Serving(bound, "--backend=" + backend, directory.toString())) {
            assertThat(serving.get("a.txt")).startsWith("403 ");
        }
    }

    private static void requireBackend(String name) {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(name))) {
            assertThat(io.backend()).isEqualTo(name);
        } catch (BackendUnavailable refused) {
            Assumptions.abort(refused.getMessage());
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    /** The program, running. */
    private static final class Serving implements AutoCloseable {
        private final Process process;
        private final URI uri;

        Serving(String... arguments) throws IOException {
            this(List.of(), arguments);
        }

        /** With a command that runs another before it. */
        Serving(List<String> wrapper, String... arguments) throws IOException {
            this(wrapper, true, arguments);
        }

        Serving(List<String> wrapper, boolean tasksOnLoops, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(wrapper);
            command.addAll(Program.of(Main.class, "serve", "--port=0"));
            if (!tasksOnLoops) {
                command.remove(Program.TASKS_ON_LOOPS);
            }
            command.addAll(List.of(arguments));
            process = Program.start(command);
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
            Program.signal(process, signal);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
