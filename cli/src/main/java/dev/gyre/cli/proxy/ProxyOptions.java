package dev.gyre.cli.proxy;

import dev.gyre.io.Address;
import java.time.Duration;
import java.util.List;

/**
 * What to join, and how.
 *
 * @param listen where clients connect
 * @param targets where their connections go, at least one
 * @param balance which is next
 * @param limits of connections and of time
 * @param checkInterval how often each target is connected to, to see whether it is up; zero for never
 * @param takesHeader whether clients begin with a PROXY protocol header of version 2, without which they are reset
 * @param sendsHeader whether targets are sent one
 */
public record ProxyOptions(
        Address listen, List<Destination> targets, Balance balance, Limits limits, Duration checkInterval,
        boolean takesHeader, boolean sendsHeader) {

    /** Refuses an empty list of targets. */
    public ProxyOptions {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a proxy has at least one target");
        }
        targets = List.copyOf(targets);
    }

    /**
     * Limits.
     *
     * @param connectionsMax connections at once, 1 or more
     * @param refuses whether more are accepted and reset; they wait in the listener's queue otherwise
     * @param connect for each attempt to connect to a target, and for a client's header
     * @param idle after which a connection on which nothing moves in either direction is reset; zero for never
     * @param drain how long connections may go on when the proxy is told to end
     */
    public record Limits(int connectionsMax, boolean refuses, Duration connect, Duration idle, Duration drain) {}
}
