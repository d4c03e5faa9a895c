package dev.gyre.simulated.network;

import dev.gyre.io.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What takes packets from one link to another one. It has no time of its own, and drops silently what nobody is there
 * for. Guarded by the scheduler's lock.
 */
final class Router implements Station {
    private final List<NetworkInterface> interfaces = new ArrayList<>();

    Router(List<Subnet> subnets) {
        for (Subnet subnet : subnets) {
            interfaces.add(subnet.attach(this, "eth" + interfaces.size(), interfaces.size() + 2));
        }
    }

    /** Where it is on a link, if a plain address is on another one that it is attached to; or else null. */
    @Nullable NetworkInterface on(Subnet subnet, IpAddress plain) {
        NetworkInterface here = null;
        boolean leads = false;
        for (NetworkInterface each : interfaces) {
            here = each.subnet == subnet ? each : here;
            leads |= each.subnet != subnet && each.subnet.contains(plain);
        }
        return leads ? here : null;
    }

    @Override
    public void arrived(Packet packet, NetworkInterface at) {
        Packet onward = packet.onward();
        if (onward == null) {
            return;
        }
        for (NetworkInterface each : interfaces) {
            NetworkInterface next =
                    each.subnet.contains(packet.destination()) ? each.subnet.find(packet.destination()) : null;
            if (each != at && next != null && next.station != this) {
                each.send(onward, next);
            }
        }
    }
}
