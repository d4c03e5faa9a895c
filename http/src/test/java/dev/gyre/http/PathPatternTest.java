package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.http.HeaderOptions.CacheRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("T14")
class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, /a/b.txt, true", "*.js, /a/b.js, true", "*.js, /a.js/b, false", "*.js, /a/bxjs, false",
        "/a/*, /a/b, true", "/a/*, /a/b/c, false", "/a/**, /a/b/c, true", "a/**, /a/b/c, true", "**/x, /a/b/x, true",
        "?.txt, /b/a.txt, true", "?.txt, /ab.txt, false", "[a](b)$, /[a](b)$, true", "/a, /a/a, false"
    })
    void fits(String pattern, String path, boolean fits) {
        assertThat(new PathPattern(pattern).matches(path)).isEqualTo(fits);
    }

    @Test
    void optionsRefuseWhatIsNoHeaderField() {
        assertRefused(Map.of("Content-Length", "1"), "has to say itself");
        assertRefused(Map.of("a b", "1"), "no name");
        assertRefused(Map.of("", "1"), "no name");
        assertRefused(Map.of("a", "1\r\nb: 2"), "printable ASCII");
        assertRefused(Map.of("a", "ä"), "printable ASCII");
        assertThatThrownBy(() -> new HeaderOptions(Map.of("tar.gz", "x/y"), List.of(), Map.of(), false))
                .hasMessageContaining("last dot");
        assertThatThrownBy(() -> new CacheRule("*", "")).hasMessageContaining("max-age");
        assertThatThrownBy(() -> new CacheRule("", "x")).hasMessageContaining("every file");
        assertThatThrownBy(() -> new PathOptions(true, false, true, false)).hasMessageContaining("cleanUrls");
        assertThatThrownBy(() -> new CodingOptions(true, true, -1)).hasMessageContaining("-1");
    }

    private static void assertRefused(Map<String, String> fields, String why) {
        assertThatThrownBy(() -> new HeaderOptions(Map.of(), List.of(), fields, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
