package dev.gyre.cli.copy;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the copies of large files share: buffers for tasks that help, and what is known of sharing content. */
final class LargeCopies {
    /** So many tasks help at once, all files together; more are of no use. */
    static final int HELPERS_MAX = 3;

    /** To copy less takes no longer than to share it. */
    private static final long CLONED_MIN = 64 * 1024;

    private final Tally tally;

    /** Who has one may help. Guarded by itself. */
    private final ArrayDeque<MemorySegment> buffers = new ArrayDeque<>();

    /** The devices from which nothing can be shared with the target. */
    private final Set<Long> notCloned = ConcurrentHashMap.newKeySet();

    LargeCopies(Tally tally) {
        this.tally = tally;
    }

    /** A buffer for one more task, until {@link #giveBack}; null if enough of them help. */
    @Nullable MemorySegment borrow() {
        synchronized (buffers) {
            return buffers.poll();
        }
    }

    /** One more buffer, or one that was borrowed. */
    void giveBack(MemorySegment buffer) {
        synchronized (buffers) {
            buffers.push(buffer);
        }
    }

    /** Whether the file system has given the content of a file to another one by sharing it. */
    boolean clone(File source, FileStat state, File target) throws IoException {
        if (state.size() < CLONED_MIN || notCloned.contains(state.device())) {
            return false;
        }
        if (source.cloneTo(target)) {
            tally.bytesDone.addAndGet(state.size());
            return true;
        }
        notCloned.add(state.device());
        return false;
    }
}
