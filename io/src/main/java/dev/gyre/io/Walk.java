package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * A way through all that is in a folder and in the folders below it.
 *
 * <pre>{@code
 * try (Walk walk = directory.walk("src")) {
 *     for (WalkEntry entry = walk.next(); entry != null; entry = walk.next()) {
 *         if (entry.kind() == FileKind.DIRECTORY && entry.name().equals(".git")) {
 *             walk.prune();
 *         } else if (entry.kind() == FileKind.FILE) {
 *             read(entry.folder(), entry.name());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A folder is told before what is in it, and again after that. Symbolic links are told and never followed, whoever
 * puts them there meanwhile. Of a folder no more than some hundred names are in memory, unless it is more than 64
 * levels above where the walk is; and no more than 128 descriptors are open, however deep the tree. One task at a time
 * uses it.
 */
public interface Walk extends AutoCloseable {

    /**
     * The next name. Those of one folder come in no order. A cancellation point.
     *
     * @return null after the last
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY}, {@link Operation#LIST} or
     *     {@link Operation#STAT} if a folder, which was told before, cannot be read: the next call goes on behind it.
     *     With {@link Reason#PATH_ESCAPES} if a folder far up has been moved elsewhere meanwhile; then the walk is over
     * @throws CanceledException if the calling task was canceled; the next call goes on where this one was
     */
    @Nullable WalkEntry next() throws IoException;

    /**
     * Leaves out what is in the folder that was told last, which is not told again either.
     *
     * @throws IllegalStateException if that was no folder, or one that is {@link WalkEntry#left}
     */
    void prune();

    /** Closes it. Closing again does nothing. Not a cancellation point. */
    @Override
    void close();
}
