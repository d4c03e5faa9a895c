package dev.gyre.http;

import dev.gyre.http.ListingQuery.Sort;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The page that shows what is in a folder.
 *
 * <p>One self-contained HTML document without scripts, readable on a telephone, at night, and by a screen reader. Names
 * are shown as text and linked in percent-encoding, so that a name can be anything.
 *
 * @param path of the folder, ending in a slash
 * @param query how it is wanted
 * @param entries what is on this page, in order
 * @param found how many there are on all pages
 * @param pages how many pages there are, 1 or more
 * @param complete whether all names of the folder were looked at
 */
record Listing(String path, ListingQuery query, List<Entry> entries, int found, int pages, boolean complete) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

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
            form { display: flex; gap: .5rem; flex-wrap: wrap }
            input, button { font: inherit; padding: .2rem .6rem }
            nav a { margin-right: .75rem }
            caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
            @media (max-width: 36rem) { .time { display: none } }
            """;

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

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
     * @param zone in which times are shown
     * @return UTF-8
     */
    byte[] html(ZoneId zone) {
        StringBuilder html = new StringBuilder(4096 + 224 * entries.size());
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        appendText(html, path);
        html.append("</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>");
        appendTrail(html);
        html.append("</h1>\n");
        appendSearch(html);
        html.append("<main>\n");
        appendSummary(html);
        html.append("<table>\n<caption>What is in this folder</caption>\n<thead><tr>");
        appendColumn(html, "", Sort.NAME, "Name");
        appendColumn(html, " class=\"size\"", Sort.SIZE, "Size");
        appendColumn(html, " class=\"time\"", Sort.TIME, "Modified (" + zone.getId() + ")");
        html.append("</tr></thead>\n<tbody>\n");
        if (path.length() > 1) {
            html.append("<tr><td><a href=\"../\">..</a></td><td class=\"size\"></td><td class=\"time\"></td></tr>\n");
        }
        DateTimeFormatter time = TIME.withZone(zone);
        for (Entry entry : entries) {
            appendRow(html, entry, time);
        }
        html.append("</tbody>\n</table>\n");
        appendPages(html);
        return html.append("</main>\n</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The folders on the way, each a link. */
    private void appendTrail(StringBuilder html) {
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

    private void appendSearch(StringBuilder html) {
        html.append("<form role=\"search\" action=\"./\">");
        if (query.sort() != Sort.NAME || query.descending()) {
            html.append("<input type=\"hidden\" name=\"sort\" value=\"").append(query.sort().text())
                    .append("\"><input type=\"hidden\" name=\"order\" value=\"")
                    .append(query.descending() ? "desc" : "asc").append("\">");
        }
        html.append("<input type=\"search\" name=\"q\" aria-label=\"Part of a name\" value=\"");
        appendText(html, query.search());
        html.append("\"> <button>Search</button></form>\n");
    }

    private void appendSummary(StringBuilder html) {
        html.append("<p>");
        if (found == 0) {
            html.append(query.search().isEmpty() ? "There is nothing here." : "No name has this in it.");
        } else {
            html.append(String.format(Locale.ROOT, "%,d", found)).append(found == 1 ? " entry" : " entries");
            if (!query.search().isEmpty()) {
                html.append(" with <b>");
                appendText(html, query.search());
                html.append("</b> in the name");
            }
            if (pages > 1) {
                html.append(String.format(Locale.ROOT, ", page %,d of %,d", query.page(), pages));
            }
            html.append('.');
        }
        if (!complete) {
            html.append(" The folder has more names than are looked at; search for what is missing.");
        }
        html.append("</p>\n");
    }

    private void appendColumn(StringBuilder html, String style, Sort sort, String title) {
        html.append("<th scope=\"col\"").append(style);
        boolean sorted = sort == query.sort();
        if (sorted) {
            html.append(" aria-sort=\"").append(query.descending() ? "descending" : "ascending").append('"');
        }
        html.append("><a href=\"").append(query.sortedBy(sort).link()).append("\">");
        appendText(html, title);
        html.append("</a>");
        if (sorted) {
            html.append("<span aria-hidden=\"true\">").append(query.descending() ? " ↓" : " ↑").append("</span>");
        }
        html.append("</th>");
    }

    private static void appendRow(StringBuilder html, Entry entry, DateTimeFormatter time) {
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
        Instant modified = Instant.ofEpochSecond(entry.modifiedSeconds());
        html.append("</td><td class=\"time\"><time datetime=\"").append(modified).append("\">");
        time.formatTo(modified, html);
        html.append("</time></td></tr>\n");
    }

    private void appendPages(StringBuilder html) {
        if (pages == 1) {
            return;
        }
        html.append("<nav aria-label=\"Pages\"><p>");
        if (query.page() > 1) {
            appendPage(html, 1, "First");
            appendPage(html, query.page() - 1, "Previous");
        }
        html.append(String.format(Locale.ROOT, "Page %,d of %,d ", query.page(), pages));
        if (query.page() < pages) {
            appendPage(html, query.page() + 1, "Next");
            appendPage(html, pages, "Last");
        }
        html.append("</p></nav>\n");
    }

    private void appendPage(StringBuilder html, int page, String title) {
        html.append("<a href=\"").append(query.onPage(page).link()).append("\">").append(title).append("</a> ");
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
