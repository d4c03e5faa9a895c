package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.simulated.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network interfaces of a machine, and which of them leads where: {@code lo}, and one for each link that it is
 * attached to. Guarded by the kernel's lock.
 */
public final class InterfaceTable {
    private static final String LOOPBACK = "lo";

    /** The number of {@code lo}. */
    static final int LOOPBACK_INDEX = 1;

    private final Station station;

    /** All of the world's. */
    private final Supplier<List<Router>> routers;

    private final List<NetworkInterface> interfaces = new ArrayList<>();

    InterfaceTable(Station station, Supplier<List<Router>> routers) {
        this.station = station;
        this.routers = routers;
    }

    public void attach(Subnet subnet) {
        int count = interfaces.size();
        interfaces.add(subnet.attach(station, "eth" + count, count + LOOPBACK_INDEX + 1));
    }

    /** The addresses of the machine, besides those that every machine has. */
    public List<IpAddress> addresses() {
        List<IpAddress> addresses = new ArrayList<>();
        interfaces.forEach(each -> addresses.add(each.ip4()));
        interfaces.forEach(each -> addresses.add(each.ip6()));
        return addresses;
    }

    /** The interface of a number, or for 0 the first one; null for {@code lo}, and for 0 where there is no other. */
    @Nullable NetworkInterface at(int index) throws Refusal {
        for (NetworkInterface each : interfaces) {
            if (index == 0 || each.index == index) {
                return each;
            }
        }
        if (index > LOOPBACK_INDEX) {
            throw new Refusal(ErrorNumber.ENODEV);
        }
        return null;
    }

    /** The interface whose link has a plain address as that of all on it; null if there is none. */
    @Nullable NetworkInterface toAll(IpAddress plain) {
        for (NetworkInterface each : interfaces) {
            if (plain.withPort(0).equals(each.subnet.broadcast())) {
                return each;
            }
        }
        return null;
    }

    /** The number of an interface; 0 if there is none of that name. */
    int index(String name) {
        for (NetworkInterface each : interfaces) {
            if (each.name.equals(name)) {
                return each.index;
            }
        }
        return name.equals(LOOPBACK) ? LOOPBACK_INDEX : 0;
    }

    /** The name of an interface; null if there is none of that number. */
    @Nullable String name(int index) {
        for (NetworkInterface each : interfaces) {
            if (each.index == index) {
                return each.name;
            }
        }
        return index == LOOPBACK_INDEX ? LOOPBACK : null;
    }

    /** Whether a plain address is the machine's. */
    boolean isOwn(IpAddress plain) {
        return Addresses.isLoopback(plain) || interfaces.stream().anyMatch(each -> each.has(plain));
    }

    /** The address that one sends from, without a port, to one of the machine's own. */
    static IpAddress sourceWithin(IpAddress own) {
        return Addresses.isLoopback(own) ? Addresses.loopback(own) : own.withPort(0);
    }

    /** How one gets to a plain address of another machine. */
    Route route(IpAddress destination) throws Refusal {
        for (NetworkInterface each : interfaces) {
            if (each.subnet.contains(destination)) {
                return new Route(each, each.subnet.find(destination));
            }
        }
        for (NetworkInterface each : interfaces) {
            for (Router router : routers.get()) {
                NetworkInterface next = router.on(each.subnet, destination);
                if (next != null) {
                    return new Route(each, next);
                }
            }
        }
        throw new Refusal(ErrorNumber.ENETUNREACH);
    }
}
