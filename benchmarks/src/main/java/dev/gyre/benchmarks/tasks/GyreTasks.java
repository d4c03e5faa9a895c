package dev.gyre.benchmarks.tasks;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Mutex;
import dev.gyre.io.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Tasks of one loop; each method is the counterpart of the one in {@link JdkTasks} that has its name. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class GyreTasks {
    private Io io;
    private Mutex mutex;
    private BoundedQueue<Integer> rendezvous;
    private BoundedQueue<Integer> queue;
    private int held;

    /** For JMH. */
    public GyreTasks() {}

    /**
     * Opens it.
     *
     * @throws BackendUnavailable if there is no io_uring
     */
    @Setup
    public void open() throws BackendUnavailable {
        io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1));
        mutex = io.mutex();
        rendezvous = io.queue(0);
        queue = io.queue(TaskBenchmarks.CAPACITY);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        io.close();
    }

    /**
     * Starts a task and awaits its end, again and again.
     *
     * @return how often
     * @throws ConcurrencyUnavailable never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int spawn() throws ConcurrencyUnavailable {
        return io.<Integer, ConcurrencyUnavailable>concurrent(() -> {
            int sum = 0;
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                sum += io.<Integer, RuntimeException>concurrent(() -> 1).await();
            }
            return sum;
        }).await();
    }

    /**
     * Locks and unlocks a mutex that nobody else wants.
     *
     * @return how often
     * @throws ConcurrencyUnavailable never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int lock() throws ConcurrencyUnavailable {
        return io.<Integer, RuntimeException>concurrent(() -> {
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                mutex.lock();
                try {
                    held++;
                } finally {
                    mutex.unlock();
                }
            }
            return held;
        }).await();
    }

    /**
     * Hands elements from one task to another, by a queue that stores none.
     *
     * @return the sum of the elements
     * @throws ConcurrencyUnavailable never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int handOver() throws ConcurrencyUnavailable {
        return pass(rendezvous);
    }

    /**
     * Passes elements from one task to another, by a queue that stores some.
     *
     * @return the sum of the elements
     * @throws ConcurrencyUnavailable never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int passOn() throws ConcurrencyUnavailable {
        return pass(queue);
    }

    private int pass(BoundedQueue<Integer> elements) throws ConcurrencyUnavailable {
        return io.<Integer, ConcurrencyUnavailable>concurrent(() -> {
            Task<Integer, RuntimeException> getter = io.concurrent(() -> {
                int sum = 0;
                for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                    sum += elements.get();
                }
                return sum;
            });
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                elements.put(1);
            }
            return getter.await();
        }).await();
    }

    /**
     * Lets two tasks go on in turn, without a queue.
     *
     * @return 0
     * @throws ConcurrencyUnavailable never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int takeTurns() throws ConcurrencyUnavailable {
        return io.<Integer, ConcurrencyUnavailable>concurrent(() -> {
            Turns turns = new Turns();
            Task<Integer, RuntimeException> second = io.concurrent(() -> {
                turns.takeSecond(TaskBenchmarks.OPERATIONS / 2);
                return 0;
            });
            turns.takeFirst(TaskBenchmarks.OPERATIONS / 2);
            return second.await();
        }).await();
    }
}
