package dev.gyre.io;

/** Reading and writing IP addresses as text (RFC 4291, RFC 5952). */
final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    static void requirePort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not within 0..65535");
        }
    }

    static int parse4(String text) {
        return parse4(text, text);
    }

    private static int parse4(String text, String whole) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("'" + whole + "' has no IPv4 address of the form a.b.c.d");
        }
        int bits = 0;
        for (String part : parts) {
            bits = bits << 8 | octet(part, whole);
        }
        return bits;
    }

    static Ip6Address parse6(String text, int port) {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int scope = 0;
        int percent = host.indexOf('%');
        if (percent >= 0) {
            scope = number(host.substring(percent + 1), 10, Integer.MAX_VALUE, "scope", text);
            host = host.substring(0, percent);
        }
        int[] groups = new int[GROUPS];
        int gap = host.indexOf("::");
        if (gap < 0) {
            if (fill(host, groups, true, text) != GROUPS) {
                throw wrong(text, "needs eight groups or '::'");
            }
        } else {
            int[] tail = new int[GROUPS];
            int before = fill(host.substring(0, gap), groups, false, text);
            int after = fill(host.substring(gap + 2), tail, true, text);
            if (before + after >= GROUPS) {
                throw wrong(text, "has too many groups");
            }
            System.arraycopy(tail, 0, groups, GROUPS - after, after);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + GROUPS / 2];
        }
        return new Ip6Address(high, low, port, 0, scope);
    }

    /** The name of an interface after the percent sign; empty where there is none, or a number. */
    static String scopeName(String host) {
        int percent = host.indexOf('%');
        String scope = percent < 0 ? "" : host.substring(percent + 1, host.length() - (host.endsWith("]") ? 1 : 0));
        return scope.chars().allMatch(c -> c >= '0' && c <= '9') ? "" : scope;
    }

    /** The same text with a number after the percent sign. */
    static String withScope(String host, int scope) {
        return host.substring(0, host.indexOf('%') + 1) + scope + (host.endsWith("]") ? "]" : "");
    }

    static String print6(Ip6Address address) {
        StringBuilder text = new StringBuilder(40);
        if (address.isMapped()) {
            text.append("::ffff:").append(new Ip4Address((int) address.low(), 0).host());
        } else {
            appendGroups(text, address);
        }
        if (address.scope() != 0) {
            text.append('%').append(address.scope());
        }
        return text.toString();
    }

    /** Groups in lower-case hexadecimal; the longest run of two or more zeros, the first of equals, becomes "::". */
    private static void appendGroups(StringBuilder text, Ip6Address address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS / 2; i++) {
            groups[i] = (int) (address.high() >>> (48 - 16 * i)) & 0xffff;
            groups[i + GROUPS / 2] = (int) (address.low() >>> (48 - 16 * i)) & 0xffff;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = Math.max(i, end);
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
    }

    /** Puts colon-separated groups into {@code groups}; the very last of an address may be an IPv4 address. */
    private static int fill(String part, int[] groups, boolean last, String whole) {
        if (part.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            boolean dotted = last && i == words.length - 1 && words[i].indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > GROUPS) {
                throw wrong(whole, "has too many groups");
            }
            if (dotted) {
                int bits = parse4(words[i], whole);
                groups[count++] = bits >>> 16;
                groups[count++] = bits & 0xffff;
            } else if (words[i].length() > 4) {
                throw wrong(whole, "has a group of more than four digits");
            } else {
                groups[count++] = number(words[i], 16, 0xffff, "group", whole);
            }
        }
        return count;
    }

    private static int octet(String part, String whole) {
        if (part.length() > 1 && part.charAt(0) == '0') {
            throw new IllegalArgumentException("'" + whole + "' has a number with a leading zero");
        }
        return number(part, 10, 255, "number", whole);
    }

    /** Digits only: {@code Integer.parseInt} would take signs and digits of other scripts. */
    private static int number(String digits, int radix, int greatest, String what, String whole) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            value = value * radix + digit;
            if (digit < 0 || value > greatest) {
                throw wrong(whole, "has a bad " + what + " '" + digits + "'");
            }
        }
        if (digits.isEmpty()) {
            throw wrong(whole, "has an empty " + what);
        }
        return (int) value;
    }

    private static IllegalArgumentException wrong(String text, String fault) {
        return new IllegalArgumentException("'" + text + "' is not an IP address: it " + fault);
    }
}
