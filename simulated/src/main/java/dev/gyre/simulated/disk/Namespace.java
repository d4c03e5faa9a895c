package dev.gyre.simulated.disk;

import dev.gyre.io.Change;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.FileKind;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Renaming;
import dev.gyre.simulated.kernel.Refusal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opening, making, renaming and removing. What is refused, and which of several reasons is named, is as Linux has it
 * ({@code fs/namei.c}). With the kernel's lock, and the disk's.
 */
final class Namespace {
    private static final int UMASK = 022;

    /** So many names a file has at most: as ext4. */
    private static final int LINKS_MAX = 65_000;

    private final Disk disk;
    private final ChangeMarks marks;

    /** One of a machine, where some of it is watched. */
    Namespace(Disk disk, ChangeMarks marks) {
        this.disk = disk;
        this.marks = marks;
    }

    OpenFile open(PathWalk walk, String path, OpenOptions options) throws Refusal {
        boolean create = options.flags().contains(Flag.CREATE);
        boolean exclusive = options.flags().contains(Flag.EXCLUSIVE);
        boolean follow = !exclusive && !options.flags().contains(Flag.NO_FOLLOW);
        Place place = walk.place(path);
        requireNoFolderIsCreated(create, place);
        Inode inode = walk.at(place);
        while (inode instanceof SymbolicLink link && (follow || place.slash())) {
            place = walk.follow(place, link);
            requireNoFolderIsCreated(create, place);
            inode = walk.at(place);
        }
        if (inode == null) {
            if (!create) {
                throw new Refusal(ErrorNumber.ENOENT);
            }
            requireChangeable(place.folder());
            inode = disk.newFile(options.mode() & ~UMASK);
            put(place, inode);
            return new OpenFile(Found.of(inode, place), path, options.access(), options.flags());
        }
        if (exclusive) {
            throw new Refusal(ErrorNumber.EEXIST);
        }
        requireOpenable(inode, place, create, options);
        if (inode instanceof RegularFile file && options.flags().contains(Flag.TRUNCATE)) {
            file.truncate(0, disk.now());
            marks.changed(Found.of(inode, place), Change.MODIFIED);
        }
        return new OpenFile(Found.of(inode, place), path, options.access(), options.flags());
    }

    private static void requireNoFolderIsCreated(boolean create, Place place) throws Refusal {
        if (create && place.isName() && place.slash()) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
    }

