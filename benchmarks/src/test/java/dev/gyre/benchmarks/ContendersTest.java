package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each server does what it is measured for, beyond what the load generator asks of it, and ends when it should. */
class ContendersTest {
    private static final int STREAM_SIZE = 3_000_000;

    static Stream<Contender> echoes() {
        return Contenders.ECHO.stream();
    }

    static Stream<Contender> httpServers() {
        return Contenders.HTTP.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("echoes")
    void echoesAStreamThatOutgrowsEveryBuffer(Contender contender) throws Exception {
        try (Workshop workshop = Workshop.open();
                Server server = start(contender, workshop);
                Socket socket = connect(server)) {
            byte[] stream = new byte[STREAM_SIZE];
            new Random(42).nextBytes(stream);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    socket.getOutputStream().write(stream);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            byte[] echoed = socket.getInputStream().readAllBytes();

            sent.get(10, TimeUnit.SECONDS);
            assertThat(echoed.length).isEqualTo(stream.length);
            assertThat(Arrays.mismatch(echoed, stream)).as("first changed byte").isEqualTo(-1);
            assertEndsWithItsStandardInput(server);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("httpServers")
    void servesSeveralFilesOverOneConnection(Contender contender) throws Exception {
        try (Workshop workshop = Workshop.open()) {
            String small = workshop.document(1);
            String large = workshop.document(1 << 20);
            try (Server server = start(contender, workshop);
                    Socket socket = connect(server)) {
                for (String path : List.of(small, large, small)) {
                    byte[] expected = Files.readAllBytes(workshop.documents().resolve(path.substring(1)));
                    assertThat(get(socket, path, expected.length)).isEqualTo(expected);
                }
                assertEndsWithItsStandardInput(server);
            }
        }
    }

    /** No process may be left over when whoever started it has died. */
    private static void assertEndsWithItsStandardInput(Server server) {
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        List<ProcessHandle> family = Stream.concat(Stream.of(process), process.descendants()).toList();

        server.closeInput();

        for (ProcessHandle member : family) {
            assertThat(member.onExit()).as("pid " + member.pid()).succeedsWithin(10, TimeUnit.SECONDS);
        }
    }

    private static Server start(Contender contender, Workshop workshop) throws IOException {
        try {
            return Server.start(contender, workshop, JavaCommand.fixedHeap(), List.of());
        } catch (Unavailable e) {
            System.out.println("skipped " + contender.name() + ": " + e.getMessage());
            return abort(e.getMessage());
        }
    }

    private static Socket connect(Server server) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] get(Socket socket, String path, int size) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream input = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) input.read());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: " + size);
        return input.readNBytes(size);
    }
}
