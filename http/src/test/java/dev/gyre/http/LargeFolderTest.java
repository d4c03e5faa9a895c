package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A folder with as many names as a careless program leaves. On one backend, since to make it takes longest. */
@Tag("T14")
@Tag("large")
class LargeFolderTest {
    @Test
    void aHundredThousandNamesAreShownInPages() throws Exception {
        try (TestServer server = TestServer.start("threaded")) {
            for (int i = 0; i < 100_000; i++) {
                Files.createFile(server.root.resolve("f" + i));
            }
            assertThat(server.get("/?page=100").text()).contains("100,000 entries, page 100 of 100", "./f99999");
            for (String query : List.of("?sort=name&order=desc", "?q=F9999")) {
                assertThat(server.get("/" + query).text()).as(query).contains("./f9999");
            }
        }
    }
}
