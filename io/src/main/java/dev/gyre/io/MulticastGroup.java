package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * Datagrams to many that a socket is to receive: {@link DatagramSocket#join}.
 *
 * @param address the group's, 224.0.0.0/4 or ff00::/8; its port does not matter
 * @param interfaceIndex by which they come; 0 lets the kernel choose
 * @param source the only sender to be heard (RFC 4607); null for all
 */
public record MulticastGroup(IpAddress address, int interfaceIndex, @Nullable IpAddress source) {
    /** Refuses what is no group, and a source of another family. */
    public MulticastGroup {
        if (!address.isMulticast()) {
            throw new IllegalArgumentException(
                    "no multicast address (224.0.0.0 to 239.255.255.255, or ff00::/8): " + address);
        }
        if (interfaceIndex < 0) {
            throw new IllegalArgumentException("interface " + interfaceIndex + " is negative");
        }
        if (source != null && source instanceof Ip4Address != address instanceof Ip4Address) {
            throw new IllegalArgumentException("group " + address + " and source " + source + " are of two families");
        }
    }

    /**
     * A group by whatever interface, and from everybody.
     *
     * @param address the group's
     */
    public MulticastGroup(IpAddress address) {
        this(address, 0, null);
    }
}
