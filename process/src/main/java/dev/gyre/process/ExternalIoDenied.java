package dev.gyre.process;

import java.io.Serial;

/** A process that was denied sockets used one; see {@link SpawnOptions#withoutExternalIo}. */
public final class ExternalIoDenied extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Bound where a process runs that may not, and so also seen by what it calls on the same thread. */
    private static final ScopedValue<Boolean> DENIED = ScopedValue.newInstance();

    private ExternalIoDenied(String message) {
        super(message);
    }

    /** Whether the calling thread may not. */
    static boolean isDenied() {
        return DENIED.isBound();
    }

    /** Runs something that may not. */
    static void run(Self self, ProcessBody body) throws Exception {
        ScopedValue.where(DENIED, true).call(() -> {
            body.run(self);
            return "";
        });
    }

    /** Refuses the call of one that may not. */
    static void check() {
        if (isDenied()) {
            throw new ExternalIoDenied("this process was started without external I/O, and may use no socket");
        }
    }

    /** Refuses a process as an owner. */
    static void checkOwner(ControlBlock owner) {
        if (!owner.externalIo) {
            throw new ExternalIoDenied("process " + owner.pid + " was started without external I/O, and may own no"
                    + " socket");
        }
    }
}
