package dev.gyre.http;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Flag;

/**
 * The folder that is served, and the only way into it. Whatever a path leads to, the kernel opens it beneath the root
 * or not at all (openat2(2), {@code RESOLVE_BENEATH}).
 *
 * @param folder stays open as long as this is used
 * @param followSymlinks whether links are followed beneath the root; if not, each folder on the way is opened by
 *     itself
 */
record Root(Directory folder, boolean followSymlinks) {
    /** Beneath the root; and nothing that takes notice, such as a pipe, whose writer would lose what it writes. */
    private static final OpenOptions FILE =
            OpenOptions.READ.with(Flag.BENEATH, Flag.NON_BLOCKING, Flag.NO_SPECIAL);

    /**
     * Opens what a path leads to, for reading.
     *
     * @param path made by {@link RequestPath}
     * @return of any kind; to be closed
     * @throws IoException with a reason of opening
     */
    File openFile(String path) throws IoException {
        if (followSymlinks) {
            return AbsoluteLinks.follow(folder, RequestPath.relative(path), to -> folder.openFile(to, FILE));
        }
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            return folder.openFile(RequestPath.relative(path), FILE.with(Flag.NO_FOLLOW));
        }
        try (Directory parent = openDirectory(path.substring(0, slash + 1))) {
            return parent.openFile(RequestPath.relative(path.substring(slash)), FILE.with(Flag.NO_FOLLOW));
        }
    }

    /**
     * Opens a folder.
     *
     * @param path ending in a slash
     * @return to be closed
     * @throws IoException with a reason of opening
     */
    Directory openDirectory(String path) throws IoException {
        if (followSymlinks || path.length() == 1) {
            return AbsoluteLinks.follow(
                    folder, RequestPath.relative(path), to -> folder.openDirectory(to, Flag.BENEATH));
        }
        Directory at = folder.openDirectory(".", Flag.BENEATH);
        boolean arrived = false;
        try {
            for (String name : path.substring(1, path.length() - 1).split("/", -1)) {
                Directory next = at.openDirectory(name, Flag.BENEATH, Flag.NO_FOLLOW);
                at.close();
                at = next;
            }
            arrived = true;
            return at;
        } finally {
            if (!arrived) {
                at.close();
            }
        }
    }
}
