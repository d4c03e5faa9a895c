package dev.gyre.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The page that shows what is in a folder.
 *
 * <p>One self-contained HTML document, readable on a telephone and at night. Names are shown as text and linked in
 * percent-encoding, so that a name can be anything.
 */
final class Listing {
    /** How many names a page shows. */
    static final int ENTRIES_MAX = 10_000;

    /** Folders first, then by name as people sort, where that is the same by the bytes. */
    static final Comparator<Entry> ORDER = Comparator.comparing((Entry entry) -> !entry.folder())
            .thenComparing(Entry::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Entry::name);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8884; --quiet: #777; --link: #0b57d0 }
            @media (prefers-color-scheme: dark) { :root { --quiet: #999; --link: #8ab4f8 } }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere }
            a { color: var(--link); text-decoration: none }
            a:hover { text-decoration: underline }
            table { width: 100%; border-collapse: collapse }
            th { text-align: left; font-weight: 500; color: var(--quiet); font-size: .85rem }
            th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top }
            tbody tr:hover { background: #8881 }
            td:first-child { overflow-wrap: anywhere }
            .size, .time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
            td.size, td.time, p { color: var(--quiet) }
            @media (max-width: 36rem) { .time { display: none } }
            """;

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Listing() {}

    /**
     * Something in a folder.
     *
     * @param name as {@link dev.gyre.io.DirectoryEntry} has it
     * @param folder whether it is one
     * @param size in bytes; of no meaning for a folder
     * @param modifiedSeconds since 1970
     */
    record Entry(String name, boolean folder, long size, long modifiedSeconds) {}

    /**
     * Makes the page.
     *
     * @param path of the folder, ending in a slash
     * @param entries in order
     * @param omitted how many more there are
     * @return UTF-8
     */
    static byte[] page(String path, List<Entry> entries, int omitted) {
        StringBuilder html = new StringBuilder(2048 + 192 * entries.size());
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        appendText(html, path);
        html.append("</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>");
        appendTrail(html, path);
        html.append("</h1>\n<table>\n<thead><tr><th>Name</th><th class=\"size\">Size</th>")
                .append("<th class=\"time\">Modified (UTC)</th></tr></thead>\n<tbody>\n");
        if (path.length() > 1) {
            html.append("<tr><td><a href=\"../\">..</a></td><td class=\"size\"></td><td class=\"time\"></td></tr>\n");
        }
        for (Entry entry : entries) {
            appendRow(html, entry);
        }
        html.append("</tbody>\n</table>\n");
        if (omitted > 0) {
            html.append("<p>").append(omitted).append(" more are not shown.</p>\n");
        } else if (entries.isEmpty()) {
            html.append("<p>There is nothing here.</p>\n");
        }
        return html.append("</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The folders on the way, each a link. */
    private static void appendTrail(StringBuilder html, String path) {
        int from = 0;
        while (from < path.length()) {
            int slash = path.indexOf('/', from);
            html.append("<a href=\"").append(RequestPath.encoded(path.substring(0, slash + 1))).append("\">");
            appendText(html, from == 0 ? "root" : path.substring(from, slash));
            html.append("</a> / ");
            from = slash + 1;
        }
        html.setLength(html.length() - 1);
    }

    private static void appendRow(StringBuilder html, Entry entry) {
        String slash = entry.folder() ? "/" : "";
        // The dot keeps a name with a colon from being taken for a scheme.
        html.append("<tr><td><a href=\"./").append(RequestPath.encoded(entry.name())).append(slash).append("\">");
        appendText(html, entry.name());
        html.append(slash).append("</a></td><td class=\"size\"");
        if (entry.folder()) {
            html.append('>');
        } else {
            html.append(" title=\"").append(entry.size()).append(" bytes\">").append(size(entry.size()));
        }
        html.append("</td><td class=\"time\">")
                .append(TIME.format(Instant.ofEpochSecond(entry.modifiedSeconds())))
                .append("</td></tr>\n");
    }

    /** A size for people: three digits or so, and a unit. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = 0;
        double value = bytes / 1024.0;
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** Appends what may be anything. */
    private static void appendText(StringBuilder html, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '&' -> html.append("&amp;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(isShown(text, i) ? c : '\uFFFD');
            }
        }
    }

    /** Not control characters, not those that turn the direction of text, and no half of a surrogate pair. */
    private static boolean isShown(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        return !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
    }
}
