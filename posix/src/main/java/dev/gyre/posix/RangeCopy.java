package dev.gyre.posix;

import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One copy of a part of a file: data inside the kernel as long as that works, holes as holes. */
final class RangeCopy {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int BLOCK_BYTES = 512;

    private final PosixFile from;
    private final PosixFile to;

    /** What is added to an offset in the one to get that in the other. */
    private final long shift;

    private boolean insideKernel = true;
    private @Nullable MemorySegment buffer;

    RangeCopy(PosixFile from, PosixFile to, long shift) {
        this.from = from;
        this.to = to;
        this.shift = shift;
    }

    /**
     * Copies.
     *
     * @param start in the file it comes from
     * @param end beyond the last byte, or the end of the file if that is earlier
     * @return where it ended
     */
    long copy(long start, long end) throws IoException {
        FileStat state = from.stat();
        FileStat target = to.stat();
        return copy(state, start, start + lengthWithinOne(state, target, start, start + shift, end - start));
    }

    /**
     * How much to copy, as far as the two files may be one, by whatever names and openings: what a copy adds to its own
     * file is not copied as well.
     *
     * @param state of the file it comes from
     * @param target of the other
     * @param from where it begins in the one
     * @param to where it begins in the other
     * @param length how much it should be
     * @throws IllegalArgumentException if the parts of one file overlap
     */
    static long lengthWithinOne(FileStat state, FileStat target, long from, long to, long length) {
        if (state.kind() != FileKind.FILE || state.inode() != target.inode() || state.device() != target.device()) {
            return length;
        }
        long present = Math.clamp(state.size() - from, 0, length);
        if (Math.abs(to - from) < present) {
            throw new IllegalArgumentException("a file cannot be copied to itself where the parts overlap: "
                    + present + " bytes at " + from + " and at " + to);
        }
        return present;
    }

    private long copy(FileStat state, long start, long end) throws IoException {
        if (state.blocks() * BLOCK_BYTES >= state.size()) {
            return copyData(start, end);
        }
        long at = start;
        while (at < end) {
            long data = from.seekData(at);
            if (data < 0) {
                return leaveHole(at, Math.clamp(from.stat().size(), at, end));
            }
            if (data >= end) {
                return leaveHole(at, end);
            }
            leaveHole(at, data);
            long hole = from.seekHole(data);
            long stop = hole < 0 ? end : Math.min(hole, end);
            at = copyData(data, stop);
            if (at < stop) {
                return at;
            }
        }
        return at;
    }

    private long copyData(long start, long end) throws IoException {
        long at = start;
        while (at < end) {
            long count = insideKernel ? from.copyInKernel(to, at, at + shift, end - at) : 0;
            if (count <= 0) {
                // Files of the kernel's own can be read and not be copied, and some answer as if they were empty.
                insideKernel = false;
                count = copyByBuffer(at, end);
            }
            if (count < 0) {
                return at;
            }
            at += count;
        }
        return at;
    }

    private long copyByBuffer(long at, long end) throws IoException {
        if (buffer == null) {
            buffer = Arena.ofAuto().allocate(Math.min(BUFFER_BYTES, end - at), Long.BYTES);
        }
        MemorySegment piece = buffer.asSlice(0, Math.min(buffer.byteSize(), end - at));
        int count = from.read(piece, at);
        if (count > 0) {
            write(piece.asSlice(0, count), at + shift);
        }
        return count;
    }

    private void write(MemorySegment piece, long offset) throws IoException {
        long written = 0;
        while (written < piece.byteSize()) {
            written += to.write(piece.asSlice(written), offset + written);
        }
    }

    /** Leaves one out, and sees to it that the other file reads as zeros there. */
    private long leaveHole(long start, long end) throws IoException {
        long first = start + shift;
        long last = end + shift;
        long size = to.stat().size();
        if (first < last && first < size) {
            clear(first, Math.min(last, size));
        }
        if (last > size) {
            to.truncate(last);
        }
        return end;
    }

    private void clear(long start, long end) throws IoException {
        try {
            to.punchHole(start, end - start);
        } catch (IoException failed) {
            if (failed.reason() != Reason.OPERATION_UNSUPPORTED) {
                throw failed;
            }
            MemorySegment zeros = Arena.ofAuto().allocate(Math.min(BUFFER_BYTES, end - start), Long.BYTES);
            for (long at = start; at < end; at += zeros.byteSize()) {
                write(zeros.asSlice(0, Math.min(zeros.byteSize(), end - at)), at);
            }
        }
    }
}
