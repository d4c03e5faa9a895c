package dev.gyre.posix;

import dev.gyre.io.spi.Fiber;
import org.jspecify.annotations.Nullable;

/** An open thing of ours, whose descriptor others keep open for as long as they use it. */
interface Holdable {
    PosixIo io();

    /** Holds the descriptor, until {@link #release}; false if it is closed. Makes no object. */
    boolean tryHold();

    /** What is held; null for the current folder. */
    @Nullable Descriptor descriptor();

    /** Lets go of it. The last one out closes; the closer went before, so nobody is left to hear of an error. */
    void release(Fiber fiber);
}
