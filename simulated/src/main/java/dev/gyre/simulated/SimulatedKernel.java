package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Change;
import dev.gyre.io.Direction;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Permission;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.KernelBatch;
import dev.gyre.posix.KernelChange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls of a machine that is nothing but memory. Its network is the inside of that machine: what is sent is
 * there. Its file system is empty, and read-only.
 *
 * <p>An operation is tried. Where there is nothing for it to do, its fiber waits for the socket to change and tries
 * again. It takes what it takes in the attempt that succeeds, and on the thread of its caller: one that is canceled
 * before, or runs out of time, has no effect.
 *
 * <p>This object's lock guards all sockets. The scheduler's may be taken with it, and not the other way round.
 */
final class SimulatedKernel implements Kernel {
    /** What an attempt answers that has to wait. */
    static final int WAIT = Integer.MIN_VALUE;

    /** The first descriptor: the three below are a process's standard streams. */
    private static final int DESCRIPTOR_FIRST = 3;

    /** An attempt at a call. With the lock. */
    @FunctionalInterface
    private interface Attempt {
        int run() throws Refusal;
    }

    /** The address of a Unix socket that nobody gave one. */
    private static final UnixAddress UNNAMED = new UnixAddress("");

    private final Scheduler scheduler;
    private final Ports ports;
    private final UnixNames unixNames = new UnixNames();
    private final List<SimulatedSocket> listeners = new ArrayList<>();

    /** The open descriptors. */
    private final Map<Integer, SimulatedSocket> sockets = new TreeMap<>();

    /** All descriptors below it are open. */
    private int maybeFree = DESCRIPTOR_FIRST;

    SimulatedKernel(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.ports = new Ports(scheduler);
    }

    /** The descriptors that are open, as people call what they stand for. */
    synchronized List<String> open() {
        return sockets.values().stream().map(Object::toString).toList();
    }

    @Override
    public synchronized int socket(Address address) {
        return install(new SimulatedSocket());
    }

    @Override
    public synchronized int setOption(int socket, SocketOption option) {
        switch (option) {
            case REUSE_ADDRESS -> at(socket).reuseAddress = true;
            case REUSE_PORT -> at(socket).reusePort = true;
            case NO_DELAY -> {} // nothing is delayed here
        }
        return 0;
    }

    @Override
    public synchronized int bind(int number, Address address) {
        SimulatedSocket socket = at(number);
        try {
            socket.bound = switch (address) {
                case IpAddress ip -> Loopback.seenFrom(ip, ports.bind(ip, socket.reuseAddress, socket.reusePort));
                case UnixAddress unix -> unixNames.bind(unix);
            };
            return 0;
        } catch (Refusal refused) {
            return refused.result();
        }
    }

    @Override
    public synchronized int listen(int number, int backlog) {
        SimulatedSocket socket = at(number);
        socket.listen(backlog);
        listeners.add(socket);
        return 0;
    }

    @Override
    public synchronized Answer<Address> localAddress(int number) {
        SimulatedSocket socket = at(number);
        try {
            return Answer.of(socket.bound != null ? socket.bound : socket.stream().local());
        } catch (Refusal refused) {
            return Answer.failed(refused.result());
        }
    }

    @Override
    public synchronized Answer<Address> remoteAddress(int number) {
        try {
            return Answer.of(connected(number).remote());
        } catch (Refusal refused) {
            return Answer.failed(refused.result());
        }
    }

    @Override
    public synchronized int shutdown(Descriptor socket, Direction direction) {
        try {
            Stream stream = connected(socket.number());
            if (direction != Direction.WRITE) {
                stream.discard();
            }
            if (direction != Direction.READ) {
                stream.end();
            }
            return 0;
        } catch (Refusal refused) {
            return refused.result();
        }
    }

