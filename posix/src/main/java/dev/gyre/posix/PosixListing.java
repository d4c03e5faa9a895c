package dev.gyre.posix;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names in a folder, of which the kernel hands over a buffer full at a time. */
final class PosixListing implements Listing {
    private final PosixDirectory folder;
    private final Deque<DirectoryEntry> some = new ArrayDeque<>();
    private boolean over;

    /** Those of a folder that nobody else lists, and that belongs to this from now on. */
    PosixListing(PosixDirectory folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable DirectoryEntry next() throws IoException {
        if (some.isEmpty() && !over) {
            List<DirectoryEntry> next = folder.next();
            over = next.isEmpty();
            some.addAll(next);
        }
        return some.poll();
    }

    @Override
    public void close() {
        folder.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
