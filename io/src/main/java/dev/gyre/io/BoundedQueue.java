package dev.gyre.io;

import java.util.Collection;
import java.util.List;

/**
 * Elements on their way from some tasks to others, in order, and no more of them than fit.
 *
 * <pre>{@code
 * try (BoundedQueue<Job> jobs = io.queue(64); Group<IOException> group = io.group()) {
 *     group.concurrent(() -> {
 *         while (true) {
 *             perform(jobs.get());
 *         }
 *     });
 *     for (Job job : all) {
 *         jobs.put(job);
 *     }
 * }
 * }</pre>
 *
 * <p>Made by {@link Io#queue(int)}. Any thread may call any method. With capacity 0 nothing is stored: each element
 * goes from the hands of one task into those of another. The elements of one caller keep their order; among several
 * that wait, who is served next is not promised. What happened before an element was put is visible to whoever gets it.
 *
 * <p>An element is never lost: whoever is canceled has put or taken nothing, or is told how much and has the request
 * delivered at the next cancellation point.
 *
 * <p>It is fastest where both sides run on one loop: {@link Placement} says how tasks come there.
 *
 * @param <T> the elements, none of them null
 */
public interface BoundedQueue<T> extends AutoCloseable {
    /**
     * Puts one element, waiting until there is room. A cancellation point, also where it need not wait.
     *
     * @param element not null
     * @throws CanceledException if the calling task was canceled; the element was not put
     * @throws QueueClosedException if the queue is closed, or was before there was room; the element was not put
     */
    void put(T element);

    /**
     * Puts as many elements as fit, and waits until at least {@code min} have been put. A cancellation point.
     *
     * @param elements in this order; copied, so the list is free when this returns
     * @param min 0, for what can be done without waiting, up to the number of elements
     * @return how many from the beginning were put: {@code min} or more, but fewer, and at least one, if the task was
     *     canceled or the queue closed in the middle
     * @throws CanceledException if the calling task was canceled; nothing was put
     * @throws QueueClosedException if the queue is closed; nothing was put
     */
    int put(List<? extends T> elements, int min);

    /**
     * Takes the next element, waiting until there is one. A cancellation point, also where it need not wait.
     *
     * @return the element
     * @throws CanceledException if the calling task was canceled; nothing was taken
     * @throws QueueClosedException if the queue is closed and empty
     */
    T get();

    /**
     * Takes what there is, and waits until at least {@code min} have been taken. A cancellation point.
     *
     * @param into the elements are added here, in order, by the calling thread; if it throws, they are taken all the
     *     same
     * @param min 0, for what can be done without waiting, up to {@code max}
     * @param max how many to take at most, positive
     * @return how many were taken: {@code min} or more, but fewer, and at least one, if the task was canceled or the
     *     queue closed in the middle
     * @throws CanceledException if the calling task was canceled; nothing was taken
     * @throws QueueClosedException if the queue is closed and empty
     */
    int get(Collection<? super T> into, int min, int max);

    /**
     * How many elements are stored.
     *
     * @return 0 up to {@link #capacity()}; old news if others use it at the same time
     */
    int size();

    /**
     * How many elements can be stored.
     *
     * @return as given to {@link Io#queue(int)}
     */
    int capacity();

    /**
     * Whether it takes no more elements.
     *
     * @return true after {@link #close()}
     */
    boolean isClosed();

    /**
     * Takes no more elements. What is stored can still be taken; whoever waits for room, or for elements that will not
     * come, is told. Closing again does nothing. Does not wait, and is no cancellation point.
     */
    @Override
    void close();
}
