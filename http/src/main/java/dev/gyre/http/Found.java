package dev.gyre.http;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;

/** What a path leads to. */
sealed interface Found permits CachedFile, Found.Opened {
    /**
     * Something that is not in memory.
     *
     * @param file open; to be closed by the receiver
     * @param stat its state; of any kind
     */
    record Opened(File file, FileStat stat) implements Found {}
}
