package dev.gyre.simulated.disk;

import org.jspecify.annotations.Nullable;

/**
 * What a path has led to.
 *
 * @param inode what is there
 * @param place the name that it has there; null for the root
 */
record Found(Inode inode, @Nullable Place place) {
    /** A folder is in one place only, however it was found. */
    static Found of(Inode inode, Place place) {
        return new Found(inode, inode instanceof Folder folder ? folder.place() : place);
    }
}
