package dev.gyre.http;

import static dev.gyre.http.Conditionals.Outcome.FAILED;
import static dev.gyre.http.Conditionals.Outcome.NOT_MODIFIED;
import static dev.gyre.http.Conditionals.Outcome.PROCEED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.Conditionals.Fields;
import dev.gyre.http.Conditionals.Outcome;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import org.eclipse.jetty.http.DateGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalsTest {
    private static final long MODIFIED = 784_111_777;
    private static final String AT = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final Representation FILE =
            new Representation("text/plain", 10, MODIFIED, "\"x\"", true, Delivery.PLAIN);
    private static final Representation FRESH =
            new Representation("text/plain", 10, MODIFIED, "\"x\"", false, Delivery.PLAIN);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            "x"             | NOT_MODIFIED
            W/"x"           | NOT_MODIFIED
            *               | NOT_MODIFIED
            "a", "x"        | NOT_MODIFIED
            "a",W/"b" ,"x"  | NOT_MODIFIED
            "a, \\"x", "x"  | PROCEED
            "y"             | PROCEED
            "xx"            | PROCEED
            x               | PROCEED
            "x              | PROCEED
            w/"x"           | PROCEED
            ""              | PROCEED
            """)
    void ifNoneMatchComparesWeakly(String field, Outcome outcome) {
        assertThat(Conditionals.evaluate(new Fields(null, null, field, null), FILE)).isEqualTo(outcome);
        assertThat(Conditionals.evaluate(new Fields(null, null, field, null), FRESH)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            "x"       | PROCEED
            "a", "x"  | PROCEED
            *         | PROCEED
            W/"x"     | FAILED
            "y"       | FAILED
            x         | FAILED
            """)
    void ifMatchComparesStrongly(String field, Outcome outcome) {
        assertThat(Conditionals.evaluate(new Fields(field, null, null, null), FILE)).isEqualTo(outcome);
    }

    @Test
    void ifMatchFailsOnAWeakTagOfTheFile() {
        assertThat(Conditionals.evaluate(new Fields("\"x\"", null, null, null), FRESH)).isEqualTo(FAILED);
        assertThat(Conditionals.evaluate(new Fields("*", null, null, null), FRESH)).isEqualTo(PROCEED);
    }

    @Test
    void datesCompareBySeconds() {
        assertThat(Conditionals.evaluate(new Fields(null, null, null, BEFORE), FILE)).isEqualTo(PROCEED);
        assertThat(Conditionals.evaluate(new Fields(null, null, null, AT), FILE)).isEqualTo(NOT_MODIFIED);
        assertThat(Conditionals.evaluate(new Fields(null, null, null, AFTER), FILE)).isEqualTo(NOT_MODIFIED);
        assertThat(Conditionals.evaluate(new Fields(null, BEFORE, null, null), FILE)).isEqualTo(FAILED);
        assertThat(Conditionals.evaluate(new Fields(null, AT, null, null), FILE)).isEqualTo(PROCEED);
        assertThat(Conditionals.evaluate(new Fields(null, AFTER, null, null), FILE)).isEqualTo(PROCEED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void readsTheOldFormsOfADate(String date) {
        assertThat(Conditionals.evaluate(new Fields(null, null, null, date), FILE)).isEqualTo(NOT_MODIFIED);
    }

    @Test
    void aTagGoesBeforeADate() {
        assertThat(Conditionals.evaluate(new Fields(null, null, "\"y\"", AFTER), FILE)).isEqualTo(PROCEED);
        assertThat(Conditionals.evaluate(new Fields("\"x\"", BEFORE, null, null), FILE)).isEqualTo(PROCEED);
        assertThat(Conditionals.evaluate(new Fields("\"y\"", null, "\"x\"", null), FILE)).isEqualTo(FAILED);
    }

    @Test
    void ifRangeAsksForExactlyThisState() {
        assertThat(Conditionals.allowsRange(null, FILE)).isTrue();
        assertThat(Conditionals.allowsRange("\"x\"", FILE)).isTrue();
        assertThat(Conditionals.allowsRange("\"y\"", FILE)).isFalse();
        assertThat(Conditionals.allowsRange("W/\"x\"", FILE)).isFalse();
        assertThat(Conditionals.allowsRange(AT, FILE)).isTrue();
        assertThat(Conditionals.allowsRange(AFTER, FILE)).isFalse();
        assertThat(Conditionals.allowsRange("nonsense", FILE)).isFalse();
        assertThat(Conditionals.allowsRange("\"x\"", FRESH)).isFalse();
        assertThat(Conditionals.allowsRange(AT, FRESH)).isFalse();
    }

    @Test
    void findsATagInAnyList() {
        Property.check(draw -> {
            String list = String.join(" ,\t", draw.list(0, 5, ConditionalsTest::otherTag));
            boolean weak = draw.of(true, false);
            String with = (list.isEmpty() ? "" : list + ",") + (weak ? "W/\"x\"" : "\"x\"");
            assertThat(Conditionals.evaluate(new Fields(null, null, list, null), FILE)).isEqualTo(PROCEED);
            assertThat(Conditionals.evaluate(new Fields(null, null, with, null), FILE)).isEqualTo(NOT_MODIFIED);
            assertThat(Conditionals.evaluate(new Fields(with, null, null, null), FILE))
                    .isEqualTo(weak ? FAILED : PROCEED);
        });
    }

    @Test
    void neverFails() {
        Property.check(draw -> {
            String field = draw.of(draw.text(0, 255), draw.textOf("W/\"x, *\t", 12));
            assertThat(Conditionals.evaluate(new Fields(field, null, field, null), FILE)).isNotNull();
            assertThat(Conditionals.evaluate(new Fields(null, field, null, field), FILE)).isNotNull();
            assertThat(Conditionals.allowsRange(field, FILE)).isEqualTo(field.equals("\"x\""));
        });
    }

    @Test
    void aDateThatWasSentComesBackAsTheSame() {
        Property.check(draw -> {
            long seconds = draw.between(0, 253_402_300_799L);
            Representation file = new Representation("text/plain", 1, seconds, "\"x\"", true, Delivery.PLAIN);
            assertThat(file.lastModified()).isEqualTo(DateGenerator.formatDate(seconds * 1000));
            assertThat(Conditionals.allowsRange(file.lastModified(), file)).isTrue();
            assertThat(Conditionals.evaluate(new Fields(null, null, null, file.lastModified()), file))
                    .isEqualTo(NOT_MODIFIED);
        });
    }

    /** A tag that is not that of the file. */
    private static String otherTag(Draw draw) {
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,\\/'";
        String text = draw.textOf(draw.of(letters, "x,W/"), 5);
        return draw.of("", "W/") + "\"" + (text.equals("x") ? "xx" : text) + "\"";
    }
}
