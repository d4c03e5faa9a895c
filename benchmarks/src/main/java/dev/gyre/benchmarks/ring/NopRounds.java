package dev.gyre.benchmarks.ring;

import com.sun.management.ThreadMXBean;
import dev.gyre.ring.Loop;
import dev.gyre.ring.Nop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Rounds of nops on a {@link Loop}, as {@code nop.c} makes them on liburing: {@code NopRounds BATCH ROUNDS}. Prints the
 * nanoseconds per operation and the bytes that were allocated for it. As many rounds come first, uncounted, so that the
 * JIT has compiled what is measured.
 */
public final class NopRounds {
    private final Loop loop;
    private final Nop[] nops;
    private int done;

    private NopRounds(Loop loop, int batch) {
        this.loop = loop;
        nops = new Nop[batch];
        for (int i = 0; i < batch; i++) {
            nops[i] = new Nop(operation -> done++);
        }
    }

    /**
     * Runs it.
     *
     * @param arguments as above
     * @throws RingException if the kernel refuses a ring
     */
    public static void main(String[] arguments) throws RingException {
        int batch = Integer.parseInt(arguments[0]);
        long rounds = Long.parseLong(arguments[1]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            NopRounds program = new NopRounds(loop, batch);
            program.run(rounds);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
            program.run(rounds);
            double nanos = System.nanoTime() - begin;
            double bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
            double operations = (double) rounds * batch;
            System.out.printf(Locale.ROOT, "%.3f %.3f%n", nanos / operations, bytes / operations);
        }
    }

    private void run(long rounds) throws RingException {
        for (long i = 0; i < rounds; i++) {
            for (Nop nop : nops) {
                loop.submit(nop);
            }
            done = 0;
            while (done < nops.length) {
                loop.turn(-1);
            }
        }
    }
}
