package dev.gyre.host;

import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Change;
import dev.gyre.io.Exit;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.ExtendedAttributes;
import dev.gyre.linux.FileSystems;
import dev.gyre.linux.Files;
import dev.gyre.linux.Inotify;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Spawn;
import dev.gyre.linux.layout.Flock;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statfs;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelChange;
import dev.gyre.posix.PipeEnds;
import dev.gyre.posix.ProcessDescriptor;
import dev.gyre.posix.SpawnRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The thin calls by Linux's system calls, as far as it makes no difference who waits for them and how. */
public abstract class HostKernel extends HostSockets {
    /** What a pipe between two sockets holds. */
    private static final int SPLICE_PIPE_SIZE = 256 * 1024;

    /** So much is copied in one call: a request to stop waits no longer than that takes. */
    private static final long COPY_MAX = 16 << 20;

    /** For what has happened to files: some thousand events at a time. */
    private static final int CHANGE_BYTES = 64 * 1024;

    /**
     * For backends.
     *
     * @param socketFlags {@code SOCK_NONBLOCK} or 0, for all sockets that are made
     */
    protected HostKernel(int socketFlags) {
        super(socketFlags);
    }

    @Override
    public Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        return FileCalls.stat(file.number());
    }

    @Override
    public final int setPermissions(Fiber fiber, Descriptor file, int mode) {
        int fd = file.number();
        return (int) waiting(fiber, "set permissions", file, () -> Files.fchmod(fd, mode));
    }

    @Override
    public final int setOwner(Fiber fiber, Descriptor file, int user, int group) {
        int fd = file.number();
        return (int) waiting(fiber, "set owner", file, () -> Files.fchown(fd, user, group));
    }

    @Override
    public final int setTimes(
            Fiber fiber, Descriptor file, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        int fd = file.number();
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment times = FileStats.times(scratch, accessed, modified);
            return (int) waiting(
                    fiber, "set times", file, () -> Directories.utimensat(fd, MemorySegment.NULL, times, 0));
        }
    }

    @Override
    public int truncate(Fiber fiber, Descriptor file, long length) {
        int fd = file.number();
        return (int) waiting(fiber, "truncate", file, () -> Files.ftruncate(fd, length));
    }

    @Override
    public final int allocate(Fiber fiber, Descriptor file, long offset, long length, boolean hole) {
        return allocate(fiber, file, hole ? Files.FALLOC_FL_PUNCH_HOLE | Files.FALLOC_FL_KEEP_SIZE : 0, offset, length);
    }

    /**
     * Reserves room or gives it back: fallocate(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param mode {@code FALLOC_FL_*}
     * @param offset 0 or more
     * @param length 1 or more
     * @return 0, or a negated error number
     */
    protected int allocate(Fiber fiber, Descriptor file, int mode, long offset, long length) {
        int fd = file.number();
        return (int) waiting(fiber, "allocate", file, () -> Files.fallocate(fd, mode, offset, length));
    }

    @Override
    public final long seek(Fiber fiber, Descriptor file, long from, boolean hole) {
        int fd = file.number();
        return waiting(fiber, "seek", file,
                () -> FileCalls.atOldPosition(file, fd, () -> Files.lseek(fd, from, hole ? Files.SEEK_HOLE
                        : Files.SEEK_DATA)));
    }

    @Override
    public final int read(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        return MemoryParts.scattered(parts, usable -> readParts(fiber, file, usable, offset),
                memory -> read(fiber, file, memory, offset));
    }

    @Override
    public final int write(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        return MemoryParts.gathered(parts, usable -> writeParts(fiber, file, usable, offset),
                memory -> write(fiber, file, memory, offset));
    }

    /**
     * Reads into several pieces of memory: preadv2(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes, or a negated error number
     */
    protected abstract int readParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset);

    /**
     * Writes from several pieces of memory: pwritev2(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes, or a negated error number
     */
    protected abstract int writeParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset);

    @Override
    public final long copy(Fiber fiber, Descriptor from, long offset, Descriptor to, long targetOffset, long length) {
        int in = from.number();
        int out = to.number();
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment offsets = scratch.allocate(ValueLayout.JAVA_LONG, 2);
            MemorySegment inOffset = offsets.asSlice(0, Long.BYTES);
            MemorySegment outOffset = offsets.asSlice(Long.BYTES);
            inOffset.set(ValueLayout.JAVA_LONG, 0, offset);
            outOffset.set(ValueLayout.JAVA_LONG, 0, targetOffset);
            return waiting(fiber, "copy", to,
                    () -> Files.copyFileRange(in, inOffset, out, outOffset, Math.min(length, COPY_MAX), 0));
        }
    }

    @Override
    public final int clone(Fiber fiber, Descriptor from, Descriptor to) {
        int in = from.number();
        int out = to.number();
        return (int) waiting(fiber, "clone", to, () -> Files.clone(out, in));
    }

    @Override
    public final int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait) {
        int fd = file.number();
        int type = locking == null
                ? Files.F_UNLCK
                : switch (locking) {
                    case SHARED -> Files.F_RDLCK;
                    case EXCLUSIVE -> Files.F_WRLCK;
                };
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment lock = scratch.allocate(Flock.LAYOUT);
            Flock.setWhole(lock, type);
            int result = (int) waiting(fiber, "lock", file, () -> Files.fcntlLock(fd, Files.F_OFD_SETLK, lock));
            return wait && (result == -Errno.EAGAIN.code() || result == -Errno.EACCES.code())
                    ? (int) waitingForOthers(
                            fiber, "lock", file, () -> Files.fcntlLock(fd, Files.F_OFD_SETLKW, lock))
                    : result;
        }
    }

    @Override
    public final Answer<FileSystemStat> statFileSystem(Fiber fiber, @Nullable Descriptor file) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statfs.LAYOUT);
            long result;
            if (file == null) {
                MemorySegment here = scratch.path(new byte[] {'.'});
                result = waiting(fiber, "stat file system", ".", () -> FileSystems.statfs(here, state));
            } else {
                int fd = file.number();
                result = waiting(fiber, "stat file system", file, () -> FileSystems.fstatfs(fd, state));
            }
            return result < 0 ? Answer.failed((int) result) : Answer.of(FileStats.readFileSystem(state));
        }
    }

    @Override
    public final int advise(Fiber fiber, Descriptor file, Advice advice, long offset, long length) {
        int number = switch (advice) {
            case NORMAL -> Files.POSIX_FADV_NORMAL;
            case RANDOM -> Files.POSIX_FADV_RANDOM;
            case SEQUENTIAL -> Files.POSIX_FADV_SEQUENTIAL;
            case WILL_NEED -> Files.POSIX_FADV_WILLNEED;
            case DONT_NEED -> Files.POSIX_FADV_DONTNEED;
        };
        return advise(fiber, file, offset, length, number);
    }

    /**
     * Tells how a part of a file will be used: posix_fadvise(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param offset 0 or more
     * @param length 0 or more; 0 for all that follow
     * @param advice {@code POSIX_FADV_*}
     * @return 0, or a negated error number
     */
    protected int advise(Fiber fiber, Descriptor file, long offset, long length, int advice) {
        int fd = file.number();
        return (int) waiting(fiber, "advise", file, () -> Files.fadvise(fd, offset, length, advice));
    }

    @Override
    public final Answer<byte[]> listAttributes(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path) {
        return attribute(fiber, "list extended attributes", at, path, ExtendedAttributes.XATTR_LIST_MAX,
                AttributeCalls::list);
    }

    @Override
    public final Answer<byte[]> getAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = scratch.path(name);
            return attribute(fiber, "get extended attribute", at, path, ExtendedAttributes.XATTR_SIZE_MAX,
                    (target, itself, value) -> AttributeCalls.get(target, itself, encoded, value));
        }
    }

    /** The longest answer that the kernel gives has room: there is never a second, longer one to ask for. */
    private Answer<byte[]> attribute(
            Fiber fiber, String operation, @Nullable Descriptor at, byte @Nullable [] path, int lengthMax,
            TextCall call) {
        int target = number(at);
        try (Scratch scratch = Scratch.borrow(); BounceBuffer bounce = BounceBuffer.borrow(lengthMax)) {
            MemorySegment itself = path == null ? MemorySegment.NULL : scratch.path(path);
            MemorySegment text = bounce.memory(lengthMax);
            long length = waiting(fiber, operation, named(at, path), () -> call.make(target, itself, text));
            return length < 0
                    ? Answer.failed((int) length)
                    : Answer.of(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Override
    public final int setAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name, byte[] value,
            AttributeMode mode) {
        if (value.length > ExtendedAttributes.XATTR_SIZE_MAX) {
            return -Errno.E2BIG.code();
        }
        int target = number(at);
        try (Scratch scratch = Scratch.borrow();
                BounceBuffer bounce = BounceBuffer.of(MemorySegment.ofArray(value))) {
            MemorySegment itself = path == null ? MemorySegment.NULL : scratch.path(path);
            MemorySegment encoded = scratch.path(name);
            MemorySegment copy = bounce.memory(value.length);
            return (int) waiting(fiber, "set extended attribute", named(at, path),
                    () -> AttributeCalls.set(target, itself, encoded, copy, mode));
        }
    }

    @Override
    public final int removeAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        int target = number(at);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment itself = path == null ? MemorySegment.NULL : scratch.path(path);
            MemorySegment encoded = scratch.path(name);
            return (int) waiting(fiber, "remove extended attribute", named(at, path),
                    () -> AttributeCalls.remove(target, itself, encoded));
        }
    }

    private static Object named(@Nullable Descriptor at, byte @Nullable [] path) {
        return path != null ? new NamedPath(path) : at == null ? "." : at;
    }

    @Override
    public final Answer<MemorySegment> map(
            Fiber fiber, Descriptor file, Mapping mode, long offset, long length, Arena arena) {
        int fd = file.number();
        FileMapping mapping = new FileMapping(mode, offset, length);
        int allowed = mapping.allowed(fd);
        if (allowed < 0) {
            return Answer.failed(allowed);
        }
        long mapped = waiting(fiber, "map", file, () -> mapping.map(fd, offset));
        return Mmap.failed(mapped) ? Answer.failed((int) mapped) : mapping.moveInto(mapped, arena);
    }

    @Override
    public final int syncMapped(Fiber fiber, MemorySegment part) {
        long inPage = part.address() % Mmap.pageSize();
        long address = part.address() - inPage;
        long length = inPage + part.byteSize();
        return (int) waiting(fiber, "sync mapped memory", part, () -> Mmap.msync(address, length, Mmap.MS_SYNC));
    }

    @Override
    public final int watch(
            Fiber fiber, Descriptor watcher, @Nullable Descriptor start, byte[] path, Set<Change> changes,
            boolean follow) {
        int queue = watcher.number();
        int mask = InotifyEvents.mask(changes) | Inotify.IN_MASK_CREATE;
        int flags = follow ? 0 : Files.O_NOFOLLOW;
        return onPath(fiber, "watch", start, path,
                (at, encoded) -> (int) FileCalls.onItself(
                        at, encoded, flags, itself -> Inotify.addWatch(queue, itself, mask)));
    }

    @Override
    public final Answer<List<KernelChange>> changes(Fiber fiber, Descriptor watcher) {
        try (BounceBuffer bounce = BounceBuffer.borrow(CHANGE_BYTES)) {
            MemorySegment events = bounce.memory(CHANGE_BYTES);
            int length = read(fiber, watcher, events, STREAM);
            return length < 0 ? Answer.failed(length) : Answer.of(InotifyEvents.read(events, length));
        }
    }

    @Override
    public final List<byte[]> environment() {
        return Processes.environment();
    }

    @Override
    public final Answer<PipeEnds> splicePipe() {
        Answer<PipeEnds> answer = pipe(Files.O_CLOEXEC | Files.O_NONBLOCK);
        PipeEnds ends = answer.value();
        if (ends != null) {
            // A user's pipes may have so much together; who has used that up keeps what the kernel gave.
            Files.fcntl(ends.writer(), Files.F_SETPIPE_SZ, SPLICE_PIPE_SIZE);
        }
        return answer;
    }

    @Override
    public final Answer<PipeEnds> pipe() {
        return pipe(Files.O_CLOEXEC);
    }

    private static Answer<PipeEnds> pipe(int flags) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment ends = scratch.allocate(2 * Integer.BYTES, Integer.BYTES);
            int result = Files.pipe2(ends, flags);
            return result < 0 ? Answer.failed(result) : FileCalls.both(ends, PipeEnds::new);
        }
    }

    @Override
    public final void closeNow(int descriptor) {
        FileCalls.close(descriptor);
    }

    @Override
    public final int openWorkingDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeWorkingDirectory(how);
            return open(fiber, new NamedPath(path), number(start), scratch.path(path), how);
        }
    }

    @Override
    public final Answer<ProcessDescriptor> spawn(Fiber fiber, SpawnRequest request, Object target) {
        if (!Spawn.isSupported()) {
            return Answer.failed(-Errno.ENOSYS.code());
        }
        SpawnCall call = new SpawnCall(request);
        long result;
        try {
            result = waiting(fiber, "spawn", target, call::make);
        } catch (Throwable failure) {
            call.undo();
            throw failure;
        }
        Answer<ProcessDescriptor> answer = call.answer();
        return answer == null ? Answer.failed((int) result) : answer;
    }

    @Override
    public final int awaitEnd(Fiber fiber, ProcessDescriptor process) {
        int ready = awaitReadable(fiber, process);
        if (ready >= 0) {
            ((HostProcess) process).reap();
        }
        return Math.min(ready, 0);
    }

    /**
     * Waits until a descriptor can be read: poll(2).
     *
     * @param fiber the calling one
     * @param descriptor held
     * @return 0 or more, or a negated error number
     */
    protected abstract int awaitReadable(Fiber fiber, Descriptor descriptor);

    @Override
    public final Answer<Exit> pollEnd(ProcessDescriptor process) {
        return ((HostProcess) process).reap();
    }

    @Override
    public final void awaitRelease(Fiber fiber, ProcessDescriptor process) {
        ((HostProcess) process).awaitRelease(fiber);
    }

    @Override
    public final int signal(ProcessDescriptor process, int signal) {
        return Processes.pidfdSendSignal(process.number(), signal);
    }
}
