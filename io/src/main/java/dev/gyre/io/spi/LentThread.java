package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * A thread of a pool, which runs one piece of work after the other. Each finds it as a thread that was started for it
 * alone, whatever those before have done to it; with one exception: only the JDK itself can empty the thread-locals of
 * another one's work.
 */
public final class LentThread {
    private LentThread() {}

    /**
     * Runs something on the calling thread.
     *
     * @param loader the context class loader, as inherited from whoever asked for the work
     * @param work what to run
     */
    public static void run(@Nullable ClassLoader loader, Runnable work) {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        thread.setContextClassLoader(loader);
        try {
            work.run();
        } finally {
            // At once, and not before the next: an idle thread keeps nothing of a program's alive.
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            thread.setUncaughtExceptionHandler(null);
            if (thread.getPriority() != Thread.NORM_PRIORITY) {
                thread.setPriority(Thread.NORM_PRIORITY);
            }
            if (!thread.getName().equals(name)) {
                thread.setName(name);
            }
        }
    }
}
