package dev.gyre.ring;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.BitSet;
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

    private final Ring ring;
    private final Wakeup wakeup;

    private final InFlight inFlight = new InFlight();
    private final Completions completions;
    private final Submissions submissions;

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

    private boolean closing;
    private boolean closed;

    private Loop(Ring ring, Wakeup wakeup, boolean checks) {
        this.ring = ring;
        this.wakeup = wakeup;
        this.completions = new Completions(ring, this::completed);
        this.submissions = new Submissions(ring, inFlight, completions);
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
            loop.submissions.inject(loop.injected);
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
            entry.operation(Submissions.NO_OPCODE, -1);
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
        submissions.admit(letters);
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
        submissions.add(operation);
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
        submissions.add(chain);
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
        submissions.end(operation);
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
            submissions.moveUp();
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
        completions.throwKept();
        return callbacks;
    }

    /** A turn that keeps for later what callbacks throw. */
    private int run(long waitNanos) throws RingException {
        Assert.that(!completions.isHandingOn(), "a callback does not run the loop");
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
        submissions.feed();
        submissions.moveUp();
        while (!submissions.isEmpty()) {
            handOver();
            submissions.moveUp();
        }
        boolean waits = waitNanos != 0 && completions.isEmpty() && ring.ready() == 0
                && (injected == null || injected.isEmpty());
        if (waits) {
            enter(1, submissions.requests() == 0 ? waitNanos : SHORTAGE_NANOS);
        } else if (ring.pending() > 0 || ring.wantsEnter()) {
            enter(0, 0);
        }
        completions.collect();
        if (injected != null) {
            completions.replace(injected, closing);
        }
        return completions.handOn();
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
        return inFlight.count() - standing + submissions.requests();
    }

    /**
     * Whether a turn without waiting would do anything.
     *
     * @return true if there are submissions to hand over or completions to collect
     */
    public boolean hasWork() {
        return ring.pending() > 0 || ring.ready() > 0 || ring.wantsEnter() || submissions.hasWork();
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
        if (completions.isHandingOn()) {
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
                        submissions.end(operation);
                    }
                }
                run(inFlight.count() > 0 ? 1_000_000_000 : 0);
            }
        } finally {
            release();
        }
        completions.throwKept();
    }

    private void release() {
        closed = true;
        ring.abandon();
        wakeup.close();
    }

    private void listenAgain(Operation listening) {
        if (!closing) {
            submit(listening);
        }
    }

    private void handOver() throws RingException {
        enter(0, 0);
        completions.collect();
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
                submissions.endCutChain();
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

    /** The kernel is short of something: take completions off it, and if there are none, wait for one a moment. */
    private void relieve() {
        if (ring.ready() == 0) {
            Thread.onSpinWait();
        }
        completions.collect();
    }

    private void completed(long userData, int result, int flags, boolean more) {
        Operation operation = inFlight.find(userData);
        if (operation != null) {
            complete(operation, result, flags, more);
        } else if (!closing) { // then it may be a message for the inbox, which is closed already
            throw new AssertionError("a completion belongs to an operation in flight: " + userData);
        }
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
            completions.keep(thrown);
            return false;
        }
    }

    private boolean lacks(OperationKind kind) {
        return !opcodes.isEmpty() && !opcodes.get(kind.opcode());
    }

    private void goOn(Operation operation, Operation.Next next, int result, int flags) {
        if (next == Operation.Next.STARVED) {
            submissions.addStarved(operation);
            return;
        }
        submissions.addAgain(operation);
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
