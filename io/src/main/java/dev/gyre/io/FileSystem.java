package dev.gyre.io;

/** Files and folders. */
public interface FileSystem {

    /**
     * The folder that relative paths start at. Closing it does nothing.
     *
     * @return always the same
     */
    Directory currentDirectory();

    /**
     * Prepares for many transfers at once.
     *
     * @param capacity how many operations it has room for, 1 to 65,536
     * @return empty, to be closed
     * @throws IllegalArgumentException if the capacity is out of range
     */
    Batch batch(int capacity);

    /**
     * Where the program is that the process runs (readlink(2) of {@code /proc/self/exe}): for Java, that of the virtual
     * machine. A cancellation point.
     *
     * @return an absolute path without links; it ends with {@code  (deleted)} if the file has no name any more
     * @throws IoException with a reason of {@link Operation#EXECUTABLE_PATH}: {@link Reason#FILE_NOT_FOUND} where
     *     {@code /proc} is not mounted, and in a simulation
     * @throws CanceledException if the calling task was canceled
     */
    String executablePath() throws IoException;
}
