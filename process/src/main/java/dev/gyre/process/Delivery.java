package dev.gyre.process;

import dev.gyre.io.spi.FiberAccess;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * A message that is sent at a time. It fires on a thread that carries tasks, and may neither wait there nor be the
 * first to use something of the JDK's. So all that it needs is made before, and its process forgets it when it takes it
 * out.
 */
final class Delivery extends Envelope implements Runnable {
    private enum State {
        PENDING,
        FIRED,
        CANCELED
    }

    private static final AtomicReferenceFieldUpdater<Delivery, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Delivery.class, State.class, "state");

    private final ControlBlock process;
    private volatile State state = State.PENDING;

    /** Takes it from the clock. */
    private volatile Runnable stop = () -> {};

    Delivery(ControlBlock process, Object message) {
        super(message);
        this.process = process;
    }

    /** Sets the clock. By who has made it; from then on, others may call it off, who know it by its process. */
    void start(FiberAccess access, long deadline) {
        Runnable newStop = access.startTimer(access.currentFiber(), deadline, this);
        stop = newStop;
        if (state == State.CANCELED) {
            newStop.run();
        }
    }

    @Override
    public void run() {
        if (STATE.compareAndSet(this, State.PENDING, State.FIRED)) {
            process.deliverQuietly(this);
        }
    }

    /** Calls it off; false if it has fired, or was called off. From any thread. */
    boolean cancel() {
        if (!STATE.compareAndSet(this, State.PENDING, State.CANCELED)) {
            return false;
        }
        process.relations().remove(this);
        stop.run();
        return true;
    }

    @Override
    boolean takesRoom() {
        return false;
    }

    @Override
    void taken(ControlBlock taker) {
        super.taken(taker);
        taker.relations().remove(this);
    }
}
