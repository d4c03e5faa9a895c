package dev.gyre.simulated.disk;

import dev.gyre.io.ErrorNumber;
import dev.gyre.simulated.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/** The way of one path to where it leads, as path_resolution(7) and openat2(2) have it. With the disk's lock. */
final class PathWalk {
    static final int NAME_MAX = 255;

    private static final int LINKS_MAX = 40;

    private final Folder root;
    private final Folder start;

    /** Whether nothing may lead out of the folder where it starts. */
    private final boolean beneath;

    private int links;

    PathWalk(Folder root, Folder start, boolean beneath) {
        this.root = root;
        this.start = start;
        this.beneath = beneath;
    }

    /** The place of a path's last name, whatever is there. */
    Place place(String path) throws Refusal {
        if (path.isEmpty()) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        return walk(start, path);
    }

    /**
     * The place of something that is there.
     *
     * @param follow whether a symbolic link as the last name is followed
     */
    Place existing(String path, boolean follow) throws Refusal {
        Place place = place(path);
        Inode found = at(place);
        while (found instanceof SymbolicLink link && (follow || place.slash())) {
            place = follow(place, link);
            found = at(place);
        }
        if (found == null) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        if (place.slash() && !(found instanceof Folder)) {
            throw new Refusal(ErrorNumber.ENOTDIR);
        }
        return place;
    }

    /** What is there, as {@link #existing}. */
    Inode inode(String path, boolean follow) throws Refusal {
        return found(path, follow).inode();
    }

    /** The same with its name. */
    Found found(String path, boolean follow) throws Refusal {
        Place place = existing(path, follow);
        Inode found = at(place);
        if (found == null) {
            throw new AssertionError("what was there is there");
        }
        return Found.of(found, place);
    }

    /** What is at a place, or null. */
    @Nullable Inode at(Place place) throws Refusal {
        return switch (place.name()) {
            case "", "." -> place.folder();
            case ".." -> above(place.folder());
            default -> lookUp(place.folder(), place.name());
        };
    }

    /** The place that a symbolic link leads to, which is at another one. */
    Place follow(Place place, SymbolicLink link) throws Refusal {
        countLink();
        return walk(place.folder(), link.target() + (place.slash() ? "/" : ""));
    }

    private Place walk(Folder from, String path) throws Refusal {
        Folder folder = begin(from, path);
        String rest = withoutSlashes(path);
        while (!rest.isEmpty()) {
            if (!folder.permits(Inode.EXECUTE)) {
                throw new Refusal(ErrorNumber.EACCES);
            }
            int slash = rest.indexOf('/');
            String name = slash < 0 ? rest : rest.substring(0, slash);
            rest = withoutSlashes(rest.substring(name.length()));
            if (rest.isEmpty()) {
                return new Place(folder, name, slash >= 0);
            }
            Inode next = at(new Place(folder, name, true));
            if (next instanceof SymbolicLink link) {
                countLink();
                folder = begin(folder, link.target());
                rest = withoutSlashes(link.target() + "/" + rest);
            } else if (next instanceof Folder below) {
                folder = below;
            } else {
                throw new Refusal(next == null ? ErrorNumber.ENOENT : ErrorNumber.ENOTDIR);
            }
        }
        return new Place(folder, "", true);
    }

    /** Where a path begins that is met in a folder. */
    private Folder begin(Folder folder, String path) throws Refusal {
        if (!path.startsWith("/")) {
            return folder;
        }
        if (beneath) {
            throw new Refusal(ErrorNumber.EXDEV);
        }
        return root;
    }

    private Folder above(Folder folder) throws Refusal {
        if (beneath && folder == start) {
            throw new Refusal(ErrorNumber.EXDEV);
        }
        return folder.parent();
    }

    private static @Nullable Inode lookUp(Folder folder, String name) throws Refusal {
        if (folder.isRemoved()) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        if (name.length() > NAME_MAX) {
            throw new Refusal(ErrorNumber.ENAMETOOLONG);
        }
        return folder.get(name);
    }

    private void countLink() throws Refusal {
        if (++links > LINKS_MAX) {
            throw new Refusal(ErrorNumber.ELOOP);
        }
    }

    private static String withoutSlashes(String path) {
        int first = 0;
        while (first < path.length() && path.charAt(first) == '/') {
            first++;
        }
        return path.substring(first);
    }
}
