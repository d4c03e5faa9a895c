package dev.gyre.cli.copy;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import java.lang.foreign.MemorySegment;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies one large file by several tasks, piece by piece from its beginning, and notes in a {@link ResumeRecord} how
 * far all of it is there.
 */
final class LargeCopy {
    /** A file of this size is copied this way. */
    static final long SIZE_MIN = 32L << 20;

    private static final long PIECE_BYTES = 8L << 20;
    private static final long NOTED_BYTES = 64L << 20;

    private final Io io;
    private final File source;
    private final File target;
    private final long size;
    private final boolean sparse;
    private final ResumeRecord record;
    private final Tally tally;

    /** Guards what follows. */
    private final Mutex mutex;

    /** Everything before it was given to some task. */
    private long given;

    /** The end of the data that {@link #given} is in, or before. */
    private long dataEnd;

    private boolean ended;

    /** Where pieces begin that are being copied. */
    private final TreeSet<Long> under = new TreeSet<>();

    private long noted;

    /** From {@code start} on. */
    LargeCopy(Io io, File source, FileStat state, File target, long start, ResumeRecord record, Tally tally) {
        this.io = io;
        this.source = source;
        this.target = target;
        this.size = state.size();
        this.sparse = Content.maySparse(state);
        this.record = record;
        this.tally = tally;
        this.mutex = io.mutex();
        this.given = start;
        this.dataEnd = start;
        this.noted = start;
    }

    /** A part of the file, with data only. */
    private record Piece(long start, long end) {}

    /**
     * Copies, by the calling task and by others for which there are buffers.
     *
     * @throws StoppedException if that was asked for; what is there is noted
     */
    void run(Content own, LargeCopies helpers, Runnable checkStopped) throws IoException {
        try (Group<IoException> group = io.group()) {
            for (long pieces = (size - given) / PIECE_BYTES; pieces > group.size(); ) {
                MemorySegment buffer = helpers.borrow();
                if (buffer == null) {
                    break;
                }
                try {
                    group.concurrent(() -> {
                        try {
                            pieces(new Content(buffer, tally, checkStopped));
                        } finally {
                            helpers.giveBack(buffer);
                        }
                    });
                } catch (ConcurrencyUnavailable alone) {
                    helpers.giveBack(buffer);
                    break;
                }
            }
            pieces(own);
            group.await();
        }
        try {
            checkStopped.run();
        } catch (StoppedException stopped) {
            record.write(target, whole());
            throw stopped;
        }
        target.truncate(size);
    }

    /** Copies one piece after the other. Ends quietly when it is to stop. */
    private void pieces(Content content) throws IoException {
        try {
            for (Piece piece = next(); piece != null; piece = next()) {
                content.copyRange(source, piece.start, piece.end, target);
                copied(piece);
            }
        } catch (StoppedException told) {
            // By the task that has begun it.
        }
    }

    private @Nullable Piece next() throws IoException {
        mutex.lock();
        try {
            if (!ended && given >= dataEnd) {
                findData();
            }
            if (ended) {
                return null;
            }
            Piece piece = new Piece(given, Math.min(dataEnd, given + PIECE_BYTES));
            under.add(piece.start);
            given = piece.end;
            return piece;
        } finally {
            mutex.unlock();
        }
    }

    private void findData() throws IoException {
        if (given >= size) {
            ended = true;
        } else if (!sparse) {
            dataEnd = size;
        } else {
            long data = source.seekData(given);
            if (data < 0 || data >= size) {
                tally.bytesDone.addAndGet(size - given);
                given = size;
                ended = true;
                return;
            }
            tally.bytesDone.addAndGet(data - given);
            given = data;
            long hole = source.seekHole(data);
            dataEnd = hole < 0 ? size : Math.min(hole, size);
        }
    }

    private void copied(Piece piece) throws IoException {
        mutex.lock();
        try {
            under.remove(piece.start);
            long whole = whole();
            if (whole - noted >= NOTED_BYTES) {
                record.write(target, whole);
                noted = whole;
            }
        } finally {
            mutex.unlock();
        }
    }

    private long whole() {
        return under.isEmpty() ? given : under.first();
    }
}
