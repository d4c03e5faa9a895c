package dev.gyre.io;

/**
 * A new file that is about to get a name, and with it the place of what has the name so far: whoever looks finds the
 * old content or the whole new one, at any moment.
 *
 * <pre>{@code
 * try (Replacement replacement = folder.replace("settings", 0644)) {
 *     replacement.file().writeAll(content);
 *     replacement.commit();
 * }
 * }</pre>
 *
 * <p>Until it is committed, the file has a name of its own in the same folder, {@code .gyre-} and 16 hexadecimal
 * digits; a process that is killed leaves it behind. One task at a time uses it.
 */
public interface Replacement extends AutoCloseable {

    /**
     * The new file, empty and open for reading and writing.
     *
     * @return closed with this
     */
    File file();

    /**
     * Brings the content to the device, gives the file its name, and brings the name to the device: after that the new
     * content survives a power cut, and before that the old one does. A cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#SYNC} or {@link Operation#RENAME}; if the last sync has
     *     failed, the file has the name, but may not keep it through a power cut
     * @throws CanceledException if the calling task was canceled
     * @throws IllegalStateException if it is committed or closed
     */
    void commit() throws IoException;

    /**
     * Gives the file its name, and leaves it to the kernel when content and name reach the device: a power cut soon
     * after may leave the old content, the new, or on some file systems an empty file. A cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#RENAME}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     * @throws IllegalStateException if it is committed or closed
     */
    void commitWithoutSync() throws IoException;

    /**
     * Closes the file, and removes it if it was not committed. Closing again does nothing. Not a cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#CLOSE} or {@link Operation#DELETE_FILE}
     * @throws IllegalStateException if it was not committed, and its {@link Io} is closed: the file is closed, but the
     *     name that it had meanwhile is left behind
     */
    @Override
    void close() throws IoException;
}
