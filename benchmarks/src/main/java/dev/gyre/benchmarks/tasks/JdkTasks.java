package dev.gyre.benchmarks.tasks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Virtual threads of the JDK's, and what it has for synchronising them. */
@State(Scope.Benchmark)
public class JdkTasks {
    private final ReentrantLock mutex = new ReentrantLock();
    private final SynchronousQueue<Integer> rendezvous = new SynchronousQueue<>();
    private final ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(TaskBenchmarks.CAPACITY);
    private int held;

    /** For JMH. */
    public JdkTasks() {}

    /**
     * Starts a virtual thread and joins it, again and again, on a virtual thread.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public void spawn() throws InterruptedException {
        run(() -> {
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                run(() -> held++);
            }
        });
    }

    /**
     * Locks and unlocks a lock that nobody else wants.
     *
     * @return how often
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public int lock() throws InterruptedException {
        run(() -> {
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                mutex.lock();
                try {
                    held++;
                } finally {
                    mutex.unlock();
                }
            }
        });
        return held;
    }

    /**
     * Hands elements from one virtual thread to another, by a queue that stores none.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public void handOver() throws InterruptedException {
        pass(rendezvous);
    }

    /**
     * Passes elements from one virtual thread to another, by a queue that stores some.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public void passOn() throws InterruptedException {
        pass(queue);
    }

    private void pass(BlockingQueue<Integer> elements) throws InterruptedException {
        run(() -> {
            Thread getter = Thread.startVirtualThread(interruptible(() -> {
                for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                    held += elements.take();
                }
            }));
            for (int i = 0; i < TaskBenchmarks.OPERATIONS; i++) {
                elements.put(1);
            }
            getter.join();
        });
    }

    /**
     * Lets two virtual threads go on in turn, without a queue.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(TaskBenchmarks.OPERATIONS)
    public void takeTurns() throws InterruptedException {
        run(() -> {
            Turns turns = new Turns();
            Thread second = Thread.startVirtualThread(() -> turns.takeSecond(TaskBenchmarks.OPERATIONS / 2));
            turns.takeFirst(TaskBenchmarks.OPERATIONS / 2);
            second.join();
        });
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private static void run(Body body) throws InterruptedException {
        Thread.startVirtualThread(interruptible(body)).join();
    }

    private static Runnable interruptible(Body body) {
        return () -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts", e);
            }
        };
    }
}
