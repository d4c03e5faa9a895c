package dev.gyre.cli.copy;

import dev.gyre.cli.copy.Folder.Name;
import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import dev.gyre.io.OpenOptions.Flag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what there is to copy, and makes the folders. One task's.
 *
 * <p>It goes down first, and reads the folders on the way down a piece at a time, so that a folder of any size takes no
 * memory. What is no folder goes into a queue, some names of one folder at a time.
 */
final class Walk {
    /** So many names go to a task that copies at once. */
    private static final int BATCH_MAX = 16;

    /** What the owner of a folder needs to fill it. */
    private static final int OWNERS = 0700;

    private final TreeCopy all;
    private final CopyOptions options;
    private final OpenFolders folders;
    private final Tally tally;
    private final BoundedQueue<Batch> queue;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();

    /** The folders that are copied to, by device and number: none of them is copied itself. */
    private final Set<Identity> targets = new LinkedHashSet<>();

    private record Identity(long device, long inode) {
        static Identity of(FileStat state) {
            return new Identity(state.device(), state.inode());
        }
    }

    /** Names of one folder that some task is to copy. */
    record Batch(Folder folder, List<Found> names) {}

    /** A name of what is no folder. */
    record Found(Name name, FileKind kind) {}

    Walk(TreeCopy all, BoundedQueue<Batch> queue) {
        this.all = all;
        this.options = all.options();
        this.folders = all.folders();
        this.tally = all.tally();
        this.queue = queue;
    }

    /** Goes through everything, or as far as it gets before all is to stop. */
    void everything(List<Item> items) {
        try {
            for (Item item : items) {
                one(item);
            }
            tally.walked = true;
        } catch (StoppedException stopped) {
            // The tasks that copy see it, too.
        } finally {
            levels.forEach(Level::close);
        }
    }

    private void one(Item item) {
        Directory current = all.io().currentDirectory();
        Name name = new Name(item.source(), item.target());
        Folder top = new Folder(current, Attributes.givesAcl(current, Names.parent(item.target()) + "/."));
        Place place = new Place(top, name);
        try {
            FileKind kind = current.lstat(item.source()).kind();
            if (kind == FileKind.DIRECTORY) {
                enter(place, item.follow());
                while (!levels.isEmpty()) {
                    all.checkStopped();
                    step();
                }
            } else {
                Level level = new Level(top);
                level.add(name, kind);
                level.flush();
            }
        } catch (IoException failed) {
            all.failed(place, failed);
        } catch (MismatchException told) {
            all.problems().add(item.source(), told.what());
        }
        all.completion().walked(top);
    }

    /** Deals with the next name in the lowest folder. */
    private void step() {
        Level level = levels.getLast();
        DirectoryEntry entry;
        try {
            entry = level.next();
        } catch (IoException failed) {
            all.failed(new Place(parentOf(level.folder), level.folder.name), failed);
            entry = null;
        }
        if (entry == null) {
            levels.removeLast();
            level.flush();
            level.close();
            folders.openParent(level.folder);
            all.completion().walked(level.folder);
            return;
        }
        Name name = Name.of(entry.name());
        try {
            FileKind kind = entry.kind() == FileKind.UNKNOWN ? kindOf(level.folder, entry.name()) : entry.kind();
            if (Names.isPartial(entry.name())) {
                throw new MismatchException("is what an interrupted gyre cp has left, and not copied");
            }
            if (kind == FileKind.DIRECTORY) {
                enter(new Place(level.folder, name), false);
            } else {
                level.add(name, kind);
            }
        } catch (IoException failed) {
            all.failed(new Place(level.folder, name), failed);
        } catch (MismatchException told) {
            all.problems().add(level.folder.sourcePath(name), told.what());
        }
    }

    private static Folder parentOf(Folder folder) {
        Folder parent = folder.parent;
        if (parent == null) {
            throw new AssertionError("the top is not listed");
        }
        return parent;
    }

    private FileKind kindOf(Folder folder, String name) throws IoException {
        folders.pin(folder);
        try {
            return folder.from().lstat(name).kind();
        } finally {
            folders.unpin(folder);
        }
    }

    /** Makes a folder in the target where it is missing, and goes on in it. */
    private void enter(Place place, boolean follow) throws IoException, MismatchException {
        Folder parent = place.folder();
        folders.pin(parent);
        try {
            Directory from = parent.parent == null
                    ? parent.from().openDirectory(place.name().source())
                    : parent.from().openDirectory(place.name().source(), Flag.NO_FOLLOW);
            boolean entered = false;
            try {
                FileStat state = from.stat(".");
                if (targets.contains(Identity.of(state))) {
                    throw new MismatchException("is copied to, and not copied into itself");
                }
                Level level = new Level(made(place, follow, from, state));
                entered = true;
                levels.addLast(level);
                level.open(levels.size() > all.self().listingsMax());
            } finally {
                if (!entered) {
                    from.close();
                }
            }
        } finally {
            folders.unpin(parent);
        }
    }

