package dev.gyre.cli.copy;

import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Reason;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies what has a name and is no folder. One task's. */
final class Copier {
    /** A pipe that has taken a file's place is not waited for. */
    private static final OpenOptions SOURCE = OpenOptions.READ.with(Flag.NO_FOLLOW, Flag.NON_BLOCKING);

    private static final int MODE_PLAIN = 0777;

    private static final String CHANGED = "has changed while it was copied; copy again";

    private final TreeCopy all;
    private final Content content;

    Copier(TreeCopy all, MemorySegment buffer) {
        this.all = all;
        this.content = new Content(buffer, all.tally(), all::checkStopped);
    }

    /**
     * Copies one. Problems are told.
     *
     * @param place whose folder is pinned
     * @return whether it was dealt with; otherwise another task will, with the other names of the same file
     */
    boolean copy(Place place, FileKind kind) {
        try {
            if (kind == FileKind.FILE) {
                return copyFile(place);
            }
            return copyOther(place, place.folder().from().lstat(place.name().source()));
        } catch (IoException failed) {
            all.failed(place, failed);
        } catch (MismatchException told) {
            all.problems().add(place.folder().sourcePath(place.name()), told.what());
        }
        return true;
    }

    private boolean copyFile(Place place) throws IoException, MismatchException {
        Folder folder = place.folder();
        String name = place.name().source();
        if (!folder.fresh || all.options().dryRun()) {
            FileStat state = folder.from().lstat(name);
            return state.kind() == FileKind.FILE ? copyOnce(place, state, null) : copyOther(place, state);
        }
        try (File source = folder.from().openFile(name, SOURCE)) {
            FileStat state = source.stat();
            return state.kind() == FileKind.FILE ? copyOnce(place, state, source) : copyOther(place, state);
        }
    }

    private boolean copyOther(Place place, FileStat state) throws IoException, MismatchException {
        return switch (state.kind()) {
            case FILE -> copyOnce(place, state, null);
            case SYMLINK, PIPE, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE -> copyOnce(place, state, null);
            case DIRECTORY -> throw new MismatchException("has become a folder meanwhile; copy again");
            case UNKNOWN -> throw new MismatchException("is of an unknown kind, and not copied");
        };
    }

    /** Copies a file by one of its names. Others become links to the copy. */
    private boolean copyOnce(Place place, FileStat state, @Nullable File source) throws IoException, MismatchException {
        if (state.links() <= 1) {
            make(place, state, source);
            return true;
        }
        HardLinks.Claim claim = all.links().claim(state, place);
        if (claim.first() != null) {
            link(claim.first(), place, state);
            return true;
        }
        HardLinks.Copy own = claim.own();
        if (own == null) {
            return false;
        }
        try {
            make(place, state, source);
        } catch (IoException | MismatchException failed) {
            all.takeOver(own, this);
            throw failed;
        }
        all.linkOthers(own, place, state, this);
        return true;
    }

    /** The same for another name of a file whose first could not be copied; whose folder is pinned. */
    FileStat makeInstead(Place place) throws IoException, MismatchException {
        FileStat state = place.folder().from().lstat(place.name().source());
        make(place, state, null);
        return state;
    }

    private void make(Place place, FileStat state, @Nullable File source) throws IoException, MismatchException {
        Tally tally = all.tally();
        if (state.kind() != FileKind.FILE) {
            makeOther(place, state);
            return;
        }
        tally.opened.incrementAndGet();
        tally.bytesOpened.addAndGet(state.size());
        if (!place.folder().fresh && isThere(place, state)) {
            if (all.options().sync() && !all.options().dryRun()) {
                sync(place);
            }
            tally.kept.incrementAndGet();
            tally.bytesDone.addAndGet(state.size());
        } else if (all.options().dryRun()) {
            all.says("copy", place, ", " + state.size() + " bytes");
            tally.files.incrementAndGet();
            tally.bytesDone.addAndGet(state.size());
        } else if (source != null) {
            makeFile(place, source, state);
        } else {
            try (File opened = place.folder().from().openFile(place.name().source(), SOURCE)) {
                makeFile(place, opened, opened.stat());
            }
        }
    }

    private static @Nullable FileStat present(Folder folder, String name) throws IoException {
        return folder.to == null ? null : present(folder.to, name, false);
    }

    /** What has a name; null if nothing. */
    static @Nullable FileStat present(Directory folder, String name, boolean follow) throws IoException {
        try {
            return follow ? folder.stat(name) : folder.lstat(name);
        } catch (IoException failed) {
            if (failed.reason() == Reason.FILE_NOT_FOUND) {
                return null;
            }
            throw failed;
        }
    }

    private static void requireNoFolder(@Nullable FileStat there) throws MismatchException {
        if (there != null && there.kind() == FileKind.DIRECTORY) {
            throw new MismatchException("cannot take the place of a folder of that name");
        }
    }

