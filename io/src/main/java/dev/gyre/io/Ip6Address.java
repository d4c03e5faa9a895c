package dev.gyre.io;

/**
 * An IPv6 address with a port.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 * @param port 0 to 65535
 * @param flow the flow label, 20 bits (RFC 6437); 0 for none
 * @param scope the index of the interface that a link-local address belongs to (RFC 4007); 0 for none
 */
public record Ip6Address(long high, long low, int port, int flow, int scope) implements IpAddress {
    private static final long MAPPED = 0xffffL << 32;

    /** Refuses a port, flow or scope out of range. */
    public Ip6Address {
        IpText.requirePort(port);
        if (flow < 0 || flow > 0xfffff) {
            throw new IllegalArgumentException("flow label " + flow + " is not within 0..1048575");
        }
        if (scope < 0) {
            throw new IllegalArgumentException("scope " + scope + " is negative");
        }
    }

    /**
     * An address without flow label and scope.
     *
     * @param high the first eight bytes
     * @param low the last eight bytes
     * @param port 0 to 65535
     */
    public Ip6Address(long high, long low, int port) {
        this(high, low, port, 0, 0);
    }

    /**
     * ::1.
     *
     * @param port 0 to 65535
     * @return the address
     */
    public static Ip6Address loopback(int port) {
        return new Ip6Address(0, 1, port);
    }

    /**
     * ::, every interface.
     *
     * @param port 0 to 65535
     * @return the address
     */
    public static Ip6Address unspecified(int port) {
        return new Ip6Address(0, 0, port);
    }

    /**
     * Reads the text forms of RFC 4291, with an optional scope number after a percent sign and optional brackets.
     *
     * @param host the text
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if it is none
     */
    public static Ip6Address parse(String host, int port) {
        return IpText.parse6(host, port);
    }

    /**
     * An IPv4 address in its v4-mapped form, ::ffff:a.b.c.d.
     *
     * @param address the address
     * @return the mapped address, with the same port
     */
    public static Ip6Address mapped(Ip4Address address) {
        return new Ip6Address(0, MAPPED | Integer.toUnsignedLong(address.bits()), address.port());
    }

    /**
     * Whether this is an IPv4 address in disguise.
     *
     * @return true for ::ffff:0:0/96
     */
    public boolean isMapped() {
        return high == 0 && (low & 0xffffffff_00000000L) == MAPPED;
    }

    /**
     * Whether the address is that of an interface on a link.
     *
     * @return true for fe80::/10
     */
    public boolean isLinkLocal() {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    /**
     * Whether the address is of use only together with an interface, which is its scope, and has none: one on a link,
     * or that of a group on a link or within an interface (RFC 4291, 2.7; {@code __ipv6_addr_needs_scope_id} in
     * include/net/ipv6.h). The kernel may know the interface all the same, by what the socket is bound to.
     *
     * @return true for fe80::/10 and for ff01::/16 and ff02::/16 with any flags, where the scope is 0
     */
    public boolean lacksInterface() {
        long group = high >>> 48 & 0xff0f;
        return scope == 0 && (isLinkLocal() || group == 0xff01 || group == 0xff02);
    }

    /**
     * The host part alone, as RFC 5952 writes it.
     *
     * @return without brackets, with the scope if there is one
     */
    public String host() {
        return IpText.print6(this);
    }

    @Override
    public Ip6Address withPort(int newPort) {
        return new Ip6Address(high, low, newPort, flow, scope);
    }

    @Override
    public String toString() {
        return "[" + host() + "]:" + port;
    }
}
