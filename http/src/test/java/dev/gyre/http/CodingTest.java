package dev.gyre.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Client.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** In which coding a file is sent to whom. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
@Tag("T14")
class CodingTest {
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(100);

    @Parameter
    String backend;

    @Test
    void aShortTextIsCompressedForWhoWantsIt() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a.txt", TEXT);
            Answer plain = client.get("/a.txt");
            assertThat(plain.text()).isEqualTo(TEXT);
            assertThat(plain.field("vary")).isEqualTo("Accept-Encoding");
            assertThat(plain.fields()).doesNotContainKey("content-encoding").containsKey("accept-ranges");

            Answer short_ = client.get("/a.txt", "Accept-Encoding: br, gzip");
            assertThat(short_.field("content-encoding")).isEqualTo("gzip");
            assertThat(short_.field("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(short_.field("vary")).isEqualTo("Accept-Encoding");
            assertThat(short_.body()).hasSizeLessThan(500);
            assertThat(unzipped(short_)).isEqualTo(TEXT);
            assertThat(short_.field("etag")).startsWith("W/\"").endsWith("-gzip\"").isNotEqualTo(plain.field("etag"));
            assertThat(short_.fields()).doesNotContainKey("accept-ranges");
            assertThat(client.get("/a.txt", "Accept-Encoding: gzip", "If-None-Match: " + short_.field("etag")).status())
                    .isEqualTo(304);
            assertThat(client.get("/a.txt", "If-None-Match: " + short_.field("etag")).status())
                    .as("the other representation")
                    .isEqualTo(200);
            assertThat(client.request("HEAD", "/a.txt", "Accept-Encoding: gzip").fields())
                    .containsEntry("content-length", short_.field("content-length"))
                    .containsEntry("content-encoding", "gzip");
            server.write("a.txt", "new " + TEXT);
            String text = TEXT;
            while (!text.startsWith("new ")) {
                text = unzipped(client.get("/a.txt", "Accept-Encoding: gzip")); // a second at most
            }
        }
    }

    @Test
    void aLongTextIsCompressedOnTheWay() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            String text = TEXT.repeat(100);
            server.write("a.json", text);
            Answer got = client.get("/a.json", "Accept-Encoding: gzip");
            assertThat(got.field("transfer-encoding")).isEqualTo("chunked");
            assertThat(got.fields()).doesNotContainKeys("content-length", "accept-ranges");
            assertThat(unzipped(got)).isEqualTo(text);

