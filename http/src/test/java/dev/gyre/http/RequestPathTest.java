package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /                          | /
            /a/b.txt                   | /a/b.txt
            /a/                        | /a/
            //a///b                    | /a/b
            /a/./b/.                   | /a/b/
            /a/../b                    | /b
            /a/..                      | /
            /a/b/..                    | /a/
            /a/b/%2e%2E/c              | /a/c
            /a%20b                     | /a b
            /100%25                    | /100%
            /%C3%A4/%e2%82%ac          | /ä/€
            /%F0%9F%98%80              | /😀
            /ä                         | /ä
            /a+b                       | /a+b
            /a?b=/../../c              | /a
            /?                         | /
            http://host                | /
            http://host?q              | /
            HTTP://host:80/a/b?q       | /a/b
            https://[::1]:8443/a       | /a
            /.hidden                   | /.hidden
            /..hidden/...              | /..hidden/...
            /a\\b                      | /a\\b
            /%5c..%5c                  | /\\..\\
            """)
    void findsThePath(String target, String path) throws HttpFailure {
        assertThat(RequestPath.of(target)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a", "*", "host:80", "ftp://host/a", "http://", "http:///a", "/..", "/../a", "/a/../..", "/%2e%2e/a",
        "/%2e%2e%2fa", "/a%2fb", "/a%2Fb", "/%00", "/a%00.txt", "/%", "/%4", "/%zz", "/%+1", "/a#b", "/%c0%ae%c0%ae/",
        "/%c0%af", "/%e0%80%af", "/%f0%80%80%af", "/\uFFFD"
    })
    void refuses(String target) {
        assertThatThrownBy(() -> RequestPath.of(target))
                .asInstanceOf(InstanceOfAssertFactories.type(HttpFailure.class))
                .extracting(HttpFailure::status)
                .isEqualTo(400);
    }

    @Test
    void takesAPlainTargetAsItIs() throws HttpFailure {
        String target = "/assets/app-4f3a.js";
        assertThat(RequestPath.of(target)).isSameAs(target);
    }

    @Test
    void namesThatAreNoUtf8SurviveBothWays() throws HttpFailure {
        String path = RequestPath.of("/%E4%FF/%C3");
        assertThat(path).isEqualTo("/\uDCE4\uDCFF/\uDCC3");
        assertThat(RequestPath.encoded(path)).isEqualTo("/%E4%FF/%C3");
    }

    @Test
    void aPathLongerThanAnyFilesIsNotFound() {
        assertThatThrownBy(() -> RequestPath.of("/" + "a/".repeat(3000) + "b"))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status()).isEqualTo(404));
        assertThatThrownBy(() -> RequestPath.of("/" + "%C3%A4".repeat(2048)))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status()).isEqualTo(404));
    }

    @ParameterizedTest
    @CsvSource({"/.a, true", "/a/.git/b, true", "/a.b, false", "/a/b., false", "/..., true"})
    void knowsWhatIsHidden(String path, boolean hidden) {
        assertThat(RequestPath.isHidden(path)).isEqualTo(hidden);
    }

    @Test
    void aQueryIsFitForAHeaderField() {
        assertThat(RequestPath.query("/a")).isEmpty();
        assertThat(RequestPath.query("/a?b=ä&c=\"d")).isEqualTo("?b=%C3%A4&c=\"d");
    }

    @Test
    void whateverNamesItHasAPathSurvivesBothWays() {
        Property.check(draw -> {
            String path = "/" + String.join("/", draw.list(1, 8, RequestPathTest::name));
            assertThat(RequestPath.of(RequestPath.encoded(path))).isEqualTo(path);
            assertThat(RequestPath.encoded(path)).matches("[\\x21-\\x7e]+").doesNotContain("//");
        });
    }

    @Test
    void whateverTheTargetThePathIsNormalOrRefused() {
        Property.check(5000, draw -> {
            String target = String.join("", draw.list(0, 12, RequestPathTest::piece));
            String path;
            try {
                path = RequestPath.of(target);
            } catch (HttpFailure refused) {
                assertThat(refused.status()).isBetween(400, 499);
                return;
            }
            assertThat(path).startsWith("/").doesNotContain("//").doesNotContain("\0");
            assertThat(path.split("/")).doesNotContain(".", "..");
            assertThat(RequestPath.relative(path)).doesNotStartWith("/").isNotEmpty();
        });
    }

    private static String name(Draw draw) {
        String text = draw.text(1, 20).replaceAll("[/\0]", "_");
        String name = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return name.equals(".") || name.equals("..") ? "..." : name;
    }

    private static String piece(Draw draw) {
        return draw.of(
                "/", "/", ".", "..", "%2e", "%2E%2e", "%2f", "%00", "%", "a", "%c0%af", "%C3%A4", "?", "#", "http://h",
                "%ff", "\\", "ä", ":");
    }
}
