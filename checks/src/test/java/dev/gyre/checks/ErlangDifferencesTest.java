package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents give a reason for each scenario that is not as in Erlang, and say how many scenarios there are. */
final class ErlangDifferencesTest {
    private static final String SCENARIOS = "process/src/test/resources/dev/gyre/process/";

    @Test
    void theDocumentsHaveThem() throws Exception {
        String document = read("docs/processes.md");
        String table = all("(?s)\\| scenario \\| Erlang \\|(.*?)\n\n", document).getFirst();
        List<String> different = all("(?m)^== (\\w+)$", read(SCENARIOS + "differences.txt"));
        int scenarios = all("(?m)^== (\\w+)$", read(SCENARIOS + "traces.txt")).size();

        assertThat(all("(?m)^\\| `(\\w+)` ", table)).containsExactlyInAnyOrderElementsOf(different);
        assertThat(document)
                .contains("Of " + scenarios + " small programs")
                .contains(" " + (scenarios - different.size()) + " have the same trace in Erlang");
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(Tree.ROOT.resolve(file));
    }
}
