package dev.gyre.simulated.network;

/** What can be attached to a link. */
interface Station {
    /**
     * A packet arrives. With the scheduler's lock.
     *
     * @param packet for this station, for another one behind it, or for all
     * @param at the interface by which it comes
     */
    void arrived(Packet packet, NetworkInterface at);
}
