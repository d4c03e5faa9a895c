package dev.gyre.cli.copy;

import dev.gyre.cli.copy.Folder.Name;
import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Placement;
import dev.gyre.io.QueueClosedException;
import dev.gyre.io.Renaming;
import dev.gyre.io.Semaphore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies trees. It is used once.
 *
 * <p>A second run of what was interrupted does what is left: files that are there already, by size, time of change,
 * permissions and owner, are kept, and large ones that were half copied are gone on with.
 */
public final class TreeCopy {
    /** So many names go from the walk to a task that copies at once. */
    private static final int BATCH_MAX = 16;

    /** So many tasks copy one large file besides the one that has found it; more are of no use. */
    private static final int HELPERS_MAX = 3;

    private static final int BUFFER_ALIGNMENT = 4096;

    /** To copy less takes no longer than to share it. */
    private static final long CLONED_MIN = 64 * 1024;

    private final Io io;
    private final CopyOptions options;
    private final ProcessState self;
    private final Consumer<String> plan;
    private final Tally tally = new Tally();
    private final Problems problems = new Problems();
    private final Attributes attributes;
    private final HardLinks links = new HardLinks();
    private final OpenFolders folders = new OpenFolders();
    private final Semaphore helpers;
    private final ArrayDeque<MemorySegment> helpersBuffers = new ArrayDeque<>();

    /** The devices from which nothing can be shared with the target. */
    private final Set<Long> notCloned = ConcurrentHashMap.newKeySet();

    private volatile @Nullable End end;
    private volatile @Nullable String fullMessage;

    /** Why it ended before everything was done. */
    public enum End {
        /** Somebody wanted that. */
        INTERRUPTED,
        /** There is no room in the target. */
        FULL
    }

    /**
     * Does nothing yet.
     *
     * @param io open until {@link #run} has returned
     * @param options how
     * @param self what is known of this process
     * @param plan takes the lines of a dry run, from any thread, one at a time
     */
    public TreeCopy(Io io, CopyOptions options, ProcessState self, Consumer<String> plan) {
        this.io = io;
        this.options = options;
        this.self = self;
        this.plan = plan;
        this.attributes = new Attributes(options.strict(), tally, problems, self);
        this.helpers = io.semaphore(HELPERS_MAX);
    }

    /**
     * What has been done so far.
     *
     * @return always the same
     */
    public Tally tally() {
        return tally;
    }

    /**
     * What went wrong so far.
     *
     * @return always the same
     */
    public Problems problems() {
        return problems;
    }

    /**
     * Whether it ended, or is to end, before everything was done.
     *
     * @return why; null otherwise
     */
    public @Nullable End end() {
        return end;
    }

    /**
     * Which part of the target has no room.
     *
     * @return a line; null unless it ended by {@link End#FULL}
     */
    public @Nullable String fullMessage() {
        return fullMessage;
    }

    /** Asks it to end soon, so that another run can go on. Any thread may call it, any number of times. */
    public void interrupt() {
        if (end == null) {
            end = End.INTERRUPTED;
        }
    }

    CopyOptions options() {
        return options;
    }

    ProcessState self() {
        return self;
    }

    Attributes attributes() {
        return attributes;
    }

    HardLinks links() {
        return links;
    }

    OpenFolders folders() {
        return folders;
    }

    boolean isInterrupted() {
        return end == End.INTERRUPTED;
    }

    void checkStopped() {
        if (end != null) {
            throw new StoppedException();
        }
    }

