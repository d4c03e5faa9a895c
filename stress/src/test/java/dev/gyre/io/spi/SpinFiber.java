package dev.gyre.io.spi;

/** A fiber that spins where others park, and fails where others would park for ever. */
public final class SpinFiber extends ThreadFiber {
    private volatile boolean permit;

    /** For a task that the test itself runs. */
    public SpinFiber() {
        super(() -> {});
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
