package dev.gyre.io;

import java.lang.foreign.MemorySegment;

/**
 * Many operations on files that one caller has under way at the same time, without a task for each.
 *
 * <pre>{@code
 * try (Batch batch = io.batch(128)) {
 *     for (int i = 0; i < 128; i++) {
 *         batch.read(file, blocks[i], offsets[i]);
 *     }
 *     batch.await();
 *     for (int i = 0; i < 128; i++) {
 *         use(blocks[i], batch.count(i));
 *     }
 *     batch.clear();
 * }
 * }</pre>
 *
 * <p>Operations get the numbers 0, 1, 2 and so on, until {@link #clear()}. They begin when they are submitted, all that
 * were added together; {@link #await()} and {@link #next()} submit what was not. They run in no order, and each may
 * transfer less than it was asked for: who needs all of it adds the rest again.
 *
 * <p>Who wants as many under way as there is room for, and no pause between one round and the next, gives back each
 * number that was told of. The next operation that is added takes it, and may have the same buffer:
 *
 * <pre>{@code
 * for (int number = batch.next(); number >= 0; number = batch.next()) {
 *     use(blocks[number], batch.count(number));
 *     batch.release(number);
 *     if (offset < end) {
 *         batch.read(file, blocks[number], offset);
 *         offset += BLOCK;
 *     }
 * }
 * }</pre>
 *
 * <p>A batch is made for reuse: neither it nor the backend makes an object for an operation that has buffers of
 * {@link Io#arena()}, {@code Arena.ofAuto()} or {@code Arena.global()}. Buffers of other kinds work as well, and are
 * copied. A buffer belongs to its operation, and a file stays open, until the operation was told of by {@link #next()},
 * or {@link #await()} or {@link #close()} has returned.
 *
 * <p>One thread or task at a time uses a batch, also to close it; any may, one of a foreign pool included. A second
 * one is told by an {@code IllegalStateException}, while the first waits. Deadlines are those of
 * {@link Tasks#within}: whoever is told that the time is over finds the operations still under way, and may go on to
 * wait for them.
 */
public interface Batch extends AutoCloseable {

    /**
     * Adds a read at an offset, as {@link File#read(MemorySegment, long)}.
     *
     * @param file of the same {@code Io}
     * @param buffer writable
     * @param offset of the first byte, 0 or more
     * @return the operation's number
     * @throws IllegalArgumentException if the file is of another {@code Io}, the buffer read-only
     *     or the offset negative
     * @throws IllegalStateException if the batch is full or closed, or the buffer's arena is closed
     * @throws WrongThreadException if the buffer belongs to another thread's confined arena
     */
    int read(File file, MemorySegment buffer, long offset);

    /**
     * Adds a write at an offset, as {@link File#write(MemorySegment, long)}.
     *
     * @param file of the same {@code Io}
     * @param buffer what to write
     * @param offset of the first byte, 0 or more
     * @return the operation's number
     * @throws IllegalArgumentException if the file is of another {@code Io} or the offset negative
     * @throws IllegalStateException if the batch is full or closed, or the buffer's arena is closed
     * @throws WrongThreadException if the buffer belongs to another thread's confined arena
     */
    int write(File file, MemorySegment buffer, long offset);

    /**
     * Adds a {@link File#sync()}. It covers writes that were told of before it was added, and none beside it.
     *
     * @param file of the same {@code Io}
     * @return the operation's number
     * @throws IllegalArgumentException if the file is of another {@code Io}
     * @throws IllegalStateException if the batch is full or closed
     */
    int sync(File file);

    /**
     * Adds a {@link File#dataSync()}. It covers writes that were told of before it was added, and none beside it.
     *
     * @param file of the same {@code Io}
     * @return the operation's number
     * @throws IllegalArgumentException if the file is of another {@code Io}
     * @throws IllegalStateException if the batch is full or closed
     */
    int dataSync(File file);

    /**
     * How many operations have a number.
     *
     * @return those added since {@link #clear()}, less those whose number was {@linkplain #release given back}
     */
    int size();

    /**
     * Begins what was added. Does not wait, and is no cancellation point.
     *
     * @throws IllegalStateException if the batch or the {@code Io} is closed
     */
    void submit();

    /**
     * Waits until everything has ended, well or not. A cancellation point.
     *
     * @throws CanceledException if the calling task was canceled, or a limit of time is over; what is under way goes on
     * @throws IllegalStateException if the batch or the {@code Io} is closed
     */
    void await();

    /**
     * Waits until one more has ended, well or not. A cancellation point.
     *
     * @return its number; each is told once, in the order in which they ended; -1 if all have been
     * @throws CanceledException if the calling task was canceled, or a limit of time is over; what is under way goes on
     * @throws IllegalStateException if the batch or the {@code Io} is closed
     */
    int next();

    /**
     * What came of an operation that has ended.
     *
     * @param number of one that {@link #next()} has told of, or any after {@link #await()}
     * @return the bytes transferred, 0 only for an empty buffer; -1 at the end of the file; 0 for a sync
     * @throws IoException as the same operation of a {@link File} would have failed; with {@link Reason#MEMORY_GONE} if
     *     the buffer's arena was closed meanwhile, or is confined to another thread than that which waits
     * @throws IllegalStateException if it has not ended, or there is none of that number
     */
    int count(int number) throws IoException;

    /**
     * Forgets one operation that has ended, and gives its number back. The next that is added takes the number that was
     * given back last.
     *
     * @param number of one that {@link #next()} has told of, or any after {@link #await()}, of which {@code next()}
     *     does not tell any more then
     * @throws IllegalStateException if it has not ended, or there is none of that number, or the batch is closed
     */
    void release(int number);

    /**
     * Forgets all operations, of which none is under way.
     *
     * @throws IllegalStateException if one is, or the batch is closed
     */
    void clear();

    /**
     * Asks what is under way to end, and waits for that: afterwards nobody uses any buffer. Closing again does nothing.
     * Not a cancellation point.
     */
    @Override
    void close();
}
