package dev.gyre.io.spi;

/**
 * Something that begins only when its fiber is about to wait for it, such as an operation in the kernel.
 *
 * <p>Once it has begun, it may use memory of the fiber's: then the fiber does not leave before it is done, whatever
 * fails meanwhile. What a wait needs, memory and room on the stack, can only be lacking before.
 */
public interface DeferredBlocker extends Blocker {
    /**
     * Begins. Called once for each wait, unless this is done already, as something is that was canceled before; the
     * fiber is waiting by then, or does nothing else than to wait from then on.
     *
     * @throws OutOfMemoryError before anything has begun
     */
    void begin();

    /**
     * Whether it has begun. Read by the blocked fiber's thread.
     *
     * @return true from when {@link #begin()} has changed anything
     */
    boolean hasBegun();
}
