package dev.gyre.simulated.network;

import dev.gyre.simulated.LinkOptions;
import dev.gyre.simulated.turns.Alarm;
import dev.gyre.simulated.turns.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The way from one interface of a link to another one. What goes in first comes out first. Guarded by the scheduler's
 * lock.
 */
final class Channel {
    private static final int JITTER_STEPS = 1000;

    private final Scheduler scheduler;
    private final LinkOptions options;
    private final NetworkInterface to;
    private final Deque<Packet> underWay = new ArrayDeque<>();
    private long latestArrival;

    Channel(Scheduler scheduler, LinkOptions options, NetworkInterface to) {
        this.scheduler = scheduler;
        this.options = options;
        this.to = to;
    }

    /**
     * Brings a packet to the other end.
     *
     * @param sent when it has left, by virtual time
     */
    void carry(Packet packet, long sent) {
        latestArrival = Math.max(latestArrival, sent + options.latency().toNanos() + jitter());
        underWay.add(packet);
        // Of several that arrive at the same time, any alarm may ring first: each stands for the next packet.
        scheduler.add(new Alarm(latestArrival) {
            @Override
            protected void ring() {
                to.station.arrived(underWay.remove(), to);
            }
        });
    }

    private long jitter() {
        long most = options.jitter().toNanos();
        return most == 0 ? 0 : most * scheduler.choose(JITTER_STEPS + 1) / JITTER_STEPS;
    }
}
