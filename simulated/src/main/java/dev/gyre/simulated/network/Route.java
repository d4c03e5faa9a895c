package dev.gyre.simulated.network;

import dev.gyre.io.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * How what is sent to another machine leaves this one.
 *
 * @param from the interface by which it does
 * @param next the machine itself or the router that leads to it; null if nobody has its address
 */
record Route(NetworkInterface from, @Nullable NetworkInterface next) {
    /** The address that one sends from who has not chosen one, without a port. */
    IpAddress source(IpAddress destination) {
        return from.addressFor(destination);
    }

    void send(Packet packet) {
        if (next != null) {
            from.send(packet, next);
        }
    }
}
