package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.ring.Undivided;
import dev.gyre.ring.socket.Recv;
import dev.gyre.ring.socket.Send;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Receives and sends that go through a ring one by one, kept by a loop for its fibers to use again.
 *
 * <p>Most of the time a connection needs neither: it waits in a multishot receive, and a socket takes at once what is
 * sent. So a loop has as many as are under way at the same time, instead of two for each of thousands of idle
 * connections. A fiber that no loop carries makes its own.
 */
final class TransferPool {
    /** So many are kept of each kind when a rush is over. */
    private static final int KEPT_MAX = 256;

    private final ArrayDeque<Receiving> receives = new ArrayDeque<>();
    private final ArrayDeque<Sending> sends = new ArrayDeque<>();

    /** One that nobody uses; to be given back when its call has returned, and not if that failed. */
    @Undivided
    static Receiving receiving(Fiber fiber) {
        Receiving kept = fiber instanceof LoopFiber own ? own.home().transfers().receives.poll() : null;
        return kept == null ? new Receiving() : kept;
    }

    /** Like {@link #receiving}. */
    @Undivided
    static Sending sending(Fiber fiber) {
        Sending kept = fiber instanceof LoopFiber own ? own.home().transfers().sends.poll() : null;
        return kept == null ? new Sending() : kept;
    }

    /** Forgets the memory, which may be large and is the caller's to drop. */
    @Undivided
    static void giveBack(Fiber fiber, Receiving spare) {
        spare.recv.from(-1, MemorySegment.NULL, false);
        if (fiber instanceof LoopFiber own && own.home().transfers().receives.size() < KEPT_MAX) {
            own.home().transfers().receives.push(spare);
        }
    }

    /** Like the other {@link #giveBack}. */
    @Undivided
    static void giveBack(Fiber fiber, Sending spare) {
        spare.send.to(-1, MemorySegment.NULL, 0);
        if (fiber instanceof LoopFiber own && own.home().transfers().sends.size() < KEPT_MAX) {
            own.home().transfers().sends.push(spare);
        }
    }

    static final class Receiving {
        final Call call = new Call();
        final Recv recv = new Recv(-1, MemorySegment.NULL, call);
    }

    static final class Sending {
        final Call call = new Call();
        final Send send = new Send(-1, MemorySegment.NULL, call);
    }
}
