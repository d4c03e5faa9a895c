package dev.gyre.benchmarks.processes;

import dev.gyre.benchmarks.Memory;
import java.io.IOException;
import java.util.Locale;

/**
 * Small programs of processes: {@code GyreProcesses WHAT COUNT} and {@code JdkProcesses WHAT COUNT}. Each runs some
 * rounds uncounted, and then prints the nanoseconds per message, or per process for {@code spawn}, of the rest.
 *
 * <p>{@code pingPong}: two send one message to and fro. {@code spawn}: one starts another one, which sends a message
 * and ends. {@code ring}: a counter goes round 10,000 processes, less by one each time. {@code fanIn}: 1,000 processes
 * send to one. {@code idle} is different: it prints the bytes of resident memory for each of {@code COUNT} that wait.
 *
 * <p>The same in Erlang is {@code processes.erl}.
 */
abstract class Processes {
    static final String MESSAGE = "message";
    static final int RING = 10_000;
    static final int SENDERS = 1_000;
    private static final int ROUNDS_UNCOUNTED = 4;
    private static final int ROUNDS = 4;

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
        for (int i = 0; i < ROUNDS_UNCOUNTED; i++) {
            round(arguments[0], count);
        }
        long begin = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            round(arguments[0], count);
        }
        System.out.printf(Locale.ROOT, "%.1f%n", (double) (System.nanoTime() - begin) / ROUNDS / count);
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
