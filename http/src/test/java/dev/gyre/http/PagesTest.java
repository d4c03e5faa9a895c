package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Client.Answer;
import dev.gyre.http.HeaderOptions.CacheRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which file a path stands for, and what is said of it. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
@Tag("T14")
class PagesTest {
    @Parameter
    String backend;

    @Test
    void aProgramInTheBrowserGetsItsPageForEveryAddress() throws Exception {
        try (TestServer server = TestServer.start(backend, with(new PathOptions(true, false, false, true)));
                Client client = server.connect()) {
            assertThat(client.get("/users/7").status()).as("without an index").isEqualTo(404);
            server.write("index.html", "app");
            server.write("assets/a.js", "script");
            Files.createDirectories(server.root.resolve("folder"));
            for (String target : List.of("/", "/users/7", "/users/", "/users/7?x=y", "/assets/a.js/none", "/a/b/c/")) {
                Answer answer = client.get(target);
                assertThat(answer.status()).as(target).isEqualTo(200);
                assertThat(answer.text()).as(target).isEqualTo("app");
            }
            assertThat(client.get("/assets/a.js").text()).isEqualTo("script");
            assertThat(client.get("/assets/old.js").status()).as("a script that is gone").isEqualTo(404);
            assertThat(client.get("/users/john.doe", "Accept: text/html,*/*;q=0.8").text()).isEqualTo("app");
            assertThat(client.get("/folder/").text()).as("a folder is one").contains("There is nothing here.");
            String tag = client.get("/users/7").field("etag");
            assertThat(client.get("/users/8", "If-None-Match: " + tag).status()).isEqualTo(304);
            assertThat(client.request("POST", "/users/7").status()).isEqualTo(405);
            assertThat(client.get("/.hidden").status()).isEqualTo(404);
        }
    }

    @Test
    void whatDependsOnWhatIsAcceptedSaysSo() throws Exception {
        UnaryOperator<ServerOptions> options = with(new PathOptions(true, false, false, true));
        try (TestServer server = TestServer.start(backend, options); Client client = server.connect()) {
            String html = "Accept: text/html";
            assertThat(client.get("/a.b", html).status()).as("without an index").isEqualTo(404);
            for (String page : List.of("short", "long".repeat(50_000))) {
                server.write("index.html", page);
                Answer answer = client.get("/john.doe", html);
                while (!answer.text().equals(page)) {
                    answer = client.get("/john.doe", html); // a second at most
                }
                assertThat(answer.field("vary")).isEqualTo("Accept");
                String tag = "If-None-Match: " + answer.field("etag");
                assertThat(client.get("/john.doe", html, tag).status()).isEqualTo(304);
                assertThat(client.get("/john.doe", html, tag).field("vary")).isEqualTo("Accept");
                assertThat(client.request("HEAD", "/john.doe", html).field("vary")).isEqualTo("Accept");
                assertThat(client.get("/john.doe").status()).isEqualTo(404);
                assertThat(client.get("/john.doe").field("vary")).isEqualTo("Accept");
                for (String target : List.of("/", "/users/7", "/index.html")) {
                    assertThat(client.get(target, html).field("vary")).as(target).isNotEqualTo("Accept");
                }
            }
        }
    }

    @Test
    void aFolderThatIsMissingIsNotAListingThatIsRefused() throws Exception {
        UnaryOperator<ServerOptions> single = with(new PathOptions(true, false, false, true));
        try (TestServer server = TestServer.start(backend, options -> single.apply(options).withListing(false));
                Client client = server.connect()) {
            Files.createDirectories(server.root.resolve("folder"));
            assertThat(client.get("/none/").status()).isEqualTo(404);
            assertThat(client.get("/folder/").status()).isEqualTo(403);
            server.write("index.html", "app");
            assertThat(client.get("/users/").text()).isEqualTo("app");
        }
    }

