package dev.gyre.simulated.network;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.simulated.LinkOptions;
import dev.gyre.simulated.turns.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of a link, and the interfaces that have them. Guarded by the scheduler's lock. */
public final class Subnet {
    /** So many links there may be. */
    public static final int NUMBER_MAX = 255;

    private static final int HOSTS_MAX = 65_534;
    private static final int NET4 = 10 << 24;
    private static final long NET6 = 0xfd00L << 48;

    private final Scheduler scheduler;
    private final int number;
    private final LinkOptions options;
    private final List<NetworkInterface> interfaces = new ArrayList<>();

    /**
     * One to which nothing is attached.
     *
     * @param number 1 to {@value #NUMBER_MAX}
     */
    Subnet(Scheduler scheduler, int number, LinkOptions options) {
        this.scheduler = scheduler;
        this.number = number;
        this.options = options;
    }

    /** What it is like. */
    public LinkOptions options() {
        return options;
    }

    /** Attaches something, which gets the next free addresses. */
    NetworkInterface attach(Station station, String name, int index) {
        int host = interfaces.size() + 1;
        if (host > HOSTS_MAX) {
            throw new IllegalStateException(this + " has no address left");
        }
        NetworkInterface attached = new NetworkInterface(scheduler, this, station, name, index,
                new Ip4Address(NET4 | number << 16 | host, 0), new Ip6Address(NET6 | number, host, 0));
        interfaces.add(attached);
        return attached;
    }

    /** What is attached, in the order in which it was. */
    List<NetworkInterface> interfaces() {
        return interfaces;
    }

    /** Whether a plain address is one of its. */
    boolean contains(IpAddress plain) {
        return switch (plain) {
            case Ip4Address ip4 -> ip4.bits() >>> 16 == (NET4 | number << 16) >>> 16;
            case Ip6Address ip6 -> ip6.high() == (NET6 | number);
        };
    }

    /** What has a plain address here, or null. */
    @Nullable NetworkInterface find(IpAddress plain) {
        for (NetworkInterface each : interfaces) {
            if (each.has(plain)) {
                return each;
            }
        }
        return null;
    }

    /** Its own broadcast address. */
    Ip4Address broadcast() {
        return new Ip4Address(NET4 | number << 16 | 0xffff, 0);
    }

    @Override
    public String toString() {
        return "link " + number + " (10." + number + ".0.0/16, fd00:0:0:" + Integer.toHexString(number) + "::/64)";
    }
}
