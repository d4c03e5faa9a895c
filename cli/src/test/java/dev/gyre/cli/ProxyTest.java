package dev.gyre.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gyre proxy} as a program: what it says, how it ends, and what other people's programs make of it. */
@Tag("T14")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ProxyTest {
    private static final Pattern ANNOUNCEMENT = Pattern.compile("proxy: \\S*?:(\\d+) to .*");
    private static final int DESCRIPTORS_MAX = 96;
    private static final double PROCESSOR_SHARE_MAX = 0.05;
    private static final int NETWORK_BYTES = 3_000_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "nowhere 1 | 'nowhere' is no port",
        "example.org:80 1 | 'example.org:80' is a name",
        "1 exam..ple.org:80 | has an empty label",
        "1 1.2.3:80 | is no address of the form a.b.c.d",
        "1 [::g]:80 | ::g",
        "1 localhost:0 | has no port",
        "1 ::1 | [::1]:8080",
        "1 70000 | '70000' is no port",
        "1 ٣٣ | is no port",
        "1 +80 | '+80' is no port",
        "1 unix: | a name is missing",
        "1 0 | has no port",
        "7001 127.0.0.1:7001 | its own client",
        "7001 localhost:7001 | its own client",
        "0.0.0.0:7001 127.0.0.1:7001 | its own client",
        "[::]:7001 localhost:7001 | its own client",
        "0.0.0.0:7001 7001 | its own client",
        "[::]:7001 127.0.0.9:7001 | its own client",
        "[::]:7001 [::1]:7001 | its own client",
        "7001 0.0.0.0:7001 | its own client",
        "@a @a | its own client",
        "1 http://localhost:80 | is a URL",
        "1 [::1] | a port is missing",
        "1 --check=0 0 | has no port",
        "1 2 --refuse 0 | has no port",
        "1 2 --balance=best | round-robin",
        "1 2 --connections=0 | --connections",
        "1 | a target: LISTEN TARGET",
        "--refuse | where to listen"
    })
    void whatCannotBeMeantIsRefused(String arguments, String explained) {
        List<String> all = new ArrayList<>(List.of("proxy"));
        all.addAll(List.of(arguments.split(" ", -1)));
        Run run = Run.gyre(all.toArray(String[]::new));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(explained, "--help");
    }

    @Test
    void whatKeepsItFromListeningIsExplained() throws IOException {
        try (ServerSocket taken = listen()) {
            Run run = Run.gyre("proxy", Integer.toString(taken.getLocalPort()), "1");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err()).contains("in use", "with 0");
        }
        assertThat(Run.gyre("proxy", "192.0.2.1:1", "2").err()).contains("not available", "of this machine");
        assertThat(Run.gyre("proxy", folder + "/none/socket", "2").err()).contains("directory is not there");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void theFirstSignalWaitsForConnectionsAndTheSecondDoesNot(String signal, int code) throws Exception {
        List<String> signals = List.of("env", "--default-signal=" + signal);
        try (ServerSocket target = listen()) {
            try (Proxying proxy = new Proxying(signals, true, "--check=0", "0", port(target))) {
                try (Socket client = proxy.connect(); Socket server = target.accept()) {
                    Program.signal(proxy.process, signal);
                    assertThat(proxy.errors.readLine()).contains("one connection", "30 s at most", "again");
                    client.getOutputStream().write(1);
                    assertThat(server.getInputStream().read()).isEqualTo(1);
                }
                assertThat(proxy.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(proxy.process.exitValue()).isZero();
            }
            try (Proxying proxy = new Proxying(signals, true, "--check=0", "0", port(target));
                    Socket client = proxy.connect();
                    Socket _ = target.accept()) {
                Program.signal(proxy.process, signal);
                assertThat(proxy.errors.readLine()).contains("again");
                Program.signal(proxy.process, signal);
                assertThat(proxy.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(proxy.process.exitValue()).isEqualTo(code);
                assertThatThrownBy(() -> {
                            if (client.getInputStream().read() < 0) {
                                throw new IOException("ended");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    /** A target that is down is told by the task that has found that out. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void goesOnAndEndsAlthoughNobodyReadsWhatItSays(String backend) throws Exception {
        requireBackend(backend);
        try (ServerSocket target = listen();
                Proxying proxy = new Proxying(Program.withFullStandardError(folder.resolve("full")), true, "--stats=1",
                        "--check=1", "--backend=" + backend, "0", folder + "/none", port(target))) {
            for (int i = 0; i < 4; i++) {
                try (Socket client = proxy.connect()) {
                    client.getOutputStream().write(1);
                    boolean arrived = false;
                    while (!arrived) {
                        try (Socket accepted = target.accept()) {
                            arrived = readOrReset(accepted) == 1; // or it was a check
                        }
                    }
                }
            }
            assertThat(proxy.end()).isZero();
        }
    }

    @Test
    void asManyConnectionsAsThereAreDescriptorsFor() {
        assertThat(Commands.connectionsMax(64 + 6 * 100 + 5, 64, 6)).isEqualTo(100);
        assertThat(Commands.connectionsMax(65, 64, 6)).isEqualTo(1);
        assertThat(Commands.connectionsMax(60, 64, 6)).isEqualTo(1);
        assertThat(Commands.connectionsMax(Long.MAX_VALUE, 64, 6)).isEqualTo(10_000);
    }

    /**
     * Connections that were there go on, those that wait cost next to nothing, come in when others end, and leave no
     * descriptor behind.
     */
    @ParameterizedTest
    @CsvSource({"uring, true", "uring, false", "threaded, false"})
    void outlivesAShortageOfDescriptors(String backend, boolean tasksOnLoops) throws Exception {
        requireBackend(backend);
        List<String> scarce = List.of("sh", "-c", "ulimit -n " + DESCRIPTORS_MAX + "; exec \"$@\"", "sh");
        List<Socket> held = new ArrayList<>();
        // As many as one likes: what is scarce is to be met, and not foreseen.
        try (ServerSocket target = listen();
                Proxying proxy = new Proxying(scarce, tasksOnLoops, "--check=0", "--connections=1000",
                        "--connect-timeout=30", "--backend=" + backend, "0", port(target))) {
            Path descriptors = Path.of("/proc", Long.toString(proxy.process.pid()), "fd");
            Socket first = proxy.connect();
            Socket server = target.accept();
            exchange(first, server);
            long before = count(descriptors);
            for (int i = 0; i < DESCRIPTORS_MAX; i++) {
                held.add(proxy.connect());
            }
            while (count(descriptors) < DESCRIPTORS_MAX) {
                assertThat(proxy.process.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            // At least once: the virtual machine may have something to compile at the same time.
            double share = 1;
            for (int i = 0; i < 10 && share >= PROCESSOR_SHARE_MAX; i++) {
                share = processorShare(proxy.process, first, server);
            }
            assertThat(share).as("processor while blocked").isLessThan(PROCESSOR_SHARE_MAX);

            for (Socket socket : held) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            while (count(descriptors) > before) {
                exchange(first, server);
            }
            first.close();
            server.close();
            try (Socket next = proxy.connect()) {
                next.getOutputStream().write(42);
                boolean arrived = false;
                while (!arrived) {
                    try (Socket accepted = target.accept()) {
                        arrived = readOrReset(accepted) == 42;
                    }
                }
            }
            assertThat(proxy.end()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    @SuppressWarnings("try") // the port is given up in the middle
    void otherPeoplesProgramsGoThrough(String backend) throws Exception {
        requireBackend(backend);
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("file"), content);
        Path received = folder.resolve("received");
        require("socat", "nc", "curl", "iperf3");
        String path = folder.resolve("socket").toString();
        try (ServerSocket free = listen()) {
            String port = port(free);
            free.close();
            Process target = start("socat", "UNIX-LISTEN:" + path + ",fork", "EXEC:cat");
            try (Proxying proxy = new Proxying(List.of(), true, "--backend=" + backend, "0", path)) {
                run("nc -N 127.0.0.1 " + proxy.port + " < " + file + " > " + received);
                assertThat(received).hasBinaryContent(content);
                run("socat -t 30 - TCP:127.0.0.1:" + proxy.port + " < " + file + " > " + received);
                assertThat(received).hasBinaryContent(content);
            } finally {
                target.destroy();
            }
            Process iperf = start("iperf3", "-s", "-1", "-p", port);
            try (Proxying proxy = new Proxying(List.of(), true, "--check=0", "--backend=" + backend, "0", port)) {
                run("for i in 1 2 3 4 5 6 7 8 9; do iperf3 -c 127.0.0.1 -p " + proxy.port
                        + " -n 50M -P 2 --bidir && exit 0; sleep 0.1; done; exit 1");
            } finally {
                iperf.destroy();
            }
            try (Serving files = new Serving("--backend=" + backend, folder.toString());
                    Proxying proxy = new Proxying(
                            List.of(), true, "--backend=" + backend, "0", Integer.toString(files.port))) {
                run("curl -sf --max-time 30 http://127.0.0.1:" + proxy.port + "/file -o " + received);
                assertThat(received).hasBinaryContent(content);
            }
        }
    }

    /** Client, proxy and target in a network of their own that is late, loses packets and changes their order. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aBadNetworkLosesNothing(String backend) throws Exception {
        requireBackend(backend);
        require("unshare", "ip", "tc", "socat", "cmp");
        String probe = "ip link set lo up && tc qdisc add dev lo root netem delay 1ms";
        Process namespace = start("unshare", "-n", "sh", "-c", probe);
        String said = namespace.inputReader().readAllAsString();
        Assumptions.assumeTrue(namespace.waitFor() == 0, "no network namespace with netem: " + said);
        byte[] content = new byte[NETWORK_BYTES];
        new Random(2).nextBytes(content);
        Files.write(folder.resolve("file"), content);
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", """
                ip link set lo up
                tc qdisc add dev lo root netem delay 3ms 2ms loss 0.5% reorder 10% 50%
                cd "$0"
                socat TCP-LISTEN:7002,fork,reuseaddr EXEC:cat & target=$!
                "$@" & proxy=$!
                for i in $(seq 200); do
                    printf x | socat -T 5 -t 5 - TCP:127.0.0.1:7001 2>/dev/null | grep -q x && break
                    sleep 0.1
                done
                for i in 1 2; do
                    (socat -t 60 - TCP:127.0.0.1:7001 < file > "received$i"; cmp file "received$i" && echo same) &
                done
                timeout 1 socat -t 60 - TCP:127.0.0.1:7001,linger=0 < /dev/zero > /dev/null
                wait %3 %4
                kill -TERM $proxy; wait $proxy; echo "exit $?"
                kill $target
                """, folder.toString()));
        command.addAll(Program.of(Main.class, "proxy", "--check=0", "--backend=" + backend, "7001", "7002"));
        Process all = start(command.toArray(String[]::new));
        String output = all.inputReader().readAllAsString();
        assertThat(output.lines().filter("same"::equals)).as(output).hasSize(2);
        assertThat(output).contains("exit 0");
    }

    private static void exchange(Socket client, Socket server) throws IOException {
        client.getOutputStream().write(5);
        assertThat(server.getInputStream().read()).isEqualTo(5);
        server.getOutputStream().write(6);
        assertThat(client.getInputStream().read()).isEqualTo(6);
    }

    /** How much of a processor it uses, while a connection goes on. */
    private static double processorShare(Process process, Socket client, Socket server) throws Exception {
        long used = processorMillis(process);
        long begin = System.nanoTime();
        client.setSoTimeout(100);
        for (int i = 0; i < 10; i++) {
            exchange(client, server);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        client.setSoTimeout(0);
        return (processorMillis(process) - used) / ((System.nanoTime() - begin) / 1e6);
    }

    private static int readOrReset(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            return in.read();
        } catch (IOException reset) {
            return -1;
        }
    }

    private static long processorMillis(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    private static long count(Path descriptors) throws IOException {
        try (Stream<Path> entries = Files.list(descriptors)) {
            return entries.count();
        }
    }

    private static void run(String command) throws Exception {
        Process process = start("sh", "-c", command);
        String output = process.inputReader().readAllAsString();
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void require(String... programs) throws Exception {
        for (String program : programs) {
            Process probe = start("sh", "-c", "command -v " + program);
            Assumptions.assumeTrue(probe.waitFor() == 0, "no " + program + " on the PATH");
        }
    }

    private static void requireBackend(String name) {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(name))) {
            assertThat(io.backend()).isEqualTo(name);
        } catch (BackendUnavailable refused) {
            Assumptions.abort(refused.getMessage());
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    }

    private static String port(ServerSocket target) {
        return Integer.toString(target.getLocalPort());
    }

    /** A command that listens and says where. */
    private abstract static class Listening implements AutoCloseable {
        final Process process;
        final int port;
        final BufferedReader errors;

        Listening(List<String> wrapper, boolean tasksOnLoops, Pattern announcement, String name, String... arguments)
                throws IOException {
            List<String> command = new ArrayList<>(wrapper);
            command.addAll(Program.of(Main.class, name));
            if (!tasksOnLoops) {
                command.remove(Program.TASKS_ON_LOOPS);
            }
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command).start();
            errors = process.errorReader(UTF_8);
            Matcher line = announcement.matcher(String.valueOf(process.inputReader(UTF_8).readLine()));
            assertThat(line.matches()).as(line.toString()).isTrue();
            port = Integer.parseInt(line.group(1));
        }

        Socket connect() throws IOException {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        }

        int end() throws IOException, InterruptedException {
            Program.signal(process, "TERM");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static final class Proxying extends Listening {
        Proxying(List<String> wrapper, boolean tasksOnLoops, String... arguments) throws IOException {
            super(wrapper, tasksOnLoops, ANNOUNCEMENT, "proxy", arguments);
        }
    }

    private static final class Serving extends Listening {
        Serving(String... arguments) throws IOException {
            super(List.of(), true, Pattern.compile("serve: .* at http://127\\.0\\.0\\.1:(\\d+)/, .+"), "serve",
                    Stream.concat(Stream.of("--port=0"), Stream.of(arguments)).toArray(String[]::new));
        }
    }
}
