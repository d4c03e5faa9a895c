package dev.gyre.simulated.disk;

import dev.gyre.io.Operation;
import dev.gyre.simulated.DiskFault;
import dev.gyre.simulated.DiskLatency;
import dev.gyre.simulated.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a disk does wrong. Guarded by the disk's lock. */
public final class DiskFaults {
    private final RandomGenerator random;
    private final List<Active> active = new ArrayList<>();
    private DiskLatency latency = DiskLatency.NONE;

    /** Nothing yet. */
    DiskFaults(RandomGenerator random) {
        this.random = random;
    }

    /** A fault, and how far it has come. */
    public static final class Active {
        private final DiskFault fault;
        private long seen;
        private long failed;

        private Active(DiskFault fault) {
            this.fault = fault;
        }

        /** How many calls have failed by it. */
        public long failed() {
            return failed;
        }
    }

    RandomGenerator random() {
        return random;
    }

    DiskLatency latency() {
        return latency;
    }

    public void setLatency(DiskLatency newLatency) {
        latency = newLatency;
    }

    public Active add(DiskFault fault) {
        Active added = new Active(fault);
        active.add(added);
        return added;
    }

    public void remove(Active removed) {
        active.remove(removed);
    }

    /**
     * Lets a call fail that is to.
     *
     * @param path which file; asked only where that matters
     */
    void check(Operation operation, Supplier<String> path) throws Refusal {
        for (Active each : active) {
            DiskFault fault = each.fault;
            if (fault.operation() != operation || each.failed == fault.timesMax()
                    || !fault.paths().test(path.get())) {
                continue;
            }
            each.seen++;
            if (each.seen > fault.skipped()
                    && (fault.probability() == 1 || random.nextDouble() < fault.probability())) {
                each.failed++;
                throw new Refusal(fault.error());
            }
        }
    }
}
