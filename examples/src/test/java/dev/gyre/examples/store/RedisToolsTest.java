package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.UnixAddress;
import dev.gyre.process.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Programs of Redis, where they are installed: they drive the store, answer as it does, and read its file. */
@Tag("P11")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RedisToolsTest {
    private static final String SOCKET = "redis.sock";

    @TempDir
    private Path folder;

    private static void require(String program) throws InterruptedException {
        try {
            new ProcessBuilder(program, "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException missing) {
            throw new TestAbortedException("skipped: the probe '" + program + " --version' found no such program");
        }
    }

    private interface Client {
        void use(int port) throws Exception;
    }

    private void withStore(Client client) throws Exception {
        try (Io io = Io.open(); Processes node = Processes.open(io)) {
            List<String> said = new ArrayList<>();
            StoreOptions options =
                    StoreOptions.DEFAULT.withAddress(Ip4Address.loopback(0)).withFolder(folder.toString());
            StoreServer server = StoreServer.start(node, options, said::add);
            client.use(server.port());
            server.stop();
            assertThat(said).isEmpty();
        }
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.outputWriter(StandardCharsets.ISO_8859_1)) {
            in.write(input);
        }
        String said = process.inputReader(StandardCharsets.ISO_8859_1).readAllAsString();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void redisCli() throws Exception {
        require("redis-cli");
        withStore(port -> {
            String number = Integer.toString(port);
            assertThat(run("", "redis-cli", "-p", number, "SET", "greeting", "hello")).isEqualTo("OK\n");
            assertThat(run("", "redis-cli", "-3", "-p", number, "GET", "greeting")).isEqualTo("hello\n");
            assertThat(run("INCR n\nINCR n\nGET none\nTTL n\nNONSENSE\n", "redis-cli", "--no-raw", "-p", number))
                    .isEqualTo("""
                            (integer) 1
                            (integer) 2
                            (nil)
                            (integer) -1
                            (error) ERR unknown command 'NONSENSE', with args beginning with:\s
                            """);
            assertThat(run("", "redis-cli", "-p", number, "--scan", "--pattern", "g*")).isEqualTo("greeting\n");
            String mass = RespClient.command("SET", "k", "v").repeat(1000);
            assertThat(run(mass, "redis-cli", "-p", number, "--pipe")).contains("errors: 0, replies: 1000");
        });
    }

    @Test
    void redisBenchmark() throws Exception {
        require("redis-benchmark");
        withStore(port -> {
            for (String depth : List.of("1", "16")) {
                assertThat(run("", "redis-benchmark", "-p", Integer.toString(port), "-q", "-n", "2000", "-c", "20",
                                "-P", depth, "-t", "ping,set,get,incr,mset"))
                        .contains("SET: ", "GET: ", "INCR: ", "MSET (10 keys): ")
                        .doesNotContain("rror");
            }
        });
    }

    /** The dialogue of {@link CommandsTest}, with Redis. */
    @Test
    void redisAnswersAsWeDo() throws Exception {
        require("redis-server");
        Process server = redis();
        try (Io io = Io.open(); RespClient client = connect(io, server)) {
            Dialogue.read().hold(client, true);
        } finally {
            server.destroy();
            int _ = server.waitFor();
        }
    }

    @Test
    void redisReadsOurFile() throws Exception {
        require("redis-server");
        withStore(port -> {
            try (Io io = Io.open();
                    RespClient client = new RespClient(io.connect(Ip4Address.loopback(port)))) {
                client.ask("SET", "a", "1", "EX", "1000");
                client.ask("APPEND", "a", "2");
                client.ask("MSET", "b", "1", "c", "2");
                client.ask("EXPIRE", "b", "0");
                client.ask("EXPIRE", "c", "1000");
                client.ask("INCR", "c");
            }
        });
        Process server = redis("--appendonly", "yes", "--appendfilename", LogProcess.NAME);
        try (Io io = Io.open(); RespClient client = connect(io, server)) {
            assertThat(client.ask("MGET", "a", "b", "c")).isEqualTo("[\"12\", nil, \"3\"]");
            assertThat(client.ask("TTL", "a")).isIn(":999", ":1000");
            assertThat(client.ask("TTL", "c")).isIn(":999", ":1000");
        } finally {
            server.destroy();
            int _ = server.waitFor();
        }
    }

    private Process redis(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "redis-server", "--save", "", "--dir", folder.toString(), "--port", "0", "--unixsocket",
                folder.resolve(SOCKET).toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.txt").toFile())
                .start();
    }

    private RespClient connect(Io io, Process server) throws Exception {
        while (!Files.exists(folder.resolve(SOCKET))) {
            assertThat(server.waitFor(10, TimeUnit.MILLISECONDS))
                    .as(Files.readString(folder.resolve("redis.txt")))
                    .isFalse();
        }
        RespClient client = new RespClient(io.connect(new UnixAddress(folder.resolve(SOCKET).toString())));
        while (client.ask("PING").startsWith("-LOADING")) {
            io.checkCancel();
        }
        return client;
    }
}
