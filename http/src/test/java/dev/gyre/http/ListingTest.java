package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Listing.Entry;
import dev.gyre.testing.Property;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void linksToTheOtherPages() {
        ListingQuery third = ListingQuery.of("?sort=size&order=desc&q=a%26b&page=3");
        String page = html(new Listing("/", third, List.of(new Entry("a&b", false, 1, 0)), 4001, 5, true));
        assertThat(page)
                .contains("4,001 entries with <b>a&amp;b</b> in the name, page 3 of 5")
                .contains("<a href=\"?sort=size&amp;order=desc&amp;q=a%26b\">First</a>")
                .contains("<a href=\"?sort=size&amp;order=desc&amp;page=2&amp;q=a%26b\">Previous</a>")
                .contains("<a href=\"?sort=size&amp;order=desc&amp;page=4&amp;q=a%26b\">Next</a>")
                .contains("<a href=\"?sort=size&amp;order=desc&amp;page=5&amp;q=a%26b\">Last</a>")
                .contains("value=\"a&amp;b\"")
                .contains("name=\"sort\" value=\"size\"");
        assertThat(page("/", List.of())).as("one page").doesNotContain("<nav");
    }

    @Test
    void saysThatNotAllWasLookedAt() {
        Listing listing = new Listing("/", ListingQuery.DEFAULT, List.of(), 250_000, 250, false);
        assertThat(html(listing)).contains("more names than are looked at");
    }

    @Test
    void theColumnThatSortsIsMarkedAndTurnsRound() {
        String byTime = html(new Listing("/", ListingQuery.of("?sort=time&order=desc"), List.of(), 0, 1, true));
        assertThat(byTime)
                .containsOnlyOnce("aria-sort")
                .contains("aria-sort=\"descending\"><a href=\"?sort=time&amp;order=asc\">Modified (UTC)</a>")
                .contains("<a href=\"?sort=name&amp;order=asc\">Name</a>")
                .contains("<a href=\"?sort=size&amp;order=desc\">Size</a>");
    }

    @ParameterizedTest
    @CsvSource({
        "'', z A a a2 a10 b C", "?sort=name&order=desc, z C b a10 a2 a A", "?sort=size&order=desc, z b A a a10 C a2",
        "?sort=time&order=asc, z a2 a10 a A b C", "?sort=nothing&order=, z A a a2 a10 b C"
    })
    void ordersFoldersFirstThenAsWanted(String query, String order) {
        List<String> names = Stream.of(
                        new Entry("b", false, 9, 5), new Entry("C", false, 1, 6), new Entry("a", false, 1, 3),
                        new Entry("z", true, 0, 9), new Entry("A", false, 2, 4), new Entry("a10", false, 1, 2),
                        new Entry("a2", false, 0, 1))
                .sorted(ListingQuery.of(query).order())
                .map(Entry::name)
                .toList();
        assertThat(String.join(" ", names)).isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource({"?q=AB, xaby, true", "?q=AB, xa-by, false", "?q=%E4%BD%A0, 你好, true", "?q=a+b, A B, true"})
    void findsPartsOfNames(String query, String name, boolean found) {
        assertThat(ListingQuery.of(query).finds(name)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "?", "?x", "?page=0", "?page=-1", "?page=99999999999", "?sort=NAME", "?q=%", "?q=%zz", "?=&&=", "?q="
    })
    void aQueryThatMeansNothingIsLeftOut(String query) {
        assertThat(ListingQuery.of(query)).isEqualTo(ListingQuery.DEFAULT);
    }

    @Test
    void theOrderOfNamesIsOne() {
        Property.check(draw -> {
            List<String> names = draw.list(0, 20, name -> name.text(0, 6));
            List<String> once = new ArrayList<>(names);
            once.sort(NaturalOrder.INSTANCE);
            List<String> again = new ArrayList<>(names.reversed());
            again.sort(NaturalOrder.INSTANCE);
            assertThat(once).isEqualTo(again);
        });
        assertThat(Stream.of("x100000000000000000000", "x99", "x099", "x9y", "x", "10", "9", "X5")
                        .sorted(NaturalOrder.INSTANCE))
                .containsExactly("9", "10", "x", "X5", "x9y", "x099", "x99", "x100000000000000000000");
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
        return html(new Listing(path, ListingQuery.DEFAULT, entries, entries.size(), 1, true));
    }

    private static String html(Listing listing) {
        return new String(listing.html(ZoneId.of("UTC")), StandardCharsets.UTF_8);
    }
}
