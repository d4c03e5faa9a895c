package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Listing.Entry;
import dev.gyre.testing.Property;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingTest {
    @Test
    void showsNamesSizesAndTimes() {
        String page = page("/a/b c/", List.of(
                new Entry("sub", true, 4096, 0), new Entry("x.txt", false, 1536, 784_111_777)));
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<title>/a/b c/</title>")
                .contains("<a href=\"/\">root</a> / <a href=\"/a/\">a</a> / <a href=\"/a/b%20c/\">b c</a> /")
                .contains("<a href=\"../\">")
                .contains("<a href=\"./sub/\">sub/</a>")
                .contains("<a href=\"./x.txt\">x.txt</a>")
                .contains("1.5 KiB")
                .contains("1536 bytes")
                .contains("1994-11-06 08:49")
                .contains("1970-01-01 00:00")
                .contains("color-scheme: light dark")
                .doesNotContain("http:")
                .doesNotContain("script");
    }

    @Test
    void theRootHasNoParent() {
        assertThat(page("/", List.of())).doesNotContain("../").contains("There is nothing here.");
    }

    @Test
    void saysHowMuchIsLeftOut() {
        String page = new String(
                Listing.page("/", List.of(new Entry("a", false, 1, 0)), 7), StandardCharsets.UTF_8);
        assertThat(page).contains("7 more are not shown.");
    }

    @Test
    void ordersFoldersFirstThenByName() {
        List<String> names = Stream.of(
                        new Entry("b", false, 0, 0), new Entry("C", false, 0, 0), new Entry("a", false, 0, 0),
                        new Entry("z", true, 0, 0), new Entry("A", false, 0, 0))
                .sorted(Listing.ORDER)
                .map(Entry::name)
                .toList();
        assertThat(names).containsExactly("z", "A", "a", "b", "C");
    }

    @Test
    void aNameCanBeAnything() {
        Property.check(draw -> aNameCanBeAnything(draw.list(0, 100, name -> name.text(0, 255))));
    }

    private static void aNameCanBeAnything(List<String> names) throws HttpFailure {
        List<Entry> entries = new ArrayList<>();
        for (String name : names) {
            String possible = name.replaceAll("[/\0\\p{Cs}]", "_");
            if (!possible.isEmpty() && !possible.equals(".") && !possible.equals("..")) {
                entries.add(new Entry(possible, false, 1, 0));
            }
        }
        String page = page("/", entries);
        String rows = page.substring(page.indexOf("<tbody>"));
        Matcher link = Pattern.compile("<a href=\"([^\"]*)\">([^<>]*)</a>").matcher(rows);
        for (Entry entry : entries) {
            assertThat(link.find()).isTrue();
            URI resolved = URI.create("http://host/").resolve(link.group(1));
            assertThat(RequestPath.of(resolved.getRawPath())).isEqualTo("/" + entry.name());
        }
        assertThat(link.find()).as("another link than those of the names").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1536, 1.5 KiB", "102400, 100 KiB", "1048575, 1.0 MiB",
        "5368709120, 5.0 GiB", "9223372036854775807, 8.0 EiB"
    })
    void writesSizesForPeople(long bytes, String text) {
        assertThat(Listing.size(bytes)).isEqualTo(text);
    }

    private static String page(String path, List<Entry> entries) {
        return new String(Listing.page(path, entries, 0), StandardCharsets.UTF_8);
    }
}
