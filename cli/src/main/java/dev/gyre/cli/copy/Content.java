package dev.gyre.cli.copy;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.lang.foreign.MemorySegment;

/** Moves and compares what is in files, through a buffer of one task's. */
final class Content {
    /** How much of a file is moved between two looks at whether to stop. */
    static final int BUFFER_BYTES = 512 * 1024;

    private static final int BLOCK_BYTES = 512;

    private final MemorySegment buffer;
    private final Tally tally;
    private final Runnable checkStopped;

    /**
     * For one task at a time.
     *
     * @param buffer of {@link #BUFFER_BYTES}
     * @param checkStopped throws {@link StoppedException} when it is time to
     */
    Content(MemorySegment buffer, Tally tally, Runnable checkStopped) {
        this.buffer = buffer;
        this.tally = tally;
        this.checkStopped = checkStopped;
    }

    /** Whether there may be holes in a file. */
    static boolean maySparse(FileStat state) {
        return state.blocks() * BLOCK_BYTES < state.size();
    }

    /**
     * Copies all there is in a file to an empty one, with its holes.
     *
     * @return whether it was as long as expected, and its content was there at one moment
     */
    boolean copy(File source, FileStat state, File target) throws IoException {
        if (maySparse(state)) {
            copySparse(source, state.size(), target);
            return false;
        }
        return copyToEnd(source, state.size(), target) == state.size() && state.size() < buffer.byteSize();
    }

    /** Beyond the size that it had when it was asked for it, too: some files of the kernel's say 0. */
    private long copyToEnd(File source, long size, File target) throws IoException {
        long offset = 0;
        while (true) {
            checkStopped.run();
            int count = source.read(buffer, offset);
            if (count < 0) {
                return offset;
            }
            writeAll(target, count, offset);
            offset += count;
            if (count < buffer.byteSize() && offset >= size) {
                return offset;
            }
        }
    }

    private void copySparse(File source, long size, File target) throws IoException {
        long hole = 0;
        for (long data = source.seekData(0); data >= 0 && data < size; data = source.seekData(hole)) {
            long end = source.seekHole(data);
            hole = end < 0 ? size : end;
            copyRange(source, data, hole, target);
        }
        target.truncate(size);
    }

    /** Copies a part; less if the source has become shorter. */
    void copyRange(File source, long from, long to, File target) throws IoException {
        for (long offset = from; offset < to; ) {
            checkStopped.run();
            int count = source.read(buffer.asSlice(0, Math.min(buffer.byteSize(), to - offset)), offset);
            if (count < 0) {
                return;
            }
            writeAll(target, count, offset);
            offset += count;
        }
    }

    private void writeAll(File target, int count, long offset) throws IoException {
        for (int written = 0; written < count; ) {
            written += target.write(buffer.asSlice(written, count - written), offset + written);
        }
        tally.bytesDone.addAndGet(count);
        tally.bytesCopied.addAndGet(count);
    }

    /** Whether two files of the same length have the same bytes. What is a hole in both is not read. */
    boolean isSame(File one, File other) throws IoException {
        MemorySegment left = buffer.asSlice(0, buffer.byteSize() / 2);
        MemorySegment right = buffer.asSlice(buffer.byteSize() / 2);
        long offset = nextData(one, other, 0);
        while (offset != Long.MAX_VALUE) {
            checkStopped.run();
            int count = readFully(one, left, offset);
            if (count != readFully(other, right, offset)
                    || left.asSlice(0, count).mismatch(right.asSlice(0, count)) >= 0) {
                return false;
            }
            offset = count < left.byteSize() ? Long.MAX_VALUE : nextData(one, other, offset + count);
        }
        return true;
    }

    private static long nextData(File one, File other, long from) throws IoException {
        long left = one.seekData(from);
        long right = other.seekData(from);
        return Math.min(left < 0 ? Long.MAX_VALUE : left, right < 0 ? Long.MAX_VALUE : right);
    }

    private static int readFully(File file, MemorySegment into, long offset) throws IoException {
        int filled = 0;
        while (filled < into.byteSize()) {
            int count = file.read(into.asSlice(filled), offset + filled);
            if (count < 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }
}
