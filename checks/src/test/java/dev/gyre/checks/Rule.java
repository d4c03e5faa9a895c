package dev.gyre.checks;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What no file of the project may contain. Every rule is a pattern, and the files in which to look for it. */
enum Rule {
    TAB("", "\t", "a tab; indent with blanks"),
    TRAILING_BLANK("", "(?m)[ \t]+$", "white space at the end of a line"),
    CARRIAGE_RETURN("", "\r", "a carriage return; lines end with a line feed alone"),
    UNENDED_LINE("", "[^\n]\\z", "no line feed at the end of the file"),
    UNFINISHED("", "\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b", "unfinished work; do it, or drop the note"),
    REGISTRY(
            "",
            "\\b(artifactory|mirrors?|nexus|proxy|registry|repo[0-9]?)(\\.[a-z0-9-]+)+\\.(cn|com|dev|io|net|org)\\b",
            "the host name of a package registry; the user's own settings name it"),
    MACHINE_PATH("", "(?<![\\w.}*~-])/(home|root|work)/", "a path of one machine"),
    LONG_LINE("\\.java$", "(?m)^.{121,}$", "a line of more than 120 columns"),
    LONG_FILE("\\.java$", "\\A(.*\n){751}", "more than 750 lines; split it, or list it with the reason"),
    SILENTLY_DISABLED(
            "\\.java$",
            "@Disa" + "bled\\b(?!\\s*\\(\\s*(value\\s*=\\s*)?\")",
            "a test that is off without a reason"),
    SLEEPING_TEST("/src/test/.*\\.java$", "\\bThread\\.sleep\\(", "sleep in a test; wait for what should happen");

    private final Pattern files;
    private final Pattern forbidden;
    private final String complaint;

    /**
     * @param files found in the paths of the files that the rule is for
     * @param forbidden what must not be found in their text
     */
    Rule(String files, String forbidden, String complaint) {
        this.files = Pattern.compile(files);
        this.forbidden = Pattern.compile(forbidden);
        this.complaint = complaint;
    }

    /** Every violation in a file, as a line for people. */
    Stream<String> violations(SourceFile file) {
        return files.matcher(file.path()).find()
                ? file.places(forbidden).map(place -> place + ": " + complaint)
                : Stream.empty();
    }
}
