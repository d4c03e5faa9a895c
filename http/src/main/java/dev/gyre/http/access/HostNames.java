package dev.gyre.http.access;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a server answers to: those that were listed, and every literal address.
 *
 * <p>A page from anywhere can have its own name resolve to 127.0.0.1 once it is loaded (DNS rebinding), and its scripts
 * may then read what a server on that address answers, as of their own origin. The browser still says in {@code Host}
 * which name it went by, and a server that knows its names refuses. An address is no name that could be rebound, and
 * what is no browser sends what it likes.
 */
public final class HostNames {
    private final Set<String> names = new HashSet<>();

    /** What follows the asterisk of {@code *.example.org}, with the dot. */
    private final Set<String> suffixes = new HashSet<>();

    /** The last one that was allowed, which the next one most likely is. */
    private volatile String latest = "";

    /**
     * A list.
     *
     * @param allowed names, without a port; {@code *.name} stands for every name below it
     */
    public HostNames(Iterable<String> allowed) {
        for (String each : allowed) {
            String name = each.toLowerCase(Locale.ROOT);
            if (name.startsWith("*.")) {
                suffixes.add(name.substring(1));
            } else {
                names.add(name);
            }
        }
    }

    /**
     * Whether a request may be answered. Any thread may ask.
     *
     * @param authority the value of {@code Host}, or of the authority of an absolute target; null where there is none,
     *     as in HTTP/1.0
     * @return true also for what is no name
     */
    public boolean allow(@Nullable String authority) {
        if (authority == null || authority.equals(latest)) {
            return true;
        }
        boolean allowed = isListed(withoutPort(authority));
        if (allowed) {
            latest = authority;
        }
        return allowed;
    }

    private boolean isListed(String host) {
        if (host.isEmpty() || host.startsWith("[") || isAddress(host)) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (names.contains(name)) {
            return true;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (suffixes.contains(name.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
    }

    /** Four numbers with dots, which no browser looks up. */
    private static boolean isAddress(String host) {
        int dots = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }
}
