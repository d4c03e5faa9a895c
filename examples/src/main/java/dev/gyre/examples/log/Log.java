package dev.gyre.examples.log;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Chain;
import dev.gyre.ring.Loop;
import dev.gyre.ring.Operation;
import dev.gyre.ring.RegisteredBuffers;
import dev.gyre.ring.file.Close;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.Ftruncate;
import dev.gyre.ring.file.OpenAt2;
import dev.gyre.ring.file.ReadFixed;
import dev.gyre.ring.file.WriteFixed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * An append-only log: a record that was acknowledged is there after a crash, and of one that was not, there is all or
 * nothing.
 *
 * <p>Commits are made in groups. While one batch is on its way to the device, records gather in the other buffer, and
 * become the next batch; so however slow the device, it is asked for one sync per batch instead of one per record. A
 * batch is a chain of two operations, the write and, only if that wrote everything, the sync: one submission, and no
 * way back through the program in between. The write is direct and from a registered buffer: no copy, and no look-up of
 * pages.
 *
 * <p>After a failed write or sync nobody knows what the device holds. The log then acknowledges nothing any more, and
 * says so to everyone who appends; to open it again finds out.
 *
 * <p>Recovery reads batches from the start and stops at the first that is not there, not the expected one, or torn.
 * What lies behind is cut off before anything new is written, lest an old batch follow a new one.
 *
 * <p>It lives on a loop, and only that loop's thread uses it. One process at a time opens a file: that is not checked.
 */
public final class Log implements AutoCloseable {
    private static final int SIDES = 2;

    private final Loop loop;
    private final int fd;
    private final RegisteredBuffers buffers;
    private final List<Side> sides = new ArrayList<>();
    private int gathering;
    private long end;
    private long sequence;
    private boolean committing;
    private int failure;

    /** One of the two buffers, and the operations that bring it to the device. */
    private final class Side {
        final Batch batch;
        final WriteFixed write;
        final Chain chain;
        List<IntConsumer> waiting = new ArrayList<>();
        private int written;
        private long expected;

        Side(int index) {
            batch = new Batch(buffers.segment(index));
            write = new WriteFixed(
                    fd, buffers, index, buffers.segment(index), 0, operation -> written = operation.result());
            chain = new Chain(write).then(new Fsync(fd, true, this::synced));
        }

        void commit() {
            MemorySegment sealed = batch.seal(sequence);
            expected = sealed.byteSize();
            write.target(sealed, end);
            loop.submit(chain);
        }

        private void synced(Operation sync) {
            if (written != expected) {
                failure = written < 0 ? -written : Errno.EIO.code();
            } else if (sync.result() < 0) {
                failure = -sync.result();
            } else {
                end += expected;
                sequence++;
            }
            committing = false;
            List<IntConsumer> told = waiting;
            waiting = new ArrayList<>();
            told.forEach(acknowledgement -> acknowledgement.accept(failure));
            commitNext();
        }
    }

    private Log(Loop loop, int fd, RegisteredBuffers buffers) {
        this.loop = loop;
        this.fd = fd;
        this.buffers = buffers;
        for (int i = 0; i < SIDES; i++) {
            sides.add(new Side(i));
        }
    }

    /**
     * Opens a log, makes the file if there is none, and tells which records it has. Turns the loop meanwhile.
     *
     * @param loop whose ring has no registered buffers
     * @param file on a file system with direct I/O
     * @param batchBytes how much one batch holds, a multiple of 4096
     * @param replayed is given every record, in order
     * @return a log that goes on where the file ends
     * @throws IOException if the kernel refuses something
     */
    public static Log open(Loop loop, Path file, long batchBytes, Consumer<byte[]> replayed) throws IOException {
        if (batchBytes < Batch.BLOCK || batchBytes % Batch.BLOCK != 0) {
            throw new IllegalArgumentException(batchBytes + " bytes are no number of blocks of " + Batch.BLOCK);
        }
        int fd = openFile(loop, file);
        RegisteredBuffers buffers = null;
        boolean open = false;
        try {
            buffers = RegisteredBuffers.open(loop.ring(), SIDES, batchBytes);
            Log log = new Log(loop, fd, buffers);
            log.recover(java.nio.file.Files.size(file), replayed);
            open = true;
            return log;
        } finally {
            if (!open) {
                Files.close(fd);
                if (buffers != null) {
                    buffers.close();
                }
            }
        }
    }

