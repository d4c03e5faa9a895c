package dev.gyre.simulated;

import dev.gyre.io.spi.Fiber;
import dev.gyre.simulated.kernel.Descriptors;
import dev.gyre.simulated.network.SimulatedSockets;
import dev.gyre.simulated.turns.Scheduler;
import java.util.List;

/** The thin calls of a process, on a {@link Machine} that is nothing but memory. */
final class SimulatedKernel extends SimulatedSockets {
    private final Machine machine;
    private final Descriptors descriptors;

    /** The calls of a process, which has opened nothing yet. */
    SimulatedKernel(Scheduler scheduler, Machine machine, int process) {
        this(scheduler, machine, process, new Descriptors(machine.references()));
    }

    private SimulatedKernel(Scheduler scheduler, Machine machine, int process, Descriptors descriptors) {
        super(scheduler, machine.clock, descriptors, machine.files(), machine.network(), process);
        this.machine = machine;
        this.descriptors = descriptors;
    }

    /**
     * The process has ended: closes what it has left open.
     *
     * @return what that was, as people call it
     */
    List<String> end() {
        List<String> left = descriptors.names();
        descriptors.end().forEach(this::closeNow);
        return left;
    }

    @Override
    public void closeSocket(int number) {
        closeNow(number);
    }

    @Override
    public int close(Fiber fiber, int file) {
        closeNow(file);
        return 0;
    }

    /** What a dead process had open is gone already. */
    @Override
    public void closeNow(int descriptor) {
        if (isDead()) {
            return;
        }
        var _ = attempt(() -> {
            Object unused = descriptors.remove(descriptor);
            if (unused != null) {
                machine.end(unused);
            }
            return 0;
        });
    }
}