    /** Whether an earlier run has made this copy, by size, time of change, permissions and owner. */
    private boolean isThere(Place place, FileStat state) throws IoException, MismatchException {
        FileStat copy = present(place.folder(), place.name().target());
        if (copy == null) {
            return false;
        }
        requireNoFolder(copy);
        boolean same = copy.kind() == FileKind.FILE
                && copy.size() == state.size()
                && copy.modified().equals(state.modified())
                && all.attributes().areKept(state, copy);
        return same && (!all.options().verify() || isSame(place));
    }

    private boolean isSame(Place place) throws IoException {
        try (File source = place.folder().from().openFile(place.name().source(), SOURCE);
                File copy = place.folder().to().openFile(place.name().target(), SOURCE)) {
            return content.isSame(source, copy)
                    && Attributes.sameExtended(new Bearer.OfFile(source), new Bearer.OfFile(copy), List.of());
        }
    }

    /** What is kept may have been written without that, and a moment ago. */
    private static void sync(Place place) throws IoException {
        try (File copy = place.folder().to().openFile(place.name().target(), SOURCE)) {
            copy.sync();
        }
    }

    private void makeFile(Place place, File source, FileStat state) throws IoException, MismatchException {
        if (state.kind() != FileKind.FILE) {
            throw new MismatchException("has become something else meanwhile; copy again");
        }
        boolean settled =
                state.size() >= LargeCopy.SIZE_MIN ? makeLarge(place, source, state) : makeSmall(place, source, state);
        all.tally().files.incrementAndGet();
        if (!settled) {
            throw new MismatchException(CHANGED);
        }
    }

    /** Whether the source has stayed the same meanwhile. */
    private boolean makeSmall(Place place, File source, FileStat first) throws IoException, MismatchException {
        Folder folder = place.folder();
        FileStat made = folder.made;
        boolean own = made != null && !Attributes.differs(first, made);
        // Nobody else is to see what is to become somebody else's.
        int mode = own ? first.mode() & MODE_PLAIN : 0;
        try (Partial partial = folder.fresh
                ? Partial.inFresh(folder.to(), place.name().target(), mode)
                : Partial.create(folder.to(), place.name().target(), mode)) {
            // What came in one piece is of one moment. If the time of change is not, another run sees that.
            boolean settled = !all.large().clone(source, first, partial.file())
                    && content.copy(source, first, partial.file());
            FileStat state = first;
            if (!settled) {
                FileStat after = source.stat();
                settled = !hasChanged(state, after);
                if (!settled) {
                    // Once more, and it may be written again; then there is no moment that is better than another.
                    partial.file().truncate(0);
                    state = after;
                    content.copy(source, state, partial.file());
                    settled = !hasChanged(state, source.stat());
                }
            }
            if (made == null) {
                made = partial.file().stat();
                folder.made = made;
            }
            finish(place, source, state, partial, made, settled);
            return settled;
        }
    }

    private boolean makeLarge(Place place, File source, FileStat state) throws IoException, MismatchException {
        ResumeRecord record = new ResumeRecord(state, all.self());
        try (Partial partial = Partial.open(place.folder().to(), place.name().target(), 0, record)) {
            all.tally().bytesDone.addAndGet(partial.length);
            all.tally().bytesResumed.addAndGet(partial.length);
            try {
                if (partial.length > 0 || !all.large().clone(source, state, partial.file())) {
                    new LargeCopy(all.io(), source, state, partial.file(), partial.length, record, all.tally())
                            .run(content, all.large(), all::checkStopped);
                }
            } catch (StoppedException stopped) {
                if (all.isInterrupted()) {
                    partial.keep();
                }
                throw stopped;
            }
            boolean settled = !hasChanged(state, source.stat());
            finish(place, source, state, partial, partial.file().stat(), settled);
            return settled;
        }
    }

    private static boolean hasChanged(FileStat before, FileStat after) {
        return before.size() != after.size() || !before.modified().equals(after.modified());
    }

    /**
     * Gives a file that is whole its attributes, and then its name.
     *
     * @param made what it was like when it was made
     * @param settled whether the source has stayed the same, so that their content can be compared
     */
    private void finish(
            Place place, File source, FileStat state, Partial partial, FileStat made, boolean settled)
            throws IoException, MismatchException {
        File file = partial.file();
        int mode = place.folder().givesAcl ? -1 : all.self().modeOfNew(partial.mode);
        Attributes.Lost lost = all.attributes().copy(place, source, state, file, made, mode);
        if (all.options().verify() && settled) {
            if (!content.isSame(source, file)) {
                throw new MismatchException(
                        hasChanged(state, source.stat()) ? CHANGED : "what was written reads differently");
            }
            all.attributes().verify(
                    state, new Bearer.OfFile(source), file.stat(), new Bearer.OfFile(file), lost);
        }
        if (all.options().sync()) {
            file.sync();
        }
        partial.commit();
    }

