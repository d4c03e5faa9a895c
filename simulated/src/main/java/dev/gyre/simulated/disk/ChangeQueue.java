package dev.gyre.simulated.disk;

import dev.gyre.io.Change;
import dev.gyre.posix.KernelChange;
import dev.gyre.posix.Paths;
import dev.gyre.simulated.turns.Watchers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What has happened to files that are watched, and was not taken yet (inotify(7)). Guarded by the kernel's lock. */
final class ChangeQueue {
    /** So many at most wait to be taken: the kernel's default of {@code fs.inotify.max_queued_events}. */
    static final int LENGTH_MAX = 16_384;

    /** So many are taken at once. */
    private static final int TAKEN_MAX = 1024;

    private static final KernelChange OVERFLOW = new KernelChange(-1, Change.OVERFLOW, "", false, 0);

    private final Watchers watchers = new Watchers();
    private final Deque<KernelChange> changes = new ArrayDeque<>();
    private boolean overflown;
    private int watches;

    /** Those who wait for something to happen. */
    Watchers watchers() {
        return watchers;
    }

    /** A number that no watch had yet. */
    int nextWatch() {
        return ++watches;
    }

    /**
     * Takes note of a change. What is the same as the last one is not told again, and what there is no room for is
     * lost.
     *
     * @param name in the watched folder, a character for each byte; empty for that itself
     */
    void add(int watch, Change change, String name, boolean isDirectory, int moveNumber) {
        KernelChange last = changes.peekLast();
        String decoded = Paths.decode(name.getBytes(StandardCharsets.ISO_8859_1));
        if (last != null && change != Change.WATCH_ENDED && last.watch() == watch && last.change() == change
                && last.isDirectory() == isDirectory && last.name().equals(decoded)) {
            return;
        }
        if (changes.size() >= LENGTH_MAX) {
            if (!overflown) {
                overflown = true;
                changes.add(OVERFLOW);
            }
            return;
        }
        changes.add(new KernelChange(watch, change, decoded, isDirectory, moveNumber));
        watchers.signal();
    }

    /** The next changes; none if nothing has happened. */
    List<KernelChange> take() {
        List<KernelChange> some = new ArrayList<>();
        while (!changes.isEmpty() && some.size() < TAKEN_MAX) {
            KernelChange next = changes.remove();
            overflown &= next != OVERFLOW;
            some.add(next);
        }
        return some;
    }

    @Override
    public String toString() {
        return "a watcher";
    }
}
