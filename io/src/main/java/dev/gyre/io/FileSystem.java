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
}
