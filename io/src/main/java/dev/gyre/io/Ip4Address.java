package dev.gyre.io;

/**
 * An IPv4 address with a port.
 *
 * @param bits the four bytes, the first one highest
 * @param port 0 to 65535
 */
public record Ip4Address(int bits, int port) implements IpAddress {
    /** Refuses a port out of range. */
    public Ip4Address {
        IpText.requirePort(port);
    }

    /**
     * 127.0.0.1.
     *
     * @param port 0 to 65535
     * @return the address
     */
    public static Ip4Address loopback(int port) {
        return new Ip4Address(0x7f000001, port);
    }

    /**
     * 0.0.0.0: every interface.
     *
     * @param port 0 to 65535
     * @return the address
     */
    public static Ip4Address unspecified(int port) {
        return new Ip4Address(0, port);
    }

    /**
     * Reads {@code a.b.c.d}: four decimal numbers of 0 to 255, without leading zeros.
     *
     * @param host the text
     * @param port 0 to 65535
     * @return the address
     * @throws IllegalArgumentException if it is none
     */
    public static Ip4Address parse(String host, int port) {
        return new Ip4Address(IpText.parse4(host), port);
    }

    /**
     * The host part alone.
     *
     * @return {@code a.b.c.d}
     */
    public String host() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    @Override
    public Ip4Address withPort(int newPort) {
        return new Ip4Address(bits, newPort);
    }

    @Override
    public String toString() {
        return host() + ":" + port;
    }
}
