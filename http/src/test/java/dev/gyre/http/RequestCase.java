package dev.gyre.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code requests.txt}, which says at its beginning what it means.
 *
 * @param section where the expectation comes from
 * @param statuses of the answers, in order, with a final {@code -} where one has no body although it says its length
 * @param end what comes after them
 * @param request what is sent
 * @param what it is about
 * @param field a field of the last answer and its value, with an equals sign between; or nothing
 * @param nginx the statuses that nginx answers with, where that is something else; or nothing
 */
record RequestCase(
        String section, List<String> statuses, End end, String request, String what, String field, String nginx) {
    private static final Pattern REPEATED = Pattern.compile("\\{([^{}]*)\\*(\\d+)}");
    private static final Pattern ESCAPE = Pattern.compile("~|\\\\(?:x(..)|(.))");

    /** What becomes of the connection. */
    enum End {
        /** It answers another request. */
        KEEP,
        /** The server closes it. */
        CLOSE,
        /** The server waits for more, and closes it when the client has stopped to send. */
        NONE
    }

    /** All of them. */
    static List<RequestCase> all() {
        List<RequestCase> all = new ArrayList<>();
        String section = "";
        for (String line : text().split("\n", -1)) {
            if (line.startsWith("@")) {
                section = line.substring(1).strip();
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                all.add(of(section, line));
            }
        }
        return all;
    }

    private static RequestCase of(String section, String line) {
        String[] parts = line.split(" \\| ", -1);
        List<String> expected = Arrays.asList(parts[0].split(" ", -1));
        End end = End.valueOf(expected.getLast().toUpperCase(Locale.ROOT));
        String field = "";
        String nginx = "";
        for (String more : Arrays.asList(parts).subList(3, parts.length)) {
            if (more.startsWith("nginx ")) {
                nginx = more.substring("nginx ".length(), more.indexOf(':'));
            } else {
                field = more;
            }
        }
        return new RequestCase(
                section, expected.subList(0, expected.size() - 1), end, bytes(parts[1]), parts[2], field, nginx);
    }

    private static String bytes(String written) {
        String repeated = REPEATED.matcher(written)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1).repeat(Integer.parseInt(m.group(2)))));
        return ESCAPE.matcher(repeated).replaceAll(m -> Matcher.quoteReplacement(character(m)));
    }

    private static String character(MatchResult escape) {
        if (escape.group().equals("~")) {
            return "\r\n";
        }
        if (escape.group(1) != null) {
            return String.valueOf((char) HexFormat.fromHexDigits(escape.group(1)));
        }
        return switch (escape.group(2)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "0" -> "\0";
            default -> escape.group(2);
        };
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(RequestCase.class.getResourceAsStream("requests.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Override
    public String toString() {
        String shown = request.replace("\r\n", "~").replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0");
        return section + ": " + what + ": " + (shown.length() < 200 ? shown : shown.substring(0, 200) + "...");
    }
}
