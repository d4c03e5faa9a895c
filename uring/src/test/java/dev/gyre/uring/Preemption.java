package dev.gyre.uring;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Where {@link PreemptionAgent} lets a fiber be switched out. Public, since the code of every package calls it; not
 * transformed itself.
 */
public final class Preemption {
    private static final int ONE_IN = Integer.getInteger("gyre.preemption.oneIn", 1);
    private static final AtomicLong DICE = new AtomicLong(Long.getLong("gyre.preemption.seed", 1));
    private static final AtomicLong SWITCHES = new AtomicLong();

    /** Off while the virtual machine and the test engine start. */
    private static volatile boolean on;

    private Preemption() {}

    static void begin() {
        on = true;
    }

    /** How often a virtual thread was switched out. */
    static long switches() {
        return SWITCHES.get();
    }

    /** Lets the calling thread be switched out if it is a virtual one. Called by transformed code. */
    public static void point() {
        if (on && Thread.currentThread().isVirtual() && isChosen()) {
            SWITCHES.incrementAndGet();
            Thread.yield();
        }
    }

    /** One in so many points is chosen, by a generator (SplitMix64) whose draws do not depend on the thread. */
    private static boolean isChosen() {
        if (ONE_IN == 1) {
            return true;
        }
        long draw = DICE.addAndGet(0x9E3779B97F4A7C15L);
        draw = (draw ^ draw >>> 30) * 0xBF58476D1CE4E5B9L;
        draw = (draw ^ draw >>> 27) * 0x94D049BB133111EBL;
        return Long.remainderUnsigned(draw ^ draw >>> 31, ONE_IN) == 0;
    }
}
