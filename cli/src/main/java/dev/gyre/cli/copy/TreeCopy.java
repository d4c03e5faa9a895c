package dev.gyre.cli.copy;

import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Directory;
import dev.gyre.io.FileStat;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Placement;
import dev.gyre.io.QueueClosedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies trees. It is used once.
 *
 * <p>A second run of what was interrupted does what is left: files that are there already, by size, time of change,
 * permissions and owner, are kept, and large ones that were half copied are gone on with.
 */
public final class TreeCopy {
    private static final int BUFFER_ALIGNMENT = 4096;

    private final Io io;
    private final CopyOptions options;
    private final ProcessState self;
    private final Consumer<String> plan;
    private final Tally tally = new Tally();
    private final Problems problems = new Problems();
    private final Attributes attributes;
    private final HardLinks links = new HardLinks();
    private final OpenFolders folders;
    private final Completion completion;
    private final LargeCopies large;

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
        this.folders = new OpenFolders(self.idleFoldersMax());
        this.completion = new Completion(this);
        this.large = new LargeCopies(tally);
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

    Io io() {
        return io;
    }

    Completion completion() {
        return completion;
    }

    LargeCopies large() {
        return large;
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
        int tasks = Math.min(options.tasks(), self.tasksMax());
        try (Arena arena = io.arena();
                BoundedQueue<Walk.Batch> queue = io.queue(2 * tasks);
                Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < LargeCopies.HELPERS_MAX; i++) {
                large.giveBack(buffer(arena));
            }
            for (int i = 0; i < tasks; i++) {
                MemorySegment buffer = buffer(arena);
                group.concurrent(Placement.SPREAD, () -> work(queue, new Copier(this, buffer)));
            }
            group.concurrent(() -> {
                try (queue) {
                    new Walk(this, queue).everything(items);
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

    private void work(BoundedQueue<Walk.Batch> queue, Copier copier) {
        while (true) {
            Walk.Batch batch;
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

    private void copy(Walk.Batch batch, Copier copier) {
        Folder folder = batch.folder();
        try {
            folders.pin(folder);
        } catch (IoException failed) {
            for (Walk.Found found : batch.names()) {
                failed(new Place(folder, found.name()), failed);
            }
            completion.settle(folder, batch.names().size());
            return;
        }
        int settled = 0;
        try {
            for (Walk.Found found : batch.names()) {
                checkStopped();
                if (copier.copy(new Place(folder, found.name()), found.kind())) {
                    settled++;
                }
            }
        } finally {
            folders.unpin(folder);
        }
        completion.settle(folder, settled);
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
            case WRITE_FILE, RENAME, MAKE_DIRECTORY, MAKE_NODE, HARD_LINK, SYMLINK, DELETE_FILE, SYNC, TRUNCATE,
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
            completion.settle(other.folder(), 1);
        }
    }

    /** The copy of a file with several names could not be made under the first of them: another one may do. */
    void takeOver(HardLinks.Copy copy, Copier copier) {
        for (Place next = links.failed(copy); next != null; next = links.failed(copy)) {
            FileStat state = null;
            try {
                folders.pin(next.folder());
                try {
                    state = copier.makeInstead(next);
                } finally {
                    folders.unpin(next.folder());
                }
            } catch (IoException failed) {
                failed(next, failed);
            } catch (MismatchException told) {
                problems.add(next.folder().sourcePath(next.name()), told.what());
            }
            if (state != null) {
                linkOthers(copy, next, state, copier);
            }
            completion.settle(next.folder(), 1);
            if (state != null) {
                return;
            }
        }
    }
}
