package dev.gyre.simulated.disk;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.SocketType;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Outgoing;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A named pipe while it is open: how many read and write it, and what is on its way (fifo(7), pipe(7)). Guarded by the
 * kernel's lock.
 */
final class Fifo {
    /** So many bytes are written in one piece, or not yet: {@code PIPE_BUF}. */
    static final int WHOLE_MAX = 4096;

    private final Watchers watchers = new Watchers();
    private Pipe content = newContent();
    private int readers;
    private int writers;

    /** How many have ever come: who waits for one is content with one that has gone again. */
    private long readersEver;

    private long writersEver;

    private static Pipe newContent() {
        return new Pipe(SocketType.STREAM, passed -> {});
    }

    /** Those who wait for the other side, for bytes, or for room. */
    Watchers watchers() {
        return watchers;
    }

    boolean hasReaders() {
        return readers > 0;
    }

    /** Whether nobody has it open, and there is nothing to keep. */
    boolean isUnused() {
        return readers == 0 && writers == 0;
    }

    /** One more comes. */
    End open(boolean reads, boolean writes, boolean waits) {
        End end = new End(reads, writes, waits);
        if (reads) {
            readers++;
            readersEver++;
        }
        if (writes) {
            writers++;
            writersEver++;
        }
        watchers.signal();
        return end;
    }

    /** Somebody who has it open, or waits for the other side. */
    final class End {
        private final boolean reads;
        private final boolean writes;
        private final boolean waits;
        private final long readersBefore = readersEver;
        private final long writersBefore = writersEver;

        private End(boolean reads, boolean writes, boolean waits) {
            this.reads = reads;
            this.writes = writes;
            this.waits = waits;
        }

        Fifo fifo() {
            return Fifo.this;
        }

        /** Whether opening need not wait, or not any more. */
        boolean isOpen() {
            if (!waits || (reads && writes)) {
                return true;
            }
            return reads
                    ? writers > 0 || writersEver > writersBefore
                    : readers > 0 || readersEver > readersBefore;
        }

        /** Takes what there is. 0 if there is nothing, and nobody who writes; or {@link Attempt#WAIT}. */
        int read(List<MemorySegment> parts) throws Refusal {
            if (!reads) {
                throw new Refusal(ErrorNumber.EBADF);
            }
            if (content.isEmpty()) {
                return writers == 0 ? 0 : waitOrRefuse();
            }
            int count = content.read(parts).count();
            watchers.signal();
            return count;
        }

        /** Writes as much as there is room for, or what is short as a whole; or {@link Attempt#WAIT}. */
        int write(List<MemorySegment> parts) throws Refusal {
            if (!writes) {
                throw new Refusal(ErrorNumber.EBADF);
            }
            if (readers == 0) {
                throw new Refusal(ErrorNumber.EPIPE);
            }
            long length = parts.stream().mapToLong(MemorySegment::byteSize).sum();
            if (content.room() < (length <= WHOLE_MAX ? length : 1)) {
                return waitOrRefuse();
            }
            int count = content.write(parts, List.of(), Outgoing.NO_PROCESS);
            watchers.signal();
            return count;
        }

        private int waitOrRefuse() throws Refusal {
            if (!waits) {
                throw new Refusal(ErrorNumber.EAGAIN);
            }
            return Attempt.WAIT;
        }

        /** Goes. What is on its way when the last one goes is lost. */
        void close() {
            if (reads) {
                readers--;
            }
            if (writes) {
                writers--;
            }
            if (isUnused()) {
                content = newContent();
            }
            watchers.signal();
        }
    }
}
