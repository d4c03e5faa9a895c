package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.conformance.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program, in a process of its own. */
@Tag("P11")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StoreProgramTest {
    private static final Pattern READY = Pattern.compile("store: (\\d+) keys, fsync .*, at 127\\.0\\.0\\.1:(\\d+)");

    /** After each but the last, somebody looks what there is. */
    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    /** One that runs, and what it has said first. */
    record Program(Process process, int keys, int port) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    static ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                StoreProgram.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    static Program start(Path folder, String... more) throws IOException {
        return start(folder, List.of(), more);
    }

    private static Program start(Path folder, List<String> options, String... more) throws IOException {
        return start(folder, List.of(), options, more);
    }

    /** With a command that starts it, and options of the virtual machine. */
    private static Program start(Path folder, List<String> before, List<String> options, String... more)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--dir", folder.toString()));
        arguments.addAll(List.of(more));
        ProcessBuilder builder = java(arguments.toArray(new String[0]));
        builder.command().addAll(builder.command().indexOf(StoreProgram.class.getName()), options);
        builder.command().addAll(0, before);
        Process process = builder.redirectError(folder.resolve("errors.txt").toFile())
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        if (!ready.matches()) {
            process.destroyForcibly().onExit().join();
            throw new AssertionError(line + "\n" + Files.readString(folder.resolve("errors.txt")));
        }
        return new Program(process, Integer.parseInt(ready.group(1)), Integer.parseInt(ready.group(2)));
    }

    private static Process begin(String... arguments) throws IOException {
        return java(arguments).redirectErrorStream(true).start();
    }

    private static String end(Process process, int code) throws IOException, InterruptedException {
        String said = process.inputReader(StandardCharsets.UTF_8).readAllAsString();
        assertThat(process.waitFor()).as(said).isEqualTo(code);
        return said;
    }

    @Test
    void itSaysWhatItIsAndWhatWasWrong() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Process helps = begin("--help");
            Process refuses = begin("--prot", "1");
            Process fails = begin("--port", port, "--dir", folder.toString());
            assertThat(end(helps, 0)).contains("--fsync POLICY");
            assertThat(end(refuses, 2)).isEqualTo("store: '--prot' is no option (see --help)\n");
            assertThat(end(fails, 1))
                    .isEqualTo("store: another program listens at 127.0.0.1:" + port
                            + "; end that one, or choose another --port\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port         | '--port' is no option, or its value is missing
            --port 65536   | --port 65536 is no number within 0..65535
            --port x       | --port x is no number within 0..65535
            --fsync maybe  | --fsync maybe is none of always, everysec, no
            --max-clients 0| clientsMax 0 is not positive
            --bind nowhere | 'nowhere'
            """, quoteCharacter = '%')
    void wrongArgumentsAreNamed(String arguments, String advice) {
        assertThatThrownBy(() -> StoreProgram.parse(arguments.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(advice);
    }

    @Test
    void optionsAreRead() {
        assertThat(StoreProgram.parse("--port", "7", "--backend", "threaded", "--fsync", "Always"))
                .isEqualTo(new StoreProgram.Arguments(
                        StoreOptions.DEFAULT.withAddress(Ip4Address.loopback(7)).withFsync(FsyncPolicy.ALWAYS),
                        IoOptions.DEFAULT.withBackend("threaded")));
    }

    @Test
    void itEndsOrderlyWhenItIsToldTo() throws Exception {
        try (Program program = start(folder, "--fsync", "no")) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), program.port())) {
                assertThat(ask(client, "SET key value")).isEqualTo("+OK");
                program.process().destroy();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(program.process().waitFor()).isZero();
        }
        assertThat(folder.resolve("errors.txt")).isEmptyFile();
        assertThat(DurabilityTest.plain(Files.readAllBytes(folder.resolve(LogProcess.NAME))))
                .isEqualTo(RespClient.command("SET", "key", "value"));
    }

    /** With fsync always, in rounds: clients write until the process is killed, and find what they were told. */
    @Test
    void killedItLosesNothingThatItAcknowledged() throws Exception {
        Random random = new Random(16);
        int clients = 4;
        long[] acknowledged = new long[clients];
        for (int round = 0; round < ROUNDS; round++) {
            try (Program program = start(folder, "--fsync", "always", "--rewrite-min", "30000");
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                assertThat(program.keys()).isEqualTo(round == 0 ? 0 : clients);
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    Callable<Object> client = client(program.port(), i, acknowledged);
                    running.add(threads.submit(client));
                }
                long enough = acknowledged[0] + 50 + random.nextInt(200);
                Eventually.await("some writes", () -> {
                    synchronized (acknowledged) {
                        return acknowledged[0] >= enough && LongStream.of(acknowledged).allMatch(count -> count > 0);
                    }
                });
                program.process().toHandle().destroyForcibly();
                for (Future<?> each : running) {
                    each.get();
                }
            }
        }
    }

    /** Memory ends in the middle of a change: half of it in the file would make all that follows unreadable. */
    @Test
    void withoutMemoryTheFileHasWholeChanges() throws Exception {
        try (Program program = start(folder, List.of("-Xmx64m"), "--fsync", "always")) {
            boolean refused = false;
            for (int mebibytes = 4; mebibytes <= 24; mebibytes += 2) {
                refused |= !setsLarge(program.port(), mebibytes << 20);
            }
            assertThat(refused).as("a value too large for the heap").isTrue();
            Eventually.await("a store that has started again", () -> isSet(program.port(), "after"));
        }
        try (Program program = start(folder);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), program.port())) {
            assertThat(ask(client, "EXISTS after")).isEqualTo(":1");
        }
    }

    /** When clients have taken all descriptors, no class can be read from a folder any more. */
    @Test
    void withoutDescriptorsWhoIsThereIsServed() throws Exception {
        int descriptors = 200;
        Path classes = folder.resolve("classes");
        String classPath = separateOwnClasses(classes);
        List<String> limited = List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh");
        List<Socket> others = new ArrayList<>();
        try (Program program = start(folder, limited, List.of("-cp", classPath));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), program.port())) {
            while (others.size() < descriptors) {
                others.add(new Socket(InetAddress.getLoopbackAddress(), program.port()));
            }
            File used = new File("/proc/" + program.process().pid() + "/fd");
            Eventually.await("no descriptor is left", () -> Objects.requireNonNull(used.list()).length == descriptors);
            assertThat(ask(client, "SET 'a b' 1 EX 100")).isEqualTo("+OK");
            assertThat(ask(client, "NONSENSE")).startsWith("-ERR unknown command");
            assertThat(ask(client, "EXPIRE \"a\\x20b\" 10 XX")).isEqualTo(":1");
            assertThat(ask(client, "SCAN 0 MATCH a*")).isEqualTo("*2");
        } finally {
            for (Socket other : others) {
                other.close();
            }
        }
    }

    /** A class path with the store's classes in this folder, and those of all others in jars. */
    private String separateOwnClasses(Path classes) throws IOException {
        String own = StoreProgram.class.getPackageName().replace('.', '/');
        List<String> path = new ArrayList<>(List.of(classes.toString()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path root = Path.of(entry);
            if (!Files.isDirectory(root)) {
                path.add(entry);
                continue;
            }
            Path jar = folder.resolve(path.size() + ".jar");
            path.add(jar.toString());
            try (Stream<Path> all = Files.walk(root);
                    JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String name = root.relativize(file).toString();
                    if (name.startsWith(own)) {
                        Path copy = classes.resolve(name);
                        Files.createDirectories(copy.getParent());
                        Files.copy(file, copy);
                    } else if (!name.equals("META-INF/MANIFEST.MF")) {
                        out.putNextEntry(new JarEntry(name));
                        Files.copy(file, out);
                    }
                }
            }
        }
        return String.join(File.pathSeparator, path);
    }

    /** Sets a key with an expiry to so many bytes. Whether that was acknowledged. */
    private static boolean setsLarge(int port, int length) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = client.getOutputStream();
            out.write(("*5\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$" + length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(new byte[length]);
            return ask(client, "\r\n$2\r\nEX\r\n$3\r\n100").equals("+OK");
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isSet(int port, String key) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return ask(client, "SET " + key + " 1").equals("+OK");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Callable<Object> client(int port, int number, long[] acknowledged) {
        return () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String found = ask(socket, "INCRBY k" + number + " 0");
                long count = Long.parseLong(found.substring(1));
                assertThat(count).as("client %d", number).isGreaterThanOrEqualTo(acknowledged[number]);
                while (true) {
                    String reply = ask(socket, "INCR k" + number);
                    if (!reply.startsWith(":")) {
                        return reply;
                    }
                    synchronized (acknowledged) {
                        acknowledged[number] = Long.parseLong(reply.substring(1));
                    }
                }
            } catch (IOException killed) {
                return killed;
            }
        };
    }

    /** Asks for something whose reply is a line; empty at the end of the stream. */
    private static String ask(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder reply = new StringBuilder();
        while (reply.indexOf("\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return "";
            }
            reply.append((char) next);
        }
        return reply.substring(0, reply.length() - 2);
    }
}
