package dev.gyre.uring;

import dev.gyre.host.BlockingCalls;
import dev.gyre.host.BounceBuffer;
import dev.gyre.host.DirectoryEntries;
import dev.gyre.host.FileCalls;
import dev.gyre.host.FileStats;
import dev.gyre.host.LocalFileSystems;
import dev.gyre.host.Scratch;
import dev.gyre.host.StableMemory;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileStat;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.FileSystems;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statfs;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import dev.gyre.ring.Vector;
import dev.gyre.ring.file.Close;
import dev.gyre.ring.file.Fadvise;
import dev.gyre.ring.file.Fallocate;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.LinkAt;
import dev.gyre.ring.file.MkdirAt;
import dev.gyre.ring.file.OpenAt2;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Readv;
import dev.gyre.ring.file.RenameAt;
import dev.gyre.ring.file.Statx;
import dev.gyre.ring.file.SymlinkAt;
import dev.gyre.ring.file.UnlinkAt;
import dev.gyre.ring.file.Write;
import dev.gyre.ring.file.Writev;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.Executor;

/** The thin calls on files, by the ring. What does not need it goes past it: a read from the page cache. */
final class UringKernel extends UringSockets {
    private final BlockingCalls calls;
    private final LocalFileSystems localFileSystems = new LocalFileSystems();

    /** Calls of an {@code Io}; some by threads that may block. */
    UringKernel(UringIo io, Executor threads) {
        super(io);
        this.calls = new BlockingCalls(threads);
    }

    @Override
    public Descriptor fileDescriptor(int file) {
        return new UringFileDescriptor(file);
    }

    /** Remembers what a file is like. */
    private static final class UringFileDescriptor extends Descriptor {
        /** Whether it is known to have offsets. */
        boolean seekable;

        /** Whether it is known to be readable at an offset. */
        boolean positioned;

        /** Counts roughly; for {@link #CALLS_AT_ONCE}. */
        int reads;

        /** What fcntl(2) says of it; 0 before it is asked. */
        private int flags;

        UringFileDescriptor(int number) {
            super(number);
        }

        /** Whether transfers go past the page cache. */
        boolean isDirect() {
            return (flags() & Files.O_DIRECT) != 0;
        }

        /** Whether a transfer that would have to wait for somebody is to fail instead. */
        boolean isNonBlocking() {
            return (flags() & Files.O_NONBLOCK) != 0;
        }

        private int flags() {
            if (flags == 0) {
                flags = Math.max(Files.fcntl(number(), Files.F_GETFL, 0), 0) | Files.O_LARGEFILE;
            }
            return flags;
        }
    }

    @Override
    protected int open(Fiber fiber, Object target, int start, MemorySegment path, MemorySegment how) {
        long flags = how.get(ValueLayout.JAVA_LONG, OpenHow.FLAGS);
        boolean mayWait = (flags & (Files.O_NONBLOCK | Files.O_DIRECTORY)) == 0;
        int fd = run(fiber, target, call -> new OpenAt2(start, path, how, call));
        if (mayWait && fd == -Errno.ENXIO.code()) {
            // A pipe for writing, which the attempt by itself would not wait for.
            return run(fiber, target, call -> OpenAt2.waiting(start, path, how, call));
        }
        boolean reads = (flags & (Files.O_WRONLY | Files.O_RDWR)) == 0;
        if (fd >= 0 && mayWait && reads && Files.lseek(fd, 0, Files.SEEK_CUR) == -Errno.ESPIPE.code()) {
            return new PipeOpening(this, fiber, target).awaitWriter(fd, start, path, how);
        }
        return fd;
    }

    @Override
    protected int stat(
            Fiber fiber, Object target, int start, MemorySegment path, int flags, MemorySegment state) {
        return run(fiber, target, call -> new Statx(start, path, flags, FileStats.MASK, state, call));
    }