    /**
     * Copies everything, and returns when nothing is under way any more. Problems of single files are told by
     * {@link #problems}.
     *
     * @param items what and where, checked already
     */
    public void run(List<Item> items) {
        try (Arena arena = io.arena();
                BoundedQueue<Batch> queue = io.queue(2 * options.tasks());
                Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < HELPERS_MAX; i++) {
                helpersBuffers.push(buffer(arena));
            }
            for (int i = 0; i < options.tasks(); i++) {
                MemorySegment buffer = buffer(arena);
                group.concurrent(Placement.SPREAD, () -> work(queue, new Copier(this, buffer)));
            }
            group.concurrent(() -> {
                try (queue) {
                    new Walk(queue).everything(items);
                }
            });
            group.await();
            if (options.sync() && end == null) {
                syncParents(items);
            }
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        } finally {
            folders.closeIdle();
        }
    }

    private static MemorySegment buffer(Arena arena) {
        return arena.allocate(Content.BUFFER_BYTES, BUFFER_ALIGNMENT);
    }

    /** Names of one folder that some task is to copy. */
    private record Batch(Folder folder, List<Found> names) {}

    private record Found(Name name, FileKind kind) {}

    private void work(BoundedQueue<Batch> queue, Copier copier) {
        while (true) {
            Batch batch;
            try {
                batch = queue.get();
            } catch (QueueClosedException everythingIsDone) {
                return;
            }
            // Those that wait after the end are taken, too, so that the walk need not wait for room.
            if (end == null) {
                try {
                    copy(batch, copier);
                } catch (StoppedException stopped) {
                    // So are the others.
                }
            }
        }
    }

    private void copy(Batch batch, Copier copier) {
        Folder folder = batch.folder;
        try {
            folders.pin(folder);
        } catch (IoException failed) {
            for (Found found : batch.names) {
                failed(new Place(folder, found.name), failed);
            }
            settle(folder, batch.names.size());
            return;
        }
        int settled = 0;
        try {
            for (Found found : batch.names) {
                checkStopped();
                if (copier.copy(new Place(folder, found.name), found.kind)) {
                    settled++;
                }
            }
        } finally {
            folders.unpin(folder);
        }
        settle(folder, settled);
    }

    /** So many names of a folder were dealt with. The last one gives the folder its attributes. */
    private void settle(Folder folder, long count) {
        tally.done.addAndGet(count);
        close(folder, count);
    }

    private void close(Folder settled, long count) {
        Folder folder = settled;
        long more = count;
        while (folder.pending.addAndGet(-more) == 0 && folder.parent != null) {
            finish(folder);
            folders.forget(folder);
            folder = folder.parent;
            more = 1;
        }
    }

    private void finish(Folder folder) {
        FileStat state = folder.state;
        FileStat target = folder.target;
        if (options.dryRun() || end != null || state == null || target == null || folder.parent == null) {
            return;
        }
        String finalName = folder.finalName == null ? folder.name.target() : folder.finalName;
        Place place = new Place(folder.parent, new Name(folder.name.source(), finalName));
        try {
            folders.pin(folder);
            try {
                attributes.copy(
                        place.folder().targetPath(place.name()), folder.from(), state, folder.to(), target,
                        folder.givesAcl);
                if (options.verify()) {
                    attributes.verify(state, folder.to().stat("."));
                }
                if (options.sync()) {
                    folder.to().sync();
                }
                if (folder.finalName != null) {
                    giveName(folder.parent, folder.name.target(), folder.finalName);
                }
            } finally {
                folders.unpin(folder);
            }
        } catch (IoException failed) {
            failed(place, failed);
        } catch (MismatchException told) {
            problems.add(place.folder().targetPath(place.name()), told.what());
        }
    }

    /** A folder is whole. Nothing is replaced that has got the name meanwhile. */
    private void giveName(Folder parent, String name, String finalName) throws IoException, MismatchException {
        folders.pin(parent);
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
            folders.unpin(parent);
        }
    }

    private void syncParents(List<Item> items) {
        Set<String> parents = new LinkedHashSet<>();
        items.forEach(item -> parents.add(Names.parent(item.target())));
        for (String parent : parents) {
            try (Directory folder = io.currentDirectory().openDirectory(parent)) {
                folder.sync();
            } catch (IoException failed) {
                problems.add(parent, failed);
            }
        }
    }

    /** One name could not be copied. If that is for lack of room, no other will be. */
    void failed(Place place, IoException failure) {
        boolean ofTarget = switch (failure.operation()) {
            case WRITE_FILE, RENAME, MAKE_DIRECTORY, HARD_LINK, SYMLINK, DELETE_FILE, SYNC, TRUNCATE,
                    SET_PERMISSIONS, SET_OWNER, SET_TIMES, SET_EXTENDED_ATTRIBUTE, REMOVE_EXTENDED_ATTRIBUTE -> true;
            default -> failure.target().endsWith(Names.PARTIAL_END);
        };
        String path = ofTarget ? place.folder().targetPath(place.name()) : place.folder().sourcePath(place.name());
        switch (failure.reason()) {
            case NO_SPACE_LEFT, DISK_QUOTA -> {
                fullMessage = Names.shown(path) + ": " + failure.reason().text();
                end = End.FULL;
            }
            default -> problems.add(path, failure);
        }
    }

    /** Tells what would be done. */
    void says(String verb, Place place, String more) {
        String source = Names.shown(place.folder().sourcePath(place.name()));
        String target = Names.shown(place.folder().targetPath(place.name()));
        synchronized (plan) {
            plan.accept(verb + " " + source + " -> " + target + more);
        }
    }

    /** The copy of a file with several names is there. */
    void linkOthers(HardLinks.Copy copy, Place first, FileStat state, Copier copier) {
        for (Place other : links.made(copy, first)) {
            try {
                folders.pin(other.folder());
                try {
                    copier.link(first, other, state);
                } finally {
                    folders.unpin(other.folder());
                }
            } catch (IoException failed) {
                failed(other, failed);
            } catch (MismatchException told) {
                problems.add(other.folder().sourcePath(other.name()), told.what());
            }
            settle(other.folder(), 1);
        }
    }

    /** The copy of a file with several names could not be made under the first of them: another one may do. */
    void takeOver(HardLinks.Copy copy, Copier copier) {
        for (Place next = links.failed(copy); next != null; next = links.failed(copy)) {
            boolean made = false;
            try {
                folders.pin(next.folder());
                try {
                    copier.makeInstead(next);
                    made = true;
                } finally {
                    folders.unpin(next.folder());
                }
                linkOthers(copy, next, next.folder().from().lstat(next.name().source()), copier);
            } catch (IoException failed) {
                failed(next, failed);
            } catch (MismatchException told) {
                problems.add(next.folder().sourcePath(next.name()), told.what());
            }
            settle(next.folder(), 1);
            if (made) {
                return;
            }
        }
    }

    /** Whether the file system has given the content of a file to another one by sharing it. */
    boolean clone(File source, FileStat state, File target) throws IoException {
        if (state.size() < CLONED_MIN || notCloned.contains(state.device())) {
            return false;
        }
        if (source.cloneTo(target)) {
            tally.bytesDone.addAndGet(state.size());
            return true;
        }
        notCloned.add(state.device());
        return false;
    }

    void copyLarge(Content content, File source, FileStat state, Partial partial, ResumeRecord record)
            throws IoException {
        new LargeCopy(io, source, state, partial.file(), partial.length, record, tally)
                .run(content, helpers, helpersBuffers, this::checkStopped);
    }

    /** Finds what there is to copy, and makes the folders. */
    private final class Walk {
        /** So many folders are read a piece at a time on the way down; deeper ones at once. */
        private static final int LISTINGS_MAX = 64;

        private final BoundedQueue<Batch> queue;
        private final ArrayDeque<Level> levels = new ArrayDeque<>();

        /** The folders that are copied to, by device and number: none of them is copied itself. */
        private final Set<Identity> targets = new LinkedHashSet<>();

        private record Identity(long device, long inode) {
            static Identity of(FileStat state) {
                return new Identity(state.device(), state.inode());
            }
        }

        Walk(BoundedQueue<Batch> queue) {
            this.queue = queue;
        }

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
            Directory current = io.currentDirectory();
            Name name = new Name(item.source(), item.target());
            Folder top = new Folder(current, Attributes.givesAcl(current, Names.parent(item.target()) + "/."));
            Place place = new Place(top, name);
            try {
                FileKind kind = current.lstat(item.source()).kind();
                if (kind == FileKind.DIRECTORY) {
                    enter(place, item.follow());
                    while (!levels.isEmpty()) {
                        checkStopped();
                        step();
                    }
                } else {
                    Level level = new Level(top);
                    level.add(name, kind);
                    level.flush();
                }
            } catch (IoException failed) {
                failed(place, failed);
            } catch (MismatchException told) {
                problems.add(item.source(), told.what());
            }
            close(top, 1);
        }

        /** Deals with the next name in the lowest folder. */
        private void step() {
            Level level = levels.getLast();
            DirectoryEntry entry;
            try {
                entry = level.next();
            } catch (IoException failed) {
                failed(new Place(parentOf(level.folder), level.folder.name), failed);
                entry = null;
            }
            if (entry == null) {
                levels.removeLast();
                level.flush();
                level.close();
                close(level.folder, 1);
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
                failed(new Place(level.folder, name), failed);
            } catch (MismatchException told) {
                problems.add(level.folder.sourcePath(name), told.what());
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
                    level.open(levels.size() > LISTINGS_MAX);
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
                    says("make", place, "");
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
            if (!options.dryRun() && !self.isPrivileged() && (there.mode() & OWNERS) != OWNERS
                    && there.user() == self.user()) {
                to.setPermissions(name, there.mode() | OWNERS);
            }
        }

        private static final int OWNERS = 0700;

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
                    failed(new Place(parentOf(folder), folder.name), failed);
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
}
