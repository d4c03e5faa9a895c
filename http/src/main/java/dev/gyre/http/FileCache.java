package dev.gyre.http;

import dev.gyre.http.coding.ContentCoding;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files beneath the root, the short ones from memory.
 *
 * <p><b>Freshness.</b> Half a second after a file was last looked at, the next request for it looks again: it opens
 * the path and compares what it finds with what is kept, down to the inode and the time of change. Only one request
 * does so; the others are answered with what is known, until that is a second old, when each of them looks for
 * itself. So no answer is older than a second, and a popular file costs two looks a second however many ask for it.
 *
 * <p><b>A file that just changed</b> may change again within the same step of the file system's clock, and then looks
 * the same. What was read in such a moment is used, but is read again at the next look rather than compared
 * ({@link Representation#settled}).
 *
 * <p><b>What is kept</b> is a copy on the heap, and no descriptor: nothing has to be closed when an entry goes, and
 * nobody who still sends it can find its memory gone. Long files are opened for each request; that is little next to
 * sending them. What was not asked for lately is dropped first when room is needed (second chance).
 *
 * <p>Any task may ask. The clock is the wall clock: when somebody sets it back, everything is looked at again.
 */
final class FileCache {
    /** After which time a file is looked at again. */
    static final long RECHECK_NANOS = 500_000_000L;

    /** The oldest knowledge that is used, while somebody is looking. */
    static final long AGE_NANOS_MAX = 1_000_000_000L;

    /** Stands in a key between a path and the extension of a coding. In no path. */
    private static final char CODED = '\0';

    private final Root root;
    private final ServerLimits limits;
    private final HttpDate date;
    private final HeaderPolicy policy;
    private final ConcurrentHashMap<String, CachedFile> byPath = new ConcurrentHashMap<>();

    /** The same entries, the next to be looked at for dropping first. Guarded by its own lock, like {@link #cost}. */
    private final LinkedHashMap<String, CachedFile> inOrder = new LinkedHashMap<>();

    private long cost;

    FileCache(Root root, ServerLimits limits, HttpDate date, HeaderPolicy policy) {
        this.root = root;
        this.limits = limits;
        this.date = date;
        this.policy = policy;
    }

    /**
     * Looks a path up. May wait for the disk, and is a cancellation point then.
     *
     * @param path made by {@link RequestPath}
     * @param now on {@link dev.gyre.io.Clock#REAL}, in nanoseconds
     * @param scratch has room to read with, until this returns
     * @return what the path leads to, at most a second ago
     * @throws IoException with a reason of opening, asking or reading
     */
    Found find(String path, long now, Workspace scratch) throws IoException {
        CachedFile known = byPath.get(path);
        if (known == null) {
            return look(path, null, now, scratch);
        }
        known.use();
        long age = known.age(now);
        boolean usable = age >= 0 && age < AGE_NANOS_MAX;
        if (usable && (age < RECHECK_NANOS || !known.beginCheck())) {
            return known;
        }
        try {
            return look(path, known, now, scratch);
        } finally {
            known.endCheck();
        }
    }

    /**
     * Looks for a file that may stand in for another: a page for what is missing, or the same content coded.
     *
     * @param path as for {@link #find}
     * @param coding if not null, the file beside the path is meant that has its content coded, {@code a.js.br} for
     *     {@code a.js}; what is found has the type of the other
     * @return a regular file; null where there is none that may be read
     * @throws IoException if that cannot be found out
     */
    @Nullable Found findFile(String path, @Nullable ContentCoding coding, long now, Workspace scratch)
            throws IoException {
        try {
            Found found = find(coding == null ? path : path + CODED + coding.extension(), now, scratch);
            if (found.stat().kind() == FileKind.FILE) {
                return found;
            }
            found.close();
        } catch (IoException unusable) {
            if (!HttpFailure.isUnavailable(unusable)) {
                throw unusable;
            }
        }
        return null;
    }

    /** How much memory the entries take, about. */
    long cost() {
        synchronized (inOrder) {
            return cost;
        }
    }

    private Found look(String path, @Nullable CachedFile known, long now, Workspace scratch) throws IoException {
        File file;
        try {
            file = root.openFile(path.indexOf(CODED) < 0 ? path : path.replace(String.valueOf(CODED), ""));
        } catch (IoException gone) {
            forget(path);
            throw gone;
        }
        boolean handedOver = false;
        try {
            FileStat stat = file.stat();
            if (known != null && known.representation().settled() && isSame(known.stat(), stat)) {
                known.checkedAt(now);
                return known;
            }
            forget(path);
            if (stat.kind() == FileKind.FILE && stat.size() <= limits.cachedFileBytesMax()) {
                return load(path, file, stat, now, scratch);
            }
            handedOver = true;
            return new Found.Opened(file, stat, represent(path, stat, now));
        } finally {
            if (!handedOver) {
                closeQuietly(file);
            }
        }
    }

    /** Closes a file that was only read: nothing can be lost by it. */
    static void closeQuietly(File file) {
        try {
            file.close();
        } catch (IoException odd) {
            Log.warn("closing a file that was only read: " + odd.getMessage());
        }
    }

    private CachedFile load(String path, File file, FileStat stat, long now, Workspace scratch) throws IoException {
        byte[] content = new byte[(int) stat.size()];
        int length = read(file, content, scratch.scratch());
        // Asked again: what changed while it was read must not be taken for what it was before or is now.
        FileStat after = file.stat();
        boolean torn = length != content.length || !isSame(stat, after);
        byte[] exact = length == content.length ? content : Arrays.copyOf(content, length);
        Representation told = represent(path, after, now).read(length, !torn);
        CachedFile loaded = new CachedFile(path, after, told, exact, date.at(now), policy, now);
        keep(loaded);
        return loaded;
    }

    private Representation represent(String key, FileStat stat, long now) {
        int mark = key.indexOf(CODED);
        if (mark < 0) {
            return Representation.of(key, null, stat, now, policy);
        }
        ContentCoding coding = ContentCoding.ofExtension(key.substring(mark + 1));
        return Representation.of(key.substring(0, mark), coding, stat, now, policy);
    }

    private static int read(File file, byte[] content, MemorySegment buffer) throws IoException {
        int length = 0;
        while (length < content.length) {
            int read = file.read(buffer.asSlice(0, Math.min(buffer.byteSize(), content.length - length)), length);
            if (read < 0) {
                break;
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, content, length, read);
            length += read;
        }
        return length;
    }

    private static boolean isSame(FileStat one, FileStat other) {
        return one.inode() == other.inode()
                && one.device() == other.device()
                && one.size() == other.size()
                && one.kind() == other.kind()
                && one.changed().equals(other.changed())
                && one.modified().equals(other.modified());
    }

    private void keep(CachedFile file) {
        if (file.cost() > limits.cacheBytesMax()) {
            return;
        }
        synchronized (inOrder) {
            remove(file.path());
            inOrder.put(file.path(), file);
            byPath.put(file.path(), file);
            cost += file.cost();
            while (cost > limits.cacheBytesMax()) {
                Map.Entry<String, CachedFile> next = inOrder.firstEntry();
                if (next.getValue() == file || next.getValue().takeUsed()) {
                    inOrder.putLast(next.getKey(), next.getValue());
                } else {
                    remove(next.getKey());
                }
            }
        }
    }

    private void forget(String path) {
        synchronized (inOrder) {
            remove(path);
        }
    }

    private void remove(String path) {
        CachedFile removed = inOrder.remove(path);
        if (removed != null) {
            byPath.remove(path);
            cost -= removed.cost();
        }
    }
}
