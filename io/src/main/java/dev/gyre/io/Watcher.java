package dev.gyre.io;

import java.util.Set;

/**
 * A queue of what happens to files and folders (inotify(7)).
 *
 * <pre>{@code
 * try (Watcher watcher = io.watcher()) {
 *     watcher.watch(folder, ".", Set.of(Change.CLOSED_AFTER_WRITE, Change.MOVED_TO));
 *     while (true) {
 *         ChangeEvent event = watcher.next();
 *         if (event.change() == Change.OVERFLOW || "settings".equals(event.name())) {
 *             reload(folder);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A watch is on the file, and not on its path: one that is replaced by a rename is another file, so programs mostly
 * watch the folder. What lies in folders below is not watched with it. Heard is what goes through this machine's kernel
 * only: not what others write to a network file system, or a program to mapped memory.
 *
 * <p>The kernel keeps what nobody has taken yet: {@code fs.inotify.max_queued_events} of it, by default 16,384. What
 * happens after that is lost, and when room is there again, {@link Change#OVERFLOW} is told in its place: then the
 * files must be looked at. Of two equal events that follow each other one may be kept. Beyond that, 64 KiB are in the
 * process's memory.
 *
 * <p>Any task may use it, several at once too; each event is told to one of them. They are told in the order in which
 * they happened.
 */
public interface Watcher extends AutoCloseable {

    /**
     * Watches a file or folder.
     *
     * @param folder where a relative path starts; need not stay open
     * @param path relative to the folder, or absolute; {@code .} for the folder itself
     * @param changes what to tell of it; at least one, of those that are {@linkplain Change#isAskedFor asked for}
     * @param flags {@link OpenOptions.Flag#NO_FOLLOW} has a meaning here: to watch a symbolic link, and not its target
     * @return to be closed when it is no longer needed; closing the watcher closes it too
     * @throws IllegalArgumentException if there is no change to tell, or one that is told in any case; for another
     *     flag; for a folder of another {@code Io}
     * @throws IoException with a reason of {@link Operation#WATCH}: {@link Reason#ALREADY_WATCHED} if this watcher
     *     watches the same file, {@link Reason#WATCH_LIMIT}, {@link Reason#ACCESS_DENIED} where the process may not
     *     read it
     * @throws CanceledException if the calling task was canceled; it is not watched
     */
    Watch watch(Directory folder, String path, Set<Change> changes, OpenOptions.Flag... flags) throws IoException;

    /**
     * The next event, waiting until there is one. A cancellation point.
     *
     * @return in the order in which they happened
     * @throws IoException with a reason of {@link Operation#NEXT_CHANGE}; {@link Reason#CLOSED} also when another task
     *     closes the watcher meanwhile
     * @throws CanceledException if the calling task was canceled; no event is lost
     */
    ChangeEvent next() throws IoException;

    /**
     * Closes it, and all that it watches. Whoever waits for the next event fails with {@link Reason#CLOSED}. Closing
     * again does nothing. Not a cancellation point.
     */
    @Override
    void close();
}
