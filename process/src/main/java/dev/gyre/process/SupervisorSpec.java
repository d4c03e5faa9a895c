package dev.gyre.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The children of a {@link Supervisor}, and what it does when one ends.
 *
 * @param strategy which children are restarted along with one
 * @param restartsMax how many restarts there may be within {@code period}, 0 or more. One more, and the supervisor ends
 *     its children and itself, for {@link ExitReason#SHUTDOWN}
 * @param period how long a restart counts, positive
 * @param children started in this order, and ended in the opposite one
 */
public record SupervisorSpec(Strategy strategy, int restartsMax, Duration period, List<ChildSpec> children) {
    /** Which children are restarted when one is. */
    public enum Strategy {
        /** That one alone. */
        ONE_FOR_ONE,
        /** All: the others are ended first. */
        ONE_FOR_ALL,
        /** That one and those that were started after it, which are ended first. */
        REST_FOR_ONE
    }

    /** Refuses what is out of range, and ids that are there twice. */
    public SupervisorSpec {
        if (restartsMax < 0) {
            throw new IllegalArgumentException("restartsMax " + restartsMax + " is negative");
        }
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("period " + period + " is not positive");
        }
        children = List.copyOf(children);
        Set<String> ids = new HashSet<>();
        for (ChildSpec child : children) {
            if (!ids.add(child.id())) {
                throw new IllegalArgumentException("two children have the id '" + child.id() + "'");
            }
        }
    }

    /**
     * A supervisor without children, which allows one restart within five seconds.
     *
     * @param strategy which children are restarted when one is
     * @return the supervisor
     */
    public static SupervisorSpec of(Strategy strategy) {
        return new SupervisorSpec(strategy, 1, Duration.ofSeconds(5), List.of());
    }

    /**
     * The same with one child more.
     *
     * @param child after the others
     * @return the supervisor
     */
    public SupervisorSpec withChild(ChildSpec child) {
        List<ChildSpec> more = new ArrayList<>(children);
        more.add(child);
        return new SupervisorSpec(strategy, restartsMax, period, more);
    }

    /**
     * The same with another limit of restarts.
     *
     * @param restarts how many, 0 or more
     * @param within how long each counts, positive
     * @return the supervisor
     */
    public SupervisorSpec withIntensity(int restarts, Duration within) {
        return new SupervisorSpec(strategy, restarts, within, children);
    }
}
