package dev.gyre.cli;

import dev.gyre.io.Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.UnixAddress;
import picocli.CommandLine.TypeConversionException;

/** Addresses of TCP and of Unix sockets as {@code gyre proxy} takes them. */
final class ProxyAddress {
    static final String FORMS = "PORT (on this machine), HOST:PORT, [IPV6]:PORT, a path with a /, or @NAME";

    private ProxyAddress() {}

    /**
     * Reads an address, as long as no name needs to be looked up.
     *
     * @throws TypeConversionException if it is none, saying what is wrong
     */
    static Address parse(String text) {
        try {
            if (text.startsWith("unix:")) {
                return unix(text.substring("unix:".length()));
            }
            return text.startsWith("@") || text.contains("/") ? unix(text) : ip(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException("'" + text + "' is no address: " + wrong.getMessage());
        }
    }

    private static Address unix(String text) {
        if (text.isEmpty() || text.equals("@")) {
            throw new IllegalArgumentException("a name is missing");
        }
        return new UnixAddress(text.startsWith("@") ? "\0" + text.substring(1) : text);
    }

    private static Address ip(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon > 0 && text.indexOf(':') != colon && !text.startsWith("[");
        if (bare) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets, as in [::1]:8080");
        }
        String host = colon <= 0 ? "127.0.0.1" : text.substring(0, colon);
        int port = port(text.substring(colon + 1));
        try {
            return IpAddress.parse(host.equals("localhost") ? "127.0.0.1" : host, port);
        } catch (IllegalArgumentException name) {
            throw new IllegalArgumentException(name.getMessage() + "; give " + FORMS, name);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= AddressOptions.PORT_MAX && Character.isDigit(text.charAt(0))) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Answered below, as a number that is no port.
        }
        throw new IllegalArgumentException("'" + text + "' is no port; give " + FORMS);
    }
}
