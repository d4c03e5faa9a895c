package dev.gyre.http.coding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, 12.5.3. */
@Tag("T14")
class AcceptEncodingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gzip, deflate, br, zstd | br zstd gzip",
        "gzip | gzip",
        "GZIP | gzip",
        "x-gzip | gzip",
        "gzip;q=1.0, br;q=0.5 | gzip br",
        "br;q=0.001 | br",
        "br;q=0 | ''",
        "br;q=0.000, gzip | gzip",
        "* | br zstd gzip",
        "*;q=0.5, gzip | gzip br zstd",
        "*, br;q=0 | zstd gzip",
        "*;q=0 | ''",
        "identity | ''",
        "identity, gzip | gzip",
        "identity, gzip;q=0.5 | ''",
        "identity;q=0.5, gzip;q=0.4, br;q=0.6 | br",
        "identity;q=0 | ''",
        "identity;q=0, gzip | gzip",
        "gzip ; q=0.5 , br ; q=0.6 | br gzip",
        "gzip;q=1.5 | ''",
        "gzip;q=-1, br | br",
        "gzip;q=, br | br",
        "compress, deflate | ''",
        "'' | ''",
        "',,;;,' | ''",
    })
    void meansWhatTheStandardSays(String field, String wanted) {
        assertThat(words(AcceptEncoding.of(field))).isEqualTo(wanted);
        assertThat(words(AcceptEncoding.of(field))).as("again").isEqualTo(wanted);
    }

    @Test
    void withoutTheFieldNothingIsCoded() {
        assertThat(AcceptEncoding.of(null).wanted()).isEmpty();
    }

    private static String words(AcceptEncoding accepted) {
        return accepted.wanted().stream().map(ContentCoding::token).collect(Collectors.joining(" "));
    }
}