    @Override
    public synchronized void closeSocket(int number) {
        SimulatedSocket socket = at(number);
        sockets.remove(number);
        maybeFree = Math.min(maybeFree, number);
        if (socket.isConnected()) {
            closeConnection(socket);
            return;
        }
        listeners.remove(socket);
        socket.abandonQueue();
        Address bound = socket.bound;
        if (bound != null) {
            switch (bound) {
                case IpAddress ip -> ports.unbind(Loopback.plain(ip), socket.reusePort);
                case UnixAddress unix -> unixNames.unbind(unix);
            }
        }
    }

    private void closeConnection(SimulatedSocket socket) {
        try {
            Stream stream = socket.stream();
            boolean lingers = stream.close();
            if (stream.local() instanceof IpAddress ip) {
                ports.disconnected(Loopback.plain(ip));
                if (lingers) {
                    ports.linger(Loopback.plain(ip));
                }
            }
        } catch (Refusal impossible) {
            throw new AssertionError("a connection has a stream", impossible);
        }
    }

    @Override
    public Descriptor socketDescriptor(int socket, Address address) {
        return new Descriptor(socket);
    }

    @Override
    public synchronized void interrupt(Descriptor socket) {
        if (socket.isShared()) {
            at(socket.number()).interrupt();
        }
    }

    @Override
    public int accept(Fiber fiber, Descriptor listener) {
        SimulatedSocket socket = held(listener);
        return await(fiber, "accept", socket, NEVER, socket.acceptors(), () -> {
            SimulatedSocket connection = socket.take();
            return connection == null ? WAIT : install(connection);
        });
    }

    @Override
    public int connect(Fiber fiber, int number, Address address) {
        SimulatedSocket listener;
        SimulatedSocket socket;
        synchronized (this) {
            socket = at(number);
            try {
                listener = listenerFor(address);
            } catch (Refusal refused) {
                return refused.result();
            }
        }
        return await(fiber, "connect", address, NEVER, listener.connectors(), () -> {
            if (!listener.isListening()) {
                throw new Refusal(ErrorNumber.ECONNREFUSED);
            }
            if (listener.isFull()) {
                return WAIT;
            }
            establish(address, socket, listener);
            return 0;
        });
    }