    /**
     * Mostly the state is in memory, and asked for on the spot. Where it may be somebody else's to know, a worker of
     * the kernel's asks once more.
     */
    @Override
    public Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment itself = scratch.allocate(1, 1);
            MemorySegment state = scratch.allocate(dev.gyre.linux.layout.Statx.LAYOUT);
            int result = FileCalls.statCached(file.number(), itself, state);
            if (result == 0 && !isLocal(fiber, file, scratch, state)) {
                result = run(fiber, file, call -> new Statx(
                        file.number(), itself, Directories.AT_EMPTY_PATH, FileStats.MASK, state, call));
            }
            return result < 0 ? Answer.failed(result) : Answer.of(FileStats.read(state));
        }
    }

    private boolean isLocal(Fiber fiber, Descriptor file, Scratch scratch, MemorySegment state) {
        Boolean known = localFileSystems.has(state);
        if (known != null) {
            return known;
        }
        MemorySegment fileSystem = scratch.allocate(Statfs.LAYOUT);
        long result =
                waiting(fiber, "stat file system", file, () -> FileSystems.fstatfs(file.number(), fileSystem));
        return result == 0 && localFileSystems.learn(state, fileSystem);
    }

    /** The ring has no operation for it. */
    @Override
    public Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory) {
        return io.blocking(() -> DirectoryEntries.next(directory.number()));
    }

    /** Where the ring has no operation, and a thread that waits in the kernel must be brought out of it. */
    @Override
    protected long waitingForOthers(Fiber fiber, String operation, Object target, BlockingCalls.Call call) {
        try {
            BlockingCalls.prepare();
        } catch (BackendUnavailable noSignal) {
            return -Errno.ENOSYS.code();
        }
        return calls.make(fiber, operation, target, call);
    }

    /** Where the ring has no operation. */
    @Override
    protected long waiting(Fiber fiber, String operation, Object target, BlockingCalls.Call call) {
        return io.blocking(call::make);
    }

    @Override
    protected int makeDirectory(Fiber fiber, Object target, int start, MemorySegment path, int mode) {
        return run(fiber, target, call -> new MkdirAt(start, path, mode, call));
    }

    @Override
    protected int delete(Fiber fiber, Object target, int start, MemorySegment path, int flags) {
        return run(fiber, target, call -> new UnlinkAt(start, path, flags, call));
    }

    @Override
    protected int rename(
            Fiber fiber, Object target, int oldStart, MemorySegment oldPath, int newStart, MemorySegment newPath,
            int flags) {
        return run(fiber, target, call -> new RenameAt(oldStart, oldPath, newStart, newPath, flags, call));
    }

    @Override
    protected int hardLink(
            Fiber fiber, Object target, int oldStart, MemorySegment oldPath, int newStart, MemorySegment newPath) {
        return run(fiber, target, call -> new LinkAt(oldStart, oldPath, newStart, newPath, 0, call));
    }

    @Override
    protected int symlink(Fiber fiber, Object target, MemorySegment text, int start, MemorySegment path) {
        return run(fiber, target, call -> new SymlinkAt(text, start, path, call));
    }

    @Override
    protected int allocate(Fiber fiber, Descriptor file, int mode, long offset, long length) {
        return run(fiber, file, call -> new Fallocate(file.number(), mode, offset, length, call));
    }

    /** An entry of the ring has 32 bits for the length. */
    @Override
    protected int advise(Fiber fiber, Descriptor file, long offset, long length, int advice) {
        return length > Integer.MAX_VALUE
                ? super.advise(fiber, file, offset, length, advice)
                : run(fiber, file, call -> new Fadvise(file.number(), offset, (int) length, advice, call));
    }

    @Override
    public int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        if (memory.isNative()) {
            int result = readNow(fiber, file, memory, offset);
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
            if (StableMemory.isStable(memory)) {
                return readByRing(fiber, file, memory, offset);
            }
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
            MemorySegment stable = bounce.memory(memory.byteSize());
            int count = memory.isNative() ? -Errno.EAGAIN.code() : readNow(fiber, file, stable, offset);
            if (count == -Errno.EAGAIN.code()) {
                count = readByRing(fiber, file, stable, offset);
            }
            bounce.copyTo(memory, Math.max(count, 0));
            return count;
        }
    }

    /**
     * What is in the page cache is there at once, cheaper than by way of the ring. Past the cache, the same call waits
     * for the device, and the loop with it.
     */
    int readNow(Fiber fiber, Descriptor descriptor, MemorySegment memory, long offset) {
        return mayReadNow(fiber, descriptor)
                ? FileCalls.readCached(descriptor.number(), memory, offset)
                : -Errno.EAGAIN.code();
    }

    private static boolean mayReadNow(Fiber fiber, Descriptor descriptor) {
        UringFileDescriptor file = (UringFileDescriptor) descriptor;
        boolean othersWait = fiber instanceof LoopFiber own
                ? !own.home().mayStream()
                : Thread.currentThread().isVirtual() && file.reads++ % CALLS_AT_ONCE == CALLS_AT_ONCE - 1;
        return !othersWait && !file.isDirect();
    }

    @Override
    protected int readParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        if (mayReadNow(fiber, file)) {
            int result = FileCalls.readCached(file.number(), parts, offset);
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
        }
        if (offset != STREAM && !isReadAtOffsets(file)) {
            return -Errno.ESPIPE.code();
        }
        if (neverWaits(file, offset)) {
            return FileCalls.readParts(file.number(), parts);
        }
        Vector vector = new Vector(parts);
        return run(fiber, file, call -> new Readv(file.number(), vector, offset, 0, call));
    }

    @Override
    protected int writeParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        if (offset != STREAM && !hasOffsets(file)) {
            return -Errno.ESPIPE.code();
        }
        if (neverWaits(file, offset)) {
            return FileCalls.writeParts(file.number(), parts);
        }
        Vector vector = new Vector(parts);
        return run(fiber, file, call -> new Writev(file.number(), vector, offset, 0, call));
    }

    private int readByRing(Fiber fiber, Descriptor file, MemorySegment stable, long offset) {
        if (offset != STREAM && !isReadAtOffsets(file)) {
            return -Errno.ESPIPE.code();
        }
        if (neverWaits(file, offset)) {
            return (int) Files.read(file.number(), stable, Math.min(stable.byteSize(), Files.TRANSFER_MAX));
        }
        return run(fiber, file, call -> new Read(file.number(), stable, offset, call));
    }

    @Override
    public int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        if (offset != STREAM && !hasOffsets(file)) {
            return -Errno.ESPIPE.code();
        }
        if (StableMemory.isStable(memory)) {
            return writeByRing(fiber, file, memory, offset);
        }
        try (BounceBuffer bounce = BounceBuffer.of(memory)) {
            return writeByRing(fiber, file, bounce.memory(memory.byteSize()), offset);
        }
    }

    private int writeByRing(Fiber fiber, Descriptor file, MemorySegment stable, long offset) {
        if (neverWaits(file, offset)) {
            return (int) Files.write(file.number(), stable, Math.min(stable.byteSize(), Files.TRANSFER_MAX));
        }
        return run(fiber, file, call -> new Write(file.number(), stable, offset, call));
    }

    /** Whether it is a pipe that was opened so that nobody waits for it: the ring would wait until it is ready. */
    private boolean neverWaits(Descriptor file, long offset) {
        return offset == STREAM && ((UringFileDescriptor) file).isNonBlocking() && !hasOffsets(file);
    }

    /**
     * Whether a file can be read at an offset. The ring would ignore one where it cannot, and wait for what comes out
     * of the pipe. A read of nothing tells.
     */
    boolean isReadAtOffsets(Descriptor file) {
        UringFileDescriptor known = (UringFileDescriptor) file;
        if (!known.positioned) {
            int result = FileCalls.readCached(file.number(), MemorySegment.NULL, 0);
            known.positioned = result != -Errno.ESPIPE.code();
        }
        return known.positioned;
    }

    /** Whether a file has offsets. The ring would ignore one where there are none, and use the pipe as a stream. */
    boolean hasOffsets(Descriptor file) {
        UringFileDescriptor known = (UringFileDescriptor) file;
        if (!known.seekable) {
            known.seekable = Files.lseek(file.number(), 0, Files.SEEK_CUR) != -Errno.ESPIPE.code();
        }
        return known.seekable;
    }

    @Override
    public KernelBatch batch(Fiber fiber, int capacity, KernelBatch.Listener listener) {
        LoopThread loop = fiber instanceof LoopFiber own ? own.home() : io.nextLoop();
        return new UringBatch(this, loop, capacity, listener);
    }

    @Override
    public int sync(Fiber fiber, Descriptor file, boolean dataOnly) {
        return run(fiber, file, call -> new Fsync(file.number(), dataOnly, call));
    }

    @Override
    public int close(Fiber fiber, int file) {
        Call call = null;
        try {
            call = new Call();
            boolean started = call.runUncancelable(io.loopFor(fiber), fiber, new Close(file, call), "a file");
            // The end of the loop may have come between the start and the kernel.
            if (started && call.result() != -Errno.ECANCELED.code()) {
                return call.result();
            }
        } catch (VirtualMachineError | LinkageError shortage) {
            // The class of the operation may be one that could not be initialized for lack of memory.
            if (call != null && call.hasBegun()) {
                throw shortage;
            }
        }
        return FileCalls.close(file);
    }
}