            Answer head = client.request("HEAD", "/a.json", "Accept-Encoding: gzip");
            head.fields().put("date", got.field("date"));
            assertThat(head.fields()).isEqualTo(got.fields());
            assertThat(client.get("/a.json").text()).as("the connection goes on").isEqualTo(text);
            assertThat(client.get("/a.json", "Accept-Encoding: gzip", "If-None-Match: " + got.field("etag")).status())
                    .isEqualTo(304);
        }
    }

    /** A link that leads out of the root is refused as a file is that has no permission for us, and to root as well. */
    @Test
    void aFileBesideThatMayNotBeReadIsAsGoodAsNone() throws Exception {
        CodingOptions codings = new CodingOptions(true, true, 1 << 20);
        try (TestServer server = TestServer.start(backend, options -> options.withCodings(codings));
                Client client = server.connect()) {
            server.write("a.txt", TEXT);
            Path outside = Files.writeString(server.folder.resolve("outside"), "not for you");
            for (String name : List.of("a.txt.gz", "a.txt.br", "404.html")) {
                Files.createSymbolicLink(server.root.resolve(name), outside);
            }
            assertThat(client.get("/a.txt.gz").status()).isEqualTo(403);
            Answer plain = client.get("/a.txt", "Accept-Encoding: br, gzip");
            assertThat(plain.status()).isEqualTo(200);
            assertThat(plain.text()).isEqualTo(TEXT);
            assertThat(client.get("/none").text()).startsWith("404 ");
        }
    }

    @Test
    void http10GetsALongTextAsItIs() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a.txt", TEXT.repeat(100));
            client.send("GET /a.txt HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
            Answer got = client.read();
            assertThat(got.fields()).doesNotContainKeys("transfer-encoding", "content-encoding");
            assertThat(got.text()).isEqualTo(TEXT.repeat(100));
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aRangeIsOneOfTheContentAsItIs() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("short.txt", TEXT);
            server.write("long.txt", TEXT.repeat(100));
            for (String target : List.of("/short.txt", "/long.txt")) {
                Answer part = client.get(target, "Accept-Encoding: gzip", "Range: bytes=4-7");
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.text()).isEqualTo("work");
                assertThat(part.fields()).doesNotContainKey("content-encoding").containsKey("vary");
                Answer zipped = client.get(target, "Accept-Encoding: gzip");
                Answer other = client.get(
                        target, "Accept-Encoding: gzip", "Range: bytes=4-7", "If-Range: " + zipped.field("etag"));
                assertThat(other.status()).as("a part of another representation").isEqualTo(200);
                assertThat(other.fields()).doesNotContainKey("content-encoding");
            }
        }
    }

    @Test
    void whatGainsNothingIsSentAsItIs() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("few.txt", "few");
            server.write("a.png", TEXT);
            for (String target : List.of("/few.txt", "/a.png")) {
                Answer got = client.get(target, "Accept-Encoding: gzip");
                assertThat(got.fields()).as(target).doesNotContainKeys("content-encoding", "vary");
            }
            server.write("a.txt", TEXT);
            for (String refused : List.of("gzip;q=0", "identity, gzip;q=0.5", "deflate", "", "gzip;q=x")) {
                assertThat(client.get("/a.txt", "Accept-Encoding: " + refused).text()).as(refused).isEqualTo(TEXT);
            }
        }
        try (TestServer server = TestServer.start(backend, with(new CodingOptions(false, false, 0)));
                Client client = server.connect()) {
            server.write("a.txt", TEXT);
            Answer got = client.get("/a.txt", "Accept-Encoding: gzip");
            assertThat(got.fields()).doesNotContainKeys("content-encoding", "vary");
            assertThat(client.get("/", "Accept-Encoding: gzip").fields()).doesNotContainKey("content-encoding");
        }
    }

    @Test
    void aListingIsCompressed() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a.txt", TEXT);
            Answer got = client.get("/", "Accept-Encoding: gzip");
            assertThat(got.field("content-encoding")).isEqualTo("gzip");
            assertThat(unzipped(got)).isEqualTo(client.get("/").text());
        }
    }

    @Test
    void whatWasCompressedBeforeIsSent() throws Exception {
        try (TestServer server = TestServer.start(backend, with(new CodingOptions(true, true, 1024)));
                Client client = server.connect()) {
            for (int size : new int[] {10, 100_000}) {
                String name = size + ".js";
                server.write(name, TEXT);
                server.write(name + ".br", "B".repeat(size));
                server.write(name + ".zst", "Z".repeat(size));
                server.write(name + ".gz", "G".repeat(size));
                String target = "/" + name;
                assertCoded(client.get(target, "Accept-Encoding: gzip, deflate, br, zstd"), "br", "B", size);
                assertCoded(client.get(target, "Accept-Encoding: br;q=0.8, zstd"), "zstd", "Z", size);
                assertCoded(client.get(target, "Accept-Encoding: *"), "br", "B", size);
                assertCoded(client.get(target, "Accept-Encoding: *, br;q=0, zstd;q=0"), "gzip", "G", size);
                Answer plain = client.get(target);
                assertThat(plain.text()).isEqualTo(TEXT);
                assertThat(plain.field("vary")).isEqualTo("Accept-Encoding");
                assertThat(client.get(target, "Accept-Encoding: br;q=0.1, identity;q=0.5").text()).isEqualTo(TEXT);

                Answer part = client.get(target, "Accept-Encoding: br", "Range: bytes=0-2");
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.field("content-encoding")).isEqualTo("br");
                assertThat(part.field("content-range")).as("of the coded content").isEqualTo("bytes 0-2/" + size);
                String tag = client.get(target, "Accept-Encoding: br").field("etag");
                assertThat(tag).isNotEqualTo(plain.field("etag"));
                assertThat(client.get(target, "Accept-Encoding: br", "If-None-Match: " + tag).status()).isEqualTo(304);
                assertThat(client.get(target, "Accept-Encoding: gzip", "If-None-Match: " + tag).status())
                        .isEqualTo(200);

                Answer itself = client.get(target + ".br", "Accept-Encoding: br");
                assertThat(itself.fields()).doesNotContainKey("content-encoding");
                assertThat(itself.body()).hasSize(size);
            }
        }
    }

    @Test
    void whatIsOlderOrNoFileIsNotSent() throws Exception {
        try (TestServer server = TestServer.start(backend, with(new CodingOptions(true, false, 0)));
                Client client = server.connect()) {
            server.write("a.js", "new");
            Path old = server.write("a.js.br", "old");
            Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
            Files.createDirectory(server.root.resolve("a.js.zst"));
            assertThat(client.get("/a.js", "Accept-Encoding: br, zstd").text()).isEqualTo("new");
            server.write("b.js.br", "alone");
            assertThat(client.get("/b.js", "Accept-Encoding: br").status())
                    .as("without the file itself")
                    .isEqualTo(404);
            server.write("a.js.gz", "shorter");
            String text = "new";
            while (text.equals("new")) {
                text = client.get("/a.js", "Accept-Encoding: gzip").text(); // half a second at most
            }
            assertThat(text).isEqualTo("shorter");
        }
    }

    @Test
    void aTextThatIsCutShortOnTheWayEndsTheConnection() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = new Client(server.port, 16 << 10)) {
            byte[] noise = new byte[16 << 20];
            new java.util.Random(7).nextBytes(noise);
            Path path = server.write("a.txt", noise);
            client.send("GET /a.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(client.readHead().field("transfer-encoding")).isEqualTo("chunked");
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate(1 << 20);
            }
            byte[] got = client.in.readAllBytes();
            assertThat(got).hasSizeLessThan(noise.length);
            assertThat(new String(got, got.length - 5, 5, UTF_8)).isNotEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            byte[] noise = new byte[4 << 20];
            new java.util.Random(7).nextBytes(noise);
            server.write("a.txt", noise);
            for (int i = 0; i < 300; i++) {
                try (Client client = new Client(server.port, 16 << 10)) {
                    client.send("GET /a.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                    client.readHead();
                }
            }
            try (Client client = server.connect()) {
                Answer last = client.get("/a.txt", "Accept-Encoding: gzip");
                while (last.field("content-encoding") == null) {
                    last = client.get("/a.txt", "Accept-Encoding: gzip"); // until the others have ended
                }
                assertThat(last.field("transfer-encoding")).isEqualTo("chunked");
            }
        }
    }

    private static java.util.function.UnaryOperator<ServerOptions> with(CodingOptions codings) {
        return options -> options.withCodings(codings);
    }

    private static void assertCoded(Answer answer, String coding, String letter, int size) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("content-encoding")).isEqualTo(coding);
        assertThat(answer.field("content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(answer.field("vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.field("accept-ranges")).isEqualTo("bytes");
        assertThat(answer.text()).isEqualTo(letter.repeat(size));
    }

    private static String unzipped(Answer answer) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
