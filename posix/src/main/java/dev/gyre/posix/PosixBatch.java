package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.ECANCELED;
import static dev.gyre.io.ErrorNumber.EFAULT;
import static dev.gyre.io.ErrorNumber.EFBIG;
import static dev.gyre.io.ErrorNumber.ENOMEM;

import dev.gyre.io.Batch;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.SharedArena;
import dev.gyre.io.spi.StackRoom;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Operations of one caller, each in a slot of arrays that are made once.
 *
 * <p>Whoever ends one, on whatever thread, puts its number into a list and counts it. The caller takes the list, and
 * only then lets go of the file and of the memory: so neither is done by a thread that must not wait.
 */
final class PosixBatch implements Batch, KernelBatch.Listener, Blocker {
    static final int CAPACITY_MAX = 1 << 16;

    private static final int NONE = -1;

    /** What the kernel has not heard of, for a file that was closed before. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private enum State {
        /** Given back. */
        FREE,
        /** Added; nobody else knows of it. */
        ADDED,
        /** Begun, and not known to have ended. */
        BEGUN,
        /** Ended, and to be told of. */
        ENDED,
        /** Told of. */
        TOLD
    }

    private final PosixIo io;
    private final KernelBatch kernel;

    private final Operation[] operations;
    private final State[] states;
    private final @Nullable PosixFile[] files;
    private final @Nullable Object[] targets;
    private final @Nullable MemorySegment[] buffers;
    private final SharedArena.@Nullable Use[] uses;
    private final long[] offsets;
    private final long[] lengths;
    private final boolean[] dataOnly;
    private final int[] results;

    /** How many have a number. */
    private int size;

    /** So many numbers were given out since the last clearing; those given back are linked by the array below. */
    private int numbers;

    private int firstFree = NONE;

    /** What was added and has not begun, in its order. */
    private final int[] added;

    private int addedCount;
    private int begun;

    /** Those that have ended, linked from the latest to the first: shared with whoever ends one. */
    private final AtomicInteger latestEnded = new AtomicInteger(NONE);

    private final int[] endedBefore;

    /** How many have begun and not ended. */
    private final AtomicInteger underWay = new AtomicInteger();

    /** Those that were taken out of that list and are not let go of yet, linked by the same array. */
    private int firstTaken = NONE;

    /** Those that are not told yet, linked both ways by the same array and this one. */
    private int firstToTell = NONE;

    private int lastToTell = NONE;
    private final int[] toldBefore;

    /** Who waits, until so many are under way at most, or one is in the list. */
    private volatile @Nullable Fiber waiting;

    private volatile int waitsForAtMost;
    private volatile boolean givenUp;
    private boolean canceled;
    private boolean closed;

    /** Whether somebody is in a method that changes something. */
    private final AtomicBoolean used = new AtomicBoolean();

    PosixBatch(PosixIo io, int capacity) {
        this.io = io;
        operations = new Operation[capacity];
        states = new State[capacity];
        files = new PosixFile[capacity];
        targets = new Object[capacity];
        buffers = new MemorySegment[capacity];
        uses = new SharedArena.Use[capacity];
        offsets = new long[capacity];
        lengths = new long[capacity];
        dataOnly = new boolean[capacity];
        results = new int[capacity];
        added = new int[capacity];
        endedBefore = new int[capacity];
        toldBefore = new int[capacity];
        kernel = io.kernel().batch(io.caller(), capacity, this);
    }

    @Override
    public int read(File file, MemorySegment buffer, long offset) {
        return addTransfer(Operation.READ_FILE, file, buffer, offset);
    }

    @Override
    public int write(File file, MemorySegment buffer, long offset) {
        return addTransfer(Operation.WRITE_FILE, file, buffer, offset);
    }

    private int addTransfer(Operation operation, File file, MemorySegment buffer, long offset) {
        MemorySegment part = Buffers.beforeLastOffset(buffer, offset);
        enter();
        try {
            requireRoom();
            PosixFile own = own(file);
            SharedArena.Use use =
                    operation == Operation.READ_FILE ? Buffers.useToWrite(buffer) : Buffers.useToRead(buffer);
            int number = add(operation, own, part, offset, use);
            lengths[number] = buffer.byteSize();
            return number;
        } finally {
            leave();
        }
    }

    @Override
    public int sync(File file) {
        return addSync(file, false);
    }

    @Override
    public int dataSync(File file) {
        return addSync(file, true);
    }

    private int addSync(File file, boolean onlyData) {
        enter();
        try {
            requireRoom();
            int number = add(Operation.SYNC, own(file), null, 0, null);
            dataOnly[number] = onlyData;
            return number;
        } finally {
            leave();
        }
    }

    private int add(
            Operation operation, PosixFile file, @Nullable MemorySegment buffer, long offset,
            SharedArena.@Nullable Use use) {
        int number = firstFree;
        if (number == NONE) {
            number = numbers++;
        } else {
            firstFree = endedBefore[number];
        }
        size++;
        added[addedCount++] = number;
        operations[number] = operation;
        states[number] = State.ADDED;
        files[number] = file;
        targets[number] = file;
        buffers[number] = buffer;
        lengths[number] = 0;
        offsets[number] = offset;
        uses[number] = use;
        dataOnly[number] = false;
        return number;
    }

    private PosixFile own(File file) {
        if (file instanceof PosixFile own && own.io() == io) {
            return own;
        }
        throw new IllegalArgumentException(file + " is not a file of the same Io");
    }

    private void requireRoom() {
        requireNotClosed();
        if (size == states.length) {
            throw new IllegalStateException("the batch is full: it has room for " + size + " operations");
        }
    }

    /** Finds out a second thread, which would leave everything in a state that is none. */
    private void enter() {
        if (used.getAndSet(true)) {
            throw new IllegalStateException("another thread uses the batch; only one at a time may");
        }
    }

    private void leave() {
        used.set(false);
    }

    private void requireNotClosed() {
        if (closed) {
            throw new IllegalStateException("the batch is closed");
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void submit() {
        enter();
        try {
            submitAdded();
        } finally {
            leave();
        }
    }

    private void submitAdded() {
        requireNotClosed();
        StackRoom.require();
        if (addedCount > 0) {
            Fiber fiber = io.caller();
            while (begun < addedCount) {
                begin(fiber, added[begun++]);
            }
            addedCount = 0;
            begun = 0;
        }
        kernel.submit();
    }

    private void begin(Fiber fiber, int number) {
        states[number] = State.BEGUN;
        underWay.incrementAndGet();
        PosixFile file = file(number);
        if (!file.tryHold()) {
            ended(number, CLOSED);
            return;
        }
        // What fails here is a closed arena, another thread's, or a mapped file that became shorter.
        try {
            begin(fiber, number, file.descriptor());
        } catch (IllegalStateException | WrongThreadException | InternalError notThere) {
            ended(number, -EFAULT.code());
        } catch (OutOfMemoryError exhausted) {
            ended(number, -ENOMEM.code());
        }
    }

    private void begin(Fiber fiber, int number, Descriptor file) {
        MemorySegment buffer = buffers[number];
        if (buffer == null) {
            kernel.sync(fiber, number, file, dataOnly[number]);
        } else if (!buffer.scope().isAlive()) {
            ended(number, -EFAULT.code());
        } else if (buffer.byteSize() == 0) {
            boolean beyondTheLastOffset = lengths[number] > 0;
            ended(number, beyondTheLastOffset && operations[number] == Operation.WRITE_FILE ? -EFBIG.code() : 0);
        } else {
            transfer(fiber, number, file, buffer);
        }
    }

    private void transfer(Fiber fiber, int number, Descriptor file, MemorySegment buffer) {
        if (operations[number] == Operation.READ_FILE) {
            kernel.read(fiber, number, file, buffer, offsets[number]);
        } else {
            kernel.write(fiber, number, file, buffer, offsets[number]);
        }
    }

    private PosixFile file(int number) {
        PosixFile file = files[number];
        if (file == null) {
            throw new AssertionError("an operation has a file");
        }
        return file;
    }

    @Override
    public void ended(int slot, int result) {
        results[slot] = result;
        int before;
        do {
            before = latestEnded.get();
            endedBefore[slot] = before;
        } while (!latestEnded.compareAndSet(before, slot));
        int left = underWay.decrementAndGet();
        Fiber waiter = waiting;
        if (waiter != null && left <= waitsForAtMost) {
            waiter.unpark();
        }
    }

    @Override
    public void await() {
        enter();
        try {
            submitAdded();
            awaitAll();
        } finally {
            leave();
        }
    }

    private void awaitAll() {
        Fiber fiber = io.begin();
        while (true) {
            takeEnded(fiber);
            if (underWay.get() == 0 && isAllTaken()) {
                return;
            }
            waitFor(fiber, 0);
        }
    }

    @Override
    public int next() {
        enter();
        try {
            submitAdded();
            return awaitNext();
        } finally {
            leave();
        }
    }

    private int awaitNext() {
        Fiber fiber = io.begin();
        while (true) {
            int number = firstToTell;
            if (number != NONE) {
                told(number);
                return number;
            }
            takeEnded(fiber);
            int left = underWay.get();
            // Whoever ends one puts it into the list first: what is not there after this look will be counted later.
            if (firstToTell == NONE && isAllTaken()) {
                if (left == 0) {
                    return NONE;
                }
                waitFor(fiber, left - 1);
            }
        }
    }

    /** Waits until so many are under way at most. */
    private void waitFor(Fiber fiber, int atMost) {
        waitsForAtMost = atMost;
        givenUp = false;
        waiting = fiber;
        try {
            fiber.block(this);
        } finally {
            waiting = null;
        }
        if (underWay.get() > atMost) {
            fiber.throwShortage();
            fiber.checkCancel();
        }
    }

    @Override
    public boolean isDone() {
        return givenUp || underWay.get() <= waitsForAtMost;
    }

    @Override
    public void cancel() {
        givenUp = true;
    }

    @Override
    public String operation() {
        return "batch";
    }

    /** Takes what has ended, in its order, behind what is to be told. Where that breaks off, the rest comes next. */
    private void takeEnded(Fiber fiber) {
        if (firstTaken == NONE) {
            takeList();
        }
        boolean again = false;
        while (firstTaken != NONE) {
            int number = firstTaken;
            firstTaken = endedBefore[number];
            again |= collect(fiber, number);
        }
        if (again) {
            kernel.submit();
        }
    }

    private void takeList() {
        int number = latestEnded.getAndSet(NONE);
        while (number != NONE) {
            int before = endedBefore[number];
            endedBefore[number] = firstTaken;
            firstTaken = number;
            number = before;
        }
    }

    private boolean isAllTaken() {
        return firstTaken == NONE && latestEnded.get() == NONE;
    }

    /**
     * Lets go of what an operation used, and has it told of; or lets it begin again, where that is what its result asks
     * for.
     *
     * @return whether it is to be submitted again
     */
    private boolean collect(Fiber fiber, int number) {
        int result = results[number];
        if (result == CLOSED) {
            tell(number);
            return false;
        }
        try {
            kernel.collect(number, result);
        } catch (IllegalStateException | WrongThreadException | InternalError notThere) {
            results[number] = -EFAULT.code();
        }
        PosixFile file = file(number);
        boolean again = !canceled && result < 0 && isToBeMadeAgain(operations[number], -result);
        if (again) {
            begin(fiber, number);
        } else {
            tell(number);
        }
        file.release(fiber);
        return again;
    }

    private static boolean isToBeMadeAgain(Operation operation, int error) {
        return error == ECANCELED.code() || operation.retries(error);
    }

    /** Lets go of what an operation had, and puts it where {@link #next} finds it. */
    private void tell(int number) {
        letGo(number);
        states[number] = State.ENDED;
        endedBefore[number] = NONE;
        toldBefore[number] = lastToTell;
        if (lastToTell == NONE) {
            firstToTell = number;
        } else {
            endedBefore[lastToTell] = number;
        }
        lastToTell = number;
    }

    private void letGo(int number) {
        files[number] = null;
        buffers[number] = null;
        SharedArena.Use use = uses[number];
        if (use != null) {
            uses[number] = null;
            use.close();
        }
    }

    private void told(int number) {
        int before = toldBefore[number];
        int after = endedBefore[number];
        if (before == NONE) {
            firstToTell = after;
        } else {
            endedBefore[before] = after;
        }
        if (after == NONE) {
            lastToTell = before;
        } else {
            toldBefore[after] = before;
        }
        states[number] = State.TOLD;
    }

    @Override
    public int count(int number) throws IoException {
        requireEnded(number);
        int result = results[number];
        if (result == CLOSED) {
            throw operations[number].failure(Reason.CLOSED, targets[number]);
        }
        if (result < 0) {
            throw operations[number].failure(-result, targets[number]);
        }
        boolean atEnd = result == 0 && operations[number] == Operation.READ_FILE && lengths[number] > 0;
        return atEnd ? -1 : result;
    }

    private void requireEnded(int number) {
        if (number < 0 || number >= numbers || states[number] == State.FREE) {
            throw new IllegalStateException("there is no operation " + number + "; the batch has " + size);
        }
        if (states[number] == State.ADDED || states[number] == State.BEGUN) {
            throw new IllegalStateException("operation " + number + " has not ended");
        }
    }

    @Override
    public void release(int number) {
        enter();
        try {
            requireNotClosed();
            requireEnded(number);
            if (states[number] == State.ENDED) {
                told(number);
            }
            states[number] = State.FREE;
            targets[number] = null;
            endedBefore[number] = firstFree;
            firstFree = number;
            size--;
        } finally {
            leave();
        }
    }

    @Override
    public void clear() {
        enter();
        try {
            requireNotClosed();
            for (int number = 0; number < numbers; number++) {
                if (states[number] == State.BEGUN) {
                    throw new IllegalStateException("operation " + number + " is under way; wait for it first");
                }
            }
            forget();
        } finally {
            leave();
        }
    }

    private void forget() {
        for (int number = 0; number < numbers; number++) {
            if (states[number] == State.ADDED) {
                letGo(number);
            }
            targets[number] = null;
        }
        size = 0;
        numbers = 0;
        firstFree = NONE;
        addedCount = 0;
        begun = 0;
        firstToTell = NONE;
        lastToTell = NONE;
    }

    @Override
    public void close() {
        StackRoom.require();
        enter();
        try {
            closed = true;
            canceled = true;
            if (numbers > 0) {
                endAll();
                forget();
            }
        } finally {
            leave();
        }
    }

    private void endAll() {
        Fiber fiber = io.caller();
        while (underWay.get() > 0 && !askToEnd()) {
            Thread.yield();
        }
        while (underWay.get() > 0) {
            waitUncancelable(fiber);
        }
        while (!isAllTaken()) {
            takeEnded(fiber);
        }
    }

    /** Whether there was the memory for it; what could not be handed over before for lack of it does not end either. */
    private boolean askToEnd() {
        try {
            kernel.submit();
            kernel.cancel();
            return true;
        } catch (OutOfMemoryError exhausted) {
            return false;
        } catch (IllegalStateException ioClosed) {
            return true;
        }
    }

    private void waitUncancelable(Fiber fiber) {
        waitsForAtMost = 0;
        givenUp = false;
        waiting = fiber;
        try {
            fiber.blockUncancelable(this);
        } finally {
            waiting = null;
        }
    }

    @Override
    public String toString() {
        return "batch of " + size;
    }
}
