package dev.gyre.cli;

import dev.gyre.cli.proxy.Destination;
import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.name.HostName;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import picocli.CommandLine.TypeConversionException;

/** Addresses of TCP and of Unix sockets, and names of hosts, as {@code gyre proxy} takes them. */
final class ProxyAddress {
    static final String FORMS = "PORT (on this machine), HOST:PORT, [IPV6]:PORT, a path with a /, or @NAME";

    private ProxyAddress() {}

    /**
     * Reads an address or a name. Looks nothing up.
     *
     * @throws TypeConversionException if it is none, saying what is wrong
     */
    static Destination parse(String text) {
        try {
            if (text.startsWith("unix:")) {
                return unix(text.substring("unix:".length()));
            }
            if (text.contains("://")) {
                throw new IllegalArgumentException("that is a URL; give " + FORMS);
            }
            return text.startsWith("@") || text.contains("/") ? unix(text) : ip(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException("'" + text + "' is no address: " + wrong.getMessage());
        }
    }

    /** Whether who connects to a target comes out where this machine listens, as far as no name has to be looked up. */
    static boolean leadsTo(Address listening, Destination target) {
        return switch (target) {
            case Destination.Fixed(Address address) -> leadsTo(listening, address);
            case Destination.Named(String host, int port) when HostName.isLocalhost(host) ->
                leadsTo(listening, Ip4Address.loopback(port)) || leadsTo(listening, Ip6Address.loopback(port));
            case Destination.Named _ -> false;
        };
    }

    /** All interfaces include each of them: nobody else can listen at the same port then. */
    private static boolean leadsTo(Address listening, Address target) {
        if (!(listening instanceof IpAddress at && target instanceof IpAddress to && at.port() == to.port())) {
            return target.equals(listening);
        }
        if (isUnspecified(at)) {
            boolean sameFamily = at instanceof Ip6Address || to instanceof Ip4Address;
            return sameFamily && (isUnspecified(to) || to.isLoopback() || isOwn(to));
        }
        // To connect to no address in particular is to connect to the loopback one.
        return to.equals(at) || (isUnspecified(to) && at.equals(loopback(to)));
    }

    private static boolean isUnspecified(IpAddress address) {
        int port = address.port();
        return address.equals(Ip4Address.unspecified(port)) || address.equals(Ip6Address.unspecified(port));
    }

    private static IpAddress loopback(IpAddress sameFamily) {
        int port = sameFamily.port();
        return sameFamily instanceof Ip4Address ? Ip4Address.loopback(port) : Ip6Address.loopback(port);
    }

    private static boolean isOwn(IpAddress address) {
        String host = switch (address) {
            case Ip4Address four -> four.host();
            case Ip6Address six -> six.host();
        };
        try {
            return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(host)) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }

    private static Destination unix(String text) {
        if (text.isEmpty() || text.equals("@")) {
            throw new IllegalArgumentException("a name is missing");
        }
        return new Destination.Fixed(new UnixAddress(text.startsWith("@") ? "\0" + text.substring(1) : text));
    }

    private static Destination ip(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon > 0 && text.indexOf(':') != colon && !text.startsWith("[");
        if (bare) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets, as in [::1]:8080");
        }
        if (text.endsWith("]")) {
            throw new IllegalArgumentException("a port is missing, as in [::1]:8080");
        }
        String host = colon <= 0 ? "127.0.0.1" : text.substring(0, colon);
        int port = port(text.substring(colon + 1));
        return isName(host)
                ? new Destination.Named(host, port)
                : new Destination.Fixed(IpAddress.parse(host, port));
    }

    /** Whether it is a name and no address. */
    private static boolean isName(String host) {
        try {
            var _ = IpAddress.parse(host, 0);
            return false;
        } catch (IllegalArgumentException noAddress) {
            if (host.startsWith("[")) {
                throw noAddress;
            }
        }
        try {
            HostName.check(host);
            return true;
        } catch (IoException refused) {
            Throwable cause = refused.getCause();
            throw new IllegalArgumentException(
                    "its host " + (cause == null ? refused : cause).getMessage() + "; give " + FORMS, refused);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port <= AddressOptions.PORT_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Answered below, as a number that is no port.
        }
        throw new IllegalArgumentException("'" + text + "' is no port; give " + FORMS);
    }
}
