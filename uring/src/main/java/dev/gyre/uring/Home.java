package dev.gyre.uring;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The loop that carries the virtual thread of a fiber, and those that it starts: their scheduler, for as long as any of
 * them lives. Therefore it keeps nothing of a fiber that has ended.
 *
 * <p>A fiber that has come here from another loop, to begin or to go on, has nothing on this one yet. As long as it has
 * not run here, it can be handed over. One that a fiber of this loop has started cannot: where a static initializer has
 * started it and waits for it, it had better be told that it waits in vain than wait for ever, as the other one may
 * need the class.
 */
final class Home implements Executor, Runnable {
    private LoopThread loop;

    /** What the fiber's own thread hands over each time; null before the first, and after the end. */
    private @Nullable Runnable own;

    /** Whether the fiber can be handed over. Written by whoever has it: its thread, or the one that is to run it. */
    private boolean movable;

    private boolean begun;
    private boolean ended;

    /**
     * For a fiber that has not begun.
     *
     * @param fromElsewhere whether no fiber of that loop starts it
     */
    Home(LoopThread loop, boolean fromElsewhere) {
        this.loop = loop;
        this.movable = fromElsewhere;
    }

    LoopThread loop() {
        return loop;
    }

    @Override
    public void execute(Runnable piece) {
        if (own == null && !ended) {
            own = piece;
        }
        loop.execute(piece == own ? this : piece);
    }

    @Override
    public void run() {
        movable = false;
        Runnable piece = own;
        if (piece != null) {
            piece.run();
        }
    }

    /** Hands the fiber over if it has nothing here yet. By the thread that would have run it. */
    boolean handOver(LoopThread other) {
        if (!movable) {
            return false;
        }
        LoopThread before = loop;
        boolean unstarted = !begun; // from the hand-over on, it may run
        loop = other;
        try {
            other.execute(this);
        } catch (OutOfMemoryError exhausted) {
            loop = before;
            return false;
        }
        if (unstarted) {
            before.load().started();
            other.load().starts();
        }
        return true;
    }

    /**
     * Changes the loop. By the fiber, which has no wait under way.
     *
     * @param leaves whether it leaves its thread next, for that loop
     */
    void set(LoopThread newLoop, boolean leaves) {
        loop = newLoop;
        movable = leaves;
    }

    /** The fiber begins to run. */
    void begin() {
        begun = true;
        loop.load().started();
    }

    /** The fiber has ended. */
    void end() {
        ended = true;
        own = null;
    }
}
