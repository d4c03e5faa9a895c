package dev.gyre.uring;

import dev.gyre.host.BounceBuffer;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Undivided;
import dev.gyre.ring.socket.Recv;
import dev.gyre.ring.socket.RecvMultishot;
import dev.gyre.ring.wait.Poll;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Receives what arrives on a connection, on the loop whose tasks read it. When its reader has moved to another loop, or
 * another one reads it there, it follows: it ends what it has under way, and has a successor on that loop.
 *
 * <p>There are two ways. While messages are small, a multishot receive stays armed: the kernel puts each arrival into
 * one of the loop's {@link ReceiveBuffers}, and a read copies it out; so a read costs no submission, a fiber that waits
 * keeps no buffer in the kernel, and giving up a wait touches no operation. When an arrival fills its buffer, copying
 * no longer pays: the multishot receive is ended, and reads go straight into the reader's memory, one receive each,
 * until they have become small again for a while. That way also serves when no buffer is left.
 *
 * <p>It is not told of a reset whose bytes are there as well when it wakes up: it reports those, and then waits for a
 * wake-up that has already been (seen on Linux 6.18). So a poll watches beside it; what that finds broken is read by
 * single receives, each of which looks for itself.
 *
 * <p>The multishot receive is ended as well when the reader falls behind by {@link #BUFFERED_MAX} buffers, so that one
 * connection cannot hold on to all of them; the peer then waits, as TCP has it.
 *
 * <p>Everything here happens on one loop's thread. Fibers from elsewhere send their requests to it. What is changed by
 * fibers is changed before they copy, and buffers are released after: a copy may wait for the JDK, and another fiber
 * reads the same connection meanwhile.
 */
final class Receiver {
    /** The answer of {@link #read} where the socket has another receiver by now. */
    static final int MOVED = Integer.MIN_VALUE;

    private static final int BUFFERED_MAX = 8;

    /** After so many reads in a row from the same other loop it follows. */
    private static final int FOLLOWS_AFTER = 4;

    /** What is known of an arrival: its buffer, the first byte that was not read, and its end. */
    private static final int ID = 0;

    private static final int START = 1;
    private static final int END = 2;
    private static final int FIELDS = 3;

    /** So many small reads in a row, and the multishot receive comes back. */
    private static final int SMALL_READS = 16;

    private final LoopThread home;
    private final UringSocket socket;
    private final ReceiveBuffers buffers;
    private final RecvMultishot multishot;
    private final Poll watch;

    /** Made when it is first needed. */
    private @Nullable Recv single;

    /** Arrivals that were not read, at {@link #ID}, {@link #START} and {@link #END} of each: a ring. */
    private int[] arrivals = new int[FIELDS];

    private int first;
    private int count;

    /** How many bytes the latest {@link #claim} is about. */
    private int claimed;

    /** The requests that wait, in order. */
    private @Nullable ReadRequest head;

    private @Nullable ReadRequest tail;

    /** A request object that no fiber uses. */
    private @Nullable ReadRequest spare;

    /** Whose memory the single receive writes to, while it is in flight. */
    private @Nullable ReadRequest served;

    /** Whether a request was given up while {@link #served}. */
    private boolean givenUp;

    /** Whether a receive was ever submitted. */
    private boolean armed;

    /** Whether the next arrival goes straight into the reader's memory. */
    private boolean bulk;

    private int smallReads;

    /** Whether the watch has found the connection broken. */
    private boolean broken;

    /** The other loop that the latest reads came from, and how many they were in a row. */
    private @Nullable LoopThread stranger;

    private int strangersReads;

    /** Whether it is to follow {@link #stranger} when nothing is under way any more. */
    private boolean leaving;

    private @Nullable Receiver successor;

    /** Whether the stream has ended, and how: {@link #end} is 0 or a negative error number. */
    private boolean ended;

    private int end;

    /** For a socket that the caller holds. */
    Receiver(LoopThread home, UringSocket socket, ReceiveBuffers buffers) {
        this.home = home;
        this.socket = socket;
        this.buffers = buffers;
        this.multishot = new RecvMultishot(socket.number(), buffers.ring(), this::arrived);
        this.watch = new Poll(socket.number(), 0, this::watched);
    }

    /** Links once what a loop's thread may otherwise be the first to use, while a fiber of its own holds the lock. */
    static void rehearse(LoopThread home, ReceiveBuffers buffers) {
        UringSocket nobodys = new UringSocket(Integer.MAX_VALUE, Ip4Address.loopback(0));
        if (nobodys.acquire()) {
            new Receiver(home, nobodys, buffers).newSingle();
        }
    }

    private Recv newSingle() {
        return new Recv(-1, MemorySegment.NULL, this::received);
    }

    LoopThread home() {
        return home;
    }

    ReceiveBuffers buffers() {
        return buffers;
    }

    /** The one that has taken its place, or null. On the loop. */
    @Nullable Receiver successor() {
        return successor;
    }

    /** Lets go of a receive buffer that a request was told of. From any thread. */
    void release(int id) {
        if (home.isCurrent()) {
            buffers.release(id);
            return;
        }
        while (true) {
            try {
                home.post(() -> buffers.release(id));
                return;
            } catch (OutOfMemoryError exhausted) {
                // The loop has only so many; and what was read must not be lost for that.
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Reads, from what has arrived, or waiting. From any thread.
     *
     * @return the number of bytes, 0 at the end of the stream, or a negated error number: {@code ECANCELED} if the
     *     fiber is to stop; {@link #MOVED}
     */
    int read(Fiber fiber, MemorySegment memory) {
        if (!home.isCurrent()) {
            return await(fiber, memory, new ReadRequest(this));
        }
        if (successor != null) {
            return MOVED;
        }
        strangersReads = 0;
        if (head == null && count > 0) {
            return take(memory, memory.byteSize());
        }
        if (head == null && ended) {
            return heardEnd();
        }
        if (head == null && triesDirectly()) {
            int result = receiveNow(memory);
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
        }
        ReadRequest request = spare == null ? new ReadRequest(this) : spare;
        spare = null;
        int result = await(fiber, memory, request);
        if (home.isCurrent()) { // a thread that a task has started moves with it
            spare = request;
        }
        return result;
    }

    /** Reads more of what is there. The number of bytes, 0 for whatever reason there is nothing to be had now. */
    int readNow(MemorySegment memory) {
        if (!home.isCurrent() || successor != null || head != null) {
            return 0;
        }
        if (count > 0) {
            return take(memory, memory.byteSize());
        }
        if (ended || !triesDirectly()) {
            return 0;
        }
        int result = receiveNow(memory);
        if (result < 0 && ended) {
            end = result; // for the next read to hear
        }
        return Math.max(result, 0);
    }

    /**
     * Whether to look without the ring first: at what came with a new connection, and at a peer that sends so much that
     * some is always there.
     */
    private boolean triesDirectly() {
        return (bulk || !armed) && served == null && !multishot.isInFlight() && home.mayStream();
    }

    /**
     * Whether nothing is under way or kept here, and what arrives may be taken out of the socket by others, as long as
     * the calling fiber's task does not read.
     */
    boolean isQuiet() {
        return home.isCurrent() && successor == null && count == 0 && head == null && served == null && !ended
                && !multishot.isInFlight();
    }

    /** {@code EAGAIN} if nothing has arrived. */
    private int receiveNow(MemorySegment memory) {
        int result;
        if (memory.isNative()) {
            result = receive(memory);
        } else {
            try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
                result = receive(bounce.memory(memory.byteSize()));
                bounce.copyTo(memory, Math.max(result, 0));
            }
        }
        if (result > 0) {
            countSmall(result);
        } else if (tellsTheEnd(result)) {
            end(0);
        }
        return result;
    }

    private int receive(MemorySegment memory) {
        return (int) Sockets.recv(socket.number(), memory, memory.byteSize(), Sockets.MSG_DONTWAIT);
    }

    /** EFAULT is the matter of the reader's memory, and the bytes are still there. */
    private static boolean tellsTheEnd(int result) {
        return result <= 0 && result != -Errno.ECANCELED.code() && result != -Errno.EAGAIN.code()
                && result != -Errno.EFAULT.code();
    }

    private static int await(Fiber fiber, MemorySegment memory, ReadRequest request) {
        request.prepare(fiber, memory);
        try {
            fiber.block(request);
        } catch (VirtualMachineError | LinkageError shortage) {
            if (!request.hasBegun()) {
                throw shortage;
            }
            // It is over, and what it was told of must not be lost.
        }
        int result = request.collect();
        if (result == -Errno.ECANCELED.code()) {
            fiber.throwShortage();
        }
        return result;
    }

    /** Takes a request, to answer it when it is its turn and something is there. On the loop, and on no fiber. */
    void enter(ReadRequest request) {
        if (successor != null) {
            request.finish(MOVED);
            return;
        }
        noteReader(request.reader());
        if (tail == null) {
            head = request;
        } else {
            tail.next = request;
        }
        tail = request;
        serve();
    }

    private void noteReader(@Nullable LoopThread reader) {
        if (reader == null || reader == home) {
            strangersReads = 0;
            return;
        }
        if (reader != stranger) {
            strangersReads = 0;
        }
        strangersReads++;
        if (!leaving) {
            stranger = reader;
            if (strangersReads >= FOLLOWS_AFTER) {
                leaving = true;
                home.loop().cancel(multishot);
                home.loop().cancel(watch);
            }
        }
    }

    /** Ends a request early. One that the kernel is just serving is only ended when the kernel is through with it. */
    @Undivided
    void giveUp(ReadRequest request) {
        if (request.isDone()) {
            return;
        }
        if (request == served && single != null) {
            givenUp = true;
            home.loop().cancel(single);
            return;
        }
        unlist(request);
        request.finish(-Errno.ECANCELED.code());
    }

    /**
     * Sees to it that nothing more is read, and gives back what has arrived. On the loop; whoever waits is answered
     * when the receive has ended.
     */
    @Undivided
    void endReading() {
        end(0);
        dropAll();
        home.loop().cancel(multishot);
    }

    @Undivided
    private void unlist(ReadRequest request) {
        ReadRequest before = null;
        for (ReadRequest each = head; each != null; each = each.next) {
            if (each == request) {
                if (before == null) {
                    head = each.next;
                } else {
                    before.next = each.next;
                }
                if (tail == each) {
                    tail = before;
                }
                each.next = null;
                return;
            }
            before = each;
        }
    }

    /** Answers requests from what has arrived; then sees to it that more does. */
    private void serve() {
        while (head != null && served == null && (count > 0 || ended)) {
            ReadRequest request = head;
            unlist(request);
            if (count > 0) {
                long piece = claim(request.length());
                request.finishWith((int) (piece >>> 32), (int) piece, claimed);
            } else {
                request.finish(heardEnd());
            }
        }
        if (head == null || multishot.isInFlight() || served != null) {
            return;
        }
        if (!leaving || stranger == null || stranger.receiveBuffers() == null) {
            tryToArm(head);
        } else if (!watch.isInFlight()) {
            follow(head, stranger, stranger.receiveBuffers());
        }
    }

    /** Has a successor, and sends everybody there. Nothing has arrived that was not read. */
    private void follow(ReadRequest first, LoopThread target, ReceiveBuffers theirs) {
        leaving = false;
        strangersReads = 0;
        try {
            Receiver next = new Receiver(target, socket, theirs);
            next.bulk = bulk;
            next.broken = broken;
            successor = next;
            socket.succeed(next);
        } catch (OutOfMemoryError exhausted) {
            tryToArm(first);
            return;
        }
        while (head != null) {
            ReadRequest request = head;
            unlist(request);
            request.finish(MOVED);
        }
    }

    private void tryToArm(ReadRequest request) {
        boolean open = !home.hasEnded();
        if (!open || !socket.acquire()) {
            end(open ? 0 : -Errno.ECANCELED.code());
            serve();
            return;
        }
        try {
            arm(request);
        } catch (OutOfMemoryError exhausted) {
            release();
            unlist(request);
            request.refuse(exhausted);
            serve();
        }
    }

    /** Submits a receive on behalf of the first in the line. */
    private void arm(ReadRequest request) {
        armed = true;
        if (!receivesDirectly()) {
            home.loop().submit(multishot);
            if (!watch.isInFlight() && socket.acquire()) {
                watch();
            }
            return;
        }
        MemorySegment target = request.target();
        if (single == null) {
            single = newSingle();
        }
        home.loop().submit(single.from(socket.number(), target, false));
        served = request;
    }

    /** Without a watch, a reset is only noticed a little later. */
    private void watch() {
        try {
            home.loop().submit(watch);
        } catch (OutOfMemoryError exhausted) {
            release();
        }
    }

    /** Whether the next receive goes into the reader's memory. */
    private boolean receivesDirectly() {
        return bulk || broken || buffers.areAllTaken();
    }

    /** A completion of the multishot receive. */
    private void arrived(Operation operation) {
        int result = operation.result();
        int id = BufferRing.id(operation.flags());
        if (id >= 0) {
            buffers.filled(id);
            try {
                keep(id, ended ? 0 : Math.max(result, 0));
            } catch (OutOfMemoryError exhausted) {
                // What follows would not follow what came before.
                buffers.release(id);
                end(-Errno.ENOMEM.code());
                home.loop().cancel(multishot);
            }
        }
        if (result == 0) {
            end(0);
        } else if (result == -Errno.ENOBUFS.code() || result == -Errno.ECANCELED.code()
                || result == -Errno.EAGAIN.code()) {
            // No data is lost; what is armed next will find it.
            bulk |= result == -Errno.ENOBUFS.code();
        } else if (result < 0) {
            end(result);
        } else if (result == buffers.size() || count >= BUFFERED_MAX) {
            bulk |= result == buffers.size();
            home.loop().cancel(multishot);
        }
        boolean over = !operation.isInFlight();
        if (over && socket.isClosing()) {
            dropAll();
            end(0);
        }
        serve();
        if (over) {
            release();
        }
    }

    /** The completion of the watch, which a peer's regular end wakes as well; that is for the receive to tell. */
    private void watched(Operation operation) {
        if (operation.result() > 0 && (operation.result() & (Events.POLLERR | Events.POLLHUP)) != 0) {
            broken = true;
            home.loop().cancel(multishot);
        }
        if (leaving) {
            serve();
        }
        release();
    }

    /** The completion of the single receive. */
    private void received(Operation operation) {
        ReadRequest request = served;
        if (request == null) {
            throw new AssertionError("a receive was for somebody");
        }
        served = null;
        int result = operation.result();
        if (tellsTheEnd(result)) {
            end(0);
        }
        // EAGAIN: the socket was non-blocking for a moment. ECANCELED by nobody's wish. It is served again.
        boolean again = result == -Errno.EAGAIN.code() || (result == -Errno.ECANCELED.code() && !givenUp);
        if (!again) {
            countSmall(result);
            unlist(request);
            request.finish(result);
        }
        givenUp = false;
        serve();
        release();
    }

    private void release() {
        if (socket.release()) {
            Files.close(socket.take());
        }
    }

    /** An error is heard once, as from a socket; after it there is only the end of the stream. */
    private int heardEnd() {
        int how = end;
        if (how != -Errno.ECANCELED.code()) {
            end = 0;
        }
        return how;
    }

    private void end(int how) {
        ended = true;
        end = how;
        home.loop().cancel(watch);
    }

    private void countSmall(int length) {
        smallReads = length >= buffers.size() ? 0 : smallReads + 1;
        if (smallReads >= SMALL_READS) {
            smallReads = 0;
            bulk = false;
        }
    }

    private void keep(int id, int length) {
        if (length == 0) {
            buffers.release(id);
            return;
        }
        int capacity = arrivals.length / FIELDS;
        if (count == capacity) {
            arrivals = grown();
            first = 0;
            capacity = 2 * capacity;
        }
        int at = ((first + count) & (capacity - 1)) * FIELDS;
        arrivals[at + ID] = id;
        arrivals[at + START] = 0;
        arrivals[at + END] = length;
        count++;
    }

    /** Twice as long, with the oldest in front. */
    private int[] grown() {
        int length = arrivals.length;
        int[] longer = new int[2 * length];
        int oldest = first * FIELDS;
        System.arraycopy(arrivals, oldest, longer, 0, length - oldest);
        System.arraycopy(arrivals, 0, longer, length - oldest, oldest);
        return longer;
    }

    /** Fills memory with what has arrived, at least one byte if something has. On the fiber. */
    private int take(MemorySegment memory, long length) {
        int copied = 0;
        while (count > 0 && copied < length) {
            long piece = claim(length - copied);
            int id = (int) (piece >>> 32);
            int part = claimed;
            try {
                buffers.copy(id, (int) piece, memory, copied, part);
            } finally {
                buffers.release(id);
            }
            copied += part;
        }
        return copied;
    }

    /**
     * Claims what arrived first, or a part of it, and retains its buffer.
     *
     * @param most how many bytes the reader has room for
     * @return the buffer in the upper half, where in it the bytes begin in the lower; {@link #claimed} is how many
     */
    @Undivided
    private long claim(long most) {
        int at = first * FIELDS;
        int id = arrivals[at + ID];
        int start = arrivals[at + START];
        int left = arrivals[at + END] - start;
        claimed = (int) Math.min(left, most);
        buffers.retain(id);
        if (claimed == left) {
            drop();
        } else {
            arrivals[at + START] = start + claimed;
        }
        return (long) id << 32 | start;
    }

    private void dropAll() {
        while (count > 0) {
            drop();
        }
    }

    private void drop() {
        buffers.release(arrivals[first * FIELDS + ID]);
        first = (first + 1) & (arrivals.length / FIELDS - 1);
        count--;
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
