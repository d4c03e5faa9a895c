package dev.gyre.uring;

import dev.gyre.ring.Undivided;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How busy a loop is beside the others of its {@code Io}, and how many of its fibers are to leave it for that.
 *
 * <p>Twenty times a second a loop looks how much of a processor it has used, and if that is most of one, how much the
 * others have. If one has used far less, so many fibers go there as would make the two even, each when it begins to
 * read from a connection; the connection follows its reader ({@link Receiver}). A fiber that computes, or shares queues
 * with others, stays: what those share is best kept on one processor.
 */
final class Load {
    /** So long a loop is measured. */
    private static final long WINDOW_NANOS = 50_000_000;

    /** A loop that has used so much of a processor looks for help. */
    private static final double BUSY_MIN = 0.5;

    /** It finds it at one that has used so much less. */
    private static final double DIFFERENCE_MIN = 0.3;

    /** So many more fibers may wait to start on a loop than on another. */
    private static final int UNSTARTED_MORE = 4;

    private final LoopThread home;
    private final AtomicInteger unstarted = new AtomicInteger();
    private volatile LoopThread[] others = {};

    private long windowStart;
    private int window;
    private long usedBefore;

    /** What the others had used when the window began, if they were asked. */
    private long[] othersUsed = {};

    private boolean asked;

    /** Where each of the others was when the window began ({@link LoopThread#phase}). */
    private long[] seenPhases = {};

    /** How many fibers have read in this window. */
    private int readers;

    /** How many of them are to leave, and where to. */
    private int surplus;

    private @Nullable LoopThread refuge;

    Load(LoopThread home) {
        this.home = home;
    }

    /** Begins to compare it, which is one of {@code loops}, with the others. From the thread that opens the loops. */
    void compareWith(List<LoopThread> loops) {
        others = loops.stream().filter(each -> each != home).toArray(LoopThread[]::new);
    }

    /** Whether there is no other loop. */
    boolean isAlone() {
        return others.length == 0;
    }

    /** A fiber is to start on the loop. From any thread. */
    void starts() {
        unstarted.incrementAndGet();
    }

    /** A fiber has started, or will not start here. */
    void started() {
        unstarted.decrementAndGet();
    }

    /** This loop, unless notably fewer fibers wait to start on another one that turns. On this loop's fibers. */
    LoopThread leastUnstarted() {
        int fewest = unstarted.get() - UNSTARTED_MORE;
        LoopThread chosen = home;
        LoopThread[] rest = others;
        for (int i = 0; fewest > 0 && i < rest.length; i++) {
            int waiting = rest[i].load().unstarted.get();
            if (waiting < fewest && turns(i)) {
                fewest = waiting;
                chosen = rest[i];
            }
        }
        return chosen;
    }

    /** Another loop that turns, or null. On this loop's thread or fibers. */
    @Nullable LoopThread anotherThatTurns() {
        for (int i = 0; i < others.length; i++) {
            if (turns(i)) {
                return others[i];
            }
        }
        return null;
    }

    /** Whether another loop is not stuck in what it runs, as far as can be seen. */
    private boolean turns(int other) {
        long phase = others[other].phase();
        return (phase & 1) == 0 || other >= seenPhases.length || phase != seenPhases[other];
    }

    /**
     * Where a fiber that is about to read from a connection is to go on.
     *
     * @return null if here
     */
    @Undivided
    @Nullable LoopThread refugeFor(LoopFiber fiber) {
        if (fiber.lastWindow != window) {
            fiber.lastWindow = window;
            readers++;
        }
        LoopThread target = refuge;
        // One that something holds or blocks uses little of its processor as well, and would never run it.
        if (surplus == 0 || target == null || (target.phase() & 1) != 0) {
            return null;
        }
        surplus--;
        return target;
    }

    /** The loop, on its thread, begins a turn. */
    void turns(long now) {
        long length = now - windowStart;
        if (length > WINDOW_NANOS) {
            look((double) length);
            windowStart = now;
            window++;
            readers = 0;
        }
    }

    /** Ends a window. */
    private void look(double length) {
        long used = home.processorNanos();
        double share = (used - usedBefore) / length;
        usedBefore = used;
        surplus = 0;
        if (asked) {
            chooseRefuge(share, length);
        }
        // What leaves now shows in the window that begins, which is therefore not compared.
        asked = share >= BUSY_MIN && surplus == 0;
        if (asked) {
            askOthers();
        }
        lookAtPhases();
    }

    private void lookAtPhases() {
        LoopThread[] looked = others;
        if (seenPhases.length != looked.length) {
            seenPhases = new long[looked.length];
        }
        for (int i = 0; i < looked.length; i++) {
            seenPhases[i] = looked[i].phase();
        }
    }

    private void chooseRefuge(double share, double length) {
        double most = DIFFERENCE_MIN;
        for (int i = 0; i < othersUsed.length; i++) {
            double difference = share - (others[i].processorNanos() - othersUsed[i]) / length;
            if (difference > most) {
                most = difference;
                refuge = others[i];
                surplus = (int) (readers * difference / share / 2);
            }
        }
    }

    private void askOthers() {
        LoopThread[] asking = others;
        if (othersUsed.length != asking.length) {
            othersUsed = new long[asking.length];
        }
        for (int i = 0; i < asking.length; i++) {
            othersUsed[i] = asking[i].processorNanos();
        }
    }
}
