package dev.gyre.http;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;

/** What a path leads to. */
sealed interface Found permits CachedFile, Found.Opened {
    /** Its state when it was last looked at. */
    FileStat stat();

    /** What a client is told of it. */
    Representation representation();

    /** Closes it, if it is open. */
    default void close() {
        if (this instanceof Opened opened) {
            FileCache.closeQuietly(opened.file());
        }
    }

    /**
     * Something that is not in memory.
     *
     * @param file open; to be closed by the receiver
     * @param stat its state; of any kind
     * @param representation of its content, if it is a regular file
     */
    record Opened(File file, FileStat stat, Representation representation) implements Found {}
}
