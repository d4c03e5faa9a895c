package dev.gyre.http;

import java.util.regex.Pattern;

/**
 * Some of the paths: {@code *} is any part of a name, {@code ?} one character of it, and {@code **} goes through
 * folders. A pattern without a slash is of the name alone, in whatever folder; one with a slash of the whole path from
 * the root on.
 */
final class PathPattern {
    private final boolean ofName;
    private final Pattern regex;

    /** A new one; every text is one. */
    PathPattern(String text) {
        ofName = text.indexOf('/') < 0;
        String whole = ofName || text.startsWith("/") ? text : "/" + text;
        StringBuilder expression = new StringBuilder();
        int i = 0;
        while (i < whole.length()) {
            char c = whole.charAt(i);
            if (whole.startsWith("**", i)) {
                expression.append(".*");
                i += 2;
                continue;
            }
            switch (c) {
                case '*' -> expression.append("[^/]*");
                case '?' -> expression.append("[^/]");
                default -> expression.append(Pattern.quote(String.valueOf(c)));
            }
            i++;
        }
        regex = Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    /** Whether a path of {@link RequestPath} is one of them. */
    boolean matches(String path) {
        return regex.matcher(ofName ? path.substring(path.lastIndexOf('/') + 1) : path).matches();
    }
}
