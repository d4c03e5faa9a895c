package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Change;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Exit;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Datagrams;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.ExtendedAttributes;
import dev.gyre.linux.FileSystems;
import dev.gyre.linux.Files;
import dev.gyre.linux.Inotify;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Sockets;
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
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The thin calls by Linux's system calls, as far as it makes no difference who waits for them and how. */
public abstract class HostKernel extends HostNames {
    private static final long LOOK_NANOS = 100_000_000;

    /** So much is copied in one call: a request to stop waits no longer than that takes. */
    private static final long COPY_MAX = 16 << 20;

    /** What a pipe between two sockets holds. */
    private static final int SPLICE_PIPE_SIZE = 256 * 1024;

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

    /** Receives see the end of the stream then, sends a broken pipe, and accepts {@code EINVAL}. */
    @Override
    public void interrupt(Descriptor socket) {
        if (socket.isShared()) {
            Sockets.shutdown(socket.number(), Sockets.SHUT_RDWR);
        }
    }

    @Override
    public final int setOption(int socket, Address address, DatagramOptions.Flag flag) {
        return switch (flag) {
            case BROADCAST -> Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_BROADCAST, 1);
            case DESTINATION -> DatagramControl.ask(
                    socket, address, Sockets.IP_PKTINFO, Sockets.IPV6_RECVPKTINFO);
            case TIME_TO_LIVE -> DatagramControl.ask(
                    socket, address, Datagrams.IP_RECVTTL, Datagrams.IPV6_RECVHOPLIMIT);
            case TRAFFIC_CLASS -> DatagramControl.ask(
                    socket, address, Datagrams.IP_RECVTOS, Datagrams.IPV6_RECVTCLASS);
            case ERRORS -> DatagramControl.ask(socket, address, Sockets.IP_RECVERR, Sockets.IPV6_RECVERR);
            case TIMESTAMP -> Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Datagrams.SO_TIMESTAMPNS, 1);
            case COALESCE -> Sockets.setsockopt(socket, Sockets.IPPROTO_UDP, Datagrams.UDP_GRO, 1);
        };
    }

    @Override
    public final Answer<DatagramError> takeError(Descriptor socket) {
        return DatagramErrors.take(socket.number());
    }

    @Override
    public final int setMember(Descriptor socket, MulticastGroup group, boolean joins) {
        return Multicast.setMember(socket.number(), group, joins);
    }

    @Override
    public final int setMulticast(Descriptor socket, Address family, MulticastOptions options) {
        return Multicast.set(socket.number(), family, options);
    }

    @Override
    public final int connectDatagrams(Descriptor socket, @Nullable Address peer) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            // Of zeros, it is of no family.
            int length = peer == null ? SocketAddresses.CAPACITY : SocketAddresses.write(peer, sockaddr);
            return Sockets.connect(socket.number(), sockaddr, length);
        }
    }

    @Override
    public final int sendDatagrams(Fiber fiber, Descriptor socket, List<Datagram> datagrams, int sent) {
        giveWay(fiber, socket);
        try (DatagramMessages messages = DatagramMessages.toSend(datagrams, sent, address(socket))) {
            int fd = socket.number();
            int result = messages.send(fd);
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
            if (datagrams.get(sent).address() instanceof UnixAddress) {
                // What is full is another socket, which nobody can poll. Only an attempt that waits hears of room.
                return (int) waitingForOthers(
                        fiber, "send", socket, () -> messages.sendFirst(fd, LOOK_NANOS));
            }
            return Math.min(awaitRoom(fiber, socket), result);
        } finally {
            Reference.reachabilityFence(datagrams);
        }
    }

    /**
     * The address of a socket.
     *
     * @param socket from {@link #socketDescriptor}
     * @return what that was told
     */
    protected abstract Address address(Descriptor socket);

    /**
     * Waits until a socket has room for something to be sent.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @return 0 or more if it is worth another attempt, otherwise a negated error number
     */
    protected abstract int awaitRoom(Fiber fiber, Descriptor socket);

    /**
     * Lets others run, where the calling fiber has kept them from that for long.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     */
    protected void giveWay(Fiber fiber, Descriptor socket) {}

    @Override
    public final int receiveDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> datagrams, Receiving receiving) {
        giveWay(fiber, socket);
        try (DatagramMessages messages = DatagramMessages.toReceive(datagrams, receiving.control())) {
            int result = receiving.waits()
                    ? receiveWhenReady(fiber, socket, messages)
                    : messages.receive(socket.number());
            messages.tell(datagrams, result);
            return result;
        } finally {
            Reference.reachabilityFence(datagrams);
        }
    }

    /**
     * Receives some datagrams; where there is none, waits until there may be one, and tries once more.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @param messages the room
     * @return how many were received, or a negated error number; {@code EAGAIN} if there was none after all
     */
    protected abstract int receiveWhenReady(Fiber fiber, Descriptor socket, DatagramMessages messages);

    /**
     * When who waits for room in a socket has to try again. A Unix socket does not tell those who poll it that its
     * direction was ended, by its own side or by the peer's (unix_poll in net/unix/af_unix.c); only an attempt does.
     *
     * @param address the socket's
     * @param deadline when to give up
     * @return that, or sooner
     */
    public static long nextLook(Address address, long deadline) {
        return address instanceof UnixAddress ? Math.min(deadline, System.nanoTime() + LOOK_NANOS) : deadline;
    }

    /**
     * Moves bytes by way of a pipe, without waiting where both descriptors are non-blocking: splice(2).
     *
     * @param in where from
     * @param out where to
     * @param length how many at most
     * @return the number of bytes, or a negated error number
     */
    public static long splice(int in, int out, long length) {
        return Files.splice(
                in, MemorySegment.NULL, out, MemorySegment.NULL, length, Files.SPLICE_F_MOVE | Files.SPLICE_F_NONBLOCK);
    }

    @Override
    public final Answer<FileStat> stat(Fiber fiber, Descriptor file) {
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
        return scattered(parts, usable -> readParts(fiber, file, usable, offset),
                memory -> read(fiber, file, memory, offset));
    }

    @Override
    public final int write(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        return gathered(parts, usable -> writeParts(fiber, file, usable, offset),
                memory -> write(fiber, file, memory, offset));
    }

    @Override
    public int receive(Fiber fiber, Descriptor socket, List<MemorySegment> parts) {
        return scattered(parts, usable -> receiveParts(fiber, socket, usable),
                memory -> receive(fiber, socket, memory));
    }

    @Override
    public final int send(Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole) {
        return gathered(parts, usable -> sendParts(fiber, socket, usable, deadline, whole),
                memory -> send(fiber, socket, memory, deadline, whole));
    }

    /**
     * Fills several pieces of memory.
     *
     * @param vectored fills them where the kernel can reach all of them
     * @param single fills memory from which they are filled otherwise
     */
    private static int scattered(
            List<MemorySegment> parts, ToIntFunction<List<MemorySegment>> vectored,
            ToIntFunction<MemorySegment> single) {
        List<MemorySegment> usable = usable(parts);
        if (usable != null) {
            try {
                return vectored.applyAsInt(usable);
            } finally {
                Reference.reachabilityFence(parts);
            }
        }
        long length = length(parts);
        try (BounceBuffer bounce = BounceBuffer.borrow(length)) {
            MemorySegment memory = bounce.memory(length);
            int count = single.applyAsInt(memory);
            long copied = 0;
            for (MemorySegment part : parts) {
                long piece = Math.min(part.byteSize(), count - copied);
                if (piece <= 0) {
                    break;
                }
                MemorySegment.copy(memory, copied, part, 0, piece);
                copied += piece;
            }
            return count;
        }
    }

    /** The same for what comes out of several pieces of memory. */
    private static int gathered(
            List<MemorySegment> parts, ToIntFunction<List<MemorySegment>> vectored,
            ToIntFunction<MemorySegment> single) {
        List<MemorySegment> usable = usable(parts);
        if (usable != null) {
            try {
                return vectored.applyAsInt(usable);
            } finally {
                Reference.reachabilityFence(parts);
            }
        }
        long length = length(parts);
        try (BounceBuffer bounce = BounceBuffer.borrow(length)) {
            MemorySegment memory = bounce.memory(length);
            long copied = 0;
            for (MemorySegment part : parts) {
                long piece = Math.min(part.byteSize(), memory.byteSize() - copied);
                MemorySegment.copy(part, 0, memory, copied, piece);
                copied += piece;
            }
            return single.applyAsInt(memory);
        }
    }

    private static long length(List<MemorySegment> parts) {
        long length = 0;
        for (MemorySegment part : parts) {
            length += part.byteSize();
        }
        return length;
    }

    /** The same memory for the kernel; null if some has to be copied. */
    private static @Nullable List<MemorySegment> usable(List<MemorySegment> parts) {
        List<MemorySegment> all = new ArrayList<>(parts.size());
        for (MemorySegment part : parts) {
            MemorySegment usable = StableMemory.forOtherThreads(part);
            if (usable == null) {
                return null;
            }
            all.add(usable);
        }
        return all;
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

    /**
     * Receives into several pieces of memory: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @return the number of bytes, or a negated error number
     */
    protected abstract int receiveParts(Fiber fiber, Descriptor socket, List<MemorySegment> parts);

    /**
     * Sends from several pieces of memory: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @param deadline when to give up
     * @param whole whether the call may go on until all is sent
     * @return the number of bytes, or a negated error number
     */
    protected abstract int sendParts(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole);

    @Override
    public final int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment control = UnixSockets.rights(scratch, passed);
            return gathered(List.of(memory), usable -> sendMessage(fiber, socket, usable, control),
                    copy -> sendMessage(fiber, socket, List.of(copy), control));
        }
    }

    @Override
    public final Answer<Passed> receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, int passedMax) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment control = UnixSockets.room(scratch, passedMax);
            List<MemorySegment> usable = usable(List.of(memory));
            if (usable != null) {
                try {
                    return receiveMessage(fiber, socket, usable, control);
                } finally {
                    Reference.reachabilityFence(memory);
                }
            }
            try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
                Answer<Passed> answer = receiveMessage(
                        fiber, socket, List.of(bounce.memory(memory.byteSize())), control);
                Passed passed = answer.value();
                if (passed != null) {
                    bounce.copyTo(memory, passed.count());
                }
                return answer;
            }
        }
    }

    /**
     * Sends with control data, waiting until there is room: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param parts native, not freed before this returns, and for any thread
     * @param control {@code cmsghdr}s, for any thread
     * @return the number of bytes, or a negated error number
     */
    protected abstract int sendMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control);

    /**
     * Receives with control data, waiting until there is something: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param parts native, not freed before this returns, and for any thread
     * @param control room for {@code cmsghdr}s, for any thread
     * @return what came
     */
    protected abstract Answer<Passed> receiveMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control);

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

    /**
     * Makes a call that may wait for ever, and that a signal ends.
     *
     * @param fiber the calling one
     * @param operation what it is, in a word, for reports
     * @param target what it is done to, for reports
     * @param call the call; whatever memory it uses, any thread may
     * @return what it answered
     */
    protected abstract long waitingForOthers(Fiber fiber, String operation, Object target, BlockingCalls.Call call);

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
            return result < 0
                    ? Answer.failed(result)
                    : Answer.of(new PipeEnds(
                            ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, Integer.BYTES)));
        }
    }

    @Override
    public final void closeNow(int descriptor) {
        Files.close(descriptor);
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
        long result = waiting(fiber, "spawn", target, call::make);
        ProcessDescriptor process = call.process();
        return process == null ? Answer.failed((int) result) : Answer.of(process);
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
