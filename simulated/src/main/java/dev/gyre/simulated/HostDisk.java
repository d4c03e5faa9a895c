package dev.gyre.simulated;

import dev.gyre.simulated.disk.Disk;
import dev.gyre.simulated.disk.DiskFaults;
import dev.gyre.simulated.turns.Scheduler;

/**
 * The disk of a {@link Host}, as a test sees it: how large it is, how long it takes, and what it does wrong. By the
 * seed it does the same again.
 *
 * <p>Any task of the simulation may call it, at any moment; what it changes holds for the calls that come then.
 */
public final class HostDisk {
    private final Scheduler scheduler;
    private final Disk disk;

    HostDisk(Scheduler scheduler, Disk disk) {
        this.scheduler = scheduler;
        this.disk = disk;
    }

    /** A fault that holds until it is closed. */
    public interface Rule extends AutoCloseable {
        /**
         * How many calls have failed by it.
         *
         * @return 0 or more
         */
        long count();

        /** Takes it back. Closing again does nothing. */
        @Override
        void close();
    }

    /**
     * Gives it another size. Where more is on it than it has room for, nothing more can be written until enough is
     * deleted.
     *
     * @param bytes how much there is room for, in whole pages of 4 KiB; 0 or more
     */
    public void setBytesMax(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes " + bytes + " is negative");
        }
        change(() -> disk.setBytesMax(bytes));
    }

    /**
     * Says how long it takes from now on.
     *
     * @param latency of reads, writes and syncs
     */
    public void setLatency(DiskLatency latency) {
        change(() -> disk.faults().setLatency(latency));
    }

    /**
     * Lets calls fail. Of several faults that apply to a call the first counts.
     *
     * @param fault which calls, and how
     * @return the rule, to be closed when the fault is over; it may stay
     */
    public Rule fail(DiskFault fault) {
        return scheduler.atomically(() -> {
            synchronized (disk) {
                return new Failing(disk.faults().add(fault));
            }
        });
    }

    private void change(Runnable change) {
        scheduler.atomically(() -> {
            synchronized (disk) {
                change.run();
                return 0;
            }
        });
    }

    private final class Failing implements Rule {
        private final DiskFaults.Active active;

        Failing(DiskFaults.Active active) {
            this.active = active;
        }

        @Override
        public long count() {
            return scheduler.atomically(active::failed);
        }

        @Override
        public void close() {
            change(() -> disk.faults().remove(active));
        }
    }
}
