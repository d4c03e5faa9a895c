package dev.gyre.simulated;

import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import java.lang.foreign.MemorySegment;

/** Transfers that end as soon as they begin. */
final class SimulatedBatch implements KernelBatch {
    private final SimulatedKernel kernel;
    private final Listener listener;

    SimulatedBatch(SimulatedKernel kernel, Listener listener) {
        this.kernel = kernel;
        this.listener = listener;
    }

    @Override
    public void read(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        listener.ended(slot, kernel.read(fiber, file, memory, offset));
    }

    @Override
    public void write(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        listener.ended(slot, kernel.write(fiber, file, memory, offset));
    }

    @Override
    public void sync(Fiber fiber, int slot, Descriptor file, boolean dataOnly) {
        listener.ended(slot, kernel.sync(fiber, file, dataOnly));
    }

    @Override
    public void submit() {}

    @Override
    public void collect(int slot, int result) {}

    @Override
    public void cancel() {}
}
