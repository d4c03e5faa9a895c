package dev.gyre.process;

import dev.gyre.io.Action;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What goes out of a connection: one message after the other, each as a whole. Who has the turn writes what waits in
 * the queue first, and then its own. A message that its sender gives up in the middle goes to the front of the queue
 * with the rest of it, so the stream is never cut; and for what is in the queue there is a task that writes it, until
 * the queue is empty.
 */
final class Output implements Action<RuntimeException> {
    private final Processes node;
    private final Connection connection;
    private final Watermarks marks;
    private final Mutex turn;

    // Written with this object's lock. Whoever has it takes no other one.

    private final ArrayDeque<MemorySegment> queue = new ArrayDeque<>(0);

    /** How many bytes are in the queue. */
    private volatile long queued;

    /** Whether these were too many, and are not few yet. */
    private boolean full;

    /** What those wait for who found it full. */
    private @Nullable ResetEvent room;

    /** Whether a task writes the queue. */
    private boolean writing;

    private volatile @Nullable IoException broken;

    Output(Processes node, Connection connection, Watermarks marks) {
        this.node = node;
        this.connection = connection;
        this.marks = marks;
        turn = node.io().mutex();
    }

    /** Writes a message, after what was there before. */
    void send(byte[] message) throws IoException {
        turn.lock();
        try {
            requireWhole();
            if (queued > 0) {
                writeQueue();
            }
            write(MemorySegment.ofArray(message));
        } finally {
            turn.unlock();
        }
    }

    /** Writes all that was there before. */
    void flush() throws IoException {
        turn.lock();
        try {
            requireWhole();
            writeQueue();
        } finally {
            turn.unlock();
        }
    }

    /** Puts a message into the queue, once there is room. */
    void enqueue(byte[] message) throws IoException {
        while (!offer(message)) {
            awaitRoom();
        }
        startWriter();
    }

    private synchronized boolean offer(byte[] message) throws IoException {
        requireWhole();
        if (full) {
            return false;
        }
        queue.add(MemorySegment.ofArray(message));
        queued += message.length;
        full = queued >= marks.high();
        return true;
    }

    private void awaitRoom() {
        ResetEvent event = node.io().resetEvent();
        synchronized (this) {
            if (!full) {
                return;
            }
            if (room == null) {
                room = event;
            } else {
                event = room;
            }
        }
        event.await();
    }

    /** It is full no more. Returns what is to be set then, without the lock; maybe null. */
    private @Nullable ResetEvent makeRoom() {
        ResetEvent waited = room;
        room = null;
        full = false;
        return waited;
    }

    private static void set(@Nullable ResetEvent event) {
        if (event != null) {
            event.set();
        }
    }

    private void startWriter() {
        synchronized (this) {
            if (writing || broken != null) {
                return;
            }
            writing = true;
        }
        boolean started = false;
        try {
            node.startHelper(this);
            started = true;
        } finally {
            if (!started) {
                stopWriting();
            }
        }
    }

    private synchronized void stopWriting() {
        writing = false;
    }

    /** Writes the queue. */
    @Override
    public void run() {
        try {
            while (!isEmptyAndEnds()) {
                flush();
            }
        } catch (IoException gone) {
            stopWriting(); // senders are told from now on
        } catch (CanceledException stopped) {
            stopWriting(); // the node is closed
        }
    }

    private synchronized boolean isEmptyAndEnds() {
        if (queue.isEmpty()) {
            writing = false;
        }
        return queue.isEmpty();
    }

    private void writeQueue() throws IoException {
        for (MemorySegment first = firstOfQueue(); first != null; first = firstOfQueue()) {
            written(writeSome(first));
        }
    }

    private synchronized @Nullable MemorySegment firstOfQueue() {
        return queue.peek();
    }

    /** So many bytes of the first in the queue have gone. By who has the turn, and so nobody else takes from it. */
    private void written(int count) {
        ResetEvent waited = null;
        synchronized (this) {
            MemorySegment first = queue.poll();
            if (first == null) {
                return; // the socket was closed
            }
            if (count < first.byteSize()) {
                queue.addFirst(first.asSlice(count));
            }
            queued -= count;
            if (full && queued <= marks.low()) {
                waited = makeRoom();
            }
        }
        set(waited);
    }

    /**
     * Writes all of a message that is not in the queue. If that ends early, by a limit of time or a request to stop,
     * and some of it has gone, the rest goes to the front of the queue.
     */
    private void write(MemorySegment message) throws IoException {
        MemorySegment rest = message;
        try {
            while (rest.byteSize() > 0) {
                rest = rest.asSlice(writeSome(rest));
            }
        } finally {
            if (rest.byteSize() > 0 && rest.byteSize() < message.byteSize() && broken == null) {
                putFirst(rest);
            }
        }
    }

    private void putFirst(MemorySegment rest) {
        synchronized (this) {
            queue.addFirst(rest);
            queued += rest.byteSize();
        }
        try {
            startWriter();
        } catch (ProcessLimitException | IllegalStateException none) {
            // Whoever sends next writes it.
        }
    }

    private int writeSome(MemorySegment bytes) throws IoException {
        try {
            return connection.write(bytes);
        } catch (IoException failure) {
            breakOff(failure);
            throw failure;
        }
    }

    private void breakOff(IoException failure) {
        ResetEvent waited;
        synchronized (this) {
            broken = failure;
            queue.clear();
            queued = 0;
            waited = makeRoom();
        }
        set(waited);
    }

    private void requireWhole() throws IoException {
        if (broken != null) {
            throw Operation.WRITE.failure(Reason.CLOSED, connection);
        }
    }

    /** The socket was closed. */
    void end() {
        breakOff(Operation.WRITE.failure(Reason.CLOSED, connection));
    }

    /** Waits until nobody writes any more, once it was closed. */
    void awaitEnd() {
        turn.lockUncancelable();
        turn.unlock();
    }
}
