package dev.gyre.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Client.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is served, and what is not. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
class FileServerTest {
    @Parameter
    String backend;

    @Test
    void sendsFilesOfEverySizeWholeAndInRanges() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            for (int size : new int[] {0, 1, 4096, 65536, 65537, 1 << 20}) {
                byte[] content = new byte[size];
                new Random(size).nextBytes(content);
                String target = "/" + size + ".bin";
                server.write(size + ".bin", content);
                Answer whole = client.get(target);
                assertThat(whole.status()).isEqualTo(200);
                assertThat(whole.body()).isEqualTo(content);
                assertThat(whole.field("content-type")).isEqualTo("application/octet-stream");
                assertThat(whole.field("accept-ranges")).isEqualTo("bytes");
                assertThat(whole.field("x-content-type-options")).isEqualTo("nosniff");
                assertThat(whole.field("date")).hasSize(29).endsWith(" GMT");
                assertThat(whole.fields()).doesNotContainKey("connection");

                Answer head = client.request("HEAD", target);
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.field("content-length")).isEqualTo(String.valueOf(size));

                if (size > 0) {
                    int first = size / 3;
                    Answer part = client.get(target, "Range: bytes=" + first + "-");
                    assertThat(part.status()).isEqualTo(206);
                    assertThat(part.field("content-range"))
                            .isEqualTo("bytes " + first + "-" + (size - 1) + "/" + size);
                    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, first, size));
                }
            }
        }
    }

    @Test
    @Tag("large")
    void streamsAFileThatIsLongerThanTheMemory() throws Exception {
        long size = 5L << 30;
        long[] marks = {0, 1L << 31, (1L << 32) + 5, size - 8};
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            try (FileChannel file = FileChannel.open(
                    server.root.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long mark : marks) {
                    file.write(ByteBuffer.wrap("MARKMARK".getBytes(UTF_8)), mark);
                }
            }
            for (long mark : marks) {
                Answer part = client.get("/sparse", "Range: bytes=" + mark + "-" + (mark + 7));
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.text()).isEqualTo("MARKMARK");
            }
            client.send("GET /sparse HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead().field("content-length")).isEqualTo(String.valueOf(size));
            assertThat(marksIn(client, size)).containsExactly(Arrays.stream(marks).boxed().toArray(Long[]::new));
            assertThat(client.get("/nothing").status()).as("the connection goes on").isEqualTo(404);
        }
    }

    /** Where the eight bytes that are not zero begin. */
    private static List<Long> marksIn(Client client, long size) throws Exception {
        List<Long> found = new ArrayList<>();
        byte[] zeros = new byte[1 << 20];
        byte[] chunk = new byte[1 << 20];
        long at = 0;
        while (at < size) {
            int read = client.in.readNBytes(chunk, 0, (int) Math.min(chunk.length, size - at));
            assertThat(read).isPositive();
            int different = Arrays.mismatch(chunk, 0, read, zeros, 0, read);
            if (different >= 0) {
                found.add(at + different);
            }
            at += read;
        }
        return found;
    }

    @Test
    void curlGetsTheSameBytes() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            byte[] content = new byte[1 << 20];
            new Random(1).nextBytes(content);
            server.write("a b%20ü.bin", content);
            Path got = server.folder.resolve("got");
            String url = "http://127.0.0.1:" + server.port + "/a%20b%2520%C3%BC.bin";
            Process curl;
            try {
                curl = new ProcessBuilder("curl", "-sS", "--fail", "-o", got.toString(), url, "-r", "100-99999",
                                "-o", got + ".part", url)
                        .inheritIO()
                        .start();
            } catch (IOException missing) {
                Assumptions.abort("curl cannot be run: " + missing.getMessage());
                throw missing;
            }
            assertThat(curl.waitFor()).isZero();
            // The range applies to both transfers of one command.
            assertThat(Files.readAllBytes(got)).isEqualTo(Arrays.copyOfRange(content, 100, 100_000));
            assertThat(Files.readAllBytes(Path.of(got + ".part")))
                    .isEqualTo(Arrays.copyOfRange(content, 100, 100_000));
            Process whole = new ProcessBuilder("curl", "-sS", "--fail", "-o", got.toString(), url)
                    .inheritIO()
                    .start();
            assertThat(whole.waitFor()).isZero();
            assertThat(Files.readAllBytes(got)).isEqualTo(content);
        }
    }

    @Test
    void findsNamesOfEveryKind() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            String[] names = {
                "with space", "100%", "%41", "ä€😀", "a+b&c=d", "a?b", "a#b", "a:b", "quote\"s'", "<b>", "new\nline",
                "back\\slash", "~tilde", "...", "semi;colon"
            };
            for (String name : names) {
                server.write("dir/" + name, name);
            }
            for (String name : names) {
                if (!name.startsWith(".")) {
                    Answer answer = client.get(RequestPath.encoded("/dir/" + name));
                    assertThat(answer.status()).as(name).isEqualTo(200);
                    assertThat(answer.text()).isEqualTo(name);
                }
            }
            assertThat(client.get("/dir/A").status()).as("decoded once").isEqualTo(404);
            String listing = client.get("/dir/").text();
            for (String name : names) {
                String link = "href=\"./" + RequestPath.encoded(name) + "\"";
                assertThat(listing.contains(link)).as(name).isEqualTo(!name.startsWith("."));
            }
        }
    }

    @Test
    void findsNamesThatAreNoUtf8() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            // Java cannot make such a name where the locale is UTF-8; a shell can.
            run(server, "sh", "-c", "printf x > \"$(printf 'caf\\351')\"");
            assertThat(client.get("/caf%E9").status()).isEqualTo(200);
            assertThat(client.get("/").text()).contains("href=\"./caf%E9\"");
            run(server, "sh", "-c", "rm caf*");
        }
    }

    @Test
    void neverLeavesTheRoot() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            Files.writeString(server.folder.resolve("secret"), "SECRET");
            server.write("dir/inside", "inside");
            Files.createSymbolicLink(server.root.resolve("out"), Path.of("../secret"));
            Files.createSymbolicLink(server.root.resolve("up"), Path.of(".."));
            Files.createSymbolicLink(server.root.resolve("absolute"), server.folder.resolve("secret"));
            Files.createSymbolicLink(server.root.resolve("dir/in"), Path.of("../dir/inside"));
            Files.createSymbolicLink(server.root.resolve("loop"), Path.of("loop"));
            String secret = server.folder.resolve("secret").toString();
            String[] targets = {
                "/../secret", "/dir/../../secret", "/..%2fsecret", "/%2e%2e/secret", "/%2e%2e%2fsecret",
                "/.%2e/secret", "/dir/%2e%2e/%2e%2e/secret", "//../secret", "/./../secret", "/..\\secret",
                "/..%5csecret", "/%2e%2e%5csecret", "/..%00/secret", "/%00", "/dir%00/../../secret", "/..;/secret",
                "/%c0%ae%c0%ae/secret", "/%252e%252e/secret", "/out", "/up/secret", "/up/", "/absolute", "/loop",
                secret, "/" + secret, "//" + secret, "http://localhost/../secret", "/dir/..//..//secret",
                "/dir/inside/../../../secret", "/dir/inside/", "/dir/inside/.."
            };
            for (String target : targets) {
                Answer answer = client.get(target);
                assertThat(answer.text()).as(target).doesNotContain("SECRET");
                assertThat(answer.status())
                        .as(target)
                        .satisfiesAnyOf(
                                status -> assertThat(status).isBetween(400, 404),
                                status -> assertThat(target).isEqualTo("/dir/inside/.."));
            }
            assertThat(client.get("/dir/in").text()).as("a link that stays inside").isEqualTo("inside");
            assertThat(client.get("/").text())
                    .contains("./dir/")
                    .doesNotContain("./out")
                    .doesNotContain("./up")
                    .doesNotContain("./loop");
        }
    }

    @Test
    void sendsOnlyRegularFiles() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect();
                ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            run(server, "mkfifo", "pipe");
            socket.bind(UnixDomainSocketAddress.of(server.root.resolve("socket")));
            assertThat(client.get("/pipe").status()).isEqualTo(403);
            assertThat(client.get("/socket").status()).isEqualTo(403);
            assertThat(client.get("/").text()).doesNotContain("./pipe").doesNotContain("./socket");
        }
    }

    /** A pipe whose writer waits for a reader would have one, and lose what it writes. */
    @Test
    void nobodyNoticesThatAPipeWasAskedFor() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            run(server, "mkfifo", "pipe");
            Files.createSymbolicLink(server.root.resolve("link"), Path.of("pipe"));
            Process writer = new ProcessBuilder("sh", "-c", "echo precious > pipe")
                    .directory(server.root.toFile())
                    .start();
            try {
                for (int i = 0; i < 20; i++) {
                    assertThat(client.get("/pipe").status()).isEqualTo(403);
                    assertThat(client.get("/link").status()).isEqualTo(403);
                    assertThat(client.get("/").text()).doesNotContain("./pipe").doesNotContain("./link");
                    assertThat(writer.isAlive()).isTrue();
                }
                assertThat(Files.readString(server.root.resolve("pipe"))).isEqualTo("precious\n");
                assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(writer.exitValue()).isZero();
            } finally {
                writer.destroyForcibly().onExit().join();
                writer.getInputStream().close();
                writer.getErrorStream().close();
            }
        }
    }

    @Test
    void followsAbsoluteLinksThatStayBeneathTheRoot() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("dir/inside", "inside");
            Path root = server.root.toRealPath();
            Files.createSymbolicLink(root.resolve("file"), root.resolve("dir/inside"));
            Files.createSymbolicLink(root.resolve("folder"), root.resolve("dir"));
            Files.createSymbolicLink(root.resolve("twice"), root.resolve("folder/inside"));
            Files.createSymbolicLink(root.resolve("top"), root);
            Files.createSymbolicLink(root.resolve("sibling"), Path.of(root + "x"));
            Files.writeString(Path.of(root + "x"), "SECRET");
            Files.createSymbolicLink(root.resolve("nothing"), server.folder.resolve("missing"));
            for (String target :
                    new String[] {"/file", "/folder/inside", "/twice", "/top/file", "/top/top/dir/inside"}) {
                assertThat(client.get(target).text()).as(target).isEqualTo("inside");
            }
            assertThat(client.get("/folder").status()).isEqualTo(301);
            assertThat(client.get("/folder/").text()).contains("./inside");
            assertThat(client.get("/").text()).contains("./file", "./folder/").doesNotContain("./sibling");
            assertThat(client.get("/sibling").status()).isEqualTo(403);
            assertThat(client.get("/nothing").status()).as("it is not told what is missing elsewhere").isEqualTo(403);
        }
    }

    @Test
    void saysThatACompressedPictureIsCompressed() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a.svgz", "x");
            server.write("large.SVGZ", new byte[100_000]);
            for (String target : new String[] {"/a.svgz", "/large.SVGZ"}) {
                Answer answer = client.get(target);
                assertThat(answer.field("content-type")).isEqualTo("image/svg+xml");
                assertThat(answer.field("content-encoding")).isEqualTo("gzip");
            }
            assertThat(client.get("/a.svgz", "Range: bytes=0-0").field("content-encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void hidesDotFilesUnlessToldNotTo() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write(".git/config", "x");
            server.write(".env", "x");
            for (String target : new String[] {"/.env", "/.git/config", "/.git/", "/%2eenv", "/a/../.env"}) {
                assertThat(client.get(target).status()).as(target).isEqualTo(404);
            }
            assertThat(client.get("/").text()).doesNotContain(".env").doesNotContain(".git");
        }
        try (TestServer server = TestServer.start(backend, options -> options.withDotFiles(true));
                Client client = server.connect()) {
            server.write(".env", "x");
            assertThat(client.get("/.env").text()).isEqualTo("x");
            assertThat(client.get("/").text()).contains("./.env");
        }
    }

    @Test
    void answersAFolderWithItsIndexOrAListing() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a/index.html", "<p>index");
            server.write("b/file.txt", "x".repeat(2000));
            Files.createDirectories(server.root.resolve("b/sub"));
            Files.createDirectories(server.root.resolve("c/index.html"));
            Answer index = client.get("/a/");
            assertThat(index.text()).isEqualTo("<p>index");
            assertThat(index.field("content-type")).isEqualTo("text/html; charset=utf-8");
            Answer listing = client.get("/b/?sorted=not");
            assertThat(listing.status()).isEqualTo(200);
            assertThat(listing.text()).contains("./file.txt", "2.0 KiB", "./sub/", "../");
            assertThat(listing.field("content-security-policy")).contains("default-src 'none'");
            assertThat(client.request("HEAD", "/b/").field("content-length"))
                    .isEqualTo(listing.field("content-length"));
            assertThat(client.get("/c/").text()).as("an index that is a folder").contains("./index.html/");
            assertThat(client.get("/d/").status()).isEqualTo(404);
        }
        try (TestServer server = TestServer.start(backend, options -> options.withListing(false))) {
            assertThat(server.get("/").status()).isEqualTo(403);
            assertThat(server.get("/d/").status()).as("nothing is said of what is there").isEqualTo(403);
        }
    }

    @Test
    void sendsWhoeverForgotTheSlashToTheFolder() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            Files.createDirectories(server.root.resolve("a b/c"));
            Files.createDirectories(server.root.resolve("evil.com"));
            Files.createDirectories(server.root.resolve("\\evil.com"));
            assertThat(client.get("/a%20b").status()).isEqualTo(301);
            assertThat(client.get("/a%20b/c?x=%20&y").field("location")).isEqualTo("/a%20b/c/?x=%20&y");
            assertThat(client.get("//evil.com").field("location")).isEqualTo("/evil.com/");
            assertThat(client.get("/%5Cevil.com").field("location")).isEqualTo("/%5Cevil.com/");
            assertThat(client.get("http://other/a%20b").field("location")).isEqualTo("/a%20b/");
        }
    }

    @Test
    void answersConditionalRequests() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            Path small = server.write("small.txt", "small");
            server.write("large.bin", new byte[100_000]);
            for (String target : new String[] {"/small.txt", "/large.bin"}) {
                Answer first = client.get(target);
                String tag = first.field("etag");
                String modified = first.field("last-modified");
                Answer second = client.get(target, "If-None-Match: " + tag);
                assertThat(second.status()).isEqualTo(304);
                assertThat(second.field("etag")).isEqualTo(tag);
                assertThat(second.field("last-modified")).isEqualTo(modified);
                assertThat(second.fields()).doesNotContainKeys("content-length", "content-type");
                assertThat(client.get(target, "If-Modified-Since: " + modified).status()).isEqualTo(304);
                assertThat(client.get(target, "If-None-Match: \"other\"").status()).isEqualTo(200);
                assertThat(client.get(target, "If-Match: \"other\"").status()).isEqualTo(412);
                assertThat(client.request("HEAD", target, "If-None-Match: *").status()).isEqualTo(304);
            }
            Files.setLastModifiedTime(small, FileTime.fromMillis(784_111_777_999L));
            Answer old = client.get("/small.txt");
            while (!"Sun, 06 Nov 1994 08:49:37 GMT".equals(old.field("last-modified"))) {
                old = client.get("/small.txt"); // at most a second
            }
            assertThat(client.get("/small.txt", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT").status())
                    .isEqualTo(412);
        }
    }

    @Test
    void answersRangeRequests() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            byte[] large = new byte[100_000];
            new Random(3).nextBytes(large);
            server.write("large.bin", large);
            server.write("small.txt", "0123456789");
            Answer none = client.get("/small.txt", "Range: bytes=10-");
            assertThat(none.status()).isEqualTo(416);
            assertThat(none.field("content-range")).isEqualTo("bytes */10");
            assertThat(client.get("/small.txt", "Range: bytes=-3").text()).isEqualTo("789");
            assertThat(client.get("/small.txt", "Range: bytes=3-4").text()).isEqualTo("34");
            assertThat(client.get("/small.txt", "Range: lines=3-4").text()).isEqualTo("0123456789");
            assertThat(client.get("/small.txt", "Range: bytes=0-1", "If-Range: \"other\"").status()).isEqualTo(200);
            Answer head = client.request("HEAD", "/small.txt", "Range: bytes=0-1");
            assertThat(head.status()).as("a range means nothing to HEAD").isEqualTo(200);

            for (String target : new String[] {"/small.txt", "/large.bin"}) {
                byte[] content = target.equals("/large.bin") ? large : "0123456789".getBytes(UTF_8);
                Answer several = client.get(target, "Range: bytes=0-1,-2,5-5");
                assertThat(several.status()).isEqualTo(206);
                String boundary = several.field("content-type").replaceFirst("multipart/byteranges; boundary=", "");
                String type = target.equals("/large.bin") ? "application/octet-stream" : "text/plain; charset=utf-8";
                String latin = new String(several.body(), StandardCharsets.ISO_8859_1);
                StringBuilder expected = new StringBuilder();
                int last = content.length - 1;
                for (int[] range : new int[][] {{0, 1}, {5, 5}, {last - 1, last}}) {
                    expected.append("\r\n--").append(boundary)
                            .append("\r\nContent-Type: ").append(type)
                            .append("\r\nContent-Range: bytes ").append(range[0]).append('-').append(range[1])
                            .append('/').append(content.length).append("\r\n\r\n")
                            .append(new String(
                                    content, range[0], range[1] - range[0] + 1,
                                    StandardCharsets.ISO_8859_1));
                }
                assertThat(latin).isEqualTo(expected + "\r\n--" + boundary + "--\r\n");
            }
        }
    }

    @Test
    void ifRangeWorksOnceTheFileIsLeftAlone() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("small.txt", "0123456789");
            Answer whole = client.get("/small.txt");
            assertThat(whole.field("etag")).as("it has just been written").startsWith("W/");
            assertThat(client.get("/small.txt", "Range: bytes=0-1", "If-Range: " + whole.field("etag")).status())
                    .isEqualTo(200);
            while (whole.field("etag").startsWith("W/")) {
                whole = client.get("/small.txt"); // a second, and at most another until it is looked at again
            }
            assertThat(client.get("/small.txt", "Range: bytes=0-1", "If-Range: " + whole.field("etag")).text())
                    .isEqualTo("01");
            assertThat(client.get(
                                    "/small.txt", "Range: bytes=0-1", "If-Range: " + whole.field("last-modified"))
                            .text())
                    .isEqualTo("01");
        }
    }

    @Test
    void showsAChangeWithinASecond() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            server.write("a.txt", "old");
            assertThat(client.get("/a.txt").text()).isEqualTo("old");
            server.write("a.txt", "new");
            long written = System.nanoTime();
            String text;
            do {
                long asked = System.nanoTime();
                text = client.get("/a.txt").text();
                assertThat(asked - written < 1_100_000_000L || text.equals("new"))
                        .as("%s ms after the change, '%s'", (asked - written) / 1_000_000, text)
                        .isTrue();
            } while (!text.equals("new"));
            Files.delete(server.root.resolve("a.txt"));
            long deleted = System.nanoTime();
            int status;
            do {
                long asked = System.nanoTime();
                status = client.get("/a.txt").status();
                assertThat(asked - deleted < 1_100_000_000L || status == 404).isTrue();
            } while (status != 404);
        }
    }

    @Test
    void aFileThatIsCutShortWhileItIsSentEndsTheConnection() throws Exception {
        try (TestServer server = TestServer.start(backend);
                Client client = new Client(server.port, 16 << 10)) {
            long size = 64L << 20;
            try (FileChannel file = FileChannel.open(
                    server.root.resolve("f"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
                client.send("GET /f HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead().field("content-length")).isEqualTo(String.valueOf(size));
                file.truncate(1 << 20);
            }
            long got = client.in.transferTo(OutputStream.nullOutputStream());
            assertThat(got).isLessThan(size);
        }
    }

    /** Runs a command in the root. Without pipes, which the virtual machine would close when it has time. */
    private static void run(TestServer server, String... command) throws Exception {
        Process process =
                new ProcessBuilder(command).directory(server.root.toFile()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
