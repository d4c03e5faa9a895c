package dev.gyre.io;

import java.util.List;

/**
 * An open folder, and the start of relative paths.
 *
 * <p>A path is text; it reaches the kernel as UTF-8. One with an embedded NUL character or of more than 4095 bytes is
 * refused before any system call. Any task may use a folder, several at once too. All methods except {@link #close()}
 * are cancellation points.
 */
public interface Directory extends AutoCloseable {

    /**
     * Opens a file, or a folder as a file that can only be asked for its state.
     *
     * @param path relative to this folder, or absolute unless {@link OpenOptions.Flag#BENEATH}
     * @param options how
     * @return the file, closed on exec, never the controlling terminal
     * @throws IoException with a reason of {@link Operation#OPEN_FILE}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    File openFile(String path, OpenOptions options) throws IoException;

    /**
     * Opens a folder.
     *
     * @param path relative to this folder, or absolute unless {@link OpenOptions.Flag#BENEATH}
     * @param flags {@link OpenOptions.Flag#NO_FOLLOW} and {@link OpenOptions.Flag#BENEATH} have a meaning here
     * @return the folder
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Directory openDirectory(String path, OpenOptions.Flag... flags) throws IoException;

    /**
     * What the file system knows of a file, following symbolic links.
     *
     * @param path relative to this folder, or absolute
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat stat(String path) throws IoException;

    /**
     * What the file system knows of a file, which may itself be a symbolic link (lstat(2)).
     *
     * @param path relative to this folder, or absolute; only its last part is not followed
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat lstat(String path) throws IoException;

    /**
     * The names in this folder, without {@code .} and {@code ..}, in no order.
     *
     * @return one entry for each
     * @throws IoException with a reason of {@link Operation#LIST}
     * @throws CanceledException if the calling task was canceled
     */
    List<DirectoryEntry> list() throws IoException;

    /** Closes it. Closing again, or closing the current folder, does nothing. Not a cancellation point. */
    @Override
    void close();
}
