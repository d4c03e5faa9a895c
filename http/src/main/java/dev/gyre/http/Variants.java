package dev.gyre.http;

import dev.gyre.http.coding.AcceptEncoding;
import dev.gyre.http.coding.ContentCoding;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Which coding of a file a client gets: a file beside it that somebody has compressed before, the content compressed on
 * the way, or as it is.
 *
 * <p>A file beside it counts where it is not older than the file itself, by the second: what was forgotten when the
 * file changed is not sent. That one is missing is remembered for half a second, as is what is there.
 *
 * <p>What is compressed on the way is different bytes for the same file, so a part of that is never sent: a request for
 * a range gets a part of the content as it is.
 */
final class Variants {
    /** How many answers may be compressed at once while they are sent: each takes 300 KiB. More go as they are. */
    private static final int STREAMS_MAX = 256;

    private static final int MISSING_MAX = 10_000;

    private final FileCache files;
    private final HttpDate date;
    private final HeaderPolicy policy;
    private final boolean precompressed;

    /** Until when a file is taken for missing, on the wall clock, by its path. */
    private final ConcurrentHashMap<String, Long> missing = new ConcurrentHashMap<>();

    private final AtomicInteger streams = new AtomicInteger();

    Variants(FileCache files, HttpDate date, HeaderPolicy policy, boolean precompressed) {
        this.files = files;
        this.date = date;
        this.policy = policy;
        this.precompressed = precompressed;
    }

    /**
     * What to send in place of a file. A cancellation point where it waits for the disk.
     *
     * @param found the file; closed if another is returned, or if this fails
     * @param path its path
     * @return the best one that somebody has made, or {@code found}
     */
    Found beside(Found found, String path, RequestParser request, long now, Workspace scratch) throws IoException {
        if (!precompressed || request.fields().acceptEncoding() == null) {
            return found;
        }
        FileStat stat = found.stat();
        if (stat.kind() != FileKind.FILE) {
            return found;
        }
        Found chosen = null;
        try {
            for (ContentCoding coding : wanted(request)) {
                chosen = find(path, coding, stat, now, scratch);
                if (chosen != null) {
                    return chosen;
                }
            }
            chosen = found;
            return found;
        } finally {
            if (chosen != found) {
                found.close();
            }
        }
    }

    /** The content in memory as the client wants it. */
    CachedFile compressed(CachedFile file, RequestParser request, long now) {
        return gzips(file.representation(), request) ? file.compressed(date.at(now), policy) : file;
    }

    /**
     * Whether an open file is to be compressed while it is sent. If so, {@link #endStream} must be called once.
     *
     * @param representation of the content as it is
     */
    boolean beginStream(Representation representation, RequestParser request) {
        if (!gzips(representation, request) || request.version() != HttpVersion.HTTP_1_1) {
            return false;
        }
        if (streams.incrementAndGet() > STREAMS_MAX) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Ends what {@link #beginStream} has begun. */
    void endStream() {
        streams.decrementAndGet();
    }

    /** Whether the client wants gzip. */
    static boolean wantsGzip(RequestParser request) {
        return wanted(request).contains(ContentCoding.GZIP);
    }

    private static boolean gzips(Representation representation, RequestParser request) {
        return representation.delivery().gzips() && request.range() == null && wantsGzip(request);
    }

    private static List<ContentCoding> wanted(RequestParser request) {
        return AcceptEncoding.of(request.fields().acceptEncoding()).wanted();
    }

    private @Nullable Found find(
            String path, ContentCoding coding, FileStat original, long now, Workspace scratch) throws IoException {
        String key = path + coding.extension();
        Long until = missing.get(key);
        if (until != null && now < until && until - now <= FileCache.RECHECK_NANOS) {
            return null;
        }
        Found found = files.findFile(path, coding, now, scratch);
        if (found != null) {
            if (seconds(found.stat()) >= seconds(original)) {
                return found;
            }
            found.close();
        }
        if (missing.size() >= MISSING_MAX) {
            missing.clear();
        }
        missing.put(key, now + FileCache.RECHECK_NANOS);
        return null;
    }

    private static long seconds(FileStat stat) {
        return Math.floorDiv(stat.modified().nanoseconds(), 1_000_000_000L);
    }
}
