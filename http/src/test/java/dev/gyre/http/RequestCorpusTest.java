package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Client.Answer;
import dev.gyre.http.RequestCase.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The raw requests of {@code requests.txt}, each on a connection of its own. */
@Tag("T12")
class RequestCorpusTest {
    private static final String NGINX_VERSION = "nginx/1.22.1";
    private static final int PATIENCE_MILLIS = 5_000;
    private static final String PROBE = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @ParameterizedTest
    @MethodSource("dev.gyre.http.TestServer#backends")
    void eachIsAnsweredAsTheRfcsWant(String backend) throws Exception {
        List<RequestCase> cases = RequestCase.all();
        assertThat(cases).hasSizeGreaterThan(300);
        List<String> wrong = new ArrayList<>();
        try (TestServer server = TestServer.start(backend)) {
            fill(server.root);
            for (RequestCase each : cases) {
                String found = run(each, server.port, true);
                if (!found.isEmpty()) {
                    wrong.add(each + "\n    " + found);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What it does otherwise is in the file, with the reason why it may. */
    @Test
    void nginxAnswersTheSameUnlessTheFileSaysWhy(@TempDir Path folder) throws Exception {
        Path program = Path.of("/usr/sbin/nginx");
        Assumptions.assumeTrue(Files.isExecutable(program), program + " is not installed");
        assumeVersion(program);
        Path root = Files.createDirectory(folder.resolve("root"));
        fill(root);
        int port = freePort();
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/pid;
                events {}
                http {
                    access_log off;
                    large_client_header_buffers 4 16k;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    client_max_body_size 64k;
                    lingering_timeout 200ms;
                    server {
                        listen 127.0.0.1:%2$d;
                        root %1$s/root;
                        autoindex on;
                        absolute_redirect off;
                        location ~ /\\. { return 404; }
                    }
                }
                """.formatted(folder, port));
        Process nginx = new ProcessBuilder(
                        program.toString(), "-p", folder.toString(), "-e", folder + "/errors", "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            awaitPort(nginx, port);
            List<String> wrong = new ArrayList<>();
            for (RequestCase each : RequestCase.all()) {
                String found = run(each, port, false);
                String expected = each.nginx().isEmpty() ? String.join(" ", each.statuses()) : each.nginx();
                if (!found.equals(expected.equals("none") ? "" : expected)) {
                    wrong.add(each + "\n    " + found + " and not " + expected);
                }
            }
            assertThat(wrong).isEmpty();
        } finally {
            nginx.destroy();
            assertThat(nginx.waitFor(30, TimeUnit.SECONDS)).isTrue();
            Files.delete(root.resolve("out"));
        }
    }

    /** What the requests ask for. */
    private static void fill(Path root) throws IOException, InterruptedException {
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve("b.txt"), "0123456789");
        Files.setLastModifiedTime(root.resolve("b.txt"), FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
        Files.writeString(root.resolve("old"), "old");
        Files.setLastModifiedTime(root.resolve("old"), FileTime.from(Instant.parse("1960-01-01T00:00:00Z")));
        Files.writeString(root.resolve("empty"), "");
        Files.writeString(root.resolve("sp ace"), "x");
        Files.writeString(root.resolve("ä"), "x");
        Files.writeString(root.resolve(".hidden"), "x");
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/inside"), "x");
        Files.createDirectory(root.resolve("site"));
        Files.writeString(root.resolve("site/index.html"), "x");
        Files.createSymbolicLink(root.resolve("out"), Path.of("/etc/hostname"));
        Files.createSymbolicLink(root.resolve("in"), Path.of("dir/inside"));
        Files.createSymbolicLink(root.resolve("absolute"), root.toAbsolutePath().resolve("a"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Process made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertThat(made.waitFor()).isZero();
    }

    /** What was wrong; or with {@code full} false, the statuses that there were. */
    private static String run(RequestCase each, int port, boolean full) throws IOException {
        try (Client client = new Client(port)) {
            client.socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                client.send(each.request());
            } catch (SocketException enough) {
                // It may have answered already.
            }
            if (!full || each.end() == End.NONE) {
                client.socket.shutdownOutput();
            }
            List<String> statuses = new ArrayList<>();
            Answer last = null;
            try {
                for (int i = 0; full ? i < each.statuses().size() : i < 10; i++) {
                    boolean bodiless = i < each.statuses().size() && each.statuses().get(i).endsWith("-");
                    Answer head = client.readHead();
                    statuses.add(head.status() + (bodiless ? "-" : ""));
                    last = bodiless || head.status() == 204 ? head : client.body(head);
                }
            } catch (SocketTimeoutException silent) {
                throw silent;
            } catch (IOException end) {
                // Compared below.
            }
            return full ? compare(each, client, statuses, last) : String.join(" ", statuses);
        } catch (SocketTimeoutException silent) {
            return "no answer";
        }
    }

    private static String compare(RequestCase each, Client client, List<String> statuses, Answer last)
            throws IOException {
        if (!statuses.equals(each.statuses())) {
            return statuses + " and not " + each.statuses();
        }
        if (!each.field().isEmpty()) {
            int equals = each.field().indexOf('=');
            String value = last.field(each.field().substring(0, equals));
            if (!each.field().substring(equals + 1).equals(value)) {
                return value + " and not " + each.field();
            }
        }
        if (each.end() == End.KEEP) {
            client.send(PROBE);
            Answer probe = client.read();
            if (probe.status() != 200 || !probe.text().equals("x")) {
                return "the next request got " + probe.status() + " " + probe.text();
            }
        }
        return client.atEnd() ? "" : "more than was expected";
    }

    private static void assumeVersion(Path program) throws Exception {
        Process process = new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        Assumptions.assumeTrue(version.contains(NGINX_VERSION), "the file is about " + NGINX_VERSION + ": " + version);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process process, int port) throws IOException {
        while (true) {
            try {
                new Client(port).close();
                return;
            } catch (IOException early) {
                assertThat(process.isAlive()).as("nginx has started").isTrue();
                Thread.onSpinWait();
            }
        }
    }
}
