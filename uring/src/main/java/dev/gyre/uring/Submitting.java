package dev.gyre.uring;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import java.util.function.Function;

/** Operations that are made for one call: the rare ones, and those whose device is slower than an allocation. */
final class Submitting {
    private Submitting() {}

    /**
     * Runs an operation to its end, again if it must be.
     *
     * @param io whose loops
     * @param fiber the calling one
     * @param operation what it is, for its errors
     * @param target what it is done to, for messages
     * @param maker makes it, with the callback it is to have
     * @return the kernel's result, 0 or more
     */
    static int run(UringIo io, Fiber fiber, Operation operation, Object target,
            Function<Call, dev.gyre.ring.Operation> maker) throws IoException {
        Call call = new Call();
        while (true) {
            fiber.checkCancel();
            int result = call.run(io.loopFor(fiber), fiber, maker.apply(call), Timer.NEVER);
            if (result >= 0) {
                return result;
            }
            if (result != -Errno.ECANCELED.code() && !operation.retries(-result)) {
                throw operation.failure(-result, target);
            }
        }
    }

    /** Runs an operation that must not be canceled. */
    static int runUncancelable(UringIo io, Fiber fiber, Function<Call, dev.gyre.ring.Operation> maker) {
        Call call = new Call();
        return call.runUncancelable(io.loopFor(fiber), fiber, maker.apply(call));
    }
}
