package dev.gyre.process;

import java.io.Serial;

/** Somebody wanted to hand over a socket that is not its own. */
public final class NotOwnerException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    NotOwnerException(ProcessSocket socket, Pid owner) {
        super(socket + " is owned by process " + owner + ", which alone can hand it over; the caller is on "
                + Thread.currentThread());
    }
}
