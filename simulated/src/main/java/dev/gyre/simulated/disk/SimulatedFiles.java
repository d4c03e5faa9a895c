package dev.gyre.simulated.disk;

import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Change;
import dev.gyre.io.Clock;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Permission;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import dev.gyre.posix.KernelChange;
import dev.gyre.posix.Paths;
import dev.gyre.simulated.DiskLatency;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Descriptors;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.kernel.SimulatedCalls;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.VirtualClock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls for files and folders, on a {@link Disk}. Each happens at one moment: before it, others had the chance
 * to come first. None waits but for the other side of a named pipe.
 */
public abstract class SimulatedFiles extends SimulatedCalls {
    private final OpenFiles files;
    private final Disk disk;
    private final ChangeMarks marks;
    private final Namespace namespace;
    private final Descriptors descriptors;
    private final VirtualClock clock;
    private final Scheduler scheduler;

    protected SimulatedFiles(Scheduler scheduler, VirtualClock clock, Descriptors descriptors, OpenFiles files) {
        super(scheduler);
        this.scheduler = scheduler;
        this.clock = clock;
        this.descriptors = descriptors;
        this.files = files;
        this.disk = files.disk();
        this.marks = files.marks();
        this.namespace = new Namespace(disk, marks);
    }

    @Override
    public final int openFile(Fiber fiber, @Nullable Descriptor start, byte[] path, OpenOptions options) {
        boolean beneath = options.flags().contains(OpenOptions.Flag.BENEATH);
        Answer<OpenFile> opened = ask(() -> {
            check(Operation.OPEN_FILE, start, path);
            return namespace.open(walk(start, beneath), text(path), options);
        });
        OpenFile file = opened.value();
        if (file == null) {
            return opened.result();
        }
        return file.isPipe() ? openPipe(fiber, file, text(path)) : descriptors.add(file);
    }

    /** Waits for the other side. */
    private int openPipe(Fiber fiber, OpenFile file, String path) {
        int descriptor = descriptors.add(file);
        boolean isOpen = false;
        try {
            int result = attempt(() -> {
                file.setPipeEnd(files.fifos().open(file));
                return 0;
            });
            Fifo.End end = file.pipeEnd();
            if (end != null) {
                result = await(fiber, "open", path, end.fifo().watchers(), () -> end.isOpen() ? 0 : Attempt.WAIT);
            }
            isOpen = result == 0;
            return isOpen ? descriptor : result;
        } finally {
            if (!isOpen) {
                closeNow(descriptor);
            }
        }
    }

    @Override
    public final int openDirectory(
            Fiber fiber, @Nullable Descriptor start, byte[] path, Set<OpenOptions.Flag> flags) {
        boolean beneath = flags.contains(OpenOptions.Flag.BENEATH);
        return (int) call(() -> {
            check(Operation.OPEN_DIRECTORY, start, path);
            return descriptors.add(namespace.openFolder(walk(start, beneath), text(path), flags));
        });
    }

    @Override
    public final Answer<FileStat> stat(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean follow) {
        return ask(() -> {
            check(Operation.STAT, start, path);
            return walk(start).inode(text(path), follow).stat();
        });
    }

