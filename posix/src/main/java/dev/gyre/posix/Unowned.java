package dev.gyre.posix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors that have no owner, each by its number, or -1 where there is none. All are closed, whatever fails. The
 * array is made before they are opened, here, and so this class is initialized by then: when there is no memory, it
 * would be too late for either.
 */
final class Unowned {
    private static final int NONE = -1;

    private Unowned() {}

    /** Room for so many. */
    static int[] room(int count) {
        int[] descriptors = new int[count];
        Arrays.fill(descriptors, NONE);
        return descriptors;
    }

    /** Closes them. Throws what first failed. */
    static void close(Kernel kernel, int[] descriptors) {
        // No switch, whose first use takes memory.
        Throwable failure = closeAll(null, kernel, descriptors);
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }

    /** Closes them because something has failed, which is told of what fails here. */
    static void closeAfter(Throwable failure, Kernel kernel, int[] descriptors) {
        var _ = closeAll(failure, kernel, descriptors);
    }

    private static @Nullable Throwable closeAll(@Nullable Throwable before, Kernel kernel, int[] descriptors) {
        Throwable first = before;
        for (int descriptor : descriptors) {
            try {
                if (descriptor != NONE) {
                    kernel.closeNow(descriptor);
                }
            } catch (RuntimeException | Error failure) {
                if (first == null) {
                    first = failure;
                } else {
                    tell(first, failure);
                }
            }
        }
        return first;
    }

    /** Tells a failure of a further one, unless there is no memory for that. */
    static void tell(Throwable failure, Throwable further) {
        try {
            if (further != failure) { // the virtual machine has one for each lack of memory
                failure.addSuppressed(further);
            }
        } catch (OutOfMemoryError untold) {
            // The first is what counts.
        }
    }
}
