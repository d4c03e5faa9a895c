package dev.gyre.http.log;

import dev.gyre.http.LogOptions;
import dev.gyre.http.LogOptions.Target;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.File;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Timeout;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the access log, off the path of the answers.
 *
 * <p>Whoever has answered a request leaves an entry in a list. A task takes the list ten times a second at most, makes
 * lines of it, and writes them all at once. So an answer costs an entry in a list, and a line is in the file a tenth of
 * a second later. Without requests the task sleeps.
 *
 * <p>What waits to be written takes bounded memory. Where the target is slower than the requests, entries are lost, and
 * the operator is told how many; no answer waits for the log, and the server's end waits for it for some seconds at
 * most. A stream of the JDK's may hold up for ever who writes to it, so that is done by a {@link BackgroundStream}.
 */
public final class AccessLog {
    /** How long lines are gathered before they are written. */
    static final Duration GATHERING = Duration.ofMillis(100);

    /** What may wait to be written, as {@link LogEntry#cost()} counts; and as bytes, for a stream. */
    private static final int COST_MAX = 16 << 20;

    /** How long the last lines may take. */
    private static final Duration LAST_LINES = Duration.ofSeconds(5);

    /** Longer lines than this are gathered before they are written. */
    private static final int WRITE_BYTES = 1 << 20;

    private static final byte[] LINE_END = {'\n'};

    private static final OpenOptions APPENDING = new OpenOptions(
            OpenOptions.Access.WRITE, Set.of(OpenOptions.Flag.CREATE, OpenOptions.Flag.APPEND), 0640);

    private final Io io;
    private final Target target;
    private final LineWriter lines;
    private final Consumer<Throwable> failed;
    private final Consumer<String> warning;
    private final Group<RuntimeException> writer;

    /** Set while there are entries, or something else for the writer to do. */
    private final ResetEvent wanted;

    /** Set once: no more entries will come. */
    private final ResetEvent ended;

    /** Guarded by this object's lock, like the two below. */
    private List<LogEntry> entries = new ArrayList<>();

    private int cost;
    private long lost;

    private volatile boolean reopening;

    /** The writer's own, once it runs; null where the target is no file. */
    private @Nullable File file;

    /** Whether the file ends in the middle of a line, as when there was no room for all of it. The writer's own. */
    private boolean torn;

    /** Null where the target is a file. */
    private final @Nullable BackgroundStream stream;

    private AccessLog(
            Io io, LogOptions options, @Nullable File file, Consumer<Throwable> failed, Consumer<String> warning) {
        this.io = io;
        this.target = options.target();
        this.lines = new LineWriter(options.format(), ZoneId.systemDefault());
        this.file = file;
        this.failed = failed;
        this.warning = warning;
        this.writer = io.group(failed);
        this.wanted = io.resetEvent();
        this.ended = io.resetEvent();
        this.stream = options.target() instanceof Target.ToStream to
                ? new BackgroundStream(to.stream(), COST_MAX, this::warnOfLost, failed::accept)
                : null;
    }

    /**
     * Opens the target and starts the task that writes.
     *
     * @param io outlives the log
     * @param options what to write, and where
     * @param failed is told of each batch that could not be written
     * @param warning is told of what was lost
     * @return to be closed
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#OPEN_FILE}
     * @throws ConcurrencyUnavailable if no task may be started; nothing stays open
     */
    public static AccessLog open(
            Io io, LogOptions options, Consumer<Throwable> failed, Consumer<String> warning)
            throws IoException, ConcurrencyUnavailable {
        File file = options.target() instanceof Target.ToFile named ? open(io, named) : null;
        AccessLog log = new AccessLog(io, options, file, failed, warning);
        try {
            log.writer.concurrent(log::write);
        } catch (ConcurrencyUnavailable limit) {
            log.close();
            throw limit;
        }
        return log;
    }

