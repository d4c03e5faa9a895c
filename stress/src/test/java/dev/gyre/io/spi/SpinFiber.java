package dev.gyre.io.spi;

/** A fiber that spins where others park, and fails where others would park for ever. */
public final class SpinFiber extends ThreadFiber {
    private volatile boolean permit;

    /** For whoever calls, on a thread that is nobody's: whoever makes it may be an actor that waits for its end. */
    public SpinFiber() {
        super(new Thread("nobody's"));
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
