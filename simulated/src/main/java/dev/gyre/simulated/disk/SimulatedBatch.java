package dev.gyre.simulated.disk;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import dev.gyre.simulated.DiskLatency;
import dev.gyre.simulated.turns.Alarm;
import dev.gyre.simulated.turns.Scheduler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Transfers in no order: each happens when the scheduler chooses it among all that can happen.
 *
 * <p>That may be on any thread, so that the caller's memory is not touched then: what is to be written is copied
 * before, and what was read is copied after.
 */
final class SimulatedBatch implements KernelBatch {
    /** What happens to one slot. */
    private abstract class Transfer extends Alarm {
        final int slot;

        Transfer(int slot, Function<DiskLatency, Duration> kind) {
            super(files.due(kind));
            this.slot = slot;
        }

        /** It is submitted. */
        void begin() {}

        abstract int make();

        @Override
        protected void ring() {
            listener.ended(slot, files.isDead() ? -ErrorNumber.ECANCELED.code() : make());
        }
    }

    /** What was read, until it is where it belongs. */
    private record Arrived(MemorySegment content, MemorySegment memory) {}

    private final SimulatedFiles files;
    private final Scheduler scheduler;
    private final Listener listener;
    private final List<Transfer> prepared = new ArrayList<>();
    private final @Nullable Transfer[] underWay;
    private final @Nullable Arrived[] arrived;

    SimulatedBatch(SimulatedFiles files, Scheduler scheduler, int capacity, Listener listener) {
        this.files = files;
        this.scheduler = scheduler;
        this.listener = listener;
        this.underWay = new Transfer[capacity];
        this.arrived = new Arrived[capacity];
    }

    @Override
    public void read(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        prepared.add(new Transfer(slot, DiskLatency::read) {
            @Override
            int make() {
                Answer<byte[]> answer = files.readFor(file, memory, offset);
                byte[] read = answer.value();
                if (read == null) {
                    return answer.result();
                }
                arrived[slot] = new Arrived(MemorySegment.ofArray(read), memory);
                return read.length;
            }
        });
    }

    @Override
    public void write(Fiber fiber, int slot, Descriptor file, MemorySegment memory, long offset) {
        long length = Math.min(memory.byteSize(), RegularFile.TRANSFER_MAX);
        MemorySegment copy = MemorySegment.ofArray(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        prepared.add(new Transfer(slot, DiskLatency::write) {
            @Override
            int make() {
                return files.writeCopy(file, memory, copy, offset);
            }
        });
    }

    @Override
    public void sync(Fiber fiber, int slot, Descriptor file, boolean dataOnly) {
        prepared.add(new Transfer(slot, DiskLatency::sync) {
            // Null where it takes no time: then it covers what was done before it happens.
            private @Nullable Answer<Writeback> begun;

            @Override
            void begin() {
                begun = deadline == 0 ? null : files.beginSync(file, dataOnly);
            }

            @Override
            int make() {
                return begun == null ? files.syncNow(file, dataOnly) : files.finishSync(file, begun);
            }
        });
    }

    @Override
    public void submit() {
        List<Transfer> submitted = List.copyOf(prepared);
        prepared.clear();
        if (scheduler.isClosed() && !submitted.isEmpty()) {
            submitted.forEach(each -> listener.ended(each.slot, -ErrorNumber.ECANCELED.code()));
            throw new IllegalStateException("the Io is closed");
        }
        for (Transfer each : submitted) {
            underWay[each.slot] = each;
            each.begin();
            scheduler.add(each);
        }
    }

    @Override
    public void collect(int slot, int result) {
        underWay[slot] = null;
        Arrived read = arrived[slot];
        arrived[slot] = null;
        if (read != null && result > 0) {
            MemorySegment.copy(read.content, 0, read.memory, 0, result);
        }
    }

    @Override
    public void cancel() {
        for (Transfer each : underWay) {
            if (each != null && scheduler.remove(each)) {
                listener.ended(each.slot, -ErrorNumber.ECANCELED.code());
            }
        }
    }
}
