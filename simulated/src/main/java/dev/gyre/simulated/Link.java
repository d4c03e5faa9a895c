package dev.gyre.simulated;

import dev.gyre.simulated.network.Subnet;

/**
 * A network that hosts are attached to: made by {@link World#link}.
 *
 * <p>The first has the addresses 10.1.0.0/16 and fd00:0:0:1::/64, the second 10.2.0.0/16 and fd00:0:0:2::/64, and so
 * on. The first host that is attached to a link has number 1 there, as in 10.1.0.1 and fd00:0:0:1::1. Each interface
 * sends by itself, as those do that are attached to a switch; {@link LinkOptions} say how fast.
 */
public final class Link {
    final Subnet subnet;

    Link(Subnet subnet) {
        this.subnet = subnet;
    }

    /**
     * What it is like.
     *
     * @return as it was made
     */
    public LinkOptions options() {
        return subnet.options();
    }

    @Override
    public String toString() {
        return subnet.toString();
    }
}
