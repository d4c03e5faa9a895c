package dev.gyre.io;

/**
 * An IP address with a port.
 *
 * <p>Text is {@code 192.0.2.1:80} or {@code [2001:db8::1%2]:80} (RFC 5952 form, scope as a number).
 */
public sealed interface IpAddress extends Address permits Ip4Address, Ip6Address {

    /**
     * The port.
     *
     * @return 0 to 65535
     */
    int port();

    /**
     * The same host, another port.
     *
     * @param port 0 to 65535
     * @return the address
     */
    IpAddress withPort(int port);

    /**
     * Whether it stands for a group of receivers.
     *
     * @return whether it is of 224.0.0.0/4 or ff00::/8 (RFC 5771, RFC 4291)
     */
    default boolean isMulticast() {
        return switch (this) {
            case Ip4Address ip -> ip.bits() >>> 28 == 0xe;
            case Ip6Address ip -> ip.high() >>> 56 == 0xff;
        };
    }

    /**
     * Whether it is this machine's own, which no other can reach.
     *
     * @return whether it is of 127.0.0.0/8, one of these in its IPv6 form, or ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3)
     */
    default boolean isLoopback() {
        return switch (this) {
            case Ip4Address ip -> ip.bits() >>> 24 == 127;
            case Ip6Address ip -> ip.isMapped() ? (int) ip.low() >>> 24 == 127 : ip.high() == 0 && ip.low() == 1;
        };
    }

    /**
     * Reads a literal address; no name is looked up.
     *
     * @param host {@code 192.0.2.1}, {@code 2001:db8::1} or {@code fe80::1%2}; IPv6 with or without brackets
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if it is no literal address, saying what is wrong
     */
    static IpAddress parse(String host, int port) {
        return host.indexOf(':') >= 0 ? Ip6Address.parse(host, port) : Ip4Address.parse(host, port);
    }
}
