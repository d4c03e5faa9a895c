package dev.gyre.io.spi;

/** A fiber that spins where others park, and fails where others would park for ever. */
public final class SpinFiber extends ThreadFiber {
    private volatile boolean permit;

    /** For whoever calls; no thread is interrupted on its behalf. */
    public SpinFiber() {
        super(Thread.currentThread());
    }

    @Override
    protected void suspend(Blocker awaited) {
        Patience.await("unpark", () -> permit);
        permit = false;
    }

    @Override
    public void unpark() {
        permit = true;
    }
}