    @Override
    public int receive(Fiber fiber, Descriptor socket, MemorySegment memory) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> stream.read(memory));
    }

    @Override
    public int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "write", connection, deadline, Stream::writers, stream -> stream.write(memory));
    }

    @FunctionalInterface
    private interface StreamAttempt {
        int on(Stream stream) throws Refusal;
    }

    @FunctionalInterface
    private interface Side {
        Watchers of(Stream stream);
    }

    private int onStream(Fiber fiber, String operation, SimulatedSocket socket, long deadline, Side side,
            StreamAttempt attempt) {
        Stream stream;
        synchronized (this) {
            try {
                stream = socket.stream();
            } catch (Refusal refused) {
                return refused.result();
            }
        }
        return await(fiber, operation, socket, deadline, side.of(stream), () -> attempt.on(stream));
    }

    /** There is no file that could be sent without a copy. */
    @Override
    public long sendFile(Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline) {
        return -ErrorNumber.EINVAL.code();
    }

    @Override
    public int openFile(Fiber fiber, @Nullable Descriptor start, byte[] path, OpenOptions options) {
        return options.flags().contains(OpenOptions.Flag.CREATE) ? readOnly() : noFile();
    }

    @Override
    public int openDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<OpenOptions.Flag> flags) {
        return noFile();
    }

    @Override
    public Answer<FileStat> stat(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean follow) {
        return Answer.failed(noFile());
    }

    @Override
    public Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        return Answer.failed(noFile());
    }

    @Override
    public Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory) {
        return Answer.failed(noFile());
    }

    @Override
    public int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        return noFile();
    }

    @Override
    public int read(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        return noFile();
    }

    @Override
    public int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset) {
        return noFile();
    }

    @Override
    public int write(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset) {
        return noFile();
    }

    @Override
    public long copy(Fiber fiber, Descriptor from, long offset, Descriptor to, long targetOffset, long length) {
        return noFile();
    }

    @Override
    public int clone(Fiber fiber, Descriptor from, Descriptor to) {
        return noFile();
    }

    @Override
    public int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait) {
        return noFile();
    }

    @Override
    public long moveTo(Descriptor file, long distance, boolean fromHere) {
        return noFile();
    }

    @Override
    public int access(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<Permission> wanted) {
        return noFile();
    }

    @Override
    public int makeDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        return readOnly();
    }

    @Override
    public int delete(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean directory) {
        return noFile();
    }

    @Override
    public int rename(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath, Renaming renaming) {
        return noFile();
    }

    @Override
    public int hardLink(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath) {
        return noFile();
    }

    @Override
    public int symlink(Fiber fiber, byte[] target, @Nullable Descriptor start, byte[] path) {
        return readOnly();
    }

    @Override
    public Answer<byte[]> readLink(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return Answer.failed(noFile());
    }

    @Override
    public Answer<byte[]> realPath(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return Answer.failed(noFile());
    }

    @Override
    public int setPermissions(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        return noFile();
    }

    @Override
    public int setPermissions(Fiber fiber, Descriptor file, int mode) {
        return noFile();
    }

    @Override
    public int setOwner(Fiber fiber, @Nullable Descriptor start, byte[] path, int user, int group) {
        return noFile();
    }

    @Override
    public int setOwner(Fiber fiber, Descriptor file, int user, int group) {
        return noFile();
    }

    @Override
    public int setTimes(
            Fiber fiber, @Nullable Descriptor start, byte[] path, @Nullable Timestamp accessed,
            @Nullable Timestamp modified) {
        return noFile();
    }

    @Override
    public int setTimes(
            Fiber fiber, Descriptor file, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        return noFile();
    }

    @Override
    public int sync(Fiber fiber, Descriptor file, boolean dataOnly) {
        return noFile();
    }

    @Override
    public int truncate(Fiber fiber, Descriptor file, long length) {
        return noFile();
    }

    @Override
    public int allocate(Fiber fiber, Descriptor file, long offset, long length, boolean hole) {
        return noFile();
    }

    @Override
    public long seek(Fiber fiber, Descriptor file, long from, boolean hole) {
        return noFile();
    }

    @Override
    public KernelBatch batch(Fiber fiber, int capacity, KernelBatch.Listener listener) {
        return new SimulatedBatch(this, listener);
    }

    @Override
    public int close(Fiber fiber, int file) {
        return noFile();
    }

    @Override
    public Answer<FileSystemStat> statFileSystem(Fiber fiber, @Nullable Descriptor file) {
        return Answer.failed(noFile());
    }

    @Override
    public int advise(Fiber fiber, Descriptor file, Advice advice, long offset, long length) {
        return noFile();
    }

    @Override
    public Answer<byte[]> listAttributes(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path) {
        return Answer.failed(noFile());
    }

    @Override
    public Answer<byte[]> getAttribute(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        return Answer.failed(noFile());
    }

    @Override
    public int setAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name, byte[] value,
            AttributeMode mode) {
        return noFile();
    }

    @Override
    public int removeAttribute(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name) {
        return noFile();
    }

    @Override
    public Answer<MemorySegment> map(
            Fiber fiber, Descriptor file, Mapping mode, long offset, long length, Arena arena) {
        return Answer.failed(noFile());
    }

    @Override
    public int syncMapped(Fiber fiber, MemorySegment part) {
        return noFile();
    }

    @Override
    public int openWatcher() {
        return -ErrorNumber.ENOSYS.code();
    }

    @Override
    public int unwatch(Descriptor watcher, int watch) {
        return noFile();
    }

    @Override
    public int watch(
            Fiber fiber, Descriptor watcher, @Nullable Descriptor start, byte[] path, Set<Change> changes,
            boolean follow) {
        return noFile();
    }

    @Override
    public Answer<List<KernelChange>> changes(Fiber fiber, Descriptor watcher) {
        return Answer.failed(noFile());
    }

    private static int readOnly() {
        return -ErrorNumber.EROFS.code();
    }

    private static int noFile() {
        return -ErrorNumber.ENOENT.code();
    }

    /** Tries a call until it is answered, or has nothing to do while the fiber is to stop, or its time is over. */
    private int await(Fiber caller, String operation, Object target, long deadline, Watchers watchers,
            Attempt attempt) {
        SimulatedFiber fiber = (SimulatedFiber) caller;
        while (true) {
            Wait wait;
            synchronized (this) {
                try {
                    int result = attempt.run();
                    if (result != WAIT) {
                        return result;
                    }
                } catch (Refusal refused) {
                    return refused.result();
                }
                if (fiber.cancelPending()) {
                    return -ErrorNumber.ECANCELED.code();
                }
                if (deadline <= scheduler.now()) {
                    return -ErrorNumber.ETIME.code();
                }
                wait = new Wait(scheduler, fiber, deadline, operation, target);
                watchers.add(wait);
                scheduler.add(wait);
            }
            fiber.block(wait);
            synchronized (this) {
                watchers.remove(wait);
            }
        }
    }

    /** Gives a socket the lowest descriptor that is free. With the lock. */
    private int install(SimulatedSocket socket) {
        while (sockets.containsKey(maybeFree)) {
            maybeFree++;
        }
        sockets.put(maybeFree, socket);
        return maybeFree;
    }

    private synchronized SimulatedSocket held(Descriptor descriptor) {
        return at(descriptor.number());
    }

    private SimulatedSocket at(int number) {
        SimulatedSocket socket = sockets.get(number);
        if (socket == null) {
            throw new AssertionError("descriptor " + number + " is not open: it was used after its end");
        }
        return socket;
    }

    private Stream connected(int number) throws Refusal {
        Stream stream = at(number).stream();
        if (stream.isReset()) {
            throw new Refusal(ErrorNumber.ENOTCONN);
        }
        return stream;
    }

    /** Who gets a connection to an address. Where several share it, chance decides. */
    private SimulatedSocket listenerFor(Address address) throws Refusal {
        for (Address place : placesFor(destination(address))) {
            List<SimulatedSocket> there = listeners.stream()
                    .filter(listener -> listener.bound != null && plain(listener.bound).equals(place))
                    .toList();
            if (!there.isEmpty()) {
                return there.get(there.size() == 1 ? 0 : scheduler.choose(there.size()));
            }
        }
        throw new Refusal(refusal(address));
    }

    private ErrorNumber refusal(Address address) {
        return switch (address) {
            case IpAddress ip -> Loopback.isOwn(Loopback.destination(ip))
                    ? ErrorNumber.ECONNREFUSED
                    : ErrorNumber.ENETUNREACH;
            case UnixAddress unix -> unixNames.refusal(unix);
        };
    }

    /** Connects a socket, and puts the other end into the listener's queue. */
    private void establish(Address address, SimulatedSocket socket, SimulatedSocket listener) throws Refusal {
        Address destination = destination(address);
        Address source = switch (destination) {
            case IpAddress ip -> ports.connect(ip);
            case UnixAddress _ -> UNNAMED;
        };
        Pipe there = new Pipe();
        Pipe back = new Pipe();
        socket.connected(address, new Stream(
                Loopback.seenFrom(address, source), Loopback.seenFrom(address, destination), back, there));
        Address place = listener.bound;
        if (place == null) {
            throw new AssertionError("a listener has an address");
        }
        SimulatedSocket accepted = new SimulatedSocket();
        accepted.connected(place, new Stream(
                Loopback.seenFrom(place, destination), Loopback.seenFrom(place, source), there, back));
        listener.offer(accepted);
    }

    private static Address destination(Address address) {
        return address instanceof IpAddress ip ? Loopback.destination(ip) : address;
    }

    private static Address plain(Address address) {
        return address instanceof IpAddress ip ? Loopback.plain(ip) : address;
    }

    private static List<? extends Address> placesFor(Address destination) {
        return destination instanceof IpAddress ip ? Loopback.listenersFor(ip) : List.of(destination);
    }
}
