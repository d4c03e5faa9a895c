package dev.gyre.threaded;

import static dev.gyre.posix.Kernel.NEVER;

import dev.gyre.host.BlockingCalls;
import dev.gyre.host.BounceBuffer;
import dev.gyre.host.DatagramMessages;
import dev.gyre.host.DirectoryEntries;
import dev.gyre.host.FileCalls;
import dev.gyre.host.FileStats;
import dev.gyre.host.HostKernel;
import dev.gyre.host.Scratch;
import dev.gyre.host.SocketAddresses;
import dev.gyre.host.SocketMessage;
import dev.gyre.host.StableMemory;
import dev.gyre.host.UnixSockets;
import dev.gyre.io.Address;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.KernelBatch;
import dev.gyre.posix.PassedDescriptors;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls by blocking system calls.
 *
 * <p>Sockets are non-blocking. A call on one is first tried, and only where that finds nothing to do waited for, by
 * ppoll(2), which takes nothing out of the socket: what is canceled or runs out of time has no effect.
 */
final class ThreadedKernel extends HostKernel {
    private final Executor threads;
    private final BlockingCalls calls;

    /** Calls that the threads of a pool make, which may block. */
    ThreadedKernel(Executor threads) {
        super(Sockets.SOCK_NONBLOCK);
        this.threads = threads;
        this.calls = new BlockingCalls(threads);
    }

    @Override
    public Descriptor socketDescriptor(int socket, Address address) {
        return new ThreadedSocket(socket, address);
    }

    /** Says for people where it leads. */
    private static final class ThreadedSocket extends Descriptor {
        private final Address address;

        ThreadedSocket(int number, Address address) {
            super(number);
            this.address = address;
        }

        @Override
        public String toString() {
            return address + " (" + super.toString() + ")";
        }
    }

    @Override
    public int accept(Fiber fiber, Descriptor listener) {
        return (int) whenReady(fiber, "accept", listener, Events.POLLIN, NEVER,
                fd -> Sockets.accept4(
                        fd, MemorySegment.NULL, MemorySegment.NULL, Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK));
    }

