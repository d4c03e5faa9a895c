package dev.gyre.io;

/** The two kinds of IP addresses. */
public enum IpFamily {
    /** Addresses of 32 bits (RFC 791). */
    IP4,
    /** Addresses of 128 bits (RFC 8200). */
    IP6;

    /**
     * The family of an address.
     *
     * @param address any
     * @return {@link #IP6} for a v4-mapped address too
     */
    public static IpFamily of(IpAddress address) {
        return switch (address) {
            case Ip4Address _ -> IP4;
            case Ip6Address _ -> IP6;
        };
    }
}
