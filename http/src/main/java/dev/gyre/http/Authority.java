package dev.gyre.http;

/** The syntax of a host with an optional port, which may be empty: RFC 9110, 7.2, by RFC 3986, 3.2. */
final class Authority {
    private static final int PORT_MAX = 65535;

    /** Besides letters, digits and escapes: unreserved characters and sub-delims. */
    private static final String NAME_MARKS = "-._~!$&'()*+,;=";

    private Authority() {}

    /**
     * Whether a text is a host with an optional port, and nothing else, such as a user.
     *
     * @param text as it was sent
     * @return false if it is empty, too
     */
    static boolean isValid(String text) {
        int end = text.startsWith("[") ? endOfLiteral(text) : endOfName(text);
        return end > 0 && isPort(text, end);
    }

    /** Where an IP literal ends, or -1. Which groups of hexadecimal digits are an address matters to nobody here. */
    private static int endOfLiteral(String text) {
        int close = text.indexOf(']');
        for (int i = 1; i < close; i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && !isHex(c)) {
                return -1;
            }
        }
        return close > 1 ? close + 1 : -1;
    }

    /** Where a name or an IPv4 address ends, or -1. */
    private static int endOfName(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) != ':') {
            char c = text.charAt(at);
            if (c == '%') {
                if (at + 2 >= text.length() || !isHex(text.charAt(at + 1)) || !isHex(text.charAt(at + 2))) {
                    return -1;
                }
                at += 3;
            } else if (isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || NAME_MARKS.indexOf(c) >= 0) {
                at++;
            } else {
                return -1;
            }
        }
        return at;
    }

    private static boolean isPort(String text, int colon) {
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isDigit(c) || port > PORT_MAX) {
                return false;
            }
            port = 10 * port + c - '0';
        }
        return port <= PORT_MAX && (colon == text.length() || text.charAt(colon) == ':');
    }

    private static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