    /**
     * Appends a record.
     *
     * @param entry its bytes, which are copied
     * @param acknowledgement is called on the loop's thread: with 0 when the record is on the device, or with the
     *     number of the error for which nobody knows whether it is
     * @return false if the batch that gathers is full: turn the loop, and try again
     */
    public boolean append(byte[] entry, IntConsumer acknowledgement) {
        Side side = sides.get(gathering);
        if (failure != 0) {
            acknowledgement.accept(failure);
            return true;
        }
        if (!side.batch.hasRoomFor(entry)) {
            if (side.batch.isEmpty()) {
                throw new IllegalArgumentException(entry.length + " bytes do not fit into a batch");
            }
            return false;
        }
        side.batch.add(entry);
        side.waiting.add(acknowledgement);
        commitNext();
        return true;
    }

    /**
     * The number of batches.
     *
     * @return those on the device
     */
    public long batches() {
        return sequence;
    }

    /** Waits until all is acknowledged, turning the loop, and closes the file. */
    @Override
    public void close() throws IOException {
        while (committing) {
            loop.turn(-1);
        }
        await(loop, call -> new Close(fd, call));
        buffers.close();
    }

    private void commitNext() {
        Side side = sides.get(gathering);
        if (committing || side.waiting.isEmpty()) {
            return;
        }
        if (failure != 0) {
            List<IntConsumer> told = side.waiting;
            side.waiting = new ArrayList<>();
            told.forEach(acknowledgement -> acknowledgement.accept(failure));
            return;
        }
        committing = true;
        gathering = 1 - gathering;
        side.commit();
    }

    /** Reads a buffer full at a time, and again from where a batch begins that the buffer does not hold to its end. */
    private void recover(long size, Consumer<byte[]> replayed) throws IOException {
        MemorySegment window = buffers.segment(0);
        while (true) {
            int got = check("read", await(loop, call -> new ReadFixed(fd, buffers, 0, window, end, call)));
            long used = 0;
            while (true) {
                MemorySegment rest = window.asSlice(used, got - used);
                Optional<Batch.Found> found = Batch.read(rest, sequence);
                if (found.isEmpty()) {
                    break;
                }
                found.get().records().forEach(replayed);
                used += found.get().bytes();
                sequence++;
            }
            end += used;
            if (used == 0) {
                refuseLargerBatch(window.asSlice(0, got), size);
                break;
            }
        }
        check("ftruncate", await(loop, call -> new Ftruncate(fd, end, call)));
        check("fsync", await(loop, call -> new Fsync(fd, false, call)));
    }

    /** A batch that fits into the file and not into the buffer must not be taken for a torn one. */
    private void refuseLargerBatch(MemorySegment window, long size) throws IOException {
        long bytes = Batch.bytes(window, sequence);
        if (bytes > buffers.size() && end + bytes <= size) {
            throw new IOException("the log has a batch of " + bytes + " bytes: open it with at least so many");
        }
    }

    private static int openFile(Loop loop, Path file) throws IOException {
        try (Arena arena = loop.arena()) {
            MemorySegment how = arena.allocate(OpenHow.LAYOUT);
            long flags = (long) Files.O_RDWR | Files.O_CREAT | Files.O_CLOEXEC | Files.O_DIRECT;
            how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, flags);
            how.set(ValueLayout.JAVA_LONG, OpenHow.MODE, 0600);
            MemorySegment path = arena.allocateFrom(file.toString());
            return check("open of " + file, await(loop, call -> new OpenAt2(Directories.AT_FDCWD, path, how, call)));
        }
    }

    private static int await(Loop loop, Function<Callback, Operation> maker) throws IOException {
        Operation operation = maker.apply(done -> {});
        loop.submit(operation);
        while (operation.isInFlight()) {
            loop.turn(-1);
        }
        return operation.result();
    }

    private static int check(String what, int result) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed with " + Errno.describe(-result));
        }
        return result;
    }
}