    private static void requireOpenable(Inode inode, Place place, boolean create, OpenOptions options)
            throws Refusal {
        if (place.slash() && !(inode instanceof Folder)) {
            throw new Refusal(ErrorNumber.ENOTDIR);
        }
        if (inode instanceof SymbolicLink) {
            throw new Refusal(ErrorNumber.ELOOP);
        }
        if (inode instanceof NamedPipe && options.flags().contains(Flag.NO_SPECIAL)) {
            throw new Refusal(ErrorNumber.ENXIO);
        }
        if (inode instanceof Folder && (create || options.access() != Access.READ)) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
        int wanted = switch (options.access()) {
            case READ -> Inode.READ;
            case WRITE -> Inode.WRITE;
            case READ_WRITE -> Inode.READ | Inode.WRITE;
        };
        requirePermitted(inode, wanted);
        if (inode instanceof Folder && options.flags().contains(Flag.DIRECT)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
    }

    OpenFile openFolder(PathWalk walk, String path, Set<Flag> flags) throws Refusal {
        Found found = walk.found(path, !flags.contains(Flag.NO_FOLLOW));
        if (!(found.inode() instanceof Folder)) {
            throw new Refusal(ErrorNumber.ENOTDIR);
        }
        requirePermitted(found.inode(), Inode.READ);
        return new OpenFile(found, path, Access.READ, flags);
    }

    void makeFolder(PathWalk walk, String path, int mode) throws Refusal {
        Place place = freePlace(walk, path, true);
        Folder parent = place.folder();
        int inherited = parent.mode() & Inode.SET_GROUP;
        put(place, disk.newFolder(parent, place.name(), (mode & ~UMASK & 01777) | inherited));
    }

    void symlink(PathWalk walk, String target, String path) throws Refusal {
        if (target.isEmpty()) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        Place place = freePlace(walk, path, false);
        put(place, disk.newSymbolicLink(target));
    }

    /** Makes a named pipe. Devices take root; and sockets are not on the disk. */
    void makeNode(PathWalk walk, String path, FileKind kind, int mode) throws Refusal {
        Place place = freePlace(walk, path, false);
        if (kind != FileKind.PIPE) {
            throw new Refusal(ErrorNumber.EPERM);
        }
        put(place, disk.newPipe(mode & ~UMASK));
    }

    void hardLink(PathWalk oldWalk, String oldPath, PathWalk newWalk, String newPath) throws Refusal {
        Inode inode = oldWalk.inode(oldPath, false);
        Place place = freePlace(newWalk, newPath, false);
        if (inode instanceof Folder) {
            throw new Refusal(ErrorNumber.EPERM);
        }
        if (inode.links() >= LINKS_MAX) {
            throw new Refusal(ErrorNumber.EMLINK);
        }
        place.folder().put(place.name(), inode, disk.now());
        inode.touchAttributes(disk.now());
        marks.linked(place, inode);
    }

    private void put(Place place, Inode made) {
        place.folder().put(place.name(), made, disk.now());
        marks.created(place, made);
    }

    /** A place where nothing is, and something can be made. */
    private static Place freePlace(PathWalk walk, String path, boolean forFolder) throws Refusal {
        Place place = walk.place(path);
        if (!place.isName() || walk.at(place) != null) {
            throw new Refusal(ErrorNumber.EEXIST);
        }
        if (place.slash() && !forFolder) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        requireChangeable(place.folder());
        return place;
    }

    void delete(PathWalk walk, String path) throws Refusal {
        Place place = walk.place(path);
        if (!place.isName()) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
        Inode inode = walk.at(place);
        if (inode == null) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        if (place.slash()) {
            throw new Refusal(inode instanceof Folder ? ErrorNumber.EISDIR : ErrorNumber.ENOTDIR);
        }
        requireChangeable(place.folder());
        if (inode instanceof Folder) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
        remove(place, inode);
        marks.deleted(place, inode);
    }

    void deleteFolder(PathWalk walk, String path) throws Refusal {
        Place place = walk.place(path);
        switch (place.name()) {
            case "" -> throw new Refusal(ErrorNumber.EBUSY);
            case "." -> throw new Refusal(ErrorNumber.EINVAL);
            case ".." -> throw new Refusal(ErrorNumber.ENOTEMPTY);
            default -> {}
        }
        Inode inode = walk.at(place);
        if (inode == null) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        requireChangeable(place.folder());
        requireEmptyFolder(inode);
        remove(place, inode);
        marks.deleted(place, inode);
    }

    private void remove(Place place, Inode inode) {
        place.folder().remove(place.name(), disk.now());
        inode.touchAttributes(disk.now());
    }

    void rename(PathWalk oldWalk, String oldPath, PathWalk newWalk, String newPath, Renaming renaming)
            throws Refusal {
        Place from = oldWalk.place(oldPath);
        Place to = newWalk.place(newPath);
        if (!from.isName()) {
            throw new Refusal(ErrorNumber.EBUSY);
        }
        if (!to.isName()) {
            throw new Refusal(renaming == Renaming.NO_REPLACE ? ErrorNumber.EEXIST : ErrorNumber.EBUSY);
        }
        Inode moved = oldWalk.at(from);
        if (moved == null) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        Inode other = newWalk.at(to);
        if (other == null) {
            if (renaming == Renaming.EXCHANGE) {
                throw new Refusal(ErrorNumber.ENOENT);
            }
            requireRenamable(from, moved, to, null, renaming);
            requireChangeable(from.folder());
            requireChangeable(to.folder());
            requireMovable(moved, from, to);
            move(from, moved, to, null);
            return;
        }
        if (renaming == Renaming.NO_REPLACE) {
            throw new Refusal(ErrorNumber.EEXIST);
        }
        requireRenamable(from, moved, to, other, renaming);
        if (moved == other) {
            return;
        }
        requireChangeable(from.folder());
        requireChangeable(to.folder());
        if (renaming == Renaming.EXCHANGE) {
            requireMovable(moved, from, to);
            requireMovable(other, from, to);
            exchange(from, to);
        } else {
            replace(from, moved, to, other);
        }
    }

    /** Refuses slashes behind what is no folder, and what would be in itself. */
    private static void requireRenamable(
            Place from, Inode moved, Place to, @Nullable Inode other, Renaming renaming)
            throws Refusal {
        boolean exchange = renaming == Renaming.EXCHANGE;
        boolean wrongSlash = exchange
                ? to.slash() && !(other instanceof Folder)
                : to.slash() && !(moved instanceof Folder);
        if (wrongSlash || (from.slash() && !(moved instanceof Folder))) {
            throw new Refusal(ErrorNumber.ENOTDIR);
        }
        if (moved instanceof Folder folder && folder.contains(to.folder())) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        if (other instanceof Folder folder && folder.contains(from.folder())) {
            throw new Refusal(exchange ? ErrorNumber.EINVAL : ErrorNumber.ENOTEMPTY);
        }
    }

    /** A folder that gets another parent is written to: its {@code ..} changes. */
    private static void requireMovable(Inode inode, Place from, Place to) throws Refusal {
        if (from.folder() != to.folder() && inode instanceof Folder) {
            requirePermitted(inode, Inode.WRITE);
        }
    }

    private void replace(Place from, Inode moved, Place to, Inode replaced) throws Refusal {
        if (moved instanceof Folder) {
            if (!(replaced instanceof Folder)) {
                throw new Refusal(ErrorNumber.ENOTDIR);
            }
        } else if (replaced instanceof Folder) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
        requireMovable(moved, from, to);
        if (replaced instanceof Folder) {
            requireEmptyFolder(replaced);
        }
        remove(to, replaced);
        move(from, moved, to, replaced);
    }

    private void move(Place from, Inode moved, Place to, @Nullable Inode replaced) {
        long now = disk.now();
        from.folder().take(from.name(), now);
        to.folder().give(to.name(), moved, now);
        Folder.together(from.plain(), to.plain());
        moved.touchAttributes(now);
        moved.renamed(from, to);
        marks.moved(from, to, moved, replaced);
    }

    private void exchange(Place from, Place to) {
        long now = disk.now();
        Inode one = from.folder().take(from.name(), now);
        Inode other = to.folder().take(to.name(), now);
        from.folder().give(from.name(), other, now);
        to.folder().give(to.name(), one, now);
        Folder.together(from.plain(), to.plain());
        one.touchAttributes(now);
        other.touchAttributes(now);
        one.renamed(from, to);
        other.renamed(to, from);
        marks.moved(from, to, one, null);
        marks.moved(to, from, other, null);
    }

    private static void requireEmptyFolder(Inode inode) throws Refusal {
        if (!(inode instanceof Folder folder)) {
            throw new Refusal(ErrorNumber.ENOTDIR);
        }
        if (!folder.isEmpty()) {
            throw new Refusal(ErrorNumber.ENOTEMPTY);
        }
    }

    /** Whether names can be given and taken in a folder. */
    private static void requireChangeable(Folder folder) throws Refusal {
        requirePermitted(folder, Inode.WRITE | Inode.EXECUTE);
    }

    static void requirePermitted(Inode inode, int wanted) throws Refusal {
        if (!inode.permits(wanted)) {
            throw new Refusal(ErrorNumber.EACCES);
        }
    }
}
