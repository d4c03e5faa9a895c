package dev.gyre.cli.copy;

import dev.gyre.cli.copy.Folder.Name;
import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.Directory;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Renaming;

/**
 * Counts what is not dealt with in a folder. Who deals with the last of it gives the folder its attributes and its
 * name, and then counts in the folder above.
 */
final class Completion {
    private final TreeCopy all;

    Completion(TreeCopy all) {
        this.all = all;
    }

    /** So many names of a folder were dealt with, well or not. */
    void settle(Folder folder, long count) {
        all.tally().done.addAndGet(count);
        close(folder, count);
    }

    /** All names in a folder were found. */
    void walked(Folder folder) {
        close(folder, 1);
    }

    private void close(Folder settled, long count) {
        Folder folder = settled;
        long more = count;
        while (folder.pending.addAndGet(-more) == 0 && folder.parent != null) {
            finish(folder);
            all.folders().forget(folder);
            folder = folder.parent;
            more = 1;
        }
    }

    private void finish(Folder folder) {
        FileStat state = folder.state;
        FileStat target = folder.target;
        if (all.options().dryRun() || all.end() != null || state == null || target == null || folder.parent == null) {
            return;
        }
        String finalName = folder.finalName == null ? folder.name.target() : folder.finalName;
        Place place = new Place(folder.parent, new Name(folder.name.source(), finalName));
        try {
            all.folders().pin(folder);
            try {
                all.folders().openParent(folder);
                Attributes.Lost lost = all.attributes().copy(
                        place, folder.from(), state, folder.to(), target, folder.givesAcl);
                if (all.options().verify()) {
                    all.attributes().verify(
                            state, new Bearer.OfPath(folder.from(), "."), folder.to().stat("."),
                            new Bearer.OfPath(folder.to(), "."), lost);
                }
                if (all.options().sync()) {
                    folder.to().sync();
                }
                if (folder.finalName != null) {
                    giveName(folder.parent, folder.name.target(), folder.finalName);
                }
            } finally {
                all.folders().unpin(folder);
            }
        } catch (IoException failed) {
            all.failed(place, failed);
        } catch (MismatchException told) {
            all.problems().add(place.folder().targetPath(place.name()), told.what());
        }
    }

    /** A folder is whole. Nothing is replaced that has got the name meanwhile. */
    private void giveName(Folder parent, String name, String finalName) throws IoException, MismatchException {
        all.folders().pin(parent);
        try {
            Directory to = parent.to();
            try {
                to.rename(name, to, finalName, Renaming.NO_REPLACE);
            } catch (IoException failed) {
                switch (failed.reason()) {
                    case PATH_ALREADY_EXISTS -> throw new MismatchException(
                            "something else has got this name meanwhile; the copy is in " + Names.shown(name));
                    // The file system knows only the plain one, which replaces nothing but an empty folder.
                    case INTO_ITSELF, OPERATION_UNSUPPORTED, UNSUPPORTED_BY_KERNEL -> to.rename(name, finalName);
                    default -> throw failed;
                }
            }
        } finally {
            all.folders().unpin(parent);
        }
    }
}
