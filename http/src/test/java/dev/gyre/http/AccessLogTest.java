package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.http.LogOptions.Target;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Reason;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written down, where, and what a client can do to it. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
@Tag("T14")
class AccessLogTest {
    private static final String TIME = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\]";

    @Parameter
    String backend;

    @TempDir
    Path folder;

    @Test
    void writesALineForEachAnswer() throws Exception {
        Path path = folder.resolve("log");
        try (TestServer server = TestServer.start(backend, toFile(LogFormat.COMMON, path));
                Client client = server.connect()) {
            server.write("a.txt", "hello");
            server.write("b.bin", new byte[100_000]);
            client.get("/a.txt");
            client.request("HEAD", "/a.txt");
            client.get("/a.txt?q=1", "If-None-Match: *");
            client.get("/b.bin");
            client.get("/b.bin", "Range: bytes=0-9");
            client.get("/none");
            client.send("GET /a.txt HTTP/1.0\r\n\r\n").read();
            try (Client other = server.connect()) {
                other.send("\0\r\n\r\n").read();
            }
        }
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(8);
        List<String> ends = List.of(
                "\"GET /a.txt HTTP/1.1\" 200 5",
                "\"HEAD /a.txt HTTP/1.1\" 200 -",
                "\"GET /a.txt?q=1 HTTP/1.1\" 304 -",
                "\"GET /b.bin HTTP/1.1\" 200 100000",
                "\"GET /b.bin HTTP/1.1\" 206 10",
                "\"GET /none HTTP/1.1\" 404 43",
                "\"GET /a.txt HTTP/1.0\" 200 5");
        for (int i = 0; i < ends.size(); i++) {
            assertThat(lines.get(i)).matches("127\\.0\\.0\\.1 - - " + TIME + " .*").endsWith(ends.get(i));
        }
        assertThat(lines.getLast()).contains("\"-\" 400 ");
        assertThat(Files.getPosixFilePermissions(path).toString()).doesNotContain("OTHERS");
    }

    @Test
    void whatAClientSendsCannotForgeALine() throws Exception {
        String forged = "\" 200 5\\x \u001b[2J\té";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (LogFormat format : List.of(LogFormat.COMBINED, LogFormat.JSON)) {
            try (TestServer server = TestServer.start(backend, toStream(format, out));
                    Client client = server.connect()) {
                client.get("/x\"y\\z", "User-Agent: " + forged.replace("\u001b", ""), "Referer: " + forged);
            }
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).matches("[ -~]+"));
        String combined = lines.getFirst();
        assertThat(combined.replaceAll("\\\\.", "").chars().filter(c -> c == '"').count()).isIn(6L, 2L);
    }

    @Test
    void jsonHasEverything() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TestServer server = TestServer.start(backend, toStream(LogFormat.JSON, out));
                Client client = server.connect()) {
            server.write("a", "hello");
            client.get("/a", "User-Agent: a \"b\"", "Referer: http://r/");
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\",\"client\":\"127.0.0.1\","
                        + "\"user\":null,\"method\":\"GET\",\"target\":\"/a\",\"protocol\":\"HTTP/1.1\",\"status\":200,"
                        + "\"bytes\":5,\"seconds\":\\d+\\.\\d{6},\"referrer\":\"http://r/\","
                        + "\"agent\":\"a \\\\\"b\\\\\"\"\\}\n");
    }

    @Test
    void goesOnInANewFileWhenTheOldOneWasRenamed() throws Exception {
        Path path = folder.resolve("log");
        Path old = folder.resolve("log.1");
        try (TestServer server = TestServer.start(backend, toFile(LogFormat.COMMON, path));
                Client client = server.connect()) {
            client.get("/first");
            await(path, "/first");
            Files.move(path, old);
            client.get("/second");
            await(old, "/second");
            server.server.reopenLog();
            while (!Files.exists(path)) {
                Thread.onSpinWait();
            }
            client.get("/third");
            await(path, "/third");
            assertThat(Files.readString(old)).contains("/first", "/second").doesNotContain("/third");
            Files.delete(path);
            Files.createDirectory(path);
            server.server.reopenLog();
            client.get("/fourth");
        }
        assertThat(path).as("where it cannot be opened, the old one stays").isEmptyDirectory();
    }

    @Test
    void aLogThatTakesNothingHoldsUpNobody() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("written byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                await();
                got.write(bytes, offset, length);
            }

            private void await() {
                try {
                    free.await();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (TestServer server = TestServer.start(backend, toStream(LogFormat.COMMON, stuck));
                Client client = server.connect()) {
            for (int i = 0; i < 1000; i++) {
                assertThat(client.get("/" + i).status()).isEqualTo(404);
            }
            free.countDown();
        }
        assertThat(got.toString(StandardCharsets.UTF_8).lines()).hasSize(1000);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLogThatNeverTakesAnythingDoesNotKeepTheServerFromEnding() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                while (never.getCount() > 0) {
                    try {
                        never.await();
                    } catch (InterruptedException ignored) {
                        // As a write to a full pipe does.
                    }
                }
            }
        };
        try (TestServer server = TestServer.start(backend, toStream(LogFormat.COMMON, stuck))) {
            assertThat(server.get("/none").status()).isEqualTo(404);
        } finally {
            never.countDown();
        }
    }

    @Test
    void timeGoesOnWhileARequestWaits() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long waited;
        try (TestServer server = TestServer.start(backend, toStream(LogFormat.JSON, out));
                Client client = server.connect()) {
            for (int i = 0; i < 4001; i++) {
                Files.createFile(server.root.resolve("f" + i));
            }
            ConcurrencyLimit limit = server.server.service().site.folders.large;
            assertThat(limit.enter()).isTrue();
            assertThat(limit.enter()).isTrue();
            client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            while (limit.present() < 3) {
                Thread.onSpinWait();
            }
            long begin = System.nanoTime();
            do {
                waited = System.nanoTime() - begin;
            } while (waited < 20_000_000);
            limit.leave();
            limit.leave();
            assertThat(client.read(true).status()).isEqualTo(200);
        }
        Matcher seconds = Pattern.compile("\"seconds\":([0-9.]+)").matcher(out.toString(StandardCharsets.UTF_8));
        assertThat(seconds.find()).isTrue();
        assertThat(Double.parseDouble(seconds.group(1))).isGreaterThanOrEqualTo(waited / 1e9 - 1e-6);
    }

    @Test
    void aLogThatCannotBeOpenedIsToldAtOnce() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"))) {
            ServerOptions options = toFile(LogFormat.COMMON, folder.resolve("none/log"))
                    .apply(ServerOptions.DEFAULT.withRoot(folder.toString()).withAddress(Ip4Address.loopback(0)));
            assertThatThrownBy(() -> FileServer.open(io, options))
                    .isInstanceOfSatisfying(IoException.class, failure -> assertThat(failure.reason())
                            .isEqualTo(Reason.FILE_NOT_FOUND))
                    .hasMessageContaining("none/log");
        }
    }

    @Test
    void answersAreCounted() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a", "hello");
            client.get("/a");
            client.get("/a", "If-None-Match: *");
            client.get("/none");
            client.request("HEAD", "/a");
            ServerStatistics counted = server.server.statistics();
            while (counted.answers() < 4) {
                counted = server.server.statistics(); // an answer is counted after it was sent
            }
            assertThat(counted).isEqualTo(new ServerStatistics(2, 1, 1, 0, 5 + 43, 1));
        }
    }

    private static void await(Path path, String text) throws Exception {
        while (!Files.readString(path).contains(text)) {
            Thread.onSpinWait();
        }
    }

    private static UnaryOperator<ServerOptions> toFile(LogFormat format, Path path) {
        return options -> options.withLog(new LogOptions(format, new Target.ToFile(path.toString())));
    }

    private static UnaryOperator<ServerOptions> toStream(LogFormat format, OutputStream stream) {
        return options -> options.withLog(new LogOptions(format, new Target.ToStream(stream)));
    }
}
