package dev.gyre.uring;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.spi.IoProvider;
import dev.gyre.ring.RingException;

/** Makes {@link Io}s over io_uring. */
public final class UringProvider implements IoProvider {
    /** For {@link java.util.ServiceLoader}. */
    public UringProvider() {}

    @Override
    public String name() {
        return "uring";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        try {
            return UringIo.open(options);
        } catch (RingException refused) {
            throw unavailable("io_uring is refused: " + refused.getMessage(), refused);
        } catch (OutOfMemoryError shortage) {
            throw unavailable("the loops' buffers, a MiB outside the heap for each loop, do not fit: "
                    + shortage.getMessage() + "; open fewer loops (IoOptions.withLoops), or allow more memory"
                    + " (-XX:MaxDirectMemorySize, which is as large as the heap unless it is set)", shortage);
        }
    }

    private static BackendUnavailable unavailable(String message, Throwable cause) {
        BackendUnavailable unavailable = new BackendUnavailable(message);
        unavailable.initCause(cause);
        return unavailable;
    }
}
