package dev.gyre.http.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Hands what is written on to another stream, by a thread of its own: nobody who writes waits, whatever the other
 * stream does. A pipe that nobody reads holds up its writer for ever, and a thread of the JDK's in it cannot be
 * interrupted.
 *
 * <p>What waits takes bounded memory. What comes when that is full is lost, a whole {@code write} at a time, and its
 * lines are counted. The thread is a daemon: one that the other stream holds up for good ends with the process.
 *
 * <p>Any thread may call any method.
 */
public final class BackgroundStream extends OutputStream {
    private final OutputStream target;
    private final int bytesMax;
    private final LongConsumer lost;
    private final Consumer<IOException> failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition done = lock.newCondition();

    /** Guarded by the lock, like all below. */
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    private long linesLost;
    private boolean isWriting;
    private boolean isClosed;

    /**
     * Starts the thread.
     *
     * @param target is written to and flushed by that thread alone, and not closed
     * @param bytesMax how much may wait, in bytes
     * @param lost is told how many lines were lost, by that thread, when the target takes something again; may write
     *     here
     * @param failed is told of each write that failed, by that thread
     */
    public BackgroundStream(OutputStream target, int bytesMax, LongConsumer lost, Consumer<IOException> failed) {
        this.target = target;
        this.bytesMax = bytesMax;
        this.lost = lost;
        this.failed = failed;
        Thread.ofPlatform()
                .daemon()
                .name("gyre-background-stream")
                .inheritInheritableThreadLocals(false)
                .start(this::run);
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            if (length > bytesMax - waiting.size()) {
                for (int i = offset; i < offset + length; i++) {
                    linesLost += bytes[i] == '\n' ? 1 : 0;
                }
            } else {
                waiting.write(bytes, offset, length);
            }
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything has been handed on.
     *
     * @param limit for how long at most
     * @return false if the time was too short
     * @throws InterruptedException if the calling thread was interrupted
     */
    public boolean finish(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (left > 0 && !isIdle()) {
                left = done.awaitNanos(left);
            }
            return isIdle();
        } finally {
            lock.unlock();
        }
    }

    /** The thread ends when it has handed on what waits. Does not wait for that. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            ByteArrayOutputStream next;
            long lines;
            lock.lock();
            try {
                isWriting = false;
                if (isIdle()) {
                    done.signalAll();
                }
                while (isIdle() && !isClosed) {
                    wanted.awaitUninterruptibly();
                }
                if (isIdle()) {
                    return;
                }
                next = waiting;
                waiting = new ByteArrayOutputStream();
                lines = linesLost;
                linesLost = 0;
                isWriting = true;
            } finally {
                lock.unlock();
            }
            handOn(next, lines);
        }
    }

    private boolean isIdle() {
        return !isWriting && waiting.size() == 0 && linesLost == 0;
    }

    private void handOn(ByteArrayOutputStream bytes, long linesLostAfter) {
        try {
            bytes.writeTo(target);
            target.flush();
        } catch (IOException refused) {
            failed.accept(refused);
        }
        if (linesLostAfter > 0) {
            lost.accept(linesLostAfter);
        }
    }
}
