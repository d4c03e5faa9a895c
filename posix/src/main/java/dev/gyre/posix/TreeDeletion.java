package dev.gyre.posix;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileKind;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;

/** Removes a tree, whatever others do to it meanwhile. */
final class TreeDeletion {
    /** So often a folder is emptied again into which somebody else has put something, or that was replaced. */
    private static final int REFILLS_MAX = 16;

    private final FolderStack folders;
    private int refills;

    private TreeDeletion(FolderStack folders) {
        this.folders = folders;
    }

    /** Whether something was there. */
    static boolean delete(Directory folder, String name) throws IoException {
        String last = name.substring(name.replaceAll("/+$", "").lastIndexOf('/') + 1).replace("/", "");
        if (last.equals(".") || last.equals("..")) {
            // The kernel would refuse it as well, but only when all that is in it is gone.
            throw Operation.DELETE_DIRECTORY.failure(Reason.OPERATION_UNSUPPORTED, folder + "/" + name);
        }
        try (FolderStack folders = new FolderStack(folder)) {
            TreeDeletion deletion = new TreeDeletion(folders);
            boolean found = deletion.deleteOrEnter(name, false);
            while (folders.depth() > 0) {
                deletion.step();
            }
            return found;
        }
    }

    /** Deals with the next name in the lowest folder; with the folder itself if there is none. */
    private void step() throws IoException {
        DirectoryEntry entry = folders.next();
        if (entry == null) {
            leave();
        } else {
            deleteOrEnter(entry.name(), entry.kind() == FileKind.DIRECTORY);
        }
    }

    /** Whether it was there. */
    private boolean deleteOrEnter(String name, boolean isFolder) throws IoException {
        return (!isFolder && deleteFile(name)) || enter(name) || deleteFile(name);
    }

    /** Whether it was there, and no folder. */
    private boolean deleteFile(String name) throws IoException {
        try {
            folders.lowest().deleteFile(name);
            return true;
        } catch (IoException failed) {
            if (failed.reason() == Reason.IS_A_DIRECTORY || failed.reason() == Reason.FILE_NOT_FOUND) {
                return false;
            }
            throw failed;
        }
    }

    private boolean enter(String name) throws IoException {
        return folders.enter(name, OpenOptions.Flag.NO_FOLLOW);
    }

    /** Removes the lowest folder, which was emptied. */
    private void leave() throws IoException {
        String name = folders.leave();
        try {
            folders.lowest().deleteDirectory(name);
        } catch (IoException failed) {
            boolean changed = failed.reason() == Reason.DIRECTORY_NOT_EMPTY
                    || failed.reason() == Reason.NOT_A_DIRECTORY;
            if (changed && refills < REFILLS_MAX) {
                refills++;
                deleteOrEnter(name, true);
            } else if (failed.reason() != Reason.FILE_NOT_FOUND) {
                throw failed;
            }
        }
    }
}
