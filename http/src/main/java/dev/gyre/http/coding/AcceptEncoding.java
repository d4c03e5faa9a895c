package dev.gyre.http.coding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which codings a client wants: {@code Accept-Encoding} (RFC 9110, 12.5.3).
 *
 * <p>What is malformed is left out. A client that refuses the content as it is ({@code identity;q=0}) gets it all the
 * same where there is nothing else, as the standard lets a server do.
 */
public final class AcceptEncoding {
    /** No coding at all. */
    private static final AcceptEncoding NONE = new AcceptEncoding(List.of());

    /** What most clients send, one after the other. */
    private static volatile Known latest = new Known("", NONE);

    private final List<ContentCoding> wanted;

    private AcceptEncoding(List<ContentCoding> wanted) {
        this.wanted = wanted;
    }

    private record Known(String text, AcceptEncoding meaning) {}

    /**
     * Reads a field.
     *
     * @param field its value, several of them joined with commas; null where it is absent
     * @return what is wanted
     */
    public static AcceptEncoding of(@Nullable String field) {
        if (field == null) {
            return NONE;
        }
        Known known = latest;
        if (!known.text().equals(field)) {
            known = new Known(field, parsed(field));
            latest = known;
        }
        return known.meaning();
    }

    /**
     * The codings to prefer to the content as it is, the best first.
     *
     * @return empty where that is to be sent
     */
    public List<ContentCoding> wanted() {
        return wanted;
    }

    private static AcceptEncoding parsed(String field) {
        Map<ContentCoding, Integer> weights = new EnumMap<>(ContentCoding.class);
        int anyOther = 0;
        int identity = -1;
        for (String part : field.split(",", -1)) {
            String[] words = part.split(";", -1);
            int weight = weight(words);
            String token = words[0].strip().toLowerCase(Locale.ROOT);
            switch (token) {
                case "*" -> anyOther = Math.max(0, weight);
                case "identity" -> identity = weight;
                default -> {
                    ContentCoding coding = coding(token);
                    if (coding != null && weight >= 0) {
                        weights.put(coding, weight);
                    }
                }
            }
        }
        // Without a weight of its own, the content as it is stands behind everything that is wanted.
        int least = Math.max(identity, 1);
        int others = anyOther;
        List<ContentCoding> wanted = new ArrayList<>();
        for (ContentCoding coding : ContentCoding.values()) {
            if (weights.getOrDefault(coding, others) >= least) {
                wanted.add(coding);
            }
        }
        // The sort is stable: of two that are wanted alike, the shorter stays first.
        wanted.sort(Comparator.comparingInt((ContentCoding coding) -> -weights.getOrDefault(coding, others)));
        return new AcceptEncoding(List.copyOf(wanted));
    }

    private static @Nullable ContentCoding coding(String token) {
        for (ContentCoding coding : ContentCoding.values()) {
            if (coding.token().equals(token)) {
                return coding;
            }
        }
        return token.equals("x-gzip") ? ContentCoding.GZIP : null;
    }

    /** The quality in thousandths; 1000 where there is none, less than 0 where it is malformed. */
    private static int weight(String[] words) {
        int weight = 1000;
        for (int i = 1; i < words.length; i++) {
            String word = words[i].strip().toLowerCase(Locale.ROOT);
            if (word.startsWith("q=")) {
                weight = thousandths(word.substring(2));
            }
        }
        return weight;
    }

    private static int thousandths(String text) {
        if (!text.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
            return -1;
        }
        String digits = text.replace(".", "");
        return Integer.parseInt((digits + "000").substring(0, 4));
    }
}