    /**
     * Adds a line. Does not wait.
     *
     * @param entry what to write
     */
    public void add(LogEntry entry) {
        boolean first;
        synchronized (this) {
            if (cost > COST_MAX) {
                lost++;
                return;
            }
            first = entries.isEmpty();
            entries.add(entry);
            cost += entry.cost();
        }
        if (first) {
            wanted.set();
        }
    }

    /** Opens the file by its path again, after the next lines at the latest. Where that fails, the old one stays. */
    public void reopen() {
        reopening = true;
        wanted.set();
    }

    /** Writes what is left, for five seconds at most, and closes the file. No entry is added any more. */
    public void close() {
        ended.set();
        wanted.set();
        boolean complete = false;
        try {
            complete = awaitWriter() && (stream == null || finish(stream));
        } finally {
            writer.close();
            closeFile(file);
            file = null;
            if (stream != null) {
                stream.close();
            }
        }
        if (!complete) {
            warning.accept("the access log takes no lines; the last ones are lost");
        }
    }

    private boolean awaitWriter() {
        try {
            return io.protect(() -> io.within(Timeout.after(LAST_LINES), () -> {
                writer.await();
                return true;
            }));
        } catch (TimeoutException late) {
            return false;
        }
    }

    private boolean finish(BackgroundStream lastLines) {
        try {
            return io.protect(() -> io.blocking(() -> lastLines.finish(LAST_LINES)));
        } catch (InterruptedException foreign) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static File open(Io io, Target.ToFile target) throws IoException {
        return io.currentDirectory().openFile(target.path(), APPENDING);
    }

    private void write() {
        boolean last = false;
        while (!last) {
            wanted.await();
            last = gather();
            // Before the list is taken: who adds to an empty list sets it again.
            wanted.reset();
            if (reopening) {
                reopening = false;
                reopenFile();
            }
            writeEntries(take());
        }
    }

    /** Waits a moment for more. True if no more will come. */
    private boolean gather() {
        try {
            return io.within(Timeout.after(GATHERING), () -> {
                ended.await();
                return true;
            });
        } catch (TimeoutException more) {
            return false;
        }
    }

    private List<LogEntry> take() {
        List<LogEntry> taken;
        long lines;
        synchronized (this) {
            taken = entries;
            entries = new ArrayList<>();
            cost = 0;
            lines = lost;
            lost = 0;
        }
        if (lines > 0) {
            warnOfLost(lines);
        }
        return taken;
    }

    private void warnOfLost(long count) {
        warning.accept(count + " lines of the access log were lost, as they came faster than they could be written");
    }

    private void writeEntries(List<LogEntry> taken) {
        for (LogEntry entry : taken) {
            lines.add(entry);
            if (lines.length() >= WRITE_BYTES) {
                writeLines();
            }
        }
        writeLines();
    }

    private void writeLines() {
        try {
            if (stream != null) {
                stream.write(lines.bytes(), 0, lines.length());
            } else if (file != null && lines.length() > 0) {
                writeToFile(file);
            }
        } catch (IoException refused) {
            failed.accept(refused);
        } finally {
            lines.clear();
        }
    }

    private void writeToFile(File open) throws IoException {
        byte[] bytes = lines.bytes();
        if (torn) {
            open.writeAll(LINE_END);
            torn = false;
        }
        MemorySegment all = MemorySegment.ofArray(bytes).asSlice(0, lines.length());
        int written = 0;
        try {
            while (written < all.byteSize()) {
                written += open.write(all.asSlice(written));
            }
        } finally {
            torn = written > 0 && bytes[written - 1] != '\n';
        }
    }

    private void reopenFile() {
        if (target instanceof Target.ToFile named) {
            try {
                File old = file;
                file = open(io, named);
                torn = false;
                closeFile(old);
            } catch (IoException refused) {
                failed.accept(refused);
            }
        }
    }

    private void closeFile(@Nullable File open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IoException lostLines) {
            if (lostLines.reason() != Reason.CLOSED) {
                failed.accept(lostLines);
            }
        }
    }
}
