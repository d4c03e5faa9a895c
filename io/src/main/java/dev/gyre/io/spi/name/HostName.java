package dev.gyre.io.spi.name;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked for as the name of a host (RFC 952, RFC 1123 §2.1): labels of 1 to 63 ASCII letters, digits,
 * hyphens and underscores, with dots between them, 253 characters at most; a hyphen neither begins nor ends a label. A
 * dot at the end keeps the search list away.
 *
 * <p>Underscores are no part of the standard, but of names in use. A name whose last label is a number is none: it is a
 * mistyped address, or one of the forms ({@code 127.1}, {@code 0x7f000001}) that inet_aton(3) takes and that slip
 * through what checks addresses. Names of other scripts are asked for in their ASCII form ({@code xn--…}): which of the
 * versions of IDNA makes it is for the program to say.
 */
public final class HostName {
    private static final int LENGTH_MAX = 253;
    private static final int LABEL_MAX = 63;
    private static final int SHOWN_MAX = 300;

    private HostName() {}

    /**
     * Refuses what is no name of a host.
     *
     * @param host any text
     * @throws IoException with {@link Reason#BAD_HOST_NAME}; its cause says what is wrong
     */
    public static void check(String host) throws IoException {
        String fault = fault(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        if (fault != null) {
            throw failure(host, new IllegalArgumentException(fault));
        }
    }

    /**
     * Whether a name is that of this machine wherever it is asked for (RFC 6761 §6.3).
     *
     * @param host accepted by {@link #check}
     * @return true for {@code localhost} and what ends in {@code .localhost}
     */
    public static boolean isLocalhost(String host) {
        String plain = plain(host);
        return plain.equals("localhost") || plain.endsWith(".localhost");
    }

    /**
     * The form in which names are compared.
     *
     * @param host a name
     * @return in lower case, without a dot at its end
     */
    public static String plain(String host) {
        return (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    }

    static IoException failure(String host, IllegalArgumentException cause) {
        String shown = host.length() > SHOWN_MAX ? host.substring(0, SHOWN_MAX) + "…" : host;
        IoException failure = Operation.LOOKUP.failure(
                Reason.BAD_HOST_NAME, "'" + shown.replace('\0', '?') + "', which " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    private static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.length() > LENGTH_MAX) {
            return "has " + name.length() + " characters, more than " + LENGTH_MAX;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == 0) {
                return "has a NUL character";
            }
            if (c > 127) {
                return "is not in ASCII (ask for its form that begins with 'xn--', as java.net.IDN makes it)";
            }
            if (c != '.' && c != '-' && c != '_' && !Character.isLetterOrDigit(c)) {
                return "has a character that no host name has: '" + c + "'";
            }
        }
        String last = "";
        for (String label : name.split("\\.", -1)) {
            String fault = labelFault(label);
            if (fault != null) {
                return fault;
            }
            last = label;
        }
        return isNumber(last) ? "ends in a number and is no address of the form a.b.c.d" : null;
    }

    private static @Nullable String labelFault(String label) {
        if (label.isEmpty()) {
            return "has an empty label";
        }
        if (label.length() > LABEL_MAX) {
            return "has a label of more than " + LABEL_MAX + " characters";
        }
        if (label.startsWith("-") || label.endsWith("-")) {
            return "has a label that begins or ends with a hyphen";
        }
        return null;
    }

    /** As inet_aton(3) reads it: decimal, octal, or hexadecimal after 0x. */
    private static boolean isNumber(String label) {
        boolean hexadecimal = label.startsWith("0x") || label.startsWith("0X");
        String digits = hexadecimal ? label.substring(2) : label;
        return digits.chars().allMatch(c -> Character.digit(c, hexadecimal ? 16 : 10) >= 0);
    }
}
