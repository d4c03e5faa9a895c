package dev.gyre.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What answers say besides the content.
 *
 * @param types the value of {@code Content-Type} by the extension of a name, before all others
 * @param caching what {@code Cache-Control} says for which files, the first that fits; {@code no-cache} for all others
 * @param fields further header fields of every answer, by name, in place of the server's own
 * @param anyOrigin whether scripts of all origins may read the answers (CORS)
 */
public record HeaderOptions(
        Map<String, String> types, List<CacheRule> caching, Map<String, String> fields, boolean anyOrigin) {
    /** Nothing of its own. */
    public static final HeaderOptions DEFAULT = new HeaderOptions(Map.of(), List.of(), Map.of(), false);

    /** What the server has to say itself, or the answer would not be understood. */
    private static final Set<String> RESERVED = Set.of(
            "accept-ranges", "connection", "content-encoding", "content-length", "content-range", "date", "etag",
            "keep-alive", "last-modified", "te", "trailer", "transfer-encoding", "upgrade", "vary",
            "www-authenticate");

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /** Refuses what is no header field, with what is wrong. */
    public HeaderOptions {
        Map<String, String> lowerCase = new LinkedHashMap<>();
        types.forEach((extension, type) -> lowerCase.put(checkedExtension(extension), checkedValue(type)));
        types = Map.copyOf(lowerCase);
        caching = List.copyOf(caching);
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fields.forEach((name, value) -> {
            checkName(name);
            checkedValue(value);
        });
    }

    /**
     * What {@code Cache-Control} says for some files.
     *
     * @param pattern as {@link PathPattern} has it
     * @param value such as {@code public, max-age=3600}
     */
    public record CacheRule(String pattern, String value) {
        /** Refuses what is no value. */
        public CacheRule {
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException("the pattern is empty; * stands for every file");
            }
            if (checkedValue(value).isEmpty()) {
                throw new IllegalArgumentException("a value of Cache-Control is missing, such as max-age=3600");
            }
        }
    }

    private static String checkedExtension(String extension) {
        if (extension.isEmpty() || extension.indexOf('.') >= 0 || extension.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + extension + "' is no extension; give what follows the last dot");
        }
        return extension.toLowerCase(Locale.ROOT);
    }

    private static void checkName(String name) {
        if (!name.matches(TOKEN)) {
            throw new IllegalArgumentException("'" + name + "' is no name of a header field");
        }
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(lowerCase)) {
            throw new IllegalArgumentException(name + " is what the server has to say itself");
        }
    }

    private static String checkedValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c >= 0x7f) {
                throw new IllegalArgumentException("a value of a header field has printable ASCII only");
            }
        }
        return value;
    }
}
