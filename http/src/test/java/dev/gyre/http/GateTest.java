package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.http.Client.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Who may ask. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
@Tag("T14")
class GateTest {
    @Parameter
    String backend;

    @Test
    void aNameThatSomebodyMadeUpIsRefused() throws Exception {
        AccessOptions access = new AccessOptions(false, List.of("localhost", "*.local"), Optional.empty());
        try (TestServer server = TestServer.start(backend, options -> options.withAccess(access));
                Client client = server.connect()) {
            server.write("a", "x");
            for (String host : List.of("localhost", "LOCALHOST:80", "a.local:8080", "127.0.0.1", "[::1]:1")) {
                assertThat(asked(client, host).status()).as(host).isEqualTo(200);
            }
            for (String host : List.of("evil.example", "localhost.evil.example:80", "xlocal", "local")) {
                Answer answer = asked(client, host);
                assertThat(answer.status()).as(host).isEqualTo(421);
                assertThat(answer.text()).contains("--allow-host").doesNotContain(host);
            }
            client.send("GET http://evil.example/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.read().status()).as("the target counts").isEqualTo(421);
            client.send("GET /a HTTP/1.0\r\n\r\n");
            assertThat(client.read().status()).as("no browser").isEqualTo(200);
        }
    }

    private static Answer asked(Client client, String host) throws Exception {
        return client.send("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    @Test
    void onlyWhoHasThePasswordGetsAnAnswer() throws Exception {
        try (TestServer server = TestServer.start(backend, withPasswords());
                Client client = server.connect()) {
            server.write("a", "x");
            for (String target : List.of("/a", "/none", "/")) {
                Answer refused = client.get(target);
                assertThat(refused.status()).as(target).isEqualTo(401);
                assertThat(refused.field("www-authenticate")).isEqualTo("Basic realm=\"files\", charset=\"UTF-8\"");
            }
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/a", authorization("ann:päss:word")).text()).isEqualTo("x");
                assertThat(client.get("/a", authorization("eve:plain")).text()).isEqualTo("x");
                assertThat(client.get("/a", authorization("ann:pass:word")).status()).isEqualTo(401);
                assertThat(client.get("/a", authorization("eve:plain ")).status()).isEqualTo(401);
                assertThat(client.get("/a", authorization("bob:päss:word")).status()).isEqualTo(401);
                assertThat(client.get("/a", authorization("ann")).status()).isEqualTo(401);
            }
            assertThat(client.get("/a", "Authorization: Bearer x").status()).isEqualTo(401);
            assertThat(client.get("/a", "Authorization: Basic !!").status()).isEqualTo(401);
            assertThat(client.get("/none", authorization("ann:päss:word")).status()).isEqualTo(404);
        }
    }

    @Test
    void manyWrongPasswordsDoNotHoldUpTheOthers() throws Exception {
        try (TestServer server = TestServer.start(backend, withPasswords())) {
            server.write("a", "x");
            try (Client known = server.connect()) {
                assertThat(known.get("/a", authorization("ann:päss:word")).status()).isEqualTo(200);
                List<Client> wrong = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    Client client = server.connect();
                    wrong.add(client.send("GET /a HTTP/1.1\r\nHost: a\r\n" + authorization("ann:" + i) + "\r\n\r\n"));
                }
                for (int i = 0; i < 100; i++) {
                    assertThat(known.get("/a", authorization("ann:päss:word")).status()).isEqualTo(200);
                }
                for (Client client : wrong) {
                    assertThat(client.read().status()).isIn(401, 503);
                    client.close();
                }
            }
        }
    }

    @Test
    void scriptsOfAllOriginsMayReadWhereThatIsWanted() throws Exception {
        HeaderOptions cors = new HeaderOptions(Map.of(), List.of(), Map.of(), true);
        UnaryOperator<ServerOptions> both = options -> withPasswords().apply(options).withHeaders(cors);
        try (TestServer server = TestServer.start(backend, both);
                Client client = server.connect()) {
            server.write("a", "x");
            Answer preflight = client.request(
                    "OPTIONS", "/a", "Origin: http://b", "Access-Control-Request-Method: GET");
            assertThat(preflight.status()).as("asked without a password").isEqualTo(204);
            assertThat(preflight.fields())
                    .containsEntry("access-control-allow-origin", "*")
                    .containsEntry("access-control-allow-methods", "GET, HEAD, OPTIONS")
                    .containsEntry("access-control-allow-headers", "*, Authorization")
                    .doesNotContainKey("content-length");
            Answer got = client.get("/a", authorization("eve:plain"));
            assertThat(got.field("access-control-allow-origin")).isEqualTo("*");
            assertThat(got.field("access-control-expose-headers")).contains("ETag");
            assertThat(client.get("/a").field("access-control-allow-origin")).as("of an error, too").isEqualTo("*");
        }
        try (TestServer server = TestServer.start(backend)) {
            assertThat(server.get("/").fields()).doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void optionsRefuseWhatIsNoPassword() {
        assertThatThrownBy(() -> new AccessOptions(true, List.of(), Optional.of(List.of("a:b"))))
                .hasMessageContaining("line 1")
                .hasMessageContaining("htpasswd -B");
        assertThat(withPasswords().apply(ServerOptions.DEFAULT).toString()).doesNotContain("plain");
    }

    private static UnaryOperator<ServerOptions> withPasswords() {
        String hash = BCrypt.hashpw("päss:word", BCrypt.gensalt(4)).replace("$2a$", "$2y$");
        List<String> lines = List.of("# people", "", "ann:" + hash, "eve:{PLAIN}plain");
        return options -> options.withAccess(new AccessOptions(true, List.of(), Optional.of(lines)));
    }

    private static String authorization(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
