package dev.gyre.posix;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes a tree, by descriptors of its folders and never by paths of several names, so that no link that somebody puts
 * into the way is followed.
 *
 * <p>The folders on the way down are open, the lowest {@link #OPEN_MAX} of them; one that is higher is opened again
 * from below, as {@code ..}, if it is still the same.
 */
final class TreeDeletion {
    private static final int OPEN_MAX = 64;

    /** So often a folder is emptied again into which somebody else has put something. */
    private static final int REFILLS_MAX = 16;

    private final Directory start;
    private final List<Level> levels = new ArrayList<>();
    private int refills;

    private TreeDeletion(Directory start) {
        this.start = start;
    }

    /** Whether something was there. */
    static boolean delete(Directory folder, String name) throws IoException {
        TreeDeletion deletion = new TreeDeletion(folder);
        try {
            boolean found = deletion.deleteOrEnter(folder, name, false);
            while (!deletion.levels.isEmpty()) {
                deletion.step();
            }
            return found;
        } finally {
            deletion.levels.forEach(Level::close);
        }
    }

    /** A folder on the way down. */
    private static final class Level {
        final String name;
        final long device;
        final long inode;
        @Nullable Directory folder;
        @Nullable Listing listing;

        Level(String name, Directory folder, FileStat state, Listing listing) {
            this.name = name;
            this.device = state.device();
            this.inode = state.inode();
            this.folder = folder;
            this.listing = listing;
        }

        void close() {
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

    /** Deals with the next name in the lowest folder; with the folder itself if there is none. */
    private void step() throws IoException {
        Level level = levels.getLast();
        if (level.folder == null || level.listing == null) {
            throw new AssertionError("the lowest folder is open");
        }
        DirectoryEntry entry = level.listing.next();
        if (entry == null) {
            leave();
        } else {
            deleteOrEnter(level.folder, entry.name(), entry.kind() == FileKind.DIRECTORY);
        }
    }

    /** Whether it was there. */
    private boolean deleteOrEnter(Directory folder, String name, boolean isFolder) throws IoException {
        return (!isFolder && deleteFile(folder, name)) || enter(folder, name) || deleteFile(folder, name);
    }

    /** Whether it was there, and no folder. */
    private static boolean deleteFile(Directory folder, String name) throws IoException {
        try {
            folder.deleteFile(name);
            return true;
        } catch (IoException failed) {
            if (failed.reason() == Reason.IS_A_DIRECTORY || failed.reason() == Reason.FILE_NOT_FOUND) {
                return false;
            }
            throw failed;
        }
    }

    /** Whether it was there, and a folder. */
    private boolean enter(Directory parent, String name) throws IoException {
        Directory folder;
        try {
            folder = parent.openDirectory(name, OpenOptions.Flag.NO_FOLLOW);
        } catch (IoException failed) {
            if (failed.reason() == Reason.NOT_A_DIRECTORY || failed.reason() == Reason.FILE_NOT_FOUND) {
                return false;
            }
            throw failed;
        }
        boolean entered = false;
        try {
            levels.add(new Level(name, folder, folder.stat("."), folder.listing()));
            entered = true;
        } finally {
            if (!entered) {
                folder.close();
            }
        }
        if (levels.size() > OPEN_MAX) {
            levels.get(levels.size() - 1 - OPEN_MAX).close();
        }
        return true;
    }

    /** Removes the lowest folder, which was emptied. */
    private void leave() throws IoException {
        Level left = levels.removeLast();
        try {
            Directory parent = parentOf(left);
            try {
                parent.deleteDirectory(left.name);
            } catch (IoException failed) {
                if (failed.reason() == Reason.DIRECTORY_NOT_EMPTY && refills < REFILLS_MAX) {
                    refills++;
                    enter(parent, left.name);
                } else if (failed.reason() != Reason.FILE_NOT_FOUND) {
                    throw failed;
                }
            }
        } finally {
            left.close();
        }
    }

    private Directory parentOf(Level left) throws IoException {
        if (levels.isEmpty()) {
            return start;
        }
        Level parent = levels.getLast();
        if (parent.folder == null && left.folder != null) {
            parent.folder = left.folder.openDirectory("..");
            FileStat state = parent.folder.stat(".");
            if (state.device() != parent.device || state.inode() != parent.inode) {
                throw Operation.OPEN_DIRECTORY.failure(Reason.PATH_ESCAPES, left.folder);
            }
            parent.listing = parent.folder.listing();
        }
        if (parent.folder == null) {
            throw new AssertionError("the folder that was left is open");
        }
        return parent.folder;
    }
}
