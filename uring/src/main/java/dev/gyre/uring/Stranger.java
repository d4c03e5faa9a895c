package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Strangers;
import dev.gyre.io.spi.ThreadFiber;

/** The calling thread, which Gyre did not start. */
final class Stranger extends ThreadFiber {
    private final Strangers strangers;

    Stranger(Strangers strangers) {
        super(Thread.currentThread());
        this.strangers = strangers;
    }

    @Override
    protected void blockCancelable(Blocker blocker) {
        strangers.whileWaiting(this, () -> super.blockCancelable(blocker));
    }

    @Override
    protected void blockDeaf(Blocker blocker) {
        strangers.whileWaiting(this, () -> super.blockDeaf(blocker));
    }
}
