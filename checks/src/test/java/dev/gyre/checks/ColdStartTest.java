package dev.gyre.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/**
 * Programs as a new user runs them: in a fresh virtual machine, in which nothing is loaded or linked, and on a busy
 * machine. There a virtual thread can lose its carrier in the midst of almost anything, which in the other tests,
 * whose classes have long been used, it hardly ever does.
 *
 * <p>Each round is a process, and some are under way at once. A stress run makes as many as {@code -Dgyre.cold.rounds}
 * says.
 */
@Tag("stress")
@Timeout(value = 10, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ColdStartTest {
    private static final int ROUNDS = Integer.getInteger("gyre.cold.rounds", 3);

    /** Rounds that are under way at once, each of which keeps the others from a processor now and then. */
    private static final int ROUNDS_AT_ONCE = 3;

    /** So many that failed tell enough; each may take its time. */
    private static final int FAILURES_MAX = 10;

    private static final Pattern SERVES = Pattern.compile("serve: .* at http://127\\.0\\.0\\.1:(\\d+)/, .+\n");
    private static final Pattern PROXIES = Pattern.compile("proxy: 127\\.0\\.0\\.1:(\\d+) to .+\n");
    private static final int CLIENTS = 64;
    private static final int REQUESTS = 25;
    private static final int CONNECTIONS = 5;
    private static final int LONG = 200_000;
    private static final String CONTENT = "served from a cold start\n";

    @TempDir
    private static Path classes;

    @TempDir
    private Path folder;

    /** What one round does, and what was wrong. */
    private interface Round extends Callable<Optional<String>> {}

    @BeforeAll
    static void compile() throws IOException {
        try {
            Io.open(IoOptions.DEFAULT.withBackend("uring")).close();
        } catch (BackendUnavailable refused) {
            throw new TestAbortedException("skipped: the probe 'io_uring_setup(2)' answered: " + refused.getMessage());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> programs = Files.list(Tree.ROOT.resolve("checks/src/test/programs"))) {
            List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", ColdStart.jars());
            var sources = files.getJavaFileObjectsFromPaths(programs.toList());
            assertThat(compiler.getTask(null, files, null, options, null, sources).call()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChatOfTwenty(ColdStart start) throws Exception {
        assertEachRoundSucceeds(() -> runToItsEnd(start, "Chat", "uring: 9500 lines were heard\n"));
    }

    @ParameterizedTest
    @EnumSource
    void requestsAndReplies(ColdStart start) throws Exception {
        assertEachRoundSucceeds(() -> runToItsEnd(start, "RequestReply", "uring: 6400 round trips\n"));
    }

    @ParameterizedTest
    @EnumSource
    void aFolderThatManyUse(ColdStart start) throws Exception {
        assertEachRoundSucceeds(() -> runToItsEnd(start, "Workshop", "uring: 180 done, 30 counted\n"));
    }

    @ParameterizedTest
    @EnumSource
    void socketsOfAllKinds(ColdStart start) throws Exception {
        assertEachRoundSucceeds(() -> runToItsEnd(start, "SocketKinds", "uring: 480 done\n"));
    }

    /** All at once, so that each finds the processors busy with the others. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MODULE_PATH_ON_THE_LOOP")
    void programsBesideEachOther(ColdStart start) throws Exception {
        String backend = backend(start);
        Map<String, String> outputs = Map.of(
                "JobQueue", "200 done, 29 crashes",
                "Handover", "320 answered",
                "Socks", "2400016 bytes, refused [-5, -4]",
                "Endings", "75 tidied up, 90 threads ended");
        for (int round = 0; round < Math.max(1, ROUNDS / 3); round++) {
            Map<String, ColdProgram> programs = new TreeMap<>();
            try {
                for (String name : outputs.keySet()) {
                    programs.put(name, new ColdProgram(start.program(classes, name, backend), folder));
                }
                for (String name : outputs.keySet()) {
                    String expected = backend + ": " + outputs.get(name) + "\n";
                    assertThat(programs.get(name).fault(Pattern.compile(Pattern.quote(expected)))).as(name).isEmpty();
                }
            } finally {
                programs.values().forEach(ColdProgram::close);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void servingUnderLoad(ColdStart start) throws Exception {
        Path served = Files.createDirectory(folder.resolve("served"));
        Files.writeString(served.resolve("a.txt"), CONTENT);
        List<String> command = start.gyre("serve", "--backend=uring", "--port=0", served.toString());
        assertEachRoundSucceeds(() -> loadUntilItEnds(command, SERVES, ColdStartTest::request));
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // the listener is closed before those that it has accepted
    void proxyingUnderLoad(ColdStart start) throws Exception {
        try (ExecutorService echoes = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket target = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress())) {
            var _ = echoes.submit(() -> {
                while (true) {
                    Socket accepted = target.accept();
                    var _ = echoes.submit(() -> {
                        try (accepted) {
                            return accepted.getInputStream().transferTo(accepted.getOutputStream());
                        }
                    });
                }
            });
            String port = Integer.toString(target.getLocalPort());
            List<String> command = start.gyre("proxy", "--backend=uring", "0", port);
            assertEachRoundSucceeds(() -> loadUntilItEnds(command, PROXIES, ColdStartTest::exchange));
        }
    }

    /** Two programs each time, so there are fewer rounds. */
    @ParameterizedTest
    @EnumSource
    void processesThatAreLookedAt(ColdStart start) throws Exception {
        String backend = backend(start);
        String exchanged = backend + ": 480 echoed, 1 crash\n";
        Pattern ready = Pattern.compile(Pattern.quote(exchanged) + "node (\\d+)\n");
        Pattern shown = Pattern.compile("ProcessNode: \\d processes, .*\n +PID .*\n(.*\n)* .* counter \\(.*\n(.*\n)*");
        assertEachRoundSucceeds(Math.max(1, ROUNDS / 3), () -> {
            try (ColdProgram node = new ColdProgram(start.program(classes, "ProcessNode", backend), folder)) {
                Optional<MatchResult> announcement = node.await(ready);
                if (announcement.isEmpty()) {
                    return Optional.of(node.failure("it has not done its work"));
                }
                List<String> top = start.gyre("top", "--once", "--interval=1", announcement.get().group(1));
                try (ColdProgram looking = new ColdProgram(top, folder)) {
                    Optional<String> fault = looking.fault(shown);
                    return fault.isPresent() ? fault : node.fault(Pattern.compile(ready + "ends\n"));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MODULE_PATH_ON_THE_LOOP")
    void theExampleOfAStore(ColdStart start) throws Exception {
        Pattern announced = Pattern.compile("store: \\d+ keys, fsync everysec, on .*, at 127\\.0\\.0\\.1:(\\d+)\n");
        example(start, "store.StoreProgram", announced, ColdStartTest::store);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MODULE_PATH_ON_THE_LOOP")
    void theExampleOfAChat(ColdStart start) throws Exception {
        Pattern announced = Pattern.compile("listening at 127\\.0\\.0\\.1:(\\d+) on .*\n");
        example(start, "chat.ChatProgram", announced, ColdStartTest::chat);
    }

    private void example(ColdStart start, String main, Pattern announced, Client client) throws Exception {
        List<String> command = start.program(
                Tree.ROOT.resolve("examples/target/classes"), "dev.gyre.examples." + main, "--port", "0", "--backend",
                backend(start));
        assertEachRoundSucceeds(Math.max(1, ROUNDS / 3), () -> loadUntilItEnds(command, announced, client));
    }

    /** One of the ways is on threads: there the flag means nothing. */
    private static String backend(ColdStart start) {
        return start == ColdStart.MODULE_PATH ? "threaded" : "uring";
    }

    private interface Client {
        void use(int port) throws IOException;
    }

    private Optional<String> loadUntilItEnds(List<String> command, Pattern announced, Client client) throws Exception {
        try (ColdProgram server = new ColdProgram(command, folder)) {
            Optional<MatchResult> announcement = server.await(announced);
            if (announcement.isEmpty()) {
                return Optional.of(server.failure("it does not say where it listens"));
            }
            Optional<Throwable> unserved = load(Integer.parseInt(announcement.get().group(1)), client);
            if (unserved.isPresent()) {
                return Optional.of(server.failure("a client was not served: " + unserved.get()));
            }
            server.terminate();
            return server.fault(announced);
        }
    }

    private static void assertEachRoundSucceeds(Round round) throws Exception {
        assertEachRoundSucceeds(ROUNDS, round);
    }

    private static void assertEachRoundSucceeds(int roundsMax, Round round) throws Exception {
        List<String> failures = new ArrayList<>();
        int rounds = 0;
        try (Busy _ = new Busy();
                ExecutorService threads = Executors.newFixedThreadPool(ROUNDS_AT_ONCE)) {
            while (rounds < roundsMax && failures.size() < FAILURES_MAX) {
                int begun = Math.min(ROUNDS_AT_ONCE, roundsMax - rounds);
                for (Future<Optional<String>> ended : threads.invokeAll(Collections.nCopies(begun, round))) {
                    ended.get().ifPresent(failures::add);
                }
                rounds += begun;
            }
        }
        assertThat(failures).as("what went wrong in %d of %d rounds", failures.size(), rounds).isEmpty();
    }

    private Optional<String> runToItsEnd(ColdStart start, String main, String output) throws Exception {
        try (ColdProgram program = new ColdProgram(start.program(classes, main), folder)) {
            return program.fault(Pattern.compile(Pattern.quote(output)));
        }
    }

    /** Requests of many clients at once, who keep their connections. Answers with what the first of them met. */
    private static Optional<Throwable> load(int port, Client client) throws InterruptedException {
        Callable<Void> use = () -> {
            client.use(port);
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> clients = threads.invokeAll(
                    Collections.nCopies(CLIENTS, use), ColdProgram.SECONDS_MAX, TimeUnit.SECONDS);
            for (Future<Void> each : clients) {
                try {
                    each.get();
                } catch (ExecutionException | CancellationException failed) {
                    return Optional.of(failed);
                }
            }
            return Optional.empty();
        }
    }

    /** One connection after the other, with little to say, and one with more. */
    private static void exchange(int port) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            byte[] sent = new byte[i == 0 ? LONG : 1];
            Arrays.fill(sent, (byte) (i + 1));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread.startVirtualThread(() -> {
                    try {
                        socket.getOutputStream().write(sent);
                        socket.shutdownOutput();
                    } catch (IOException failed) {
                        // The reader will miss something.
                    }
                });
                byte[] received = socket.getInputStream().readAllBytes();
                if (!Arrays.equals(sent, received)) {
                    throw new IOException(received.length + " of " + sent.length + " bytes came back as they were");
                }
            }
        }
    }

    /** A key of its own is changed, one request after the other, and then some at once. */
    private static void store(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String key = "key" + socket.getLocalPort();
            for (int i = 0; i < REQUESTS; i++) {
                converse(socket, "SET " + key + " " + i + "\r\n", "+OK\r\n");
            }
            converse(socket, ("INCR " + key + "\r\n").repeat(2), ":" + REQUESTS + "\r\n:" + (REQUESTS + 1) + "\r\n");
        }
    }

    /** Everybody is in a room, whose other members may be heard meanwhile. */
    private static void chat(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = socket.getInputStream();
            awaitLine(in, "* Welcome, guest");
            socket.getOutputStream().write("/join lobby\n".getBytes(ISO_8859_1));
            awaitLine(in, "* You are in lobby");
            socket.getOutputStream().write("/nick me%d\n".formatted(socket.getLocalPort()).getBytes(ISO_8859_1));
            awaitLine(in, "* You are me");
        }
    }

    private static void converse(Socket socket, String asked, String expected) throws IOException {
        socket.getOutputStream().write(asked.getBytes(ISO_8859_1));
        String answer = new String(socket.getInputStream().readNBytes(expected.length()), ISO_8859_1);
        if (!answer.equals(expected)) {
            throw new IOException("the answer to " + asked + " was " + answer);
        }
    }

    private static void awaitLine(InputStream in, String beginning) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the end came before " + beginning);
            }
            if (next != '\n') {
                line.append((char) next);
            } else if (line.toString().startsWith(beginning)) {
                return;
            } else {
                line.setLength(0);
            }
        }
    }

    private static void request(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (int i = 0; i < REQUESTS; i++) {
                socket.getOutputStream().write("GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.readUnsignedByte());
                }
                byte[] body = new byte[CONTENT.length()];
                in.readFully(body);
                if (!head.toString().startsWith("HTTP/1.1 200 ") || !new String(body, ISO_8859_1).equals(CONTENT)) {
                    throw new IOException("answer " + i + ": " + head + new String(body, ISO_8859_1));
                }
            }
        }
    }
}
