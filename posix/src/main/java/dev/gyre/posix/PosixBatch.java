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
        /** Added; nobody else knows of it. */
        ADDED,
        /** Begun, and not yet told of. */
        BEGUN,
        /** Ended and told of. */
        OVER
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

    /** How many have a number; how many of those have begun. */
    private int size;

    private int begun;

    /** Those that have ended, linked from the latest to the first: shared with whoever ends one. */
    private final AtomicInteger latestEnded = new AtomicInteger(NONE);

    private final int[] endedBefore;

    /** How many have begun and not ended. */
    private final AtomicInteger underWay = new AtomicInteger();

    /** Those that were taken out of that list and are not told yet, linked by the same array. */
    private int firstToTell = NONE;

    private int lastToTell = NONE;

    /** Who waits, until so many are under way at most, or one is in the list. */
    private volatile @Nullable Fiber waiting;

    private volatile int waitsForAtMost;
    private volatile boolean givenUp;
    private boolean canceled;
    private boolean closed;

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
        endedBefore = new int[capacity];
        kernel = io.kernel().batch(io.caller(), capacity, this);
    }

    @Override
    public int read(File file, MemorySegment buffer, long offset) {
        MemorySegment part = Buffers.beforeLastOffset(buffer, offset);
        requireRoom();
        PosixFile own = own(file);
        int number = add(Operation.READ_FILE, own, part, offset, Buffers.useToWrite(buffer));
        lengths[number] = buffer.byteSize();
        return number;
    }

    @Override
    public int write(File file, MemorySegment buffer, long offset) {
        MemorySegment part = Buffers.beforeLastOffset(buffer, offset);
        requireRoom();
        PosixFile own = own(file);
        int number = add(Operation.WRITE_FILE, own, part, offset, Buffers.useToRead(buffer));
        lengths[number] = buffer.byteSize();
        return number;
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
        requireRoom();
        int number = add(Operation.SYNC, own(file), null, 0, null);
        dataOnly[number] = onlyData;
        return number;
    }

    private int add(
            Operation operation, PosixFile file, @Nullable MemorySegment buffer, long offset,
            SharedArena.@Nullable Use use) {
        int number = size++;
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
        requireOpen();
        if (size == states.length) {
            throw new IllegalStateException("the batch is full: it has room for " + size + " operations");
        }
    }

    private void requireOpen() {
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
        requireOpen();
        StackRoom.require();
        if (begun < size) {
            Fiber fiber = io.caller();
            while (begun < size) {
                begin(fiber, begun++);
            }
            kernel.submit();
        }
    }

    private void begin(Fiber fiber, int number) {
        states[number] = State.BEGUN;
        underWay.incrementAndGet();
        Descriptor descriptor = file(number).tryHold();
        if (descriptor == null) {
            ended(number, CLOSED);
            return;
        }
        try {
            begin(fiber, number, descriptor);
        } catch (IllegalStateException | WrongThreadException notOurMemory) {
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
        try {
            if (operations[number] == Operation.READ_FILE) {
                kernel.read(fiber, number, file, buffer, offsets[number]);
            } else {
                kernel.write(fiber, number, file, buffer, offsets[number]);
            }
        } catch (InternalError fault) {
            ended(number, Buffers.faulted(buffer, fault));
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
        submit();
        Fiber fiber = io.begin();
        while (true) {
            takeEnded(fiber);
            if (underWay.get() == 0 && latestEnded.get() == NONE) {
                return;
            }
            waitFor(fiber, 0);
        }
    }

    @Override
    public int next() {
        submit();
        Fiber fiber = io.begin();
        while (true) {
            int number = firstToTell;
            if (number != NONE) {
                firstToTell = endedBefore[number];
                if (firstToTell == NONE) {
                    lastToTell = NONE;
                }
                return number;
            }
            takeEnded(fiber);
            int left = underWay.get();
            // Whoever ends one puts it into the list first: what is not there after this look will be counted later.
            if (firstToTell == NONE && latestEnded.get() == NONE) {
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

    /** Takes what has ended, in its order, behind what is to be told. */
    private void takeEnded(Fiber fiber) {
        int number = latestEnded.getAndSet(NONE);
        int first = NONE;
        while (number != NONE) {
            int before = endedBefore[number];
            endedBefore[number] = first;
            first = number;
            number = before;
        }
        boolean again = false;
        while (first != NONE) {
            int after = endedBefore[first];
            endedBefore[first] = NONE;
            again |= collect(fiber, first);
            first = after;
        }
        if (again) {
            kernel.submit();
        }
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
            // A closed arena, another thread's, or a mapped file that became shorter.
            results[number] = -EFAULT.code();
        }
        file(number).release(fiber);
        if (!canceled && result < 0 && isToBeMadeAgain(operations[number], -result)) {
            begin(fiber, number);
            return true;
        }
        tell(number);
        return false;
    }

    private static boolean isToBeMadeAgain(Operation operation, int error) {
        return error == ECANCELED.code() || operation.retries(error);
    }

    private void tell(int number) {
        states[number] = State.OVER;
        files[number] = null;
        buffers[number] = null;
        SharedArena.Use use = uses[number];
        if (use != null) {
            uses[number] = null;
            use.close();
        }
        if (lastToTell == NONE) {
            firstToTell = number;
        } else {
            endedBefore[lastToTell] = number;
        }
        lastToTell = number;
    }

    @Override
    public int count(int number) throws IoException {
        if (number < 0 || number >= size) {
            throw new IllegalStateException("there is no operation " + number + "; the batch has " + size);
        }
        if (states[number] != State.OVER) {
            throw new IllegalStateException("operation " + number + " has not ended");
        }
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

    @Override
    public void clear() {
        requireOpen();
        for (int number = 0; number < size; number++) {
            if (states[number] == State.BEGUN) {
                throw new IllegalStateException("operation " + number + " is under way; wait for it first");
            }
        }
        forget();
    }

    private void forget() {
        for (int number = 0; number < size; number++) {
            if (states[number] == State.ADDED) {
                tell(number);
            }
            targets[number] = null;
        }
        size = 0;
        begun = 0;
        firstToTell = NONE;
        lastToTell = NONE;
    }

    @Override
    public void close() {
        StackRoom.require();
        if (closed) {
            return;
        }
        closed = true;
        canceled = true;
        Fiber fiber = io.caller();
        kernel.cancel();
        while (underWay.get() > 0) {
            waitUncancelable(fiber);
        }
        takeEnded(fiber);
        forget();
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
