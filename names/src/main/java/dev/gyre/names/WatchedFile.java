package dev.gyre.names;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.Clock;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read again when it has changed.
 *
 * <p>Whether it has is asked by its state (statx(2)), at most once in a time, and not by a {@link dev.gyre.io.Watcher}:
 * a user has no more than 128 of those mostly, a program that looks up one name would hold one until its end, and the
 * files are often links, whose change at another place a watcher of the path does not see. Several tasks may find a
 * change at the same time, and all read the file then: none waits for another.
 *
 * @param <T> what it says
 */
final class WatchedFile<T> {
    private static final int LENGTH_MAX = 64 << 20;

    private final String path;
    private final Parser<T> parser;
    private volatile @Nullable Known<T> known;

    /** Makes sense of a file. */
    interface Parser<T> {
        T parse(String text) throws IoException;
    }

    /** What changes with a file. All zero where there is none. */
    private record Stamp(
            long device, long inode, long size, @Nullable Timestamp modified, @Nullable Timestamp changed) {
        static final Stamp ABSENT = new Stamp(0, 0, 0, null, null);

        static Stamp of(FileStat stat) {
            return new Stamp(stat.device(), stat.inode(), stat.size(), stat.modified(), stat.changed());
        }
    }

    private record Known<T>(Stamp stamp, T content, Timestamp checked) {}

    WatchedFile(String path, Parser<T> parser) {
        this.path = path;
        this.parser = parser;
    }

    /** What the file says, as it was {@code recheck} ago or later. One that does not exist is empty. */
    T content(Io io, Duration recheck) throws IoException {
        Timestamp now = io.now(Clock.AWAKE);
        Known<T> last = known;
        if (last != null && now.since(last.checked()).compareTo(recheck) < 0) {
            return last.content();
        }
        try {
            // Asked before it is read: a change in between is found the next time.
            Stamp stamp = stamp(io);
            T content = last != null && last.stamp().equals(stamp) ? last.content() : parser.parse(read(io, stamp));
            known = new Known<>(stamp, content, now);
            return content;
        } catch (IoException unreadable) {
            Reason reason = unreadable.reason().isShortage() ? unreadable.reason() : Reason.NAME_CONFIGURATION;
            IoException failure = Operation.LOOKUP.failure(reason, "with " + path);
            failure.initCause(unreadable);
            throw failure;
        }
    }

    private Stamp stamp(Io io) throws IoException {
        try {
            FileStat stat = io.currentDirectory().stat(path);
            if (stat.kind() == FileKind.PIPE) {
                // To open it would wait for somebody who writes.
                throw Operation.LOOKUP.failure(Reason.NAME_CONFIGURATION, path + ", a named pipe");
            }
            return Stamp.of(stat);
        } catch (IoException failed) {
            return absent(failed);
        }
    }

    private static Stamp absent(IoException failed) throws IoException {
        return switch (failed.reason()) {
            case FILE_NOT_FOUND, NOT_A_DIRECTORY -> Stamp.ABSENT;
            default -> throw failed;
        };
    }

    /** As Latin-1, which has a character for each byte. */
    private String read(Io io, Stamp stamp) throws IoException {
        if (stamp.equals(Stamp.ABSENT)) {
            return "";
        }
        try (File file = io.currentDirectory().openFile(path, OpenOptions.READ);
                BufferedSource source = new BufferedSource(file)) {
            return new String(source.readAll(LENGTH_MAX), StandardCharsets.ISO_8859_1);
        }
    }
}
