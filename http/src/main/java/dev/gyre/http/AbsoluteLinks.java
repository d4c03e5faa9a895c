package dev.gyre.http;

import dev.gyre.io.Directory;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;

/**
 * Symbolic links with an absolute target that is beneath the root all the same. The kernel refuses them where it is to
 * stay beneath a folder ({@code RESOLVE_BENEATH} in openat2(2)); so where it has refused a path, this finds out where
 * the path leads, and if that is beneath the root, it is opened by the way without links, again beneath the root.
 */
final class AbsoluteLinks {
    /** Opens something beneath a folder. */
    @FunctionalInterface
    interface Opening<T> {
        T open(String relative) throws IoException;
    }

    private AbsoluteLinks() {}

    /**
     * Opens a path, and if it is refused, what it leads to. A cancellation point.
     *
     * @param root what it has to be beneath
     * @param relative a path relative to the root
     * @param opening refuses what is not beneath the root
     * @return what was opened
     * @throws IoException with a reason of opening; {@link Reason#PATH_ESCAPES} tells nothing of what is elsewhere
     */
    static <T> T follow(Directory root, String relative, Opening<T> opening) throws IoException {
        try {
            return opening.open(relative);
        } catch (IoException refused) {
            if (refused.reason() != Reason.PATH_ESCAPES) {
                throw refused;
            }
            return opening.open(beneath(root, relative, refused));
        }
    }

    private static String beneath(Directory root, String relative, IoException refused) throws IoException {
        String top;
        String real;
        try {
            top = root.realPath(".");
            real = root.realPath(relative);
        } catch (IoException unknown) {
            int name = relative.lastIndexOf('/');
            if (unknown.reason() == Reason.FILE_NOT_FOUND && name > 0) {
                // What is missing beneath the root is told.
                return beneath(root, relative.substring(0, name), refused) + relative.substring(name);
            }
            // What is elsewhere is not, but that there are no descriptors is.
            throw HttpFailure.isUnavailable(unknown) ? refused : unknown;
        }
        if (real.equals(top)) {
            return ".";
        }
        String prefix = top.endsWith("/") ? top : top + "/";
        if (!real.startsWith(prefix)) {
            throw refused;
        }
        return real.substring(prefix.length());
    }
}
