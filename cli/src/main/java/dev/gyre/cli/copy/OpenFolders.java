package dev.gyre.cli.copy;

import dev.gyre.io.Directory;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The folders that are open: those in use, and some more. Others are opened again when they are needed,
 * by their names from the nearest one that is open, and only if they are still the same.
 */
final class OpenFolders {
    private final int idleMax;

    /** Nobody waits for the kernel while it is held. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Open and not in use, the longest unused first. */
    private final LinkedHashSet<Folder> idle = new LinkedHashSet<>();

    OpenFolders(int idleMax) {
        this.idleMax = idleMax;
    }

    /** Lets a folder be used until {@link #unpin}, and opens it if needed. */
    void pin(Folder folder) throws IoException {
        ArrayDeque<Folder> way = new ArrayDeque<>();
        Folder open = folder;
        while (!pinIfOpen(open)) {
            way.push(open);
            open = open.parent;
            if (open == null) {
                throw new AssertionError("the top is always open");
            }
        }
        // However deep it is, two of them are held at a time.
        while (!way.isEmpty()) {
            Folder next = way.pop();
            try {
                pinIn(open, next);
            } finally {
                unpin(open);
            }
            open = next;
        }
    }

    /** The same for one whose parent is pinned. */
    private void pinIn(Folder parent, Folder folder) throws IoException {
        FileStat target = folder.target;
        open(folder, () -> reopen(parent.from(), folder.name.source(), folder.state, parent.parent == null),
                () -> target == null ? null : reopenTarget(parent.to(), folder, target));
    }

    /**
     * Opens the parent of a folder from there, if only that is open: on the way up a deep tree, it is wanted next.
     * Where that is not possible, it is left for {@link #pin} to go all the way down.
     */
    void openParent(Folder folder) {
        Folder parent = folder.parent;
        if (parent == null || parent.target == null || !pinIfOpen(folder)) {
            return;
        }
        try {
            if (!pinIfOpen(parent)) {
                open(parent, () -> reopen(folder.from(), "..", parent.state, false),
                        () -> reopen(folder.to(), "..", parent.target, false));
            }
            unpin(parent);
        } catch (IoException longWay) {
            // As said above.
        } finally {
            unpin(folder);
        }
    }

    /** How to open one of a folder's two sides. */
    private interface Side {
        @Nullable Directory open() throws IoException;
    }

    /** Opens a folder, and pins it; another task may have opened it meanwhile. */
    private void open(Folder folder, Side source, Side target) throws IoException {
        Directory from = null;
        Directory to = null;
        try {
            from = source.open();
            to = target.open();
            lock.lock();
            try {
                folder.pins++;
                if (folder.from == null) {
                    folder.from = from;
                    folder.to = to;
                    from = null;
                    to = null;
                } else {
                    idle.remove(folder);
                }
            } finally {
                lock.unlock();
            }
        } finally {
            close(from, to);
        }
    }

    private boolean pinIfOpen(Folder folder) {
        lock.lock();
        try {
            if (folder.from == null) {
                return false;
            }
            folder.pins++;
            idle.remove(folder);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** It may have got its final name already, when another name of a file in it is found. */
    private static Directory reopenTarget(Directory parent, Folder folder, FileStat target) throws IoException {
        boolean follow = folder.parent != null && folder.parent.parent == null;
        try {
            return reopen(parent, folder.name.target(), target, follow);
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND || folder.finalName == null) {
                throw failed;
            }
            return reopen(parent, folder.finalName, target, follow);
        }
    }

    /** At the top, a path may lead through symbolic links. */
    private static Directory reopen(Directory parent, String name, @Nullable FileStat state, boolean follow)
            throws IoException {
        Directory folder = follow ? parent.openDirectory(name) : parent.openDirectory(name, Flag.NO_FOLLOW);
        try {
            FileStat now = folder.stat(".");
            if (state == null || now.device() != state.device() || now.inode() != state.inode()) {
                throw Operation.OPEN_DIRECTORY.failure(Reason.FILE_NOT_FOUND, name);
            }
        } catch (IoException | RuntimeException failed) {
            folder.close();
            throw failed;
        }
        return folder;
    }

    /** The end of one use. */
    void unpin(Folder folder) {
        Directory from = null;
        Directory to = null;
        lock.lock();
        try {
            folder.pins--;
            if (folder.pins == 0) {
                idle.add(folder);
                if (idle.size() > idleMax) {
                    Folder oldest = idle.removeFirst();
                    from = oldest.from;
                    to = oldest.to;
                    oldest.from = null;
                    oldest.to = null;
                }
            }
        } finally {
            lock.unlock();
        }
        close(from, to);
    }

    /** The end of all uses, if nobody uses it now. */
    void forget(Folder folder) {
        Directory from = null;
        Directory to = null;
        lock.lock();
        try {
            if (idle.remove(folder)) {
                from = folder.from;
                to = folder.to;
                folder.from = null;
                folder.to = null;
            }
        } finally {
            lock.unlock();
        }
        close(from, to);
    }

    /** Closes what is not in use. */
    void closeIdle() {
        while (true) {
            Folder next;
            lock.lock();
            try {
                if (idle.isEmpty()) {
                    return;
                }
                next = idle.getFirst();
            } finally {
                lock.unlock();
            }
            forget(next);
        }
    }

    private static void close(@Nullable Directory from, @Nullable Directory to) {
        if (from != null) {
            from.close();
        }
        if (to != null) {
            to.close();
        }
    }

    /** A folder that was opened just now, used by the caller. */
    static Folder opened(Folder folder, Directory from, @Nullable Directory to) {
        folder.from = from;
        folder.to = to;
        folder.pins = 1;
        return folder;
    }
}
