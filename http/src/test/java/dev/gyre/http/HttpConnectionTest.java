package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.http.Client.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How connections are used, misused and ended. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
class HttpConnectionTest {
    @Parameter
    String backend;

    /** Longer than what is kept free for the head of a short answer. */
    @Test
    void aLongHeadOfAFileInMemoryFits() throws Exception {
        HeaderOptions long_ = new HeaderOptions(Map.of(), List.of(), Map.of("X-Long", "x".repeat(6000)), false);
        try (TestServer server = TestServer.start(backend, options -> options.withHeaders(long_));
                Client client = server.connect()) {
            server.write("a", "hello");
            client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50));
            for (int i = 0; i < 50; i++) {
                Answer answer = client.read();
                assertThat(answer.text()).isEqualTo("hello");
                assertThat(answer.field("x-long")).hasSize(6000);
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                server.write("f" + i % 7, ("content " + i % 7).repeat(i % 7 * 100));
                requests.append(i % 5 == 4 ? "HEAD" : "GET").append(" /f").append(i % 7)
                        .append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(requests.toString());
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            for (int i = 0; i < 300; i++) {
                boolean head = i % 5 == 4;
                Answer answer = client.read(head);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("content-length")).isEqualTo(String.valueOf(i % 7 * 900));
                assertThat(answer.text()).isEqualTo(head ? "" : ("content " + i % 7).repeat(i % 7 * 100));
            }
            sending.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theJdksClientIsContent() throws Exception {
        try (TestServer server = TestServer.start(backend);
                HttpClient client = HttpClient.newHttpClient()) {
            server.write("a.txt", "hello");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + "/a.txt"))
                    .build();
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> one : all) {
                assertThat(one.get(30, TimeUnit.SECONDS).body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void keepsOrClosesAsTheVersionSays() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            server.write("a", "x");
            try (Client client = server.connect()) {
                assertThat(client.get("/a").fields()).doesNotContainKey("connection");
                assertThat(client.get("/a", "Connection: close").field("connection")).isEqualTo("close");
                assertThat(client.atEnd()).isTrue();
            }
            try (Client client = server.connect()) {
                client.send("GET /a HTTP/1.0\r\n\r\n");
                assertThat(client.read().field("connection")).isEqualTo("close");
                assertThat(client.atEnd()).isTrue();
            }
            try (Client client = server.connect()) {
                client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(client.read().field("connection")).isEqualTo("keep-alive");
                assertThat(client.get("/a").text()).isEqualTo("x");
            }
        }
    }

    @Test
    void aClientThatOnlyStopsSendingGetsItsAnswer() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a", "x".repeat(200_000));
            client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            client.socket.shutdownOutput();
            assertThat(client.read().body()).hasSize(200_000);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void onlyReads() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            for (String method : new String[] {"POST", "PUT", "DELETE", "TRACE", "PATCH"}) {
                Answer answer = client.request(method, "/");
                assertThat(answer.status()).as(method).isEqualTo(405);
                assertThat(answer.field("allow")).isEqualTo("GET, HEAD, OPTIONS");
            }
            for (String method : new String[] {"get", "FROB"}) {
                assertThat(client.request(method, "/").status()).as(method).isEqualTo(501);
            }
            client.send("CONNECT host:80 HTTP/1.1\r\nHost: host:80\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(405);
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
            Answer options = client.read();
            assertThat(options.status()).isEqualTo(204);
            assertThat(options.field("allow")).isEqualTo("GET, HEAD, OPTIONS");
            assertThat(options.fields()).doesNotContainKey("content-length");
            Answer posted = client.request("POST", "/", "Content-Length: 5\r\n\r\n12345\r\nX: y");
            assertThat(posted.status()).isEqualTo(405);
        }
    }

    @Test
    void throwsShortBodiesAwayAndRefusesLongOnes() throws Exception {
        try (TestServer server = TestServer.withLimits(backend, limits -> limits.withBodyBytesMax(100))) {
            server.write("a", "x");
            try (Client client = server.connect()) {
                client.send("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + "b".repeat(100));
                assertThat(client.read().text()).isEqualTo("x");
                client.send("GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
                assertThat(client.read().text()).isEqualTo("x");
                client.send("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n" + "b".repeat(101));
                Answer refused = client.read();
                assertThat(refused.status()).isEqualTo(413);
                assertThat(refused.field("connection")).isEqualTo("close");
                assertThat(client.atEnd()).isTrue();
            }
            try (Client client = server.connect()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n");
                Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(405);
                assertThat(answer.field("connection")).isEqualTo("close");
            }
        }
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            String[] requests = {
                "GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(20_000) + "\r\n",
            };
            int[] statuses = {414, 414, 431, 431};
            for (int i = 0; i < requests.length; i++) {
                try (Client client = server.connect()) {
                    client.send(requests[i]);
                    Answer answer = client.read();
                    assertThat(answer.status()).isEqualTo(statuses[i]);
                    assertThat(answer.field("connection")).isEqualTo("close");
                }
            }
        }
    }

    @Test
    void aRequestThatTakesTooLongGets408() throws Exception {
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withHeadTimeout(Duration.ofMillis(200)));
                Client client = server.connect()) {
            client.send("GET / HT");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aSlowRequestDoesNotGetMoreTimeWithEveryByte() throws Exception {
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withHeadTimeout(Duration.ofMillis(300)));
                Client slow = server.connect();
                Client other = server.connect()) {
            server.write("a", "x");
            slow.send("G");
            // A byte with each of the other's requests, until the server has had enough.
            slow.socket.setSoTimeout(1);
            int bytes = 0;
            while (slow.in.available() == 0) {
                slow.send("E");
                bytes++;
                assertThat(other.get("/a").text()).isEqualTo("x");
            }
            slow.socket.setSoTimeout(30_000);
            assertThat(slow.read().status()).isIn(408, 431);
            assertThat(bytes).isPositive();
        }
    }

    @Test
    void closesAConnectionThatIsIdleForTooLong() throws Exception {
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withIdleTimeout(Duration.ofMillis(200)));
                Client fresh = server.connect();
                Client used = server.connect()) {
            assertThat(used.get("/").status()).isEqualTo(200);
            assertThat(fresh.atEnd()).isTrue();
            assertThat(used.atEnd()).isTrue();
        }
    }

    @Test
    void anIdleConnectionHasNoBuffersAndWakesUp() throws Exception {
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withIdleTimeout(Duration.ofSeconds(12)));
                Client client = server.connect()) {
            server.write("a", "x");
            WorkspacePool pool = server.server.service().workspaces;
            int unused = Math.max(1, pool.free());
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/a").text()).isEqualTo("x");
                while (pool.free() < unused) {
                    Thread.onSpinWait(); // a fifth of a second
                }
            }
            client.send("G");
            client.send("ET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("x");
        }
    }

    @Test
    @Tag("T12")
    void aCrowdOfIdleConnectionsHasFewBuffersAndIsStillServed() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            server.write("a", "x");
            WorkspacePool pool = server.server.service().workspaces;
            List<Client> clients = new ArrayList<>();
            try {
                int most = 0;
                for (int i = 0; i < 1000; i++) {
                    Client client = server.connect();
                    clients.add(client);
                    if (i % 2 == 0) {
                        assertThat(client.get("/a").text()).isEqualTo("x");
                    }
                    most = Math.max(most, pool.used());
                }
                while (pool.used() > 0) {
                    Thread.onSpinWait(); // a second
                }
                assertThat(most).isLessThan(1000);
                assertThat(pool.free()).isLessThanOrEqualTo(256);
                for (Client client : clients) {
                    assertThat(client.get("/a").text()).isEqualTo("x");
                }
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void tenThousandRequestsAtOnceAreAnsweredInOrder() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            for (int i = 0; i < 10; i++) {
                server.write("f" + i, "content " + i);
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                StringBuilder requests = new StringBuilder();
                for (int i = 0; i < 10_000; i++) {
                    requests.append("GET /f").append(i % 10).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
                }
                try {
                    client.send(requests.toString());
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            for (int i = 0; i < 10_000; i++) {
                assertThat(client.read().text()).isEqualTo("content " + i % 10);
            }
            sending.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void closesAConnectionThatTakesNothing() throws Exception {
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withWriteStall(Duration.ofMillis(300)));
                Client never = new Client(server.port, 4 << 10);
                Client other = server.connect()) {
            server.write("a", "x");
            server.write("large", new byte[64 << 20]);
            never.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            never.readHead();
            do {
                assertThat(other.get("/a").text()).isEqualTo("x");
            } while (server.server.connections() > 1);
            assertThat(never.in.transferTo(OutputStream.nullOutputStream())).isLessThan(64 << 20);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void tellsConnectionsBeyondTheLimit() throws Exception {
        try (TestServer server = TestServer.withLimits(backend, limits -> limits.withConnectionsMax(2))) {
            server.write("a", "x");
            Client first = server.connect();
            try (Client second = server.connect()) {
                assertThat(first.get("/a").text()).isEqualTo("x");
                assertThat(second.get("/a").text()).isEqualTo("x");
                try (Client third = server.connect()) {
                    third.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
                    Answer refused = third.read();
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.field("retry-after")).isEqualTo("1");
                    assertThat(third.atEnd()).isTrue();
                }
                first.close();
                int status;
                do { // the server needs a moment to notice
                    status = server.get("/a").status();
                } while (status == 503);
                assertThat(status).isEqualTo(200);
            }
        }
    }

    @Test
    void servesOnWhileOthersMisbehave() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client good = server.connect();
                Client slow = server.connect();
                Client never = new Client(server.port, 4 << 10)) {
            server.write("a", "x");
            server.write("large", new byte[16 << 20]);
            never.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            slow.send("G");
            for (int i = 0; i < 2000; i++) {
                Client vanishing = server.connect();
                if (i % 3 == 0) {
                    vanishing.send("GET /large HTTP/1.1\r\n");
                }
                if (i % 2 == 0) {
                    vanishing.socket.setSoLinger(true, 0); // a reset
                }
                vanishing.close();
                if (i % 100 == 0) {
                    slow.send(String.valueOf("ET /a HTTP/1.1\r\nHost".charAt(i / 100)));
                    assertThat(good.get("/a").text()).isEqualTo("x");
                }
            }
            slow.send(": a\r\n\r\n");
            assertThat(slow.read().text()).isEqualTo("x");
            assertThat(never.read().body()).hasSize(16 << 20);
        }
    }

    @Test
    void outlivesMalformedRequests() throws Exception {
        long seed = Long.getLong("gyre.seed", new Random().nextLong());
        Random random = new Random(seed);
        try (TestServer server =
                        TestServer.withLimits(backend, limits -> limits.withHeadTimeout(Duration.ofMillis(500)));
                Client good = server.connect()) {
            server.write("a", "x");
            for (int i = 0; i < 200; i++) {
                String request = malformed(random);
                String what = "-Dgyre.seed=" + seed + ", request " + i + ": "
                        + request.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
                try (Client client = server.connect()) {
                    client.send(request);
                    client.socket.shutdownOutput();
                    int status;
                    try {
                        status = client.read().status();
                    } catch (IOException closed) {
                        continue;
                    }
                    assertThat(status).as(what).isBetween(400, 505).isNotEqualTo(500);
                    assertThat(client.atEnd()).as(what).isTrue();
                } finally {
                    assertThat(good.get("/a").text()).as(what).isEqualTo("x");
                }
            }
        }
    }

    /** A request with one fault that no server may overlook. */
    private static String malformed(Random random) {
        String token = token(random);
        String line = "GET /" + token + " HTTP/1.1\r\n";
        String host = "Host: a\r\n";
        char control = (char) (random.nextBoolean() ? random.nextInt(1, 9) : random.nextInt(14, 32));
        return switch (random.nextInt(20)) {
            case 0 -> line + "\r\n";
            case 1 -> line + host + "Host: " + token + "\r\n\r\n";
            case 2 -> line + host + token + "\r\n\r\n";
            case 3 -> line + host + token + " : x\r\n\r\n";
            case 4 -> line + host + "X: a\r\n " + token + "\r\n\r\n";
            case 5 -> line + host + "X: " + token + control + "\r\n\r\n";
            case 6 -> line + host + "X" + control + ": " + token + "\r\n\r\n";
            case 7 -> "GET /" + token + control + " HTTP/1.1\r\n" + host + "\r\n";
            case 8 -> "GET /" + token + " HTTP/" + random.nextInt(2, 10) + ".0\r\n" + host + "\r\n";
            case 9 -> "GET /" + token + "\r\n" + host + "\r\n";
            case 10 -> "GET" + control + "/ HTTP/1.1\r\n" + host + "\r\n";
            case 11 -> token + "\r\n\r\n";
            case 12 -> line + host + "Content-Length: " + token + "x\r\n\r\n";
            case 13 -> line + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            case 14 -> line + host + "Transfer-Encoding: chunked\r\n\r\n" + "g" + token + "\r\n";
            case 15 -> line + host + "Transfer-Encoding: " + token + "\r\n\r\n";
            case 16 -> "GET /%" + "ghijk".charAt(random.nextInt(5)) + token + " HTTP/1.1\r\n" + host + "\r\n";
            case 17 -> "GET " + token + " HTTP/1.1\r\n" + host + "\r\n";
            case 18 -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
            default -> {
                byte[] noise = new byte[random.nextInt(1, 300)];
                random.nextBytes(noise);
                noise[0] = 22; // as a TLS handshake does
                yield new String(noise, StandardCharsets.ISO_8859_1);
            }
        };
    }

    private static String token(Random random) {
        return random.ints(random.nextInt(1, 20), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void stopsWhenAnswersAreOut() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client idle = server.connect();
                Client busy = new Client(server.port, 16 << 10)) {
            server.write("large", new byte[16 << 20]);
            assertThat(idle.get("/").status()).isEqualTo(200);
            busy.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            busy.readHead();
            CompletableFuture<Void> stopping =
                    CompletableFuture.runAsync(() -> server.server.stop(Duration.ofSeconds(30)));
            assertThat(idle.atEnd()).isTrue();
            assertThat(stopping).isNotDone();
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            assertThat(busy.in.readNBytes(16 << 20)).hasSize(16 << 20);
            assertThat(busy.atEnd()).isTrue();
            stopping.get(30, TimeUnit.SECONDS);
            server.server.awaitStop();
            server.server.stop(Duration.ZERO);
        }
    }

    @Test
    void cutsOffWhatTakesLongerThanTheGrace() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client never = new Client(server.port, 4 << 10);
                Client unfinished = server.connect()) {
            server.write("large", new byte[64 << 20]);
            never.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            never.readHead();
            unfinished.send("GET / HTTP");
            CompletableFuture<Void> stopping =
                    CompletableFuture.runAsync(() -> server.server.stop(Duration.ofMillis(200)));
            stopping.get(30, TimeUnit.SECONDS);
            assertThat(unfinished.atEnd()).isTrue();
        }
    }
}
