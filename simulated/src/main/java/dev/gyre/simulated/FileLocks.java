package dev.gyre.simulated;

import dev.gyre.io.Locking;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which files are locked, and by which of those that have them open. Guarded by the kernel's lock. */
final class FileLocks {
    private final Map<Inode, Map<OpenFile, Locking>> holders = new HashMap<>();
    private final Map<Inode, Watchers> watchers = new HashMap<>();

    /** Locks, or unlocks for null; one that has it already changes its kind. False if others have it. */
    boolean take(OpenFile file, @Nullable Locking locking) {
        Map<OpenFile, Locking> all = holders.computeIfAbsent(file.inode(), _ -> new HashMap<>());
        if (locking != null && isRefused(all, file, locking)) {
            return false;
        }
        if (locking == null) {
            all.remove(file);
        } else {
            all.put(file, locking);
        }
        if (locking != Locking.EXCLUSIVE) {
            watchers(file).signal();
        }
        return true;
    }

    private static boolean isRefused(Map<OpenFile, Locking> all, OpenFile file, Locking locking) {
        return all.entrySet().stream().anyMatch(other -> other.getKey() != file
                && (locking == Locking.EXCLUSIVE || other.getValue() == Locking.EXCLUSIVE));
    }

    /** Gives back what a file that is closed had. */
    void release(OpenFile file) {
        if (holders.containsKey(file.inode())) {
            take(file, null);
        }
    }

    /** Those who wait for it. */
    Watchers watchers(OpenFile file) {
        return watchers.computeIfAbsent(file.inode(), _ -> new Watchers());
    }
}
