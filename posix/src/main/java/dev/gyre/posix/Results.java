package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EAGAIN;
import static dev.gyre.io.ErrorNumber.ECANCELED;
import static dev.gyre.io.ErrorNumber.ETIME;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;

/** What the results of thin calls mean: the one place that decides what is tried again. */
final class Results {
    private Results() {}

    /**
     * Judges the failure of a call that may wait. Returns if it is to be made again, after the next look for a request
     * to stop; otherwise throws.
     *
     * @param operation on whose behalf it was made
     * @param result a negated error number
     * @param descriptor what it was made on
     * @param target for messages
     * @throws IoException with a reason of the operation
     */
    static void requireAgain(Operation operation, long result, Descriptor descriptor, Object target)
            throws IoException {
        if (descriptor.isClosing()) {
            throw operation.failure(Reason.CLOSED, target);
        }
        requireAgain(operation, result, target);
    }

    /** The same for a call that is made on nothing that could be closed. */
    static void requireAgain(Operation operation, long result, Object target) throws IoException {
        int error = (int) -result;
        if (error == ETIME.code()) {
            throw operation.failure(Reason.TIMED_OUT, target);
        }
        boolean again = error == ECANCELED.code() || operation.retries(error);
        if (!again) {
            throw operation.failure(error, target);
        }
    }

    /**
     * As {@link #requireAgain}, for sockets: they are non-blocking at times, and whoever waits for one may be told
     * {@code EAGAIN} although nobody asked for that.
     */
    static void requireSocketAgain(Operation operation, long result, Descriptor descriptor, Object target)
            throws IoException {
        if (result != -EAGAIN.code() || descriptor.isClosing()) {
            requireAgain(operation, result, descriptor, target);
        }
    }

    /**
     * Judges a call that never waits.
     *
     * @return the result, if that is 0 or more
     * @throws IoException with a reason of the operation
     */
    static int check(Operation operation, int result, Object target) throws IoException {
        if (result < 0) {
            throw operation.failure(-result, target);
        }
        return result;
    }

    /** As {@link #check}, for an answer. */
    static <T> T check(Operation operation, Answer<T> answer, Object target) throws IoException {
        T value = answer.value();
        if (value == null) {
            throw operation.failure(-answer.result(), target);
        }
        return value;
    }
}
