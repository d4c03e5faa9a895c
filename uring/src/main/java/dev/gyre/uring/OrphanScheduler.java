package dev.gyre.uring;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs virtual threads whose loop has ended.
 *
 * <p>A virtual thread that a program starts inside a task has the task's scheduler, which is the loop, for as long as
 * it lives; and it may live longer than the loop. From then on threads of this pool carry it, as many as there are
 * processors, made when they are needed and gone a minute after.
 */
final class OrphanScheduler {
    private static final int CARRIERS = Runtime.getRuntime().availableProcessors();
    private static final Executor POOL = pool();

    private OrphanScheduler() {}

    /** Runs a piece of a virtual thread. From any thread; does not wait, and does not throw. */
    static void execute(Runnable piece) {
        while (true) {
            try {
                POOL.execute(piece);
                return;
            } catch (OutOfMemoryError exhausted) {
                // Nobody else would ever run it.
                Thread.onSpinWait();
            }
        }
    }

    private static Executor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                CARRIERS, CARRIERS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("gyre-orphans-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
