package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders that are seen page by page. */
@ParameterizedClass
@MethodSource("dev.gyre.http.TestServer#backends")
@Tag("T14")
class FolderPagesTest {
    private static final Pattern NAME = Pattern.compile("href=\"\\./([^\"]*)\"");

    @Parameter
    String backend;

    @Test
    void aLargeFolderIsShownInPages() throws Exception {
        int count = 4500;
        try (TestServer server = TestServer.start(backend);
                Client client = server.connect()) {
            fill(server.root, count);
            Files.createDirectory(server.root.resolve("zzz"));
            String first = client.get("/").text();
            assertThat(first).contains("4,501 entries, page 1 of 5");
            assertThat(names(first)).hasSize(1000).startsWith("zzz/", "f0", "f1", "f2").endsWith("f998");
            String last = client.get("/?page=99").text();
            assertThat(last).contains("page 5 of 5");
            assertThat(names(last)).hasSize(501).startsWith("f3999").endsWith("f4499");
            assertThat(names(client.get("/?sort=name&order=desc&page=2").text())).startsWith("f3500");
            assertThat(names(client.get("/?sort=size&order=desc").text()))
                    .startsWith("zzz/", "f4400", "f4401").endsWith("f3598");
            assertThat(names(client.get("/?q=F449").text()))
                    .containsExactly("f449", "f4490", "f4491", "f4492", "f4493", "f4494", "f4495", "f4496", "f4497",
                            "f4498", "f4499");
            assertThat(client.get("/?q=%3Cnone%3E").text()).contains("No name has this", "&lt;none&gt;");
        }
    }

    @Test
    void requestsForLargeFoldersWaitInLineAndHoldNothing() throws Exception {
        try (TestServer server = TestServer.start(backend)) {
            fill(server.root, 4001);
            ConcurrencyLimit limit = server.server.service().site.folders.large;
            assertThat(limit.enter()).isTrue();
            assertThat(limit.enter()).isTrue();
            List<Client> waiting = new ArrayList<>();
            for (int i = 0; i < ConcurrencyLimit.WAITING_MAX; i++) {
                waiting.add(server.connect().send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }
            while (limit.present() < ConcurrencyLimit.WAITING_MAX + 2) {
                Thread.onSpinWait();
            }
            assertThat(descriptors(server.root)).as("the root itself").isEqualTo(1);
            Client.Answer refused = server.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(server.get("/?q=f1234").text()).as("a few of its names").contains("1 entry");
            limit.leave();
            limit.leave();
            for (Client client : waiting) {
                assertThat(client.read(true).status()).isEqualTo(200);
                client.close();
            }
            while (limit.present() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static long descriptors(Path folder) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                try {
                    count += Files.readSymbolicLink(each).equals(folder) ? 1 : 0;
                } catch (NoSuchFileException closed) {
                    // It was the stream's own, or somebody else's.
                }
            }
        }
        return count;
    }

    private static void fill(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve("f" + i), new byte[i / 100]);
        }
    }

    private static List<String> names(String page) {
        return NAME.matcher(page).results().map((MatchResult match) -> match.group(1)).toList();
    }
}
