package dev.gyre.io.spi;

/** Stands for a thread that the {@code Io} did not start, while that thread calls one of its methods. */
public class ForeignFiber extends ThreadFiber {
    private final ForeignWaiters waiters;

    /**
     * For the calling thread.
     *
     * @param waiters who is told while it waits
     */
    public ForeignFiber(ForeignWaiters waiters) {
        super(Thread.currentThread());
        this.waiters = waiters;
    }

    @Override
    protected final void await(Blocker blocker, boolean cancelable) {
        waiters.whileWaiting(this, blocker, () -> super.await(blocker, cancelable));
    }
}
