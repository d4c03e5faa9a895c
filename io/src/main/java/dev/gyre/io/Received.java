package dev.gyre.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came over a Unix socket, with the open things that were passed along.
 *
 * @param count the number of bytes, 1 or more; -1 at the end
 * @param passed what was passed, in order; the caller closes it
 * @param cut whether the message was longer than the buffer, and its rest is lost; only for messages
 *     ({@link SocketType#SEQPACKET})
 * @param passedCut whether more was passed than is here, because the caller had no room for it, or the process may have
 *     no more open files; what is not here was closed by the kernel
 * @param credentials who wrote it, where the socket has {@link SocketOption#PASS_CREDENTIALS}; null where it does not,
 *     and at the end
 */
public record Received(
        int count, List<Passable> passed, boolean cut, boolean passedCut, @Nullable Credentials credentials)
        implements AutoCloseable {
    /** Keeps a copy of the list. */
    public Received {
        passed = List.copyOf(passed);
    }

    /**
     * Closes everything that was passed.
     *
     * @throws IoException if something could not be closed; all the rest is
     */
    @Override
    public void close() throws IoException {
        IoException first = null;
        for (Passable each : passed) {
            try {
                each.close();
            } catch (IoException failed) {
                if (first == null) {
                    first = failed;
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