    @Override
    public final Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        return ask(() -> checked(Operation.STAT, file).inode().stat());
    }

    @Override
    public final Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory) {
        return ask(() -> checked(Operation.LIST, directory).list(disk.now()));
    }

    @Override
    public final int access(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<Permission> wanted) {
        return does(() -> {
            Inode inode = walk(start).inode(text(path), true);
            for (Permission each : wanted) {
                Namespace.requirePermitted(inode, switch (each) {
                    case READ -> Inode.READ;
                    case WRITE -> Inode.WRITE;
                    case EXECUTE -> Inode.EXECUTE;
                });
            }
        });
    }

    @Override
    public final int makeDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        return does(() -> {
            check(Operation.MAKE_DIRECTORY, start, path);
            namespace.makeFolder(walk(start), text(path), mode);
        });
    }

    @Override
    public final int delete(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean directory) {
        return does(() -> {
            check(directory ? Operation.DELETE_DIRECTORY : Operation.DELETE_FILE, start, path);
            if (directory) {
                namespace.deleteFolder(walk(start), text(path));
            } else {
                namespace.delete(walk(start), text(path));
            }
        });
    }

    @Override
    public final int rename(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath, Renaming renaming) {
        return does(() -> {
            check(Operation.RENAME, oldStart, oldPath);
            namespace.rename(walk(oldStart), text(oldPath), walk(newStart), text(newPath), renaming);
        });
    }

    @Override
    public final int hardLink(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath) {
        return does(() -> {
            check(Operation.HARD_LINK, newStart, newPath);
            namespace.hardLink(walk(oldStart), text(oldPath), walk(newStart), text(newPath));
        });
    }

    @Override
    public final int symlink(Fiber fiber, byte[] target, @Nullable Descriptor start, byte[] path) {
        return does(() -> {
            check(Operation.SYMLINK, start, path);
            namespace.symlink(walk(start), text(target), text(path));
        });
    }

    @Override
    public final int makeNode(
            Fiber fiber, @Nullable Descriptor start, byte[] path, FileKind kind, int mode, long device) {
        return does(() -> namespace.makeNode(walk(start), text(path), kind, mode));
    }

    @Override
    public final Answer<byte[]> readLink(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return ask(() -> {
            if (walk(start).inode(text(path), false) instanceof SymbolicLink link) {
                return bytes(link.target());
            }
            throw new Refusal(ErrorNumber.EINVAL);
        });
    }

    @Override
    public final Answer<byte[]> realPath(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return ask(() -> {
            PathWalk walk = walk(start);
            Place place = walk.existing(text(path), true);
            String real = walk.at(place) instanceof Folder folder ? folder.path() : place.path();
            if (real.length() >= Paths.LENGTH_MAX) {
                throw new Refusal(ErrorNumber.ENAMETOOLONG);
            }
            return bytes(real);
        });
    }

    @Override
    public final int setPermissions(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        return does(() -> setMode(walk(start).found(text(path), true), mode));
    }

    @Override
    public final int setPermissions(Fiber fiber, Descriptor file, int mode) {
        return does(() -> setMode(open(file).found(), mode));
    }

    private void setMode(Found file, int mode) {
        file.inode().setMode(mode, disk.now());
        marks.changed(file, Change.ATTRIBUTES);
    }

    @Override
    public final int setOwner(Fiber fiber, @Nullable Descriptor start, byte[] path, int user, int group) {
        return does(() -> setOwner(walk(start).found(text(path), false), user, group));
    }

    @Override
    public final int setOwner(Fiber fiber, Descriptor file, int user, int group) {
        return does(() -> setOwner(open(file).found(), user, group));
    }

    /** Nobody but root gives away what is his; so this can only say what is so already. */
    private void setOwner(Found file, int user, int group) throws Refusal {
        if ((user != -1 && user != USER) || (group != -1 && group != USER)) {
            throw new Refusal(ErrorNumber.EPERM);
        }
        if (file.inode() instanceof RegularFile) {
            file.inode().dropPrivileges();
        }
        file.inode().touchAttributes(disk.now());
        if (user != -1 || group != -1) {
            marks.changed(file, Change.ATTRIBUTES);
        }
    }

    @Override
    public final int setTimes(
            Fiber fiber, @Nullable Descriptor start, byte[] path, @Nullable Timestamp accessed,
            @Nullable Timestamp modified) {
        if (accessed == null && modified == null) {
            return 0; // Linux does not even look at the path
        }
        return does(() -> setTimes(walk(start).found(text(path), false), accessed, modified));
    }

    @Override
    public final int setTimes(
            Fiber fiber, Descriptor file, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        if (accessed == null && modified == null) {
            return 0;
        }
        return does(() -> setTimes(open(file).found(), accessed, modified));
    }

    /** The time of the last change alone is told as one, and that of the last read as a read. */
    private void setTimes(Found file, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        file.inode().setTimes(accessed, modified, disk.now());
        if (modified != null) {
            marks.changed(file, accessed == null ? Change.MODIFIED : Change.ATTRIBUTES);
        }
    }

    @Override
    public final int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        return read(fiber, file, List.of(memory), offset);
    }

    @Override
    public final int read(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        OpenFile opened = open(file);
        Fifo.End end = opened.pipeEnd();
        if (end == null || offset != STREAM) {
            pause(fiber, DiskLatency::read, "read", opened);
            return (int) call(() -> checked(Operation.READ_FILE, file).read(parts, offset, disk.now()));
        }
        return await(fiber, "read", opened, end.fifo().watchers(), () -> {
            int count = end.read(parts);
            if (count > 0) {
                var _ = does(() -> opened.inode().touchRead(disk.now()));
            }
            return count;
        });
    }

    @Override
    public final int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        return write(fiber, file, List.of(memory), offset);
    }

    @Override
    public final int write(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        OpenFile opened = open(file);
        Fifo.End end = opened.pipeEnd();
        if (end == null || offset != STREAM) {
            pause(fiber, DiskLatency::write, "write", opened);
            return (int) modify(opened,
                    () -> checked(Operation.WRITE_FILE, file).write(parts, parts, offset, disk.now()));
        }
        return await(fiber, "write", opened, end.fifo().watchers(), () -> {
            int count = end.write(parts);
            if (count > 0) {
                var _ = modify(opened, () -> {
                    opened.inode().touch(disk.now());
                    return count;
                });
            }
            return count;
        });
    }

    @Override
    public final long moveTo(Descriptor file, long distance, boolean fromHere) {
        return call(() -> open(file).moveTo(distance, fromHere));
    }

    /** Reads what would go into memory, and does not touch that. */
    final Answer<byte[]> readFor(Descriptor file, MemorySegment memory, long offset) {
        return ask(() -> checked(Operation.READ_FILE, file).readFor(memory, offset, disk.now()));
    }

    /** Reads a part that is to be sent. */
    protected final Answer<byte[]> readToSend(Descriptor file, long offset, long length) {
        return ask(() -> checked(Operation.READ_FILE, file).readToSend(offset, length, disk.now()));
    }

    /** Writes a copy of what is in memory, and does not touch that. */
    final int writeCopy(Descriptor file, MemorySegment memory, MemorySegment copy, long offset) {
        OpenFile opened = open(file);
        return (int) modify(opened, () -> checked(Operation.WRITE_FILE, file)
                .write(List.of(memory), List.of(copy), offset, disk.now()));
    }

    @Override
    public final long copy(Fiber fiber, Descriptor from, long offset, Descriptor to, long targetOffset, long length) {
        OpenFile target = open(to);
        return modify(target, () -> {
            checked(Operation.WRITE_FILE, to);
            return checked(Operation.READ_FILE, from).copyTo(target, offset, targetOffset, length, disk.now());
        });
    }

    @Override
    public final int clone(Fiber fiber, Descriptor from, Descriptor to) {
        OpenFile target = open(to);
        long result = modify(target, () -> open(from).cloneTo(target, disk.now()));
        return (int) Math.min(0, result);
    }

    @Override
    public final int sync(Fiber fiber, Descriptor file, boolean dataOnly) {
        long due = due(DiskLatency::sync);
        if (due == 0) {
            return syncNow(file, dataOnly);
        }
        Answer<Writeback> begun = beginSync(file, dataOnly);
        await(fiber, "sync", open(file), due);
        return finishSync(file, begun);
    }

    /** Syncs, without the time that it takes. */
    final int syncNow(Descriptor file, boolean dataOnly) {
        return does(() -> {
            OpenFile opened = open(file);
            finishSync(opened, opened.beginSync(dataOnly));
        });
    }

    /** Begins a sync that takes time: it covers what is there now. */
    final Answer<Writeback> beginSync(Descriptor file, boolean dataOnly) {
        return ask(() -> open(file).beginSync(dataOnly));
    }

    /** The time is over that a sync takes. */
    final int finishSync(Descriptor file, Answer<Writeback> begun) {
        Writeback writeback = begun.value();
        return writeback == null ? begun.result() : does(() -> finishSync(open(file), writeback));
    }

    private void finishSync(OpenFile opened, Writeback writeback) throws Refusal {
        try {
            check(Operation.SYNC, opened::currentPath);
        } catch (Refusal refused) {
            opened.failToSync(writeback, refused);
            throw refused;
        }
        opened.finishSync(writeback);
    }

    @Override
    public final int truncate(Fiber fiber, Descriptor file, long length) {
        OpenFile opened = open(file);
        return does(() -> {
            checked(Operation.TRUNCATE, file).truncate(length, disk.now());
            marks.changed(opened.found(), Change.MODIFIED);
        });
    }

    @Override
    public final int allocate(Fiber fiber, Descriptor file, long offset, long length, boolean hole) {
        OpenFile opened = open(file);
        return does(() -> {
            checked(Operation.ALLOCATE, file).allocate(offset, length, hole, disk.now());
            marks.changed(opened.found(), Change.MODIFIED);
        });
    }

    @Override
    public final long seek(Fiber fiber, Descriptor file, long from, boolean hole) {
        return call(() -> open(file).seek(from, hole));
    }

    @Override
    public final int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait) {
        OpenFile locked = open(file);
        if (locking != null && !locked.isOpenFor(locking)) {
            return -ErrorNumber.EBADF.code();
        }
        FileLocks locks = files.locks();
        return await(fiber, "lock", locked, NEVER, () -> List.of(locks.watchers(locked)), () -> {
            if (locks.take(locked, locking)) {
                return 0;
            }
            return wait ? Attempt.WAIT : -ErrorNumber.EAGAIN.code();
        });
    }

    @Override
    public final KernelBatch batch(Fiber fiber, int capacity, KernelBatch.Listener listener) {
        return new SimulatedBatch(this, scheduler, capacity, listener);
    }

    /** There is nothing to read ahead. */
    @Override
    public final int advise(Fiber fiber, Descriptor file, Advice advice, long offset, long length) {
        return does(() -> open(file).requireOffsets());
    }

    @Override
    public final Answer<FileSystemStat> statFileSystem(Fiber fiber, @Nullable Descriptor file) {
        return ask(disk::stat);
    }

    @Override
    public final Answer<byte[]> listAttributes(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path) {
        return ask(() -> at(at, path).inode().extended().names());
    }

    @Override
    public final Answer<byte[]> getAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        return ask(() -> {
            Inode inode = at(at, path).inode();
            return inode.extended().get(inode, text(name));
        });
    }

    @Override
    public final int setAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name, byte[] value,
            AttributeMode mode) {
        return does(() -> {
            Found file = at(at, path);
            file.inode().extended().set(file.inode(), text(name), value, mode);
            changedAttributes(file);
        });
    }

    @Override
    public final int removeAttribute(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        return does(() -> {
            Found file = at(at, path);
            file.inode().extended().remove(file.inode(), text(name));
            changedAttributes(file);
        });
    }

    private void changedAttributes(Found file) {
        file.inode().touchAttributes(disk.now());
        marks.changed(file, Change.ATTRIBUTES);
    }

    @Override
    public final Answer<MemorySegment> map(
            Fiber fiber, Descriptor file, Mapping mode, long offset, long length, Arena arena) {
        return Answer.failed(-ErrorNumber.ENODEV.code());
    }

    @Override
    public final int syncMapped(Fiber fiber, MemorySegment part) {
        return -ErrorNumber.EOPNOTSUPP.code();
    }

    @Override
    public final int openWatcher() {
        return attempt(() -> descriptors.add(marks.open()));
    }

    @Override
    public final int watch(
            Fiber fiber, Descriptor watcher, @Nullable Descriptor start, byte[] path, Set<Change> changes,
            boolean follow) {
        return (int) call(() -> {
            Inode inode = walk(start).inode(text(path), follow);
            Namespace.requirePermitted(inode, Inode.READ);
            return marks.watch(queue(watcher), inode, changes);
        });
    }

    @Override
    public final int unwatch(Descriptor watcher, int watch) {
        return does(() -> marks.unwatch(queue(watcher), watch));
    }

    @Override
    public final Answer<List<KernelChange>> changes(Fiber fiber, Descriptor watcher) {
        ChangeQueue queue = queue(watcher);
        List<KernelChange> taken = new ArrayList<>();
        int result = await(fiber, "read", queue, queue.watchers(), () -> {
            taken.addAll(queue.take());
            return taken.isEmpty() ? Attempt.WAIT : taken.size();
        });
        return result < 0 ? Answer.failed(result) : Answer.of(taken);
    }

    private ChangeQueue queue(Descriptor watcher) {
        return descriptors.at(watcher.number(), ChangeQueue.class);
    }

    /** What a path leads to, without following its end; or without a path what is open. */
    private Found at(@Nullable Descriptor at, byte @Nullable [] path) throws Refusal {
        if (path != null) {
            return walk(at).found(text(path), false);
        }
        return open(Objects.requireNonNull(at)).found();
    }

    /** An open file, unless an operation on it is to fail. */
    private OpenFile checked(Operation operation, Descriptor file) throws Refusal {
        OpenFile opened = open(file);
        check(operation, opened::currentPath);
        return opened;
    }

    /** Lets an operation on a name fail that is to. */
    private void check(Operation operation, @Nullable Descriptor start, byte[] path) throws Refusal {
        check(operation, () -> {
            String name = text(path);
            String above = name.startsWith("/") || start == null ? "" : open(start).currentPath();
            return name.startsWith("/") || above.equals("/") ? above + name : above + "/" + name;
        });
    }

    private void check(Operation operation, Supplier<String> path) throws Refusal {
        disk.faults().check(operation, () -> Paths.decode(bytes(path.get())));
    }

    /** Lets the time go by that the disk takes for something. Not even the end of the task comes sooner. */
    private void pause(Fiber fiber, Function<DiskLatency, Duration> kind, String operation, Object target) {
        long due = due(kind);
        if (due > 0) {
            await(fiber, operation, target, due);
        }
    }

    /** When something ends that is begun now; 0 for at once. */
    final long due(Function<DiskLatency, Duration> kind) {
        return scheduler.atomically(() -> {
            synchronized (disk) {
                DiskLatency latency = disk.faults().latency();
                long jitter = latency.jitter().toNanos();
                long nanos = kind.apply(latency).toNanos()
                        + (jitter == 0 ? 0 : disk.faults().random().nextLong(jitter + 1));
                return nanos == 0 ? 0 : scheduler.now() + nanos;
            }
        });
    }

    /** What a descriptor stands for that is none of a socket; null if it cannot be adopted. */
    protected static @Nullable Kind kind(Object target) {
        return target instanceof OpenFile file ? file.isFolder() ? Kind.DIRECTORY : Kind.FILE : null;
    }

    private OpenFile open(Descriptor file) {
        return descriptors.at(file.number(), OpenFile.class);
    }

    private PathWalk walk(@Nullable Descriptor start) throws Refusal {
        return walk(start, false);
    }

    /** From a folder, or from the current one, which is the root. */
    private PathWalk walk(@Nullable Descriptor start, boolean beneath) throws Refusal {
        return new PathWalk(disk.root(), start == null ? disk.root() : open(start).folder(), beneath);
    }

    /** To the disk a name is text of one character for each byte. */
    private static String text(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What is done with the kernel's lock, and the disk's. */
    @FunctionalInterface
    private interface Question<T> {
        T answer() throws Refusal;
    }

    @FunctionalInterface
    private interface Call {
        long result() throws Refusal;
    }

    @FunctionalInterface
    private interface Doing {
        void run() throws Refusal;
    }

    private <T> Answer<T> ask(Question<T> question) {
        return scheduler.atomically(() -> {
            requireAlive();
            synchronized (disk) {
                disk.setTime(clock.now(Clock.REAL).nanoseconds());
                try {
                    return Answer.of(question.answer());
                } catch (Refusal refused) {
                    return Answer.failed(refused.result());
                }
            }
        });
    }

    /** What changes the content of a file, by how many bytes. */
    private long modify(OpenFile file, Call call) {
        return call(() -> {
            long count = call.result();
            if (count > 0) {
                marks.changed(file.found(), Change.MODIFIED);
            }
            return count;
        });
    }

    private long call(Call call) {
        Answer<Long> answer = ask(call::result);
        Long result = answer.value();
        return result == null ? answer.result() : result;
    }

    private int does(Doing doing) {
        return (int) call(() -> {
            doing.run();
            return 0;
        });
    }
}
