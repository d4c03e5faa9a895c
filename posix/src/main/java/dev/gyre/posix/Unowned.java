package dev.gyre.posix;

import org.jspecify.annotations.Nullable;

/** Descriptors that have no owner, each by its number, or -1 where there is none. All are closed, whatever fails. */
final class Unowned {
    private Unowned() {}

    /** Closes them. Throws what first failed. */
    static void close(Kernel kernel, int... descriptors) {
        switch (closeAll(null, kernel, descriptors)) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {}
        }
    }

    /** Closes them because something has failed, which is told of what fails here. */
    static void closeAfter(Throwable failure, Kernel kernel, int... descriptors) {
        var _ = closeAll(failure, kernel, descriptors);
    }

    private static @Nullable Throwable closeAll(@Nullable Throwable before, Kernel kernel, int... descriptors) {
        Throwable first = before;
        for (int descriptor : descriptors) {
            try {
                if (descriptor >= 0) {
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