    /**
     * TCP goes on connecting by itself, and the socket becomes writable when it is through. A Unix socket whose
     * listener's queue is full does not even begin, and there is nothing to poll for: it has to block, for which the
     * socket is made a blocking one meanwhile.
     */
    @Override
    public int connect(Fiber fiber, int socket, Address address) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            int length = SocketAddresses.write(address, sockaddr);
            int result = Sockets.connect(socket, sockaddr, length);
            if (result == -Errno.EINPROGRESS.code() || result == -Errno.EALREADY.code()) {
                int ready = calls.poll(fiber, "connect", address, socket, Events.POLLOUT, NEVER);
                return ready < 0 ? ready : -pendingError(socket);
            }
            if (result == -Errno.EAGAIN.code() && address instanceof UnixAddress) {
                Files.fcntl(socket, Files.F_SETFL, 0);
                result = (int) calls.make(fiber, "connect", address, () -> Sockets.connect(socket, sockaddr, length));
                Files.fcntl(socket, Files.F_SETFL, Files.O_NONBLOCK);
            }
            return result;
        }
    }

    private static int pendingError(int socket) {
        return (int) Math.abs(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_ERROR));
    }

    @Override
    public int receive(Fiber fiber, Descriptor socket, MemorySegment memory) {
        if (memory.isNative()) {
            return (int) whenReady(fiber, "read", socket, Events.POLLIN, NEVER,
                    fd -> Sockets.recv(fd, memory, memory.byteSize(), Sockets.MSG_DONTWAIT));
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
            int count = receive(fiber, socket, bounce.memory(memory.byteSize()));
            bounce.copyTo(memory, Math.max(count, 0));
            return count;
        }
    }

    @Override
    public int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline, boolean whole) {
        if (memory.isNative()) {
            return (int) whenReady(fiber, "write", socket, Events.POLLOUT, deadline,
                    fd -> Sockets.send(
                            fd, memory, memory.byteSize(), Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL));
        }
        try (BounceBuffer bounce = BounceBuffer.of(memory)) {
            return send(fiber, socket, bounce.memory(memory.byteSize()), deadline, whole);
        }
    }

    @Override
    protected int receiveParts(Fiber fiber, Descriptor socket, List<MemorySegment> parts) {
        try (SocketMessage message = new SocketMessage(parts)) {
            return (int) whenReady(fiber, "read", socket, Events.POLLIN, NEVER, message::receiveNow);
        }
    }

    @Override
    protected int sendParts(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole) {
        try (SocketMessage message = new SocketMessage(parts)) {
            return (int) whenReady(
                    fiber, "write", socket, Events.POLLOUT, deadline, fd -> message.sendNow(fd, 0));
        }
    }

    @Override
    public long spliceIn(Fiber fiber, Descriptor socket, int pipe, long length) {
        return whenReady(fiber, "read", socket, Events.POLLIN, NEVER, fd -> splice(fd, pipe, length));
    }

    @Override
    public long spliceOut(Fiber fiber, Descriptor socket, int pipe, long length) {
        return whenReady(fiber, "write", socket, Events.POLLOUT, NEVER, fd -> splice(pipe, fd, length));
    }

    @Override
    protected int sendMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control) {
        try (SocketMessage message = new SocketMessage(parts, control)) {
            return (int) whenReady(fiber, "write", socket, Events.POLLOUT, NEVER, fd -> message.sendNow(fd, 0));
        }
    }

    @Override
    protected int receiveMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control,
            PassedDescriptors passed) {
        try (SocketMessage message = new SocketMessage(parts, control)) {
            int count = (int) whenReady(fiber, "read", socket, Events.POLLIN, NEVER, message::receiveNow);
            UnixSockets.say(message.flags(), passed);
            return count;
        }
    }

    @Override
    protected int receiveWhenReady(Fiber fiber, Descriptor socket, DatagramMessages messages) {
        int fd = socket.number();
        int result = messages.receive(fd);
        if (result != -Errno.EAGAIN.code()) {
            return result;
        }
        int ready = calls.poll(fiber, "receive", socket, fd, Events.POLLIN, NEVER);
        return ready < 0 ? ready : messages.receive(fd);
    }

    @Override
    protected Address address(Descriptor socket) {
        return ((ThreadedSocket) socket).address;
    }

    @Override
    protected int awaitRoom(Fiber fiber, Descriptor socket) {
        long look = nextLook(address(socket), NEVER);
        return calls.poll(fiber, "send", socket, socket.number(), Events.POLLOUT, look);
    }

    /** The file's part of it may wait for a disk, even where the socket takes everything at once. */
    @Override
    public long sendFile(Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline) {
        int in = file.number();
        return whenReady(fiber, "send file", socket, Events.POLLOUT, deadline,
                out -> calls.make(fiber, "send file", socket, () -> FileCalls.sendFile(out, in, offset, length)));
    }

    @Override
    protected int open(Fiber fiber, Object target, int start, MemorySegment path, MemorySegment how) {
        return (int) calls.make(fiber, "open", target, () -> Files.openat2(start, path, how, OpenHow.SIZE));
    }

    @Override
    protected int stat(
            Fiber fiber, Object target, int start, MemorySegment path, int flags, MemorySegment state) {
        return (int) calls.make(
                fiber, "stat", target, () -> Directories.statx(start, path, flags, FileStats.MASK, state));
    }

    @Override
    public Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory) {
        Listing listing = new Listing();
        long result = calls.make(fiber, "list", directory, () -> listing.read(directory.number()));
        List<DirectoryEntry> entries = listing.entries;
        return entries == null ? Answer.failed((int) result) : Answer.of(entries);
    }

    /** Takes what a list has to say besides its result from one thread to another. */
    private static final class Listing {
        @Nullable List<DirectoryEntry> entries;

        int read(int directory) {
            Answer<List<DirectoryEntry>> answer = DirectoryEntries.next(directory);
            entries = answer.value();
            return answer.result();
        }
    }

    @Override
    public int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        if (!BlockingCalls.areMadeInPlace() && memory.isNative()) {
            // What is in the page cache is there at once, without another thread.
            int result = FileCalls.readCached(file.number(), memory, offset);
            if (result >= 0) {
                return result;
            }
        }
        MemorySegment usable = usable(memory);
        if (usable != null) {
            return readInto(fiber, file, usable, offset);
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
            int count = readInto(fiber, file, bounce.memory(memory.byteSize()), offset);
            bounce.copyTo(memory, Math.max(count, 0));
            return count;
        }
    }

    private int readInto(Fiber fiber, Descriptor file, MemorySegment usable, long offset) {
        int fd = file.number();
        return (int) calls.make(fiber, "read file", file,
                () -> offset == STREAM
                        ? Files.read(fd, usable, usable.byteSize())
                        : Files.pread(fd, usable, usable.byteSize(), offset));
    }

    @Override
    protected int readParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        int fd = file.number();
        if (!BlockingCalls.areMadeInPlace()) {
            int result = FileCalls.readCached(fd, parts, offset);
            if (result >= 0) {
                return result;
            }
        }
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment vectors = FileCalls.vectors(scratch, parts);
            return (int) calls.make(
                    fiber, "read file", file, () -> Files.preadv2(fd, vectors, parts.size(), offset, 0));
        }
    }

    @Override
    protected int writeParts(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        int fd = file.number();
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment vectors = FileCalls.vectors(scratch, parts);
            return (int) calls.make(fiber, "write file", file, () -> {
                long result = Files.pwritev2(fd, vectors, parts.size(), offset, 0);
                return result == -Errno.ESPIPE.code() && offset != STREAM
                        ? writeAfterSeek(file, fd, offset, () -> Files.writev(fd, vectors, parts.size()))
                        : result;
            });
        }
    }

    @Override
    public int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        MemorySegment usable = usable(memory);
        if (usable != null) {
            return writeFrom(fiber, file, usable, offset);
        }
        try (BounceBuffer bounce = BounceBuffer.of(memory)) {
            return writeFrom(fiber, file, bounce.memory(memory.byteSize()), offset);
        }
    }

    private int writeFrom(Fiber fiber, Descriptor file, MemorySegment usable, long offset) {
        return (int) calls.make(fiber, "write file", file, () -> writeAt(file, usable, offset));
    }

    /** Writes, and blocks the calling thread. */
    long writeAt(Descriptor file, MemorySegment memory, long offset) {
        int fd = file.number();
        if (offset == STREAM) {
            return Files.write(fd, memory, memory.byteSize());
        }
        long result = Files.pwrite(fd, memory, memory.byteSize(), offset);
        return result == -Errno.ESPIPE.code()
                ? writeAfterSeek(file, fd, offset, () -> Files.write(fd, memory, memory.byteSize()))
                : result;
    }

    /**
     * Some files of the kernel's, as {@code /proc/self/comm}, have positions and can be written, but not by pwrite(2)
     * (seq_open in fs/seq_file.c takes FMODE_PWRITE away, which a ring does not ask for).
     */
    private static long writeAfterSeek(Descriptor file, int fd, long offset, BlockingCalls.Call write) {
        return FileCalls.atOldPosition(file, fd,
                () -> Files.lseek(fd, offset, Files.SEEK_SET) < 0 ? -Errno.ESPIPE.code() : write.make());
    }

    /** Memory for a call; null if it has to be copied. The JDK keeps an arena open during a call of its user's own. */
    private static @Nullable MemorySegment usable(MemorySegment memory) {
        if (BlockingCalls.areMadeInPlace()) {
            return memory.isNative() ? memory : null;
        }
        return StableMemory.forOtherThreads(memory);
    }

    @Override
    public int sync(Fiber fiber, Descriptor file, boolean dataOnly) {
        int fd = file.number();
        return (int) waiting(fiber, "sync", file, () -> dataOnly ? Files.fdatasync(fd) : Files.fsync(fd));
    }

    @Override
    protected long waitingForOthers(Fiber fiber, String operation, Object target, BlockingCalls.Call call) {
        return calls.make(fiber, operation, target, call);
    }

    @Override
    protected long waiting(Fiber fiber, String operation, Object target, BlockingCalls.Call call) {
        return calls.make(fiber, operation, target, call);
    }

    @Override
    protected int awaitReadable(Fiber fiber, Descriptor descriptor) {
        return calls.poll(fiber, "await", descriptor, descriptor.number(), Events.POLLIN, NEVER);
    }

    @Override
    public KernelBatch batch(Fiber fiber, int capacity, KernelBatch.Listener listener) {
        return new ThreadedBatch(this, threads, capacity, listener);
    }

    @Override
    public int close(Fiber fiber, int file) {
        BlockingCalls.Call call;
        try {
            call = () -> FileCalls.close(file);
        } catch (OutOfMemoryError shortage) {
            return FileCalls.close(file);
        }
        return (int) calls.makeUncancelable(fiber, "close", "a file", call);
    }

    /** One attempt: 0 or more, or a negated error number, {@code EAGAIN} if it would have to wait. */
    @FunctionalInterface
    private interface Attempt {
        long on(int fd);
    }

    /** A socket that is closing is ready for ever, and may have nothing to answer. */
    private long whenReady(
            Fiber fiber, String operation, Descriptor socket, int events, long deadline, Attempt attempt) {
        int fd = socket.number();
        while (true) {
            long result = attempt.on(fd);
            if (result != -Errno.EAGAIN.code() || socket.isClosing()) {
                return result;
            }
            long look = events == Events.POLLOUT ? nextLook(((ThreadedSocket) socket).address, deadline) : deadline;
            int ready = calls.poll(fiber, operation, socket, fd, events, look);
            if (ready < 0) {
                return ready;
            }
            if (ready == 0 && look == deadline) {
                return -Errno.ETIME.code();
            }
        }
    }
}
