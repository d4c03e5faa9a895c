package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestParserTest {
    private static final ServerLimits LIMITS = ServerLimits.DEFAULT
            .withTargetBytesMax(100)
            .withHeadBytesMax(300)
            .withBodyBytesMax(20);

    private final RequestParser parser = new RequestParser(LIMITS);

    @Test
    void aPlainRequest() {
        assertThat(parse("GET /a?b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n")).isTrue();
        assertThat(parser.plain()).isTrue();
        assertThat(parser.persistent()).isTrue();
        assertThat(parser.target()).isEqualTo("/a?b");
    }

    @Test
    void takesOneRequestAtATime() {
        ByteBuffer in = bytes("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nRange: x\r\n\r\nGET");
        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.target()).isEqualTo("/1");
        parser.next();
        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.target()).isEqualTo("/2");
        assertThat(parser.range()).isEqualTo("x");
        parser.next();
        assertThat(parser.range()).isNull();
        assertThat(parser.parse(in)).isFalse();
        assertThat(in.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET / HTTP/1.1~Host: a~                                 | true  | true
            GET / HTTP/1.1~Host: a~Connection: close~               | false | false
            GET / HTTP/1.1~Host: a~Connection: x, Close~            | false | false
            GET / HTTP/1.0~                                         | false | false
            GET / HTTP/1.0~Connection: keep-alive~                  | false | true
            GET / HTTP/1.0~Connection: keep-alive, close~           | false | false
            HEAD / HTTP/1.1~Host: a~                                | false | true
            GET / HTTP/1.1~Host: a~If-None-Match: "a"~              | false | true
            GET / HTTP/1.1~Host: a~if-modified-since: x~            | false | true
            POST / HTTP/1.1~Host: a~                                | false | true
            GET / HTTP/1.1~Host: a~Content-Length: 0~               | true  | true
            """)
    void tellsPlainAndPersistentRequests(String request, boolean plain, boolean persistent) {
        assertThat(parse(request.replace("~", "\r\n") + "\r\n")).isTrue();
        assertThat(parser.failure()).isNull();
        assertThat(parser.plain()).isEqualTo(plain);
        assertThat(parser.persistent()).isEqualTo(persistent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /~~                                                   | 505 | HTTP/0.9
            GET / HTTP/2.0~Host: a~~                                  | 505 | a version that is not spoken
            PRI * HTTP/2.0~~SM~~                                      | 505 | the preface of HTTP/2
            GET / http/1.1~Host: a~~                                  | 400 | a version in small letters
            GET / HTTP/1.10~Host: a~~                                 | 400 | a version that there is not
            GET / HTTP/1.1~~                                          | 400 | no Host
            GET / HTTP/1.1~Host: a~Host: a~~                          | 400 | two Hosts
            GET / HTTP/1.1~Host: a/b~~                                | 400 | a Host that is none
            GET / HTTP/1.1~Host: a~X: 1~ 2~~                          | 400 | a folded line
            GET / HTTP/1.1~Host : a~~                                 | 400 | a space before the colon
            GET / HTTP/1.1~Host: a~X~~                                | 400 | no colon
            GET / HTTP/1.1~Host: a~X: `~~                             | 400 | NUL in a value
            GET /` HTTP/1.1~Host: a~~                                 | 400 | NUL in the target
            GET /a b HTTP/1.1~Host: a~~                               | 400 | a space in the target
            GET / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 1~~ | 400 | two lengths
            GET / HTTP/1.1~Host: a~Content-Length: -1~~               | 400 | a negative length
            GET / HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked~~ | 400 | smuggling
            GET / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~          | 400 | an end that nobody can find
            GET / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~ | 501 | a coding that is not known
            GET / HTTP/1.0~Connection: keep-alive~Transfer-Encoding: chunked~~ | 400 | chunks in HTTP/1.0
            GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~    | 400 | a chunk without a size
            GET / HTTP/1.1~Host: a~Content-Length: 21~~               | 413 | a long body
            GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~15~123456789012345678901~ | 413 | a long body in chunks
            """)
    void refuses(String request, int status, String what) {
        assertThat(parse(request.replace("~", "\r\n").replace('`', '\0'))).as(what).isTrue();
        assertThat(parser.failure()).as(what).isNotNull();
        assertThat(parser.failure().status()).as(what).isEqualTo(status);
        assertThat(parser.persistent()).isFalse();
        assertThat(parser.plain()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  / HTTP/1.1~Host: a~~                                 | one space
            GET / HTTP/1.1~~                                          | needs a Host
            GET / HTTP/1.1~Host: a~Host: a~~                          | one Host field
            GET / HTTP/1.1~Host: u@a~~                                | no host with an optional port
            GET / HTTP/1.1~Host: a~X : y~~                            | without white space
            GET / HTTP/1.1~Host: a~X~~                                | no colon
            GET / HTTP/1.1~Host: a~X: `~~                             | control character
            GET / HTTP/1.1~Host: a~X(: y~~                            | field's name
            GET / HTTP/1.1~Host: a~X: y~ z~~                          | white space or a colon
            G(T / HTTP/1.1~Host: a~~                                  | request line
            GET / HTTP/1.1~Host: a~Content-Length: x~~                | number of bytes
            GET / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 1~~ | one Content-Length
            GET / HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked~~ | not both
            GET / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~          | must be chunked
            GET / HTTP/1.0~Transfer-Encoding: chunked~~               | HTTP/1.0 has no
            GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~    | in chunks
            """)
    void saysWhichRuleWasBroken(String request, String rule) {
        assertThat(parse(request.replace("~", "\r\n").replace('`', '\0'))).isTrue();
        assertThat(parser.failure().status()).isEqualTo(400);
        assertThat(parser.failure().explanation()).contains(rule).contains("RFC");
    }

    @Test
    void takesAHigherMinorVersionAsItsOwnHoweverTheBytesArrive() {
        byte[] all = "GET /a HTTP/1.7\r\nHost: a\r\n\r\nGET /b HTTP/1.2\r\nHost: a\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        for (byte b : all) {
            if (parser.parse(ByteBuffer.wrap(new byte[] {b}))) {
                assertThat(parser.failure()).isNull();
                assertThat(parser.plain()).isTrue();
                parser.next();
            }
        }
        assertThat(parser.target()).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(parse("GET /" + "a".repeat(99) + " HTTP/1.1\r\nHost: a\r\n\r\n")).isTrue();
        assertThat(parser.failure()).isNull();
        parser.reset();
        assertThat(parse("GET /" + "a".repeat(100) + " HTTP/1.1\r\n")).isTrue();
        assertThat(parser.failure().status()).isEqualTo(414);
        parser.reset();
        assertThat(parse("GET /" + "a".repeat(400))).isTrue();
        assertThat(parser.failure().status()).isEqualTo(414);
        parser.reset();
        assertThat(parse("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(400))).isTrue();
        assertThat(parser.failure().status()).isEqualTo(431);
    }

    @Test
    void throwsBodiesAway() {
        ByteBuffer in = bytes("GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
                + "GET /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n0\r\nX: y\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
        for (String target : new String[] {"/1", "/2", "/3"}) {
            assertThat(parser.parse(in)).isTrue();
            assertThat(parser.failure()).isNull();
            assertThat(parser.target()).isEqualTo(target);
            assertThat(parser.persistent()).isTrue();
            parser.next();
        }
    }

    @Test
    void answersAtOnceWhoeverWaitsToBeToldToContinue() {
        assertThat(parse("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")).isTrue();
        assertThat(parser.failure()).isNull();
        assertThat(parser.persistent()).isFalse();
        assertThat(parser.isUnfinished()).isTrue();
    }

    @Test
    void joinsRepeatedFields() {
        parse("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n\r\n");
        assertThat(parser.conditions().ifNoneMatch()).isEqualTo("\"a\", \"b\"");
    }

    @ParameterizedTest
    @MethodSource
    void itDoesNotMatterHowTheBytesArrive(int step) {
        byte[] all = "GET /a HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nContent-Length: 3\r\n\r\nabc"
                .getBytes(StandardCharsets.ISO_8859_1);
        RequestParser fresh = new RequestParser(LIMITS);
        int at = 0;
        boolean complete = false;
        while (at < all.length) {
            assertThat(complete).isFalse();
            int length = Math.min(step, all.length - at);
            complete = fresh.parse(ByteBuffer.wrap(all, at, length));
            at += length;
        }
        assertThat(complete).isTrue();
        assertThat(fresh.failure()).isNull();
        assertThat(fresh.target()).isEqualTo("/a");
        assertThat(fresh.range()).isEqualTo("bytes=0-1");
    }

    static IntStream itDoesNotMatterHowTheBytesArrive() {
        return IntStream.rangeClosed(1, 70);
    }

    private boolean parse(String request) {
        return parser.parse(bytes(request));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
