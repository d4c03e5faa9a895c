package dev.gyre.ring;

import static dev.gyre.linux.IoUring.IORING_CQE_F_MORE;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations on a ring and calls back when they have results.
 *
 * <p>To submit is to note: the operation gets its slot and its place in a list. A turn has four steps. What was noted
 * is written into the ring, in order, as far as there is room. It is handed to the kernel, in the one call that also
 * waits, if there is reason to. Then all completions that are there are <i>collected</i>, and
 * only then are their callbacks run, from a list of their own. So a callback may submit whatever it likes: nothing
 * recurses, the stack stays flat, and a submission that completes at once is reported in the next turn.
 *
 * <p>Every submitted operation gets exactly one final callback. None is lost when a queue is full: submissions wait
 * in order, in the list of what was noted; completions that do not fit stay with the kernel ({@code NODROP}), and
 * {@code EBUSY} or {@code EAGAIN} lead to collecting first and submitting again.
 *
 * <p>What a callback throws comes out of the turn, but only after all others have run; what more than one throw is
 * {@linkplain Throwable#getSuppressed suppressed} by the first. The loop goes on with its next turn.
 *
 * <p><b>Virtual threads that the loop's thread carries.</b> A runtime may schedule virtual threads on the thread of its
 * loop, and let them call {@link #submit}, {@link #cancel} and {@link BufferRing#give}. A virtual thread can lose its
 * carrier wherever the JDK takes a lock, and another one then runs on the same loop. So these methods change fields and
 * arrays and call nothing of the JDK that could wait; what is written for the kernel is written in the turn, by the
 * loop's own thread, which nothing switches out.
 *
 * <p>One platform thread opens, uses and closes a loop; only {@link #wake()} is for others. A loop from {@link #open}
 * sees to that, and takes only memory that nobody can free meanwhile: of {@link #arena()}, {@link Arena#ofAuto()},
 * {@link Arena#global()}.
 */
public final class Loop implements AutoCloseable {
    private static final int LATE_ENTER_ATTEMPTS = 1000;

    /** How long a turn lasts at most while there is no memory to ask the kernel for something. */
    private static final long SHORTAGE_NANOS = 1_000_000;

    /** No kernel has so many operations. */
    private static final int NO_OPCODE = 255;

    private final Ring ring;
    private final Wakeup wakeup;

    private final InFlight inFlight = new InFlight();

    /** Operations that were submitted and are in no place of the ring yet. */
    private final OperationQueue unqueued = new OperationQueue();

    /** Persistent operations that wait for something else than the kernel, such as a buffer. */
    private final List<Operation> starved = new ArrayList<>();

    /** The user data of operations that the kernel is to be asked to end. */
    private long[] toEnd = new long[64];

    private int toEndCount;

    /** Who runs the loop. */
    private final Thread owner;

    /**
     * Who makes a turn: the owner, or a virtual thread that it carries and that cannot leave it; null between turns.
     */
    private @Nullable Thread turner;

    /** Whether the loop sees to it that nobody else submits, and that memory lasts. */
    private final boolean checks;

    private final LoopArena.Known known = new LoopArena.Known();
    private @Nullable InjectedCompletions injected;
    private @Nullable Inbox inbox;

    /** What the kernel can do; empty if it does not say. */
    private final BitSet opcodes;

    /** Operations of the loop's own that are always in flight. */
    private int standing;

    private CompletionList collected = new CompletionList();
    private CompletionList dispatched = new CompletionList();
    private boolean dispatching;

    /** What code that is not the loop's own has thrown, until a turn hands it on. */
    private @Nullable Throwable fault;

    private boolean closing;
    private boolean closed;

    private Loop(Ring ring, Wakeup wakeup, boolean checks) {
        this.ring = ring;
        this.wakeup = wakeup;
        this.owner = Thread.currentThread();
        this.checks = checks;
        opcodes = Probe.opcodes(ring);
    }

    /**
     * Opens a loop on a ring of its own.
     *
     * @param options the ring's sizes
     * @return a loop that belongs to the calling thread
     * @throws RingException if the kernel refuses the ring, or an eventfd for {@link #wake()}
     */
    public static Loop open(RingOptions options) throws RingException {
        return open(options, true, null);
    }

    /**
     * Opens a loop on a ring of its own, whose results and completions a test bends.
     *
     * @param options the ring's sizes
     * @param injection what is done to them
     * @return a loop that belongs to the calling thread
     * @throws RingException if the kernel refuses the ring, or an eventfd for {@link #wake()}
     */
    public static Loop open(RingOptions options, Injection injection) throws RingException {
        return open(options, true, injection);
    }

    /**
     * Opens a loop for a runtime that sees itself to what {@link #open} checks: only the calling thread, and virtual
     * threads that it carries, use it; memory is not freed in flight, of whatever arena. A mistake may corrupt memory.
     *
     * @param options the ring's sizes
     * @return a loop that belongs to the calling thread
     * @throws RingException if the kernel refuses the ring, or an eventfd for {@link #wake()}
     */
    public static Loop openTrusting(RingOptions options) throws RingException {
        return open(options, false, null);
    }

    private static Loop open(RingOptions options, boolean checks, @Nullable Injection injection)
            throws RingException {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException("a loop belongs to a platform thread: a virtual one would take it from"
                    + " carrier to carrier, and the kernel sees carriers");
        }
        Ring ring = Ring.open(options);
        // Blocking, so that the ring waits for it: a read of a non-blocking descriptor would answer EAGAIN.
        int eventFd = Events.eventfd(0, Events.EFD_CLOEXEC);
        if (eventFd < 0) {
            ring.close();
            throw new RingException("eventfd", -eventFd);
        }
        Loop loop = new Loop(ring, new Wakeup(eventFd), checks);
        ring.lend();
        boolean works = false;
        try {
            loop.rehearse();
            works = true;
        } finally {
            if (!works) {
                loop.release();
            }
        }
        if (injection != null) {
            loop.injected = new InjectedCompletions(injection, loop.inFlight, loop.wakeup.listening());
        }
        loop.wakeup.listening().callback(loop::listenAgain);
        loop.submit(loop.wakeup.listening());
        loop.standing = 1;
        return loop;
    }

    /**
     * Lets a result, errors and a request to cancel pass once, before anything depends on it. The virtual machine opens
     * a class's file when the class is first used, and where it could not, for lack of descriptors, it refuses that
     * class to the same user for good. So the way of a completion must not meet a new one later.
     */
    private void rehearse() throws RingException {
        submit(new Nop(operation -> {}));
        submit(new Refused());
        Timeout timeout = new Timeout(Duration.ofDays(1), operation -> {});
        submit(timeout);
        turn(0);
        cancel(timeout);
        while (inFlight.count() > 0) {
            turn(-1);
        }
    }

    /** No operation at all, and one that would go on. */
    private static final class Refused extends Operation {
        Refused() {
            super(operation -> {});
            persist();
        }

        @Override
        protected void prepare(Submission entry) {
            entry.operation(NO_OPCODE, -1);
        }

        @Override
        public OperationKind kind() {
            return Nop.KIND;
        }
    }

    /**
     * Memory for operations of this loop. To close it while one of them uses its memory throws
     * {@link IllegalStateException} and frees nothing. All threads may access it; the loop's allocates and closes.
     *
     * @return a new arena, to be closed by the caller
     */
    public Arena arena() {
        requireUsable();
        return new LoopArena(this, known);
    }

    /**
     * Lets other loops send to this one. There is one inbox for the loop's life.
     *
     * @param callback who is told of each message; {@link Operation#result()} is its value
     * @return the inbox, which any thread may pass to a {@link Post}
     * @throws RingException if there is no descriptor for it
     */
    public Inbox inbox(Callback callback) throws RingException {
        requireUsable();
        if (inbox != null) {
            throw new IllegalStateException("a loop has one inbox");
        }
        int copy = ring.copyDescriptor();
        Inbox.Letters letters = new Inbox.Letters(callback);
        admit(letters);
        standing++;
        inbox = new Inbox(copy, letters, inFlight.userData(letters));
        return inbox;
    }

    /**
     * Takes an operation. The next turn hands it to the kernel; where the submission queue is full, it waits for room,
     * behind those that came earlier.
     *
     * @param operation not in flight
     */
    @Undivided
    public void submit(Operation operation) {
        requireSubmittable(operation);
        admit(operation);
        untie(operation);
        unqueued.add(operation);
    }

    /**
     * Takes operations that follow one another. They go into the submission queue together; where there is no room for
     * all, they wait for it, behind those that came earlier.
     *
     * @param chain none of whose members is in flight; not longer than the submission queue
     */
    public void submit(Chain chain) {
        if (chain.length() > ring.capacity()) {
            throw new IllegalArgumentException(
                    "a chain of " + chain.length() + " operations does not fit into a queue of " + ring.capacity());
        }
        chain.members().forEach(this::requireSubmittable);
        chain.members().forEach(this::admit);
        chain.tie();
        chain.members().forEach(unqueued::add);
    }

    /**
     * Asks the kernel to end an operation early. The operation's callback still comes, with {@code ECANCELED} or,
     * if it was faster, with its result; until then it stays in flight. Does nothing for one that is not, or for which
     * this was asked before.
     *
     * @param operation submitted to this loop
     */
    @Undivided
    public void cancel(Operation operation) {
        requireUsable();
        if (!operation.isInFlight() || operation.canceled) {
            return;
        }
        Assert.that(inFlight.contains(operation), "an operation is canceled on its own loop");
        askToEnd(operation);
    }

    private void askToEnd(Operation operation) {
        if (operation.queued) {
            // The kernel has never heard of it. It keeps its place, and is answered when its turn comes.
            Chain chain = operation.chain;
            if (chain != null) {
                chain.cancel();
            }
        } else if (starved.remove(operation)) {
            collectCanceled(operation);
        } else {
            if (toEndCount == toEnd.length) {
                toEnd = Arrays.copyOf(toEnd, 2 * toEndCount);
            }
            toEnd[toEndCount++] = operation.userData;
        }
        operation.canceled = true;
    }

    /** Asks the kernel to end operations. What there is no memory to ask for is asked for in the next turn. */
    private void submitCancels() {
        try {
            while (toEndCount > 0) {
                long target = toEnd[toEndCount - 1];
                if (inFlight.find(target) != null) {
                    submit(new Cancel(target, this::cancelAnswered));
                }
                toEndCount--;
            }
        } catch (OutOfMemoryError exhausted) {
            // Nothing else has to wait for it.
        }
    }

    /**
     * One turn without waiting: submits what is queued, runs the callbacks of what has completed, and submits what
     * they queued.
     *
     * @return the number of callbacks that ran
     * @throws RingException if the kernel refuses to take submissions for a reason that waiting does not cure
     */
    public int tick() throws RingException {
        int callbacks = turn(0);
        turner = Thread.currentThread();
        try {
            moveUp();
            if (ring.pending() > 0) {
                handOver();
            }
        } finally {
            turner = null;
        }
        return callbacks;
    }

    /**
     * Turns until the time is over.
     *
     * @param duration by the clock that also measures waits in the kernel, {@code CLOCK_MONOTONIC}
     * @throws RingException if the kernel refuses to take submissions for a reason that waiting does not cure
     */
    public void runFor(Duration duration) throws RingException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            turn(left);
        }
    }

    /**
     * One turn: hands over what is queued, waits for a completion if none is there, and runs the callbacks.
     *
     * @param waitNanos the longest wait: 0 for none, negative for no limit. A turn may end earlier with nothing done,
     *     after a signal or {@link #wake()}
     * @return the number of callbacks that ran
     * @throws RingException if the kernel refuses to take submissions for a reason that waiting does not cure
     */
    public int turn(long waitNanos) throws RingException {
        int callbacks = run(waitNanos);
        if (fault != null) {
            throw handedOn();
        }
        return callbacks;
    }

    /** A turn that keeps for later what callbacks throw. */
    private int run(long waitNanos) throws RingException {
        Assert.that(!dispatching, "a callback does not run the loop");
        requireUsable();
        Assert.that(turner == null, "a turn is not begun in another one");
        turner = Thread.currentThread();
        try {
            return turnOnce(waitNanos);
        } finally {
            turner = null;
        }
    }

    private int turnOnce(long waitNanos) throws RingException {
        if (!starved.isEmpty()) {
            feed();
        }
        moveUp();
        while (!unqueued.isEmpty()) {
            handOver();
            moveUp();
        }
        boolean waits =
                waitNanos != 0 && collected.isEmpty() && ring.ready() == 0 && (injected == null || injected.isEmpty());
        if (waits) {
            enter(1, toEndCount == 0 ? waitNanos : SHORTAGE_NANOS);
        } else if (ring.pending() > 0 || ring.wantsEnter()) {
            enter(0, 0);
        }
        collect();
        if (injected != null) {
            injected.replace(collected, closing);
        }
        return dispatch();
    }

    /**
     * Ends a {@link #turn} that waits, or lets the next one not wait. Any thread may call this at any time, also after
     * {@link #close()}, when it does nothing. Costs a system call.
     */
    public void wake() {
        wakeup.ring();
    }

    /**
     * How many operations the loop has, requests to cancel included.
     *
     * @return submitted and without their last callback, 0 or more
     */
    public int inFlight() {
        return inFlight.count() - standing + toEndCount;
    }

    /**
     * Whether a turn without waiting would do anything.
     *
     * @return true if there are submissions to hand over or completions to collect
     */
    public boolean hasWork() {
        return ring.pending() > 0 || !unqueued.isEmpty() || toEndCount > 0 || ring.ready() > 0 || ring.wantsEnter()
                || starved.stream().anyMatch(Operation::fed);
    }

    /**
     * The ring beneath, for registrations. Its queues are the loop's.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * Cancels what is in flight, waits for all of it, with callbacks, and closes the ring. After that nothing that
     * belonged to an operation is touched any more. Messages that nobody has looked at are lost. Closing again does
     * nothing.
     *
     * <p>What a callback throws comes out when all is closed.
     *
     * @throws RingException if the kernel fails meanwhile; everything is closed all the same
     * @throws IllegalStateException if a callback calls this
     */
    @Override
    public void close() throws RingException {
        if (closed) {
            return;
        }
        requireUsable();
        if (dispatching) {
            throw new IllegalStateException("a callback does not close its loop");
        }
        closing = true;
        if (inbox != null) {
            inbox.close();
            inFlight.remove(inbox.letters());
        }
        try {
            while (inFlight.count() > 0) {
                for (Operation operation : inFlight.all()) {
                    if (!(operation instanceof Cancel)) {
                        askToEnd(operation);
                    }
                }
                run(inFlight.count() > 0 ? 1_000_000_000 : 0);
            }
        } finally {
            release();
        }
        if (fault != null) {
            throw handedOn();
        }
    }

    private void release() {
        closed = true;
        ring.abandon();
        wakeup.close();
    }

    /**
     * The kernel answers that there is no such operation also while that is on its way between two states, for
     * instance from a poll to a worker; and a worker that is told to stop may not have begun to wait. So the request is
     * repeated until the operation has ended.
     */
    private void cancelAnswered(Operation answered) {
        Cancel cancel = (Cancel) answered;
        if (inFlight.find(cancel.target()) != null && cancel.result() != 0) {
            submit(new Timeout(cancel.nextPause(), pause -> submit(cancel)));
        }
    }

    private void listenAgain(Operation listening) {
        if (!closing) {
            submit(listening);
        }
    }

    /** Lets operations that wait for room into the queue, in order, as far as there is room. */
    private void moveUp() {
        submitCancels();
        while (!unqueued.isEmpty()) {
            Operation first = unqueued.first();
            if (first.canceled) { // with the whole of its chain
                collectCanceled(first);
            } else if (!prepare(first)) {
                return;
            }
            unqueued.removeFirst();
        }
    }

    private void admit(Operation operation) {
        inFlight.add(operation);
        operation.canceled = false;
    }

    private static void untie(Operation operation) {
        operation.chain = null;
        operation.linkFlags = 0;
    }

    /** Submits those again that have what they waited for. */
    private void feed() {
        for (Operation operation : List.copyOf(starved)) {
            if (operation.fed()) {
                starved.remove(operation);
                unqueued.add(operation);
            }
        }
    }

    /** Fills a place of the ring in, where there is room. On the loop's own thread, which nothing switches out. */
    private boolean prepare(Operation operation) {
        Assert.that(Thread.currentThread() == turner, "submissions are written by who makes the turn");
        Chain chain = operation.chain;
        if (chain != null && chain.startsWith(operation) && ring.room() < chain.length()) {
            return false;
        }
        Submission entry = ring.claim();
        if (entry == null) {
            return false;
        }
        fill(entry, operation);
        int flags = operation.entryFlags | operation.linkFlags;
        if (flags != 0) {
            entry.addFlags(flags);
        }
        if (injected != null) {
            injected.prepared(operation, entry);
        }
        operation.userData = inFlight.userData(operation);
        entry.userData(operation.userData);
        return true;
    }

    /** What cannot be filled in keeps its place, for the sake of its chain, as something that the kernel refuses. */
    private void fill(Submission entry, Operation operation) {
        try {
            operation.prepare(entry);
        } catch (Throwable thrown) {
            keepFault(thrown);
            entry.operation(NO_OPCODE, -1);
        }
    }

    private void handOver() throws RingException {
        enter(0, 0);
        collect();
    }

    /** Enters the kernel. Afterwards everything that was pending is submitted. */
    private void enter(int least, long waitNanos) throws RingException {
        for (int attempt = 0; attempt < LATE_ENTER_ATTEMPTS; attempt++) {
            int failure = injected == null ? 0 : injected.enter();
            int count = injected == null ? ring.pending() : injected.taken(ring.pending());
            // A kernel that does not take all does not wait either.
            int awaited = count < ring.pending() ? 0 : least;
            int result = failure == 0 ? ring.enter(count, awaited, waitNanos) : failure;
            if (ring.pending() > 0) {
                endCutChain();
            }
            if (result == -Errno.EBUSY.code() || result == -Errno.EAGAIN.code()) {
                relieve();
            } else if (result < 0 && result != -Errno.EINTR.code() && result != -Errno.ETIME.code()) {
                throw new RingException("io_uring_enter", -result);
            }
            if (ring.pending() == 0) {
                return;
            }
            least = 0;
        }
        throw new RingException("io_uring_enter", Errno.EAGAIN.code());
    }

    /**
     * Where memory is short, the kernel takes a part of what is pending, and takes that for the end of a chain as well.
     * The rest would begin beside it, and a limit of time would have nothing to limit; so the chain is canceled.
     */
    private void endCutChain() {
        Operation next = inFlight.find(ring.pendingUserData());
        if (next == null || next.chain == null || next.chain.startsWith(next)) {
            return;
        }
        Chain chain = next.chain;
        int taken = chain.members().indexOf(next);
        ring.withdraw(chain.length() - taken);
        chain.members().subList(taken, chain.length()).forEach(this::collectCanceled);
        chain.members().subList(0, taken).forEach(this::cancel);
    }

    /** The kernel is short of something: take completions off it, and if there are none, wait for one a moment. */
    private void relieve() {
        if (ring.ready() == 0) {
            Thread.onSpinWait();
        }
        collect();
    }

    private void collect() {
        int ready = ring.ready();
        int unfinished = 0;
        collected.reserve(ready);
        for (int i = 0; i < ready; i++) {
            long outcome = ring.outcome(i);
            collected.add(ring.userData(i), outcome);
            unfinished += (int) (outcome >>> 32) & IORING_CQE_F_MORE;
        }
        if (ready > 0) {
            ring.advance(ready, unfinished / IORING_CQE_F_MORE);
        }
    }

    /** What the kernel will not hear of, or has not taken. */
    private void collectCanceled(Operation operation) {
        collected.add(inFlight.userData(operation), -Errno.ECANCELED.code(), 0);
    }

    private int dispatch() {
        CompletionList list = collected;
        collected = dispatched;
        dispatched = list;
        dispatching = true;
        for (int i = 0; i < list.size(); i++) {
            Operation operation = inFlight.find(list.userData(i));
            try {
                if (operation != null) {
                    complete(operation, list.result(i), list.flags(i), list.more(i));
                } else if (!closing) { // then it may be a message for the inbox, which is closed already
                    throw new AssertionError("a completion belongs to an operation in flight: " + list.userData(i));
                }
            } catch (Throwable thrown) {
                keepFault(thrown);
            }
        }
        dispatching = false;
        int callbacks = list.size();
        list.clear();
        return callbacks;
    }

    private void keepFault(Throwable thrown) {
        if (fault == null) {
            fault = thrown;
        } else if (fault != thrown) {
            try {
                fault.addSuppressed(thrown);
            } catch (OutOfMemoryError exhausted) {
                // Then only the first is told; completions that follow must not be lost for that.
            }
        }
    }

    private RuntimeException handedOn() {
        Throwable kept = fault;
        fault = null;
        if (kept instanceof Error error) {
            throw error;
        }
        return kept instanceof RuntimeException unchecked ? unchecked : new UndeclaredThrowableException(kept);
    }

    private void complete(Operation operation, int result, int flags, boolean more) {
        if (!more) {
            if (operation.persistent && !operation.canceled && !closing) {
                Operation.Next next = operation.next(result);
                if (next != Operation.Next.DONE) {
                    goOn(operation, next, result, flags);
                    return;
                }
            }
            inFlight.remove(operation);
            if (result < 0) {
                boolean interrupted = retries(operation, result);
                if (interrupted && operation.canceled) {
                    // A worker of the kernel's that blocks in a system call is brought out of it by a signal.
                    result = -Errno.ECANCELED.code();
                } else if (interrupted && operation.chain == null) {
                    submit(operation);
                    return;
                } else if (result == -Errno.EINVAL.code() && lacks(operation.kind())) {
                    result = -Errno.ENOSYS.code();
                }
            }
        }
        operation.complete(result, flags);
    }

    private boolean retries(Operation operation, int result) {
        try {
            return operation.retries(result);
        } catch (Throwable thrown) {
            keepFault(thrown);
            return false;
        }
    }

    private boolean lacks(OperationKind kind) {
        return !opcodes.isEmpty() && !opcodes.get(kind.opcode());
    }

    /** It is on its own from now on: what followed it in a chain has begun already. */
    private void goOn(Operation operation, Operation.Next next, int result, int flags) {
        untie(operation);
        if (next == Operation.Next.STARVED) {
            starved.add(operation);
            return;
        }
        unqueued.add(operation);
        if (next == Operation.Next.AGAIN) {
            operation.complete(result, flags);
        }
    }

    private void requireSubmittable(Operation operation) {
        requireUsable();
        Assert.that(!operation.isInFlight(), "an operation is in flight once at a time");
        if (checks) {
            known.requireLasting(operation);
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("the loop is closed");
        }
        if (checks) {
            requireOwner();
        }
    }

    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("the loop belongs to " + owner + ", not to " + Thread.currentThread());
        }
    }

    /** Throws if an operation in flight may touch memory of this scope. */
    void requireUnused(MemorySegment.Scope scope) {
        if (!closed) {
            requireUsable();
            LoopArena.requireUnused(scope, inFlight.all());
        }
    }
}
