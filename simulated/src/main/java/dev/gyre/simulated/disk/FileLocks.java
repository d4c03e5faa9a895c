package dev.gyre.simulated.disk;

import dev.gyre.io.Locking;
import dev.gyre.simulated.turns.Watchers;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Which files are locked, and by which of those that have them open. Guarded by the kernel's lock. */
final class FileLocks {
    /** The locks of one file, and those who wait for them. */
    private record Locks(Map<OpenFile, Locking> holders, Watchers watchers) {
        boolean areRefused(OpenFile file, Locking locking) {
            return holders.entrySet().stream().anyMatch(other -> other.getKey() != file
                    && (locking == Locking.EXCLUSIVE || other.getValue() == Locking.EXCLUSIVE));
        }
    }

    /** Whoever has a lock, or waits for one, has the file. */
    private final Map<Inode, Locks> all = new WeakHashMap<>();

    /** Locks, or unlocks for null; one that has it already changes its kind. False if others have it. */
    boolean take(OpenFile file, @Nullable Locking locking) {
        Locks locks = locks(file);
        if (locking == null) {
            locks.holders.remove(file);
        } else if (locks.areRefused(file, locking)) {
            return false;
        } else {
            locks.holders.put(file, locking);
        }
        if (locking != Locking.EXCLUSIVE) {
            locks.watchers.signal();
        }
        return true;
    }

    /** Gives back what a file had that is closed. */
    void release(OpenFile file) {
        Locks locks = all.get(file.inode());
        if (locks != null && locks.holders.containsKey(file)) {
            take(file, null);
        }
    }

    /** Those who wait for it. */
    Watchers watchers(OpenFile file) {
        return locks(file).watchers;
    }

    private Locks locks(OpenFile file) {
        return all.computeIfAbsent(file.inode(), _ -> new Locks(new HashMap<>(), new Watchers()));
    }
}
