package dev.gyre.benchmarks.processes;

import dev.gyre.benchmarks.Memory;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Small programs of processes, told {@code WHAT COUNT WARMUP WINDOW}. Each prints two figures in nanoseconds per
 * message, or per process for {@code spawn}: that of its first round, which begins with cold code, and that of the
 * rounds within {@code WINDOW} milliseconds after {@code WARMUP} milliseconds of them.
 *
 * <p>{@code pingPong}: two send one message to and fro. {@code spawn}: one starts another one, which sends a message
 * and ends. {@code ring}: a counter goes round 10,000 processes, less by one each time. {@code fanIn}: 1,000 processes
 * send to one. {@code idle COUNT} is different: it prints the bytes of resident memory for each of those that wait.
 *
 * <p>The same in Erlang is {@code processes.erl}.
 */
abstract class Processes {
    static final String MESSAGE = "message";
    static final int RING = 10_000;
    static final int SENDERS = 1_000;

    abstract void pingPong(int messages) throws Exception;

    abstract void spawn(int processes) throws Exception;

    abstract void ring(int messages) throws Exception;

    abstract void fanIn(int messages) throws Exception;

    /** Returns when all wait. */
    abstract void idle(int processes) throws Exception;

    final void run(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("idle")) {
            idle(1);
            long before = memory();
            idle(count);
            System.out.printf(Locale.ROOT, "%.1f%n", (double) (memory() - before) / count);
            return;
        }
        double first = rounds(arguments[0], count, 0);
        double _ = rounds(arguments[0], count, Long.parseLong(arguments[2]));
        double warm = rounds(arguments[0], count, Long.parseLong(arguments[3]));
        System.out.printf(Locale.ROOT, "%.1f %.1f%n", first, warm);
    }

    /** Rounds until the time is over, at least one. Returns nanoseconds each. */
    private double rounds(String what, int count, long millis) throws Exception {
        long begin = System.nanoTime();
        long rounds = 0;
        long elapsed;
        do {
            round(what, count);
            rounds++;
            elapsed = System.nanoTime() - begin;
        } while (elapsed < TimeUnit.MILLISECONDS.toNanos(millis));
        return (double) elapsed / rounds / count;
    }

    private void round(String what, int count) throws Exception {
        switch (what) {
            case "pingPong" -> pingPong(count / 2);
            case "spawn" -> spawn(count);
            case "ring" -> ring(count);
            case "fanIn" -> fanIn(count);
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** What is resident after a collection; shared pages count in part. */
    private static long memory() throws IOException {
        System.gc();
        return Memory.of(ProcessHandle.current().pid()).proportionalBytes();
    }
}
