package dev.gyre.ring;

import dev.gyre.linux.Files;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor that other threads use until its owner closes it. The number goes back to the kernel with the last of
 * them, so none of them meets what the kernel has given it to next. Any thread may call anything here; nothing blocks,
 * and nothing takes a lock: its next holder could be a fiber that the loop would have to run first.
 */
final class SharedDescriptor {
    private final int number;

    /** How many hold it; the owner is one of them until it closes. 0 is the end, from which nobody comes back. */
    private final AtomicInteger holders = new AtomicInteger(1);

    SharedDescriptor(int number) {
        this.number = number;
    }

    /** Holds it until {@link #release}; false after the end. */
    boolean acquire() {
        return holders.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** Only for those who hold it. */
    int number() {
        return number;
    }

    /** Lets go of it, and closes it if nobody holds it any more. The owner does so once, to close it. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            Files.close(number);
        }
    }
}