    @Test
    void pagesHaveAddressesWithoutExtension() throws Exception {
        try (TestServer server = TestServer.start(backend, with(new PathOptions(true, true, false, false)));
                Client client = server.connect()) {
            server.write("about.html", "about");
            server.write("both.html", "page");
            server.write("both", "file");
            server.write("folder.html", "page");
            Files.createDirectories(server.root.resolve("folder"));
            assertThat(client.get("/about").text()).isEqualTo("about");
            assertThat(client.get("/about").field("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(client.get("/about.html").text()).isEqualTo("about");
            assertThat(client.get("/both").text()).as("the file itself goes first").isEqualTo("file");
            assertThat(client.get("/folder").field("location")).isEqualTo("/folder/");
            assertThat(client.get("/about/").status()).isEqualTo(404);
            assertThat(client.get("/none").status()).isEqualTo(404);
        }
    }

    @Test
    void eachPageHasOneAddress() throws Exception {
        try (TestServer server = TestServer.start(backend, with(new PathOptions(true, true, true, false)));
                Client client = server.connect()) {
            server.write("a b.html", "page");
            server.write("index.html", "home");
            server.write("sub/index.html", "sub");
            server.write("both.html", "page");
            server.write("both", "file");
            server.write("long.html", "x".repeat(100_000));
            server.write("long", "x".repeat(100_000));
            server.write("folder.html", "page");
            Files.createDirectories(server.root.resolve("folder"));
            assertThat(client.get("/a%20b.html?x=y").status()).isEqualTo(301);
            assertThat(client.get("/a%20b.html?x=y").field("location")).isEqualTo("/a%20b?x=y");
            assertThat(client.get("/a%20b").text()).isEqualTo("page");
            assertThat(client.get("/index.html").field("location")).isEqualTo("/");
            assertThat(client.get("/sub/index.html").field("location")).isEqualTo("/sub/");
            assertThat(client.get("/sub/").text()).isEqualTo("sub");
            assertThat(client.get("/both.html").text()).as("/both is something else").isEqualTo("page");
            assertThat(client.get("/long.html").body()).hasSize(100_000);
            assertThat(client.get("/folder.html").text()).isEqualTo("page");
            assertThat(client.get("/none.html").status()).isEqualTo(404);
        }
    }

    @Test
    void theRootMayHaveAPageForWhatIsMissing() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            assertThat(client.get("/none").text()).startsWith("404 Not Found");
            for (String page : List.of("short", "long".repeat(50_000))) {
                server.write("404.html", page);
                for (String target : List.of("/none", "/none/", "/.git/config", "/a/b/c.png")) {
                    Answer answer = client.get(target, "Range: bytes=0-1", "If-None-Match: *");
                    assertThat(answer.status()).as(target).isEqualTo(404);
                    assertThat(answer.text()).isIn(page, "short");
                    assertThat(answer.field("content-type")).isEqualTo("text/html; charset=utf-8");
                    assertThat(answer.fields()).doesNotContainKeys("etag", "last-modified", "accept-ranges");
                }
                assertThat(client.request("HEAD", "/none").status()).isEqualTo(404);
                assertThat(client.get("/404.html").status()).isEqualTo(200);
                assertThat(client.request("POST", "/none").status()).isEqualTo(405);
                Files.delete(server.root.resolve("404.html"));
            }
            Files.createDirectory(server.root.resolve("404.html"));
            String text = "long";
            while (!text.startsWith("404 Not Found")) {
                text = client.get("/none").text(); // a second at most
            }
        }
    }

    @Test
    void wellKnownNamesAreServedAndNoOtherDotFiles() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write(".well-known/security.txt", "Contact: x");
            server.write(".well-known/.secret", "x");
            server.write(".well-known.old/a", "x");
            server.write("sub/.well-known/a", "x");
            assertThat(client.get("/.well-known/security.txt").text()).isEqualTo("Contact: x");
            assertThat(client.get("/.well-known").field("location")).isEqualTo("/.well-known/");
            assertThat(client.get("/.well-known/").text()).contains("security.txt").doesNotContain(".secret");
            for (String target : List.of("/.well-known/.secret", "/.well-known.old/a", "/sub/.well-known/a")) {
                assertThat(client.get(target).status()).as(target).isEqualTo(404);
            }
            assertThat(client.get("/").text()).doesNotContain("well-known");
        }
    }

    @Test
    void linksAreNotFollowedUnlessWanted() throws Exception {
        UnaryOperator<ServerOptions> without = with(new PathOptions(false, false, false, false));
        try (TestServer server = TestServer.start(backend, without);
                Client client = server.connect()) {
            server.write("a/b/file", "x");
            Files.createSymbolicLink(server.root.resolve("a/link"), Path.of("b/file"));
            Files.createSymbolicLink(server.root.resolve("folder"), Path.of("a/b"));
            Files.createSymbolicLink(server.root.resolve("top"), Path.of("a/b/file"));
            assertThat(client.get("/a/b/file").text()).isEqualTo("x");
            assertThat(client.get("/a/b/").text()).contains("./file");
            for (String target : List.of("/a/link", "/folder/file", "/folder/", "/folder", "/top")) {
                assertThat(client.get(target).status()).as(target).isEqualTo(404);
            }
            assertThat(client.get("/").text()).contains("./a/").doesNotContain("./folder").doesNotContain("./top");
        }
    }

    @Test
    void answersSayWhatTheyAreToldTo() throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("X-Frame-Options", "DENY");
        fields.put("x-content-type-options", "other");
        HeaderOptions headers = new HeaderOptions(
                Map.of("mjs", "application/x-mine", "TXT", "text/x-mine"),
                List.of(new CacheRule("/assets/**", "max-age=1"), new CacheRule("*.txt", "max-age=2")),
                fields,
                false);
        try (TestServer server = TestServer.start(backend, options -> options.withHeaders(headers));
                Client client = server.connect()) {
            server.write("a.mjs", "x");
            server.write("assets/deep/a.txt", "x");
            server.write("b.txt", "x".repeat(100_000));
            for (String target : List.of("/a.mjs", "/none", "/", "/b.txt", "/assets")) {
                Answer answer = client.get(target);
                assertThat(answer.field("x-frame-options")).as(target).isEqualTo("DENY");
                assertThat(answer.field("x-content-type-options")).as(target).isEqualTo("other");
            }
            assertThat(client.get("/a.mjs").field("content-type")).isEqualTo("application/x-mine");
            assertThat(client.get("/a.mjs").field("cache-control")).isEqualTo("no-cache");
            Answer deep = client.get("/assets/deep/a.txt");
            assertThat(deep.field("content-type")).isEqualTo("text/x-mine");
            assertThat(deep.field("cache-control")).isEqualTo("max-age=1");
            assertThat(client.get("/b.txt").field("cache-control")).isEqualTo("max-age=2");
            assertThat(client.get("/b.txt", "If-None-Match: *").field("cache-control")).isEqualTo("max-age=2");
            client.send("nonsense\r\n\r\n");
            assertThat(client.readHead().field("x-frame-options")).as("of a bad request").isEqualTo("DENY");
        }
    }

    private static UnaryOperator<ServerOptions> with(PathOptions paths) {
        return options -> options.withPaths(paths);
    }
}
