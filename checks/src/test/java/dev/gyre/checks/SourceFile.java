package dev.gyre.checks;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text file of the project.
 *
 * @param path where it is, from the root, with {@code /} between folders
 * @param text what is in it
 */
record SourceFile(String path, String text) {
    /** Every place that matches, as {@code path:line}. */
    Stream<String> places(Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map(match -> path + ":" + line(match.start()));
    }

    private long line(int offset) {
        return 1 + text.chars().limit(offset).filter(c -> c == '\n').count();
    }
}
