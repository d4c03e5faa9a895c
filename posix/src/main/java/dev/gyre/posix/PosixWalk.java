package dev.gyre.posix;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileKind;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Walk;
import dev.gyre.io.WalkEntry;
import org.jspecify.annotations.Nullable;

/** A walk that enters a folder when it is asked for what follows. */
final class PosixWalk implements Walk {
    private final Directory top;
    private final FolderStack folders;

    /** The path of the lowest folder, with a slash at its end; empty at the top. */
    private final StringBuilder path = new StringBuilder();

    /** The folder that was told last, and is to be entered next. */
    private @Nullable String pending;

    /** Whether what was told last is a folder, and its content not given up. */
    private boolean mayPrune;

    /** Whether that folder was entered, by a call that then failed or was canceled. */
    private boolean entered;

    /** Whether it is to be left, untold. */
    private boolean pruned;

    /**
     * A walk.
     *
     * @param top belongs to this from now on
     */
    private PosixWalk(Directory top) {
        this.top = top;
        this.folders = new FolderStack(top);
    }

    /** One from a folder on, which is closed with it, and if this fails. */
    static PosixWalk begin(Directory top) throws IoException {
        PosixWalk walk = new PosixWalk(top);
        boolean begun = false;
        try {
            walk.folders.enter(".");
            begun = true;
            return walk;
        } finally {
            if (!begun) {
                walk.close();
            }
        }
    }

    @Override
    public @Nullable WalkEntry next() throws IoException {
        if (pruned) {
            var _ = left();
            pruned = false;
        }
        if (pending != null) {
            enter(pending);
        }
        while (folders.depth() > 0) {
            DirectoryEntry entry = folders.next();
            if (entry == null) {
                if (folders.depth() == 1) {
                    close();
                    return null;
                }
                return left();
            }
            FileKind kind = entry.kind() == FileKind.UNKNOWN ? kindOf(entry.name()) : entry.kind();
            if (kind != null) {
                pending = kind == FileKind.DIRECTORY ? entry.name() : null;
                return told(entry.name(), kind, false);
            }
        }
        return null;
    }

    /** Null if it is there no more. */
    private @Nullable FileKind kindOf(String name) throws IoException {
        try {
            return folders.lowest().lstat(name).kind();
        } catch (IoException failed) {
            if (failed.reason() == Reason.FILE_NOT_FOUND) {
                return null;
            }
            throw failed;
        }
    }

    private void enter(String name) throws IoException {
        boolean canceled = true;
        try {
            if (folders.enter(name, OpenOptions.Flag.NO_FOLLOW)) {
                path.append(name).append('/');
                entered = true;
            }
            canceled = false;
        } catch (IoException failed) {
            canceled = false;
            if (failed.reason() != Reason.SYMLINK_LOOP) {
                throw failed;
            }
            // Somebody has put a link in its place.
        } finally {
            if (!canceled) {
                pending = null;
            }
        }
    }

    private WalkEntry left() throws IoException {
        String name;
        try {
            name = folders.leave();
        } catch (IoException failed) {
            close();
            throw failed;
        }
        path.setLength(path.length() - name.length() - 1);
        return told(name, FileKind.DIRECTORY, true);
    }

    private WalkEntry told(String name, FileKind kind, boolean left) {
        entered = false;
        mayPrune = kind == FileKind.DIRECTORY && !left;
        return new WalkEntry(folders.lowest(), name, path + name, kind, folders.depth() - 1, left);
    }

    @Override
    public void prune() {
        if (!mayPrune) {
            throw new IllegalStateException("what was told last is no folder that is about to be entered");
        }
        pruned = entered;
        entered = false;
        mayPrune = false;
        pending = null;
    }

    @Override
    public void close() {
        pending = null;
        mayPrune = false;
        pruned = false;
        folders.close();
        top.close();
    }
}
