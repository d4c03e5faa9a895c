package dev.gyre.io;

import java.lang.foreign.MemorySegment;

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
     * Brings what was written to {@linkplain File#map mapped} memory to the device, without holding up a loop
     * (msync(2)): the pages that have a part of it. What was written there before survives a power cut from then on, as
     * after {@link File#dataSync()}; of memory that is {@link Mapping#PRIVATE} there is nothing to bring. The file may
     * be closed. A cancellation point.
     *
     * @param part of mapped memory; empty for nothing
     * @throws IllegalArgumentException if it is not {@linkplain MemorySegment#isMapped() mapped}
     * @throws IllegalStateException if its arena is closed, before or meanwhile
     * @throws WrongThreadException if it belongs to another thread
     * @throws IoException with a reason of {@link Operation#SYNC_MAPPED}; what was written is then in an unknown state
     * @throws CanceledException if the calling task was canceled
     */
    void syncMapped(MemorySegment part) throws IoException;

    /**
     * Prepares for hearing of changes of files and folders.
     *
     * @return watches none yet; to be closed
     * @throws IoException with a reason of {@link Operation#OPEN_WATCHER}; a simulation has none
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Watcher watcher() throws IoException;

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
