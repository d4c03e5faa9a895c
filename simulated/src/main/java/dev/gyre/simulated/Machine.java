package dev.gyre.simulated;

import dev.gyre.simulated.disk.Disk;
import dev.gyre.simulated.disk.OpenFiles;
import dev.gyre.simulated.kernel.References;
import dev.gyre.simulated.network.Internet;
import dev.gyre.simulated.network.NetworkStack;
import dev.gyre.simulated.turns.VirtualClock;

/**
 * A machine while it runs: its network, and what its processes have open. Its {@link Disk} is there before it, and may
 * be after it.
 *
 * <p>Guarded by the scheduler's lock.
 */
final class Machine {
    /** What people call it; empty for the one that the world's program runs on. */
    final String name;

    final VirtualClock clock;
    private final Disk disk;
    private final NetworkStack network;

    // What is gone when it loses its power.
    private References references = new References();
    private OpenFiles files;

    /** One that is attached to nothing. */
    Machine(Internet internet, String name, VirtualClock clock, Disk disk) {
        this.name = name;
        this.clock = clock;
        this.disk = disk;
        this.network = new NetworkStack(internet, clock, this::drop);
        this.files = new OpenFiles(disk);
    }

    /** Loses its power, and is there again at once. Nobody is told. */
    void powerCut(Unsynced unsynced) {
        network.powerCut();
        references = new References();
        files = new OpenFiles(disk);
        disk.powerCut(unsynced);
    }

    References references() {
        return references;
    }

    OpenFiles files() {
        return files;
    }

    NetworkStack network() {
        return network;
    }

    /** Lets go of something that was on its way to a descriptor and never arrives. */
    private void drop(Object target) {
        if (references.remove(target)) {
            end(target);
        }
    }

    /** Ends something to which nothing refers any more. */
    void end(Object target) {
        if (!network.end(target) && !files.end(target)) {
            throw new AssertionError("no descriptor stands for " + target);
        }
    }
}
