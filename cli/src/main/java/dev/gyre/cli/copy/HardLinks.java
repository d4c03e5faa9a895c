package dev.gyre.cli.copy;

import dev.gyre.cli.copy.Folder.Name;
import dev.gyre.io.FileStat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of the source that have several names. Whoever meets one first copies it; the other names become links to
 * the copy when that is there. A file is remembered from the first of its names to the last.
 */
final class HardLinks {
    private final ConcurrentHashMap<Key, Copy> copies = new ConcurrentHashMap<>();

    /** A file of the source. */
    private record Key(long device, long inode) {}

    /** A name, and the folder that it is in. */
    record Place(Folder folder, Name name) {}

    /** What is known of one file's copy. All of it is guarded by the object itself. */
    static final class Copy {
        private final Key key;
        private long unseen;

        /** Where the copy is; null before it is there. */
        private @Nullable Place first;

        private final List<Place> waiting = new ArrayList<>();

        private boolean claimed;

        private Copy(Key key, long links) {
            this.key = key;
            this.unseen = links;
        }
    }

    /** What to do with a name. Exactly one of the two is set, or none if there is nothing to do now. */
    record Claim(@Nullable Copy own, @Nullable Place first) {}

    /** Another name was found. If nothing is to be done, {@link #made} or {@link #failed} hands it out later. */
    Claim claim(FileStat state, Place place) {
        Key key = new Key(state.device(), state.inode());
        while (true) {
            Copy copy = copies.computeIfAbsent(key, k -> new Copy(k, state.links()));
            synchronized (copy) {
                if (copies.get(key) != copy) {
                    continue;
                }
                copy.unseen--;
                if (!copy.claimed) {
                    copy.claimed = true;
                    return new Claim(copy, null);
                }
                Place first = copy.first;
                if (first == null) {
                    copy.waiting.add(place);
                    return new Claim(null, null);
                }
                forgetIfComplete(copy);
                return new Claim(null, first);
            }
        }
    }

    /** The copy is there: which names are to become links to it. */
    List<Place> made(Copy copy, Place first) {
        synchronized (copy) {
            copy.first = first;
            forgetIfComplete(copy);
            List<Place> others = List.copyOf(copy.waiting);
            copy.waiting.clear();
            return others;
        }
    }

    /** The copy could not be made: who is to try next, if anybody. */
    @Nullable Place failed(Copy copy) {
        synchronized (copy) {
            if (copy.waiting.isEmpty()) {
                copy.claimed = false;
                forgetIfComplete(copy);
                return null;
            }
            return copy.waiting.removeFirst();
        }
    }

    private void forgetIfComplete(Copy copy) {
        if (copy.unseen <= 0) {
            copies.remove(copy.key, copy);
        }
    }
}