    /** The folder, with its target where that is not only planned. It is open, and pinned. */
    private Folder made(Place place, boolean follow, Directory from, FileStat state)
            throws IoException, MismatchException {
        Folder parent = place.folder();
        Target target = parent.to == null
                ? new Target(place.name().target(), null, true, null, false)
                : target(parent, place.name().target(), follow);
        if (target.fresh) {
            tally.folders.incrementAndGet();
            if (options.dryRun()) {
                all.says("make", place, "");
            }
        }
        if (parent.parent == null && target.state != null) {
            targets.add(Identity.of(target.state));
        }
        parent.pending.incrementAndGet();
        String finalName = target.name.equals(place.name().target()) ? null : place.name().target();
        Folder folder = new Folder(
                parent, new Name(place.name().source(), target.name), state, target.state, target.fresh, finalName,
                target.givesAcl);
        return OpenFolders.opened(folder, from, target.to);
    }

    /** What a folder becomes: under which name, and whether that is new; open where it is there. */
    private record Target(
            String name, @Nullable Directory to, boolean fresh, @Nullable FileStat state, boolean givesAcl) {}

    private Target target(Folder parent, String name, boolean follow) throws IoException, MismatchException {
        Directory to = parent.to();
        if (parent.fresh) {
            if (!options.dryRun()) {
                to.makeDirectory(name, OWNERS);
            }
            return opened(to, name, true, false, parent.givesAcl);
        }
        FileStat there = Copier.present(to, name, follow);
        if (there != null) {
            requireFolder(to, name, there);
            return opened(to, name, false, follow, parent.givesAcl);
        }
        String partial = Names.partial(name);
        FileStat left = Copier.present(to, partial, false);
        boolean fresh = left == null;
        if (left != null) {
            requireFolder(to, partial, left);
        } else if (!options.dryRun()) {
            to.makeDirectory(partial, OWNERS);
        }
        return opened(to, partial, fresh, false, parent.givesAcl);
    }

    private Target opened(Directory parent, String name, boolean fresh, boolean follow, boolean givesAcl)
            throws IoException {
        if (fresh && options.dryRun()) {
            return new Target(name, null, true, null, false);
        }
        Directory to = follow ? parent.openDirectory(name) : parent.openDirectory(name, Flag.NO_FOLLOW);
        boolean whole = false;
        try {
            FileStat state = to.stat(".");
            Target target = new Target(name, to, fresh, state, fresh ? givesAcl : Attributes.givesAcl(to, "."));
            whole = true;
            return target;
        } finally {
            if (!whole) {
                to.close();
            }
        }
    }

    /** An ordinary user makes a folder usable for himself; it gets the permissions of the source in the end. */
    private void requireFolder(Directory to, String name, FileStat there) throws IoException, MismatchException {
        if (there.kind() != FileKind.DIRECTORY) {
            throw new MismatchException("cannot take the place of what is in the target, and is no folder");
        }
        if (!options.dryRun() && !all.self().isUnrestricted() && (there.mode() & OWNERS) != OWNERS
                && there.user() == all.self().user()) {
            to.setPermissions(name, there.mode() | OWNERS);
        }
    }

    /** A folder on the way down. */
    private final class Level {
        final Folder folder;
        private List<Found> batch = new ArrayList<>();
        private @Nullable Listing listing;

        /** What is left of a folder that was read at once. */
        private final ArrayDeque<DirectoryEntry> rest = new ArrayDeque<>();

        Level(Folder folder) {
            this.folder = folder;
        }

        /** Begins to read. The folder need not be open after that. */
        void open(boolean atOnce) {
            try {
                listing = folder.from().listing();
                if (atOnce) {
                    for (DirectoryEntry entry = listing.next(); entry != null; entry = listing.next()) {
                        rest.add(entry);
                    }
                    close();
                }
            } catch (IoException failed) {
                all.failed(new Place(parentOf(folder), folder.name), failed);
            } finally {
                folders.unpin(folder);
            }
        }

        @Nullable DirectoryEntry next() throws IoException {
            return listing == null ? rest.poll() : listing.next();
        }

        void add(Name name, FileKind kind) {
            batch.add(new Found(name, kind));
            if (batch.size() == BATCH_MAX) {
                flush();
            }
        }

        void flush() {
            if (!batch.isEmpty()) {
                folder.pending.addAndGet(batch.size());
                tally.found.addAndGet(batch.size());
                queue.put(new Batch(folder, batch));
                batch = new ArrayList<>();
            }
        }

        void close() {
            if (listing != null) {
                listing.close();
                listing = null;
            }
        }
    }
}
