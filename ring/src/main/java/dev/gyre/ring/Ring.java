package dev.gyre.ring;

import static dev.gyre.linux.IoUring.*;
import static dev.gyre.ring.Words.INT;
import static dev.gyre.ring.Words.LONG;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.Processes;
import dev.gyre.linux.layout.Cqe;
import dev.gyre.linux.layout.GetEventsArgument;
import dev.gyre.linux.layout.IoUringParams;
import dev.gyre.linux.layout.IoUringRsrcUpdate;
import dev.gyre.linux.layout.KernelTimespec;
import dev.gyre.linux.layout.Sqe;
import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: the two queues that a program shares with the kernel, and the call that moves them.
 *
 * <p>Submissions are claimed one by one with {@link #claim()}, filled in, and handed over by {@link #enter}.
 * Completions are read in place between {@link #ready()} and {@link #advance}. Nothing here allocates, keeps track of
 * operations or calls back: that is {@link Loop}'s part.
 *
 * <p>Memory order, as io_uring(7) prescribes it: the tail of the submission queue is stored with release after the
 * entries were written; the tail of the completion queue is loaded with acquire before entries are read, and its head
 * stored with release after they were.
 *
 * <p>One thread at a time may use a ring, and with {@link #singleIssuer()} always the thread that opened it (a virtual
 * thread is welcome as long as that thread carries it). A ring that is used after {@link #close()} throws
 * {@link IllegalStateException}.
 */
public final class Ring implements AutoCloseable {
    /** Preferred flags first. Each attempt is for an older kernel than the one before. */
    private static final int[] SETUP_ATTEMPTS = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_NO_SQARRAY,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
        IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    };

    private static final int SETUP_ALWAYS = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CLAMP;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final int setupFlags;
    private final int features;

    private final MemorySegment queues;
    private final long queuesLength;
    private final MemorySegment entries;
    private final Submission submission;

    private final long submissionHeadAt;
    private final long submissionTailAt;
    private final long submissionFlagsAt;
    private final int submissionMask;
    private final int submissionCapacity;

    private final long completionHeadAt;
    private final long completionTailAt;
    private final long completionsAt;
    private final int completionMask;

    /** Not of the arena: to pass memory of one that can be closed to a call costs two atomic operations. */
    private final MemorySegment waitArgument;

    private final MemorySegment waitTime;

    /** The ring's index among the registered ones, which spares the kernel a look-up; or its descriptor. */
    private final int enterFd;

    private final int enterFlags;

    /** The thread that opened the ring, and among whose registered ones it is. */
    private final int threadId;

    /** Entries that were claimed, and those of them that the kernel has taken. */
    private int submissionTail;

    private int submissionTaken;
    private int completionHead;

    /** Completions after which more of the same operation follow, among those that were taken. */
    private int unfinishing;

    /** Those that are to have their buffers back before the kernel is entered. */
    private final List<BufferRing> bufferRings = new ArrayList<>();

    private boolean lent;
    private boolean closed;

    private Ring(int fd, MemorySegment params, int setupFlags) throws RingException {
        this.fd = fd;
        this.setupFlags = setupFlags;
        features = params.get(JAVA_INT, IoUringParams.FEATURES);
        submissionCapacity = params.get(JAVA_INT, IoUringParams.SQ_ENTRIES);
        int completionCapacity = params.get(JAVA_INT, IoUringParams.CQ_ENTRIES);

        long completionsOffset = unsigned(params, IoUringParams.CQ_OFF_CQES);
        long completionsEnd = completionsOffset + completionCapacity * Cqe.SIZE;
        long arrayEnd = unsigned(params, IoUringParams.SQ_OFF_ARRAY) + (long) submissionCapacity * Integer.BYTES;
        queuesLength = Math.max(completionsEnd, arrayEnd);
        queues = map(queuesLength, IORING_OFF_SQ_RING);
        entries = map(submissionCapacity * Sqe.SIZE, IORING_OFF_SQES);
        submission = new Submission(entries);

        submissionHeadAt = unsigned(params, IoUringParams.SQ_OFF_HEAD);
        submissionTailAt = unsigned(params, IoUringParams.SQ_OFF_TAIL);
        submissionFlagsAt = unsigned(params, IoUringParams.SQ_OFF_FLAGS);
        submissionMask = queues.get(JAVA_INT, unsigned(params, IoUringParams.SQ_OFF_RING_MASK));
        completionHeadAt = unsigned(params, IoUringParams.CQ_OFF_HEAD);
        completionTailAt = unsigned(params, IoUringParams.CQ_OFF_TAIL);
        completionsAt = completionsOffset;
        completionMask = queues.get(JAVA_INT, unsigned(params, IoUringParams.CQ_OFF_RING_MASK));
        if ((setupFlags & IORING_SETUP_NO_SQARRAY) == 0) {
            // Entry i always stands at place i, so the array that redirects is filled once and for all.
            long array = unsigned(params, IoUringParams.SQ_OFF_ARRAY);
            for (int i = 0; i < submissionCapacity; i++) {
                queues.set(JAVA_INT, array + (long) i * Integer.BYTES, i);
            }
        }

        MemorySegment wait = Arena.ofAuto().allocate(GetEventsArgument.SIZE + KernelTimespec.SIZE, Long.BYTES);
        waitArgument = wait.asSlice(0, GetEventsArgument.SIZE);
        waitTime = wait.asSlice(GetEventsArgument.SIZE);
        waitArgument.set(ValueLayout.JAVA_LONG, GetEventsArgument.TS, waitTime.address());
        threadId = Processes.gettid();
        int registered = singleIssuer() ? registerDescriptor() : -1;
        enterFd = registered < 0 ? fd : registered;
        enterFlags = IORING_ENTER_GETEVENTS | (registered < 0 ? 0 : IORING_ENTER_REGISTERED_RING);
    }

    /**
     * Sets up a ring, with the best flags that the running kernel takes.
     *
     * @param options its sizes
     * @return an open ring that belongs to the calling thread
     * @throws RingException if the kernel refuses; the message says why, as far as can be known. {@code EPERM},
     *     {@code ENOSYS}, {@code ENOMEM} and {@code EINVAL} (older than 6.1, or missing features) are ordinary
     */
    public static Ring open(RingOptions options) throws RingException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment params = scratch.allocate(IoUringParams.LAYOUT);
            int result = -Errno.EINVAL.code();
            for (int attempt : SETUP_ATTEMPTS) {
                params.fill((byte) 0);
                params.set(JAVA_INT, IoUringParams.CQ_ENTRIES, options.completionEntries());
                params.set(JAVA_INT, IoUringParams.FLAGS, attempt | SETUP_ALWAYS);
                result = IoUring.setup(options.entries(), params);
                if (result >= 0) {
                    return opened(result, params, attempt | SETUP_ALWAYS);
                }
                if (result != -Errno.EINVAL.code()) {
                    break;
                }
            }
            throw new RingException("io_uring_setup", -result);
        }
    }

    /** Everything that Gyre counts on came by 5.11; a kernel with a chosen back-port of less is treated as older. */
    private static Ring opened(int fd, MemorySegment params, int setupFlags) throws RingException {
        int needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG
                | IORING_FEAT_FAST_POLL;
        if ((params.get(JAVA_INT, IoUringParams.FEATURES) & needed) != needed) {
            Files.close(fd);
            throw new RingException("io_uring_setup", Errno.EINVAL.code());
        }
        Ring ring = null;
        try {
            ring = new Ring(fd, params, setupFlags);
            return ring;
        } finally {
            if (ring == null) {
                Files.close(fd);
            }
        }
    }

    /**
     * The next free place of the submission queue, cleared.
     *
     * @return to be filled in before the next call to this ring, or null if the queue is full: then {@link #enter}
     */
    public @Nullable Submission claim() {
        if (submissionTail - submissionTaken == submissionCapacity) {
            return null;
        }
        submission.position(entry(submissionTail++));
        return submission;
    }

    /**
     * How many claimed entries the kernel has not taken.
     *
     * @return 0 to the queue's capacity
     */
    public int pending() {
        return submissionTail - submissionTaken;
    }

    /**
     * Whether the kernel has work that it does only when entered: completions to post, or some that did not fit.
     *
     * @return true if {@link #enter} is worth a call even with nothing to submit
     */
    public boolean wantsEnter() {
        return ((int) INT.getOpaque(queues, submissionFlagsAt) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
    }

    /**
     * Hands over what was claimed, lets the kernel post completions, and waits for {@code least} of them.
     *
     * @param least how many completions to wait for; 0 does not wait
     * @param waitNanos the longest wait; negative for no limit
     * @return 0, or a negative error number: {@code EINTR} and {@code ETIME} are harmless; after {@code EBUSY} and
     *     {@code EAGAIN} completions must be consumed before the next attempt. Entries that were not taken stay
     *     {@link #pending()}
     * @throws WrongThreadException if the kernel says that the ring is another thread's
     */
    public int enter(int least, long waitNanos) {
        return enter(pending(), least, waitNanos);
    }

    /** The same for so many of what was claimed. */
    int enter(int pending, int least, long waitNanos) {
        requireOpen();
        for (int i = 0; i < bufferRings.size(); i++) {
            bufferRings.get(i).publish();
        }
        INT.setRelease(queues, submissionTailAt, submissionTail);
        int result;
        if (least == 0 || waitNanos < 0) {
            result = IoUring.enter(enterFd, pending, least, enterFlags, MemorySegment.NULL, 0);
        } else {
            LONG.set(waitTime, KernelTimespec.TV_SEC, waitNanos / 1_000_000_000);
            LONG.set(waitTime, KernelTimespec.TV_NSEC, waitNanos % 1_000_000_000);
            result = IoUring.enter(
                    enterFd, pending, least, enterFlags | IORING_ENTER_EXT_ARG, waitArgument, GetEventsArgument.SIZE);
        }
        if (result < 0) {
            requireOwnThread(result);
        }
        // The head tells what was taken also when the wait that followed ended in an error.
        submissionTaken = (int) INT.getAcquire(queues, submissionHeadAt);
        return Math.min(result, 0);
    }

    /**
     * How many completions are there to be read.
     *
     * @return 0 or more
     */
    public int ready() {
        return (int) INT.getAcquire(queues, completionTailAt) - completionHead;
    }

    /**
     * What the submission of a completion carried.
     *
     * @param index 0 to {@link #ready()} − 1
     * @return its user data
     */
    public long userData(int index) {
        return (long) LONG.get(queues, completion(index) + Cqe.USER_DATA);
    }

    /**
     * The result of a completion.
     *
     * @param index 0 to {@link #ready()} − 1
     * @return as the system call would return it; an error as its negative number
     */
    public int result(int index) {
        return (int) INT.get(queues, completion(index) + Cqe.RES);
    }

    /**
     * The flags of a completion.
     *
     * @param index 0 to {@link #ready()} − 1
     * @return {@code IORING_CQE_F_*}, and the number of a provided buffer in the upper half
     */
    public int flags(int index) {
        return (int) INT.get(queues, completion(index) + Cqe.FLAGS);
    }

    /**
     * Gives the places of the oldest completions back to the kernel.
     *
     * @param count 0 to {@link #ready()}
     */
    public void advance(int count) {
        int unfinished = 0;
        for (int i = 0; i < count; i++) {
            unfinished += flags(i) & IORING_CQE_F_MORE;
        }
        advance(count, unfinished / IORING_CQE_F_MORE);
    }

    /** The same for somebody who knows after how many of them more follow. */
    void advance(int count, int unfinished) {
        unfinishing += unfinished;
        completionHead += count;
        INT.setRelease(queues, completionHeadAt, completionHead);
    }

    /**
     * The number of places for submissions.
     *
     * @return a power of two
     */
    public int capacity() {
        return submissionCapacity;
    }

    /**
     * Whether only the thread that opened the ring may use it.
     *
     * @return true for {@code IORING_SETUP_SINGLE_ISSUER}, kernel 6.0
     */
    public boolean singleIssuer() {
        return (setupFlags & IORING_SETUP_SINGLE_ISSUER) != 0;
    }

    /**
     * The flags that the ring was set up with.
     *
     * @return {@code IORING_SETUP_*}
     */
    public int setupFlags() {
        return setupFlags;
    }

    /**
     * What the kernel said it can do.
     *
     * @return {@code IORING_FEAT_*}
     */
    public int features() {
        return features;
    }

    /**
     * Registers something with the ring, or takes it back (io_uring_register(2)).
     *
     * @param opcode {@code IORING_REGISTER_*}
     * @param argument what the opcode asks for
     * @param count how many of it
     * @return 0 or more, or a negative error number
     */
    public int register(int opcode, MemorySegment argument, int count) {
        requireOpen();
        return IoUring.register(fd, opcode, argument, count);
    }

    /**
     * How many worker threads of the kernel's may wait for files and devices on behalf of this ring: for what it cannot
     * do at once, like a write to a file or a sync. It begins with as many as the queue has entries, or four for each
     * processor if that is less. Kernel 5.15 (io_uring_register(2), {@code IORING_REGISTER_IOWQ_MAX_WORKERS}).
     *
     * @param count at least 1
     * @return how many it were before, or a negative error number: {@code EINVAL} from an older kernel
     */
    public int limitWorkers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " workers; pass 1 or more");
        }
        try (Arena arena = Arena.ofConfined()) {
            // The second is for sockets and the like; 0 lets it stay as it is.
            MemorySegment limits = arena.allocateFrom(JAVA_INT, count, 0);
            int result = register(IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS, limits, 2);
            return result < 0 ? result : limits.get(JAVA_INT, 0);
        }
    }

    /**
     * Unmaps the queues and closes the descriptor. Closing again does nothing.
     *
     * @throws IllegalStateException if the ring belongs to an open loop; or if operations are in flight, whose buffers
     *     the kernel may write yet: cancel them and take their completions first. An operation that was to have no
     *     completion ({@code IOSQE_CQE_SKIP_SUCCESS}) counts as in flight for good
     */
    @Override
    public void close() {
        if (lent && !closed) {
            throw new IllegalStateException("the ring of a loop is closed by closing the loop");
        }
        if (!closed && inFlight() > 0) {
            throw new IllegalStateException(
                    inFlight() + " operations are in flight: cancel them and take their completions first");
        }
        abandon();
    }

    /** Operations that the kernel has taken and not completed. */
    private int inFlight() {
        return submissionTaken - (completionHead - unfinishing);
    }

    /** Closes it though operations may be in flight: such as touch no memory, or where there is no better way. */
    void abandon() {
        if (!closed) {
            closed = true;
            unregisterDescriptor();
            arena.close();
            Mmap.munmap(entries.address(), entries.byteSize());
            Mmap.munmap(queues.address(), queuesLength);
            Files.close(fd);
        }
    }

    /**
     * Whether the kernel finds the ring without looking up its descriptor.
     *
     * @return true from kernel 5.18 on
     */
    public boolean isDescriptorRegistered() {
        return (enterFlags & IORING_ENTER_REGISTERED_RING) != 0;
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true for good, once it was
     */
    public boolean isClosed() {
        return closed;
    }

    void add(BufferRing buffers) {
        bufferRings.add(buffers);
    }

    void remove(BufferRing buffers) {
        bufferRings.remove(buffers);
    }

    /** From now on a loop uses it. */
    void lend() {
        lent = true;
    }

    /** What the first entry carries that the kernel has not taken; there is one. */
    long pendingUserData() {
        return (long) LONG.get(entries, entry(submissionTaken) + Sqe.USER_DATA);
    }

    /** Takes back the first so many entries that the kernel has not taken; those behind move up. */
    void withdraw(int count) {
        for (int place = submissionTaken; place != submissionTail - count; place++) {
            MemorySegment.copy(entries, entry(place + count), entries, entry(place), Sqe.SIZE);
        }
        submissionTail -= count;
    }

    /** Result and flags of a completion, in the low half and the high half. */
    long outcome(int index) {
        return (long) LONG.get(queues, completion(index) + Cqe.RES);
    }

    /** How many submissions can be claimed. */
    int room() {
        return submissionCapacity - pending();
    }

    /** Another descriptor of the same ring, which the caller closes. */
    int copyDescriptor() throws RingException {
        int copy = Files.fcntl(fd, Files.F_DUPFD_CLOEXEC, 0);
        if (copy < 0) {
            throw new RingException("fcntl of the ring", -copy);
        }
        return copy;
    }

    private long entry(int place) {
        return (place & submissionMask) * Sqe.SIZE;
    }

    private long completion(int index) {
        return completionsAt + ((completionHead + index) & completionMask) * Cqe.SIZE;
    }

    /** The kernel tells of a foreign thread, or does not find the ring among those that are registered there. */
    private void requireOwnThread(int result) {
        boolean suspicious = result == -Errno.EEXIST.code() || result == -Errno.EINVAL.code();
        if (suspicious && singleIssuer() && Processes.gettid() != threadId) {
            throw new WrongThreadException("the ring belongs to the thread that opened it, not to this one");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    /** Spares each enter the look-up of the descriptor; kernel 5.18. */
    private int registerDescriptor() {
        MemorySegment update = arena.allocate(IoUringRsrcUpdate.LAYOUT);
        update.set(JAVA_INT, IoUringRsrcUpdate.OFFSET, -1);
        update.set(ValueLayout.JAVA_LONG, IoUringRsrcUpdate.DATA, fd);
        int count = IoUring.register(fd, IORING_REGISTER_RING_FDS, update, 1);
        return count == 1 ? update.get(JAVA_INT, IoUringRsrcUpdate.OFFSET) : -1;
    }

    /** What is registered keeps the ring alive though its descriptor is closed; and a thread has 16 places. */
    private void unregisterDescriptor() {
        if (isDescriptorRegistered() && Processes.gettid() == threadId) {
            MemorySegment update = arena.allocate(IoUringRsrcUpdate.LAYOUT);
            update.set(JAVA_INT, IoUringRsrcUpdate.OFFSET, enterFd);
            int count = IoUring.register(fd, IORING_UNREGISTER_RING_FDS, update, 1);
            Assert.that(count == 1, "a registered descriptor can be taken back", count);
        }
    }

    private MemorySegment map(long length, long offset) throws RingException {
        long address = Mmap.mmap(
                0, length, Mmap.PROT_READ | Mmap.PROT_WRITE, Mmap.MAP_SHARED | Mmap.MAP_POPULATE, fd, offset);
        if (Mmap.failed(address)) {
            throw new RingException("mmap of the ring", (int) -address);
        }
        return RawMemory.segment(address, length, arena);
    }

    private static long unsigned(MemorySegment params, long offset) {
        return Integer.toUnsignedLong(params.get(JAVA_INT, offset));
    }
}
