package dev.gyre.uring;

/**
 * A fiber that is found by way of the thread that runs it.
 *
 * <p>It is that thread's handler of uncaught exceptions. Of what a thread can be told to remember this is the only
 * thing that costs no memory; a scoped value would be two objects and four more frames for each task. There is never
 * anything to handle, since a task keeps what its body throws.
 */
interface FiberHandler extends Thread.UncaughtExceptionHandler {
    @Override
    default void uncaughtException(Thread thread, Throwable thrown) {
        System.getLogger("dev.gyre.uring")
                .log(System.Logger.Level.ERROR, thread.getName() + " ended as no task must", thrown);
    }
}
