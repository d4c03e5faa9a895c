package dev.gyre.simulated.disk;

import dev.gyre.io.ErrorNumber;
import dev.gyre.simulated.kernel.Refusal;
import java.util.HashMap;
import java.util.Map;

/** The named pipes that are open on a machine. Guarded by the kernel's lock. */
final class Fifos {
    private final Map<Inode, Fifo> open = new HashMap<>();

    /** One more opens a pipe. It may have to wait until {@link Fifo.End#isOpen}. */
    Fifo.End open(OpenFile file) throws Refusal {
        Fifo fifo = open.computeIfAbsent(file.inode(), _ -> new Fifo());
        if (!file.isReadable() && !file.waits() && !fifo.hasReaders()) {
            forgetUnused(file, fifo);
            throw new Refusal(ErrorNumber.ENXIO);
        }
        return fifo.open(file.isReadable(), file.isWritable(), file.waits());
    }

    /** Somebody closes a file, if it is a pipe. */
    void close(OpenFile file) {
        Fifo.End end = file.pipeEnd();
        if (end != null) {
            end.close();
            forgetUnused(file, end.fifo());
        }
    }

    private void forgetUnused(OpenFile file, Fifo fifo) {
        if (fifo.isUnused()) {
            open.remove(file.inode());
        }
    }
}
