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
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
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
    private static final Pattern ANNOUNCEMENT = Pattern.compile(
            "serve: .* at (http://(?:127\\.0\\.0\\.1|\\[::ffff:127\\.0\\.0\\.1]):\\d+/), .+");

    private static final int DESCRIPTORS_MAX = 96;
    private static final int FLOOD = 200;

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--redirect-html|--clean-urls",
        "--no-gzip --gzip-bytes=1|leave out one",
        "--log-format=json|--log stderr",
        "--log=stderr --log-format=xml|common, combined and json",
        "--mime=x|EXT=TYPE",
        "--mime=tar.gz=a/b|last dot",
        "--header=x|NAME:VALUE",
        "--header=Date:x|say itself",
        "--header=a:1 --header=A:2|given once",
        "--header=Content-Type:x|--mime",
        "--header=Cache-Control:x --cache-control=y|leave out one",
        "--cache-control=*.js:|max-age",
        "--allow-host=http://a/|without scheme and port",
        "--auth-file=/none|htpasswd -B -c",
        "--bind=0.0.0.0|--host",
        "-p 80|--port",
        "--spaa|--spa",
        "8000|--port 8000"
    })
    void whatIsWrongIsExplainedWithTheFix(String options, String fix) {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(options.split(" ", -1)));
        Run run = Run.gyre(arguments.toArray(String[]::new));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(fix, "See 'gyre serve --help'.");
    }

    @Test
    void passwordsThatAreNoneAreNamedByTheirLine() throws IOException {
        Path file = Files.writeString(directory.resolve("passwords"), "# people\nann:secret\n");
        Run run = Run.gyre("serve", "--auth-file", file.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("line 2", "htpasswd -B", "{PLAIN}").doesNotContain("secret");
    }

    @Test
    void theHelpIsInGroups() {
        Run run = Run.gyre("serve", "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsSubsequence("Address:", "--port", "What is served:", "--[no-]listing", "Who may ask:",
                        "--allow-host", "Limits:", "--connections", "Machine:", "--backend", "Other:", "--help");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void saysWhatIsServedWhere() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        try (Serving serving = new Serving("--host=0.0.0.0", folder + "/../folder")) {
            assertThat(serving.announcement).startsWith("serve: " + folder.toRealPath() + " at ");
            assertThat(serving.get("")).startsWith("200 ");
        }
    }

    @Test
    void answersOnlyToItsNames() throws Exception {
        try (Serving serving = new Serving("--allow-host=known.example", directory.toString())) {
            assertThat(serving.statusFor("localhost")).isEqualTo("200");
            assertThat(serving.statusFor("known.example:1")).isEqualTo("200");
            assertThat(serving.statusFor("evil.example")).isEqualTo("421");
        }
        try (Serving serving = new Serving("--allow-host=*", directory.toString())) {
            assertThat(serving.statusFor("evil.example")).isEqualTo("200");
        }
        try (Serving serving = new Serving("--host=0.0.0.0", directory.toString())) {
            assertThat(serving.statusFor("any.example")).isEqualTo("200");
        }
        try (Serving serving = new Serving("--host=::ffff:127.0.0.1", directory.toString())) {
            assertThat(serving.statusFor("evil.example")).as("a loopback address in another form").isEqualTo("421");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void theLogIsOpenedAgainOnHangup(String backend) throws Exception {
        requireBackend(backend);
        Path log = directory.resolve("log");
        Path folder = Files.createDirectory(directory.resolve("folder"));
        // Whatever nohup started inherits that SIGHUP is ignored, these tests for instance.
        List<String> signals = List.of("env", "--default-signal=HUP");
        try (Serving serving = new Serving(
                signals, "--backend=" + backend, "--log=" + log, "--log-format=common", folder.toString())) {
            serving.get("first");
            await(log, "GET /first HTTP/1.1\" 404");
            Files.move(log, directory.resolve("old"));
            Program.signal(serving.process, "HUP");
            await(log, "");
            serving.get("second");
            await(log, "GET /second HTTP/1.1\" 404");
            assertThat(Files.readString(directory.resolve("old"))).contains("/first").doesNotContain("/second");
            serving.get("last");
            assertThat(serving.end("TERM")).isZero();
        }
        assertThat(Files.readString(log)).contains("GET /last ");
    }

    @Test
    void theLogMayGoToStandardOutput() throws Exception {
        try (Serving serving = new Serving("--log=stdout", "--log-format=json", directory.toString())) {
            serving.get("a");
            assertThat(serving.output.readLine()).startsWith("{\"time\":").contains("\"target\":\"/a\"");
        }
    }

    @Test
    void theBrowserIsOpened() throws Exception {
        Path opened = directory.resolve("opened");
        Path browser = Files.writeString(directory.resolve("xdg-open"), "#!/bin/sh\necho \"$1\" > " + opened + "\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
        List<String> path = List.of("env", "PATH=" + directory + ":" + System.getenv("PATH"));
        try (Serving serving = new Serving(path, "--open", directory.toString())) {
            await(opened, serving.uri.toString());
        }
    }

    @Test
    void countersAreShown() throws Exception {
        Path shown = directory.resolve("shown");
        List<String> redirected = List.of("sh", "-c", "exec \"$@\" 2>" + shown, "sh");
        try (Serving serving = new Serving(redirected, "--counters", directory.toString())) {
            serving.get("none");
            await(shown, "4xx 1");
            assertThat(serving.end("TERM")).isZero();
        }
        assertThat(Files.readString(shown)).contains(" requests/s, ", "1 request, ").endsWith("4xx 1, 5xx 0\n");
    }

    @Test
    void passwordsAreAskedFor() throws Exception {
        Path file = Files.writeString(directory.resolve("passwords"), "ann:{PLAIN}secret\n");
        try (Serving serving = new Serving("--auth-file=" + file, directory.toString())) {
            assertThat(serving.get("")).startsWith("401 ");
        }
    }

    /** Returns when a file of the test's folder has this text. */
    private void await(Path file, String text) throws IOException, InterruptedException {
        try (WatchService watcher = directory.getFileSystem().newWatchService()) {
            WatchKey changes = directory.register(
                    watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!Files.exists(file) || !Files.readString(file).contains(text)) {
                assertThat(watcher.poll(30, TimeUnit.SECONDS)).as("'%s' is never in %s", text, file).isNotNull();
                changes.pollEvents();
                changes.reset();
            }
        }
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
    @CsvSource({"uring, --log=stderr", "threaded, --counters"})
    void goesOnAndEndsAlthoughNobodyReadsWhatItSays(String backend, String option) throws Exception {
        requireBackend(backend);
        Files.writeString(directory.resolve("a.txt"), "hello");
        try (Serving serving = new Serving(
                Program.withFullStandardError(directory.resolve("full")), "--backend=" + backend, option,
                directory.toString())) {
            for (int i = 0; i < 100; i++) {
                assertThat(serving.get("a.txt")).isEqualTo("200 hello");
            }
            assertThat(serving.end("TERM")).isZero();
        }
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
            int port = URI.create(line.group(1)).getPort();
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
        try (Serving serving = new Serving(
                scarce, tasksOnLoops, "--backend=" + backend, "--connections=1000", directory.toString())) {
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
            first.getOutputStream().write("GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            String status = new String(first.getInputStream().readNBytes(12), UTF_8);
            assertThat(status).as("the file cannot be opened now").isIn("HTTP/1.1 503", "");

            for (Socket socket : held) {
                socket.close();
            }
            assertThat(serving.get("a.txt")).isEqualTo("200 hello");
            assertThat(serving.end("TERM")).isZero();
        }
    }

    /** Without a limit that somebody has chosen, connections leave descriptors for the files. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFloodOfConnectionsKeepsNobodyFromItsFile(String backend) throws Exception {
        requireBackend(backend);
        List<String> scarce = List.of("sh", "-c", "ulimit -n " + FLOOD + "; exec \"$@\"", "sh");
        List<Socket> flood = new ArrayList<>();
        try (Serving serving = new Serving(scarce, "--backend=" + backend, directory.toString());
                Socket first = new Socket(InetAddress.ofLiteral("127.0.0.1"), serving.uri.getPort())) {
            first.setSoTimeout(30_000);
            for (int i = 0; i < FLOOD; i++) {
                flood.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), serving.uri.getPort()));
            }
            // Told that there are too many, or closed: all those before it were accepted.
            flood.getLast().setSoTimeout(30_000);
            flood.getLast().getInputStream().read();
            for (int i = 0; i < 10; i++) {
                String content = "hello " + i;
                Files.writeString(directory.resolve("f" + i), content);
                String request = "GET /f" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                first.getOutputStream().write(request.getBytes(UTF_8));
                assertThat(answer(first, content.length())).startsWith("HTTP/1.1 200").endsWith(content);
            }
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    private static String answer(Socket socket, int bodyLength) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        return head + new String(in.readNBytes(bodyLength), UTF_8);
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
        private final BufferedReader output;
        private final String announcement;
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
            output = process.inputReader(UTF_8);
            announcement = String.valueOf(output.readLine());
            Matcher line = ANNOUNCEMENT.matcher(announcement);
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

        /** The status of the root for a client that went by this name. */
        String statusFor(String host) throws IOException {
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), uri.getPort())) {
                String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(UTF_8));
                return new String(socket.getInputStream().readNBytes(12), UTF_8).substring(9);
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