    /** Makes a symbolic link, a named pipe, a socket or a device. */
    private void makeOther(Place place, FileStat state) throws IoException, MismatchException {
        Folder folder = place.folder();
        String target = place.name().target();
        String text = state.kind() == FileKind.SYMLINK ? folder.from().readLink(place.name().source()) : null;
        FileStat there = folder.fresh ? null : present(folder, target);
        if (there != null && isOtherThere(place, state, there)) {
            all.tally().kept.incrementAndGet();
            return;
        }
        requireNoFolder(there);
        if (all.options().dryRun()) {
            planOther(place, text);
        } else if (folder.fresh) {
            makeOther(place, state, text, target);
        } else {
            String partial = Names.partial(target);
            deleteIfThere(folder.to(), partial);
            boolean done = false;
            try {
                makeOther(place, state, text, partial);
                folder.to().rename(partial, target);
                done = true;
            } finally {
                if (!done) {
                    deleteIfThere(folder.to(), partial);
                }
            }
        }
        (text == null ? all.tally().nodes : all.tally().links).incrementAndGet();
    }

    private void planOther(Place place, @Nullable String text) {
        if (text == null) {
            all.says("make", place, "");
        } else {
            all.says("link", place, " to " + Names.shown(text));
        }
    }

    /** Under a name that nothing has; with what a symbolic link says. */
    private void makeOther(Place place, FileStat state, @Nullable String text, String name)
            throws IoException, MismatchException {
        if (text == null) {
            makeNode(place.folder().to(), name, state);
        } else {
            place.folder().to().symlink(text, name);
        }
        all.attributes().copyOther(place, state, name);
    }

    private boolean isOtherThere(Place place, FileStat state, FileStat copy) throws IoException {
        Folder folder = place.folder();
        boolean same = copy.kind() == state.kind()
                && copy.represented() == state.represented()
                && copy.modified().equals(state.modified())
                && all.attributes().areKept(state, copy);
        return same && (state.kind() != FileKind.SYMLINK
                || folder.to().readLink(place.name().target()).equals(folder.from().readLink(place.name().source())));
    }

    /** Nobody else is to use it before it has its owner. */
    private static void makeNode(Directory to, String name, FileStat state) throws IoException, MismatchException {
        try {
            to.makeNode(name, state.kind(), 0600 & state.mode(), state.represented());
        } catch (IoException failed) {
            if (failed.reason() != Reason.PERMISSION_DENIED) {
                throw failed;
            }
            throw new MismatchException(switch (state.kind()) {
                case PIPE -> "is a named pipe, which the target's file system does not take";
                case SOCKET -> "is a socket, which the target's file system does not take";
                default -> "is a device, which takes root to copy, and a file system for it";
            });
        }
    }

    /**
     * Gives a copy one more name.
     *
     * @param first where the copy is
     * @param place another name of the same file in the source, whose folder is pinned
     */
    void link(Place first, Place place, FileStat state) throws IoException, MismatchException {
        Folder folder = place.folder();
        String target = place.name().target();
        all.folders().pin(first.folder());
        try {
            if (all.options().dryRun()) {
                planLink(first, place, state);
                return;
            }
            Directory start = first.folder().to();
            if (folder.fresh) {
                start.hardLink(first.name().target(), folder.to(), target);
            } else if (!linkInPlace(start, first.name().target(), folder, target)) {
                all.tally().kept.incrementAndGet();
                return;
            }
            all.tally().hardLinks.incrementAndGet();
        } catch (IoException failed) {
            switch (failed.reason()) {
                // The target's file system has no links, or no more; or this folder is on another one.
                case LINK_LIMIT, CROSS_DEVICE, OPERATION_UNSUPPORTED, PERMISSION_DENIED -> {
                    all.attributes().lost(place, failed);
                    make(place, state, null);
                }
                default -> throw failed;
            }
        } finally {
            all.folders().unpin(first.folder());
        }
    }

    private void planLink(Place first, Place place, FileStat state) throws IoException, MismatchException {
        FileStat there = present(place.folder(), place.name().target());
        requireNoFolder(there);
        FileStat copy = present(first.folder(), first.name().target());
        boolean kept = there != null && copy != null && isSameFile(there, copy)
                && (state.kind() == FileKind.FILE ? isThere(first, state) : isOtherThere(first, state, copy));
        if (kept) {
            all.tally().kept.incrementAndGet();
        } else {
            all.says("link", place, " to " + Names.shown(first.folder().targetPath(first.name())));
            all.tally().hardLinks.incrementAndGet();
        }
    }

    private static boolean isSameFile(FileStat one, FileStat other) {
        return one.device() == other.device() && one.inode() == other.inode();
    }

    /** Whether something had to be done. */
    private static boolean linkInPlace(Directory start, String first, Folder folder, String target)
            throws IoException, MismatchException {
        FileStat there = present(folder, target);
        Directory to = folder.to();
        if (there == null) {
            start.hardLink(first, to, target);
            return true;
        }
        FileStat copy = start.lstat(first);
        if (isSameFile(there, copy)) {
            return false;
        }
        requireNoFolder(there);
        String partial = Names.partial(target);
        deleteIfThere(to, partial);
        start.hardLink(first, to, partial);
        to.rename(partial, target);
        return true;
    }

    private static void deleteIfThere(Directory folder, String name) throws IoException {
        try {
            folder.deleteFile(name);
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND) {
                throw failed;
            }
        }
    }
}
