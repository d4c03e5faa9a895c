package dev.gyre.simulated.network;

import dev.gyre.simulated.LinkOptions;
import dev.gyre.simulated.turns.Scheduler;
import java.util.ArrayList;
import java.util.List;

/** What the machines of a world have in common: networks, and the routers between them. */
public final class Internet {
    private final Scheduler scheduler;
    private final List<Router> routers = new ArrayList<>();
    private int subnets;
    private long connections;

    /** One without networks. */
    public Internet(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    // What is below, with the scheduler's lock.

    /** One more network, to which nothing is attached. */
    public Subnet newSubnet(LinkOptions options) {
        return new Subnet(scheduler, ++subnets, options);
    }

    /** Joins networks. */
    public void join(List<Subnet> joined) {
        routers.add(new Router(joined));
    }

    List<Router> routers() {
        return routers;
    }

    /** What tells a connection from all others. */
    long nextConnection() {
        return ++connections;
    }
}
