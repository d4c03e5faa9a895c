package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * The names in a folder, a piece at a time: however many there are, no more than some hundred are in memory. What is
 * added or removed meanwhile may be seen or not; everything else is seen once. One task at a time uses it.
 */
public interface Listing extends AutoCloseable {

    /**
     * The next one, in no order. A cancellation point, where the kernel has to be asked.
     *
     * @return one that is neither {@code .} nor {@code ..}; null after the last
     * @throws IoException with a reason of {@link Operation#LIST}
     * @throws CanceledException if the calling task was canceled; the next call goes on where this one was
     */
    @Nullable DirectoryEntry next() throws IoException;

    /** Closes it. Closing again does nothing. Not a cancellation point. */
    @Override
    void close();
}
