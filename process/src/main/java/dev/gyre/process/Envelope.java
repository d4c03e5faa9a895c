package dev.gyre.process;

import org.jspecify.annotations.Nullable;

/** A message on its way into a mailbox, and in it. */
class Envelope {
    final Object message;

    /**
     * While it has not been taken in: how many there are up to this one, counted from the oldest. Then: its number
     * among all that the mailbox has ever had, from 1.
     */
    long number;

    /** The one before it in the order of arrival while it has not been taken in; then the one after it. */
    @Nullable Envelope next;

    /** The one before it, once it has been taken in. */
    @Nullable Envelope previous;

    Envelope(Object message) {
        this.message = message;
    }

    /** Whether it takes room in a bounded mailbox. */
    boolean takesRoom() {
        return true;
    }

    /** The process takes it out of its mailbox. */
    void taken(ControlBlock process) {
        process.keepForReport(message);
    }

    /** One that has to come in, whatever room there is. */
    static final class OfSignal extends Envelope {
        OfSignal(Signal signal) {
            super(signal);
        }

        @Override
        boolean takesRoom() {
            return false;
        }
    }
}
