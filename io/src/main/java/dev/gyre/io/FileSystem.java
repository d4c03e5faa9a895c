package dev.gyre.io;

/** Files and folders. */
public interface FileSystem {

    /**
     * The folder that relative paths start at. Closing it does nothing.
     *
     * @return always the same
     */
    Directory currentDirectory();
}
