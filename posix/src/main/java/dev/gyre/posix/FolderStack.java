package dev.gyre.posix;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders on the way down a tree, with the names in each that were not told yet. They are opened by descriptors and
 * never by paths of several names, so that no link that somebody puts into the way is followed.
 *
 * <p>The lowest {@link #OPEN_MAX} of them are open. One that is higher has its names in memory instead, and is opened
 * again from below, as {@code ..}, if it is still the same.
 */
final class FolderStack implements AutoCloseable {
    private static final int OPEN_MAX = 64;

    private final Directory start;
    private final List<Level> levels = new ArrayList<>();

    /**
     * None yet.
     *
     * @param start the parent of the first; stays open for as long as this is used
     */
    FolderStack(Directory start) {
        this.start = start;
    }

    /** A folder on the way down. */
    private static final class Level implements AutoCloseable {
        final String name;
        final long device;
        final long inode;
        final Deque<DirectoryEntry> rest = new ArrayDeque<>();
        @Nullable Directory folder;
        @Nullable Listing listing;

        Level(String name, Directory folder, FileStat state, Listing listing) {
            this.name = name;
            this.device = state.device();
            this.inode = state.inode();
            this.folder = folder;
            this.listing = listing;
        }

        @Nullable DirectoryEntry next() throws IoException {
            return rest.isEmpty() ? read() : rest.poll();
        }

        /** Where it cannot be read, there is nothing more in it; and where it was removed, nothing at all. */
        private @Nullable DirectoryEntry read() throws IoException {
            if (listing == null) {
                return null;
            }
            try {
                return listing.next();
            } catch (IoException failed) {
                listing.close();
                listing = null;
                if (failed.reason() == Reason.FILE_NOT_FOUND) {
                    return null;
                }
                throw failed;
            }
        }

        /** Closes it for now. If that fails, it stays open, and what was read of it is not lost. */
        void suspend() throws IoException {
            for (DirectoryEntry entry = read(); entry != null; entry = read()) {
                rest.add(entry);
            }
            close();
        }

        @Override
        public void close() {
            if (listing != null) {
                listing.close();
                listing = null;
            }
            if (folder != null) {
                folder.close();
                folder = null;
            }
        }
    }

    /** How many there are. */
    int depth() {
        return levels.size();
    }

    /** The lowest; where all begins, if there is none. */
    Directory lowest() {
        if (levels.isEmpty()) {
            return start;
        }
        Directory folder = levels.getLast().folder;
        if (folder == null) {
            throw new AssertionError("the lowest folder is open");
        }
        return folder;
    }

    /** The next name in the lowest; null if there is none. After a failure there is none. */
    @Nullable DirectoryEntry next() throws IoException {
        return levels.getLast().next();
    }

    /**
     * Goes down from the lowest.
     *
     * @param name a folder in it, as far as is known
     * @param flags how to open it
     * @return false if it is not there, or no folder
     */
    boolean enter(String name, OpenOptions.Flag... flags) throws IoException {
        Directory folder;
        try {
            folder = lowest().openDirectory(name, flags);
        } catch (IoException failed) {
            if (failed.reason() == Reason.NOT_A_DIRECTORY || failed.reason() == Reason.FILE_NOT_FOUND) {
                return false;
            }
            throw failed;
        }
        boolean entered = false;
        try {
            if (levels.size() >= OPEN_MAX) {
                levels.get(levels.size() - OPEN_MAX).suspend();
            }
            levels.add(new Level(name, folder, folder.stat("."), folder.listing()));
            entered = true;
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND) {
                throw failed;
            }
            // Somebody has removed it meanwhile.
        } finally {
            if (!entered) {
                folder.close();
            }
        }
        return entered;
    }

    /**
     * Goes up, and closes the lowest. If that fails, it is still there.
     *
     * @return its name in what is the lowest now
     */
    String leave() throws IoException {
        Level left = levels.getLast();
        Level parent = levels.size() > 1 ? levels.get(levels.size() - 2) : null;
        if (parent != null && parent.folder == null && left.folder != null) {
            reopen(parent, left.folder);
        }
        levels.removeLast();
        left.close();
        return left.name;
    }

    private static void reopen(Level parent, Directory below) throws IoException {
        Directory folder = below.openDirectory("..");
        boolean same = false;
        try {
            FileStat state = folder.stat(".");
            same = state.device() == parent.device && state.inode() == parent.inode;
            if (!same) {
                throw Operation.OPEN_DIRECTORY.failure(Reason.PATH_ESCAPES, below);
            }
            parent.folder = folder;
        } finally {
            if (!same) {
                folder.close();
            }
        }
    }

    @Override
    public void close() {
        levels.forEach(Level::close);
        levels.clear();
    }
}
