package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.simulated.kernel.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an address without knowing whose it is.
 *
 * <p>Sockets of both families share their ports, as on Linux: a listener at :: also gets what comes over IPv4. So that
 * equal addresses are equal, each has a plain form here, in which an IPv4 address is never mapped and an IPv6 address
 * has neither flow label nor scope.
 */
public final class Addresses {
    private Addresses() {}

    /** The plain form of an address. */
    public static IpAddress plain(IpAddress address) {
        return switch (address) {
            case Ip4Address ip4 -> ip4;
            case Ip6Address ip6 -> ip6.isMapped()
                    ? new Ip4Address((int) ip6.low(), ip6.port())
                    : new Ip6Address(ip6.high(), ip6.low(), ip6.port());
        };
    }

    /** Refuses what is of use only together with an interface that is not there. */
    static void requireInterface(IpAddress address) throws Refusal {
        if (address instanceof Ip6Address ip6 && ip6.lacksInterface()) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
    }

    /** How a socket at {@code own} sees a plain address: mapped, where one of IPv6 is spoken to over IPv4. */
    static Address seenFrom(Address own, Address plain) {
        return own instanceof Ip6Address && plain instanceof Ip4Address ip4 ? Ip6Address.mapped(ip4) : plain;
    }

    /** Where what is sent to an address arrives: a plain one, of the sender's machine if that stood for all of it. */
    static IpAddress destination(IpAddress address) {
        return destination(address, address);
    }

    /**
     * The same for a sender who has an address.
     *
     * @param own its plain form, whose family an address has that stands for the sender's machine; any other of none
     */
    static IpAddress destination(IpAddress address, @Nullable Address own) {
        IpAddress plain = plain(address);
        return isUnspecified(plain)
                ? loopback(own instanceof Ip4Address ip4 ? ip4 : plain).withPort(plain.port())
                : plain;
    }

    /** Whether a plain address is one that every machine has: 127.0.0.0/8 and ::1. */
    public static boolean isLoopback(IpAddress plain) {
        return switch (plain) {
            case Ip4Address ip4 -> ip4.bits() >>> 24 == 127;
            case Ip6Address ip6 -> ip6.equals(Ip6Address.loopback(ip6.port()));
        };
    }

    /** The loopback address of the same family, without a port. */
    static IpAddress loopback(IpAddress plain) {
        return switch (plain) {
            case Ip4Address _ -> Ip4Address.loopback(0);
            case Ip6Address _ -> Ip6Address.loopback(0);
        };
    }

    /** Whether a plain address stands for all of a machine's. */
    static boolean isUnspecified(IpAddress plain) {
        return plain.equals(unspecified(plain));
    }

    /** Where the plain address of a listener may be, to get what is sent to this one; the closest first. */
    static List<IpAddress> listenersFor(IpAddress plain) {
        return List.of(plain, unspecified(plain), Ip6Address.unspecified(plain.port()));
    }

    /**
     * Whether a listener gets what is sent to a plain address.
     *
     * @param listener its plain address
     * @param ip6Only whether it refuses IPv4
     */
    static boolean receives(IpAddress listener, boolean ip6Only, IpAddress plain) {
        return listenersFor(plain).contains(listener) && !(ip6Only && plain instanceof Ip4Address);
    }

    private static IpAddress unspecified(IpAddress plain) {
        return switch (plain) {
            case Ip4Address ip4 -> Ip4Address.unspecified(ip4.port());
            case Ip6Address ip6 -> Ip6Address.unspecified(ip6.port());
        };
    }
}
