package dev.gyre.http;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;

/**
 * How somebody wants to see a folder: the query of the request.
 *
 * @param sort by what
 * @param descending whether the greatest comes first; folders come before files all the same
 * @param page which part, 1 or more
 * @param search what names must contain, in whatever case; empty for all
 */
record ListingQuery(Sort sort, boolean descending, int page, String search) {
    /** Everything by name. */
    static final ListingQuery DEFAULT = new ListingQuery(Sort.NAME, false, 1, "");

    private static final int SEARCH_CHARS_MAX = 255;

    /** What a folder is sorted by. */
    enum Sort {
        /** In {@link NaturalOrder}. */
        NAME(false),
        /** By the size of files; folders, which have none, by name. */
        SIZE(true),
        /** By the time of the last change. */
        TIME(true);

        /** Whether one wants to see the greatest first. */
        final boolean descendsFirst;

        Sort(boolean descendsFirst) {
            this.descendsFirst = descendsFirst;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a query. What is unknown or malformed is left out.
     *
     * @param query with its question mark, or empty
     */
    static ListingQuery of(String query) {
        ListingQuery result = DEFAULT;
        if (query.isEmpty()) {
            return result;
        }
        for (String pair : query.substring(1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                result = result.with(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return result;
    }

    private ListingQuery with(String name, String value) {
        return switch (name) {
            case "sort" -> {
                for (Sort each : Sort.values()) {
                    if (each.text().equals(value)) {
                        yield new ListingQuery(each, descending, page, search);
                    }
                }
                yield this;
            }
            case "order" -> new ListingQuery(sort, value.equals("desc"), page, search);
            case "page" -> value.matches("[1-9][0-9]{0,5}")
                    ? new ListingQuery(sort, descending, Integer.parseInt(value), search)
                    : this;
            case "q" -> new ListingQuery(sort, descending, page, decoded(value));
            default -> this;
        };
    }

    private static String decoded(String value) {
        try {
            String text = URLDecoder.decode(value, StandardCharsets.UTF_8).strip();
            return text.length() <= SEARCH_CHARS_MAX ? text : text.substring(0, SEARCH_CHARS_MAX);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /** The same by something else, or the other way round. */
    ListingQuery sortedBy(Sort other) {
        return new ListingQuery(other, other == sort ? !descending : other.descendsFirst, 1, search);
    }

    /** Another part of the same. */
    ListingQuery onPage(int other) {
        return new ListingQuery(sort, descending, other, search);
    }

    /** Whether a name is one of those that are searched. */
    boolean finds(String name) {
        if (search.isEmpty()) {
            return true;
        }
        for (int i = 0; i <= name.length() - search.length(); i++) {
            if (name.regionMatches(true, i, search, 0, search.length())) {
                return true;
            }
        }
        return false;
    }

    /** Folders first, then as it is wanted. */
    Comparator<Listing.Entry> order() {
        Comparator<Listing.Entry> byName = Comparator.comparing(Listing.Entry::name, NaturalOrder.INSTANCE);
        Comparator<Listing.Entry> wanted = switch (sort) {
            case NAME -> byName;
            case SIZE -> Comparator.comparingLong((Listing.Entry entry) -> entry.folder() ? 0 : entry.size());
            case TIME -> Comparator.comparingLong(Listing.Entry::modifiedSeconds);
        };
        return Comparator.comparing((Listing.Entry entry) -> !entry.folder())
                .thenComparing(descending ? wanted.reversed() : wanted)
                .thenComparing(byName);
    }

    /** A link to it, for HTML, with ampersands as HTML has them. */
    String link() {
        StringBuilder link = new StringBuilder("?sort=").append(sort.text());
        link.append("&amp;order=").append(descending ? "desc" : "asc");
        if (page > 1) {
            link.append("&amp;page=").append(page);
        }
        if (!search.isEmpty()) {
            link.append("&amp;q=").append(URLEncoder.encode(search, StandardCharsets.UTF_8));
        }
        return link.toString();
    }
}
