package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EADDRINUSE;
import static dev.gyre.io.ErrorNumber.EADDRNOTAVAIL;
import static dev.gyre.io.ErrorNumber.EINVAL;

import dev.gyre.io.Address;
import dev.gyre.io.Batch;
import dev.gyre.io.Child;
import dev.gyre.io.Command;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Directory;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.Watcher;
import dev.gyre.io.spi.BaseIo;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.SharedArena;
import dev.gyre.io.spi.StackRoom;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The contract of sockets, files, folders and children, above the thin calls of a {@link Kernel}. Every rule stands
 * here once: what is retried, what an error means, when a request to stop is looked for, who closes a descriptor.
 */
public abstract class PosixIo extends BaseIo {
    /** The address of a Unix socket that has none. */
    private static final UnixAddress UNNAMED = new UnixAddress("");

    private final PosixDirectory currentDirectory = PosixDirectory.current(this);

    /** Stands before the backend's calls, in tests. */
    private @Nullable Kernel layer;

    /**
     * For backends.
     *
     * @param options the limits on tasks
     */
    @SuppressWarnings("this-escape") // the folder only keeps the reference
    protected PosixIo(IoOptions options) {
        super(options);
    }

    /**
     * The backend's thin calls.
     *
     * @return always the same
     */
    protected abstract Kernel ownKernel();

    /** The thin calls as the contract makes them. */
    final Kernel kernel() {
        Kernel before = layer;
        return before == null ? ownKernel() : before;
    }

    /** Has all calls from now on go through something that hands them on, or lets them fail. For tests. */
    final void putBefore(Kernel newLayer) {
        layer = newLayer;
    }

    @Override
    public final Listener listen(Address address, ListenOptions options) throws IoException {
        StackRoom.require();
        interleave();
        requireOpenFor(currentFiber());
        Listening listening = Listening.open(kernel(), address, options);
        boolean complete = false;
        try {
            Listener listener = new PosixListener(
                    this, kernel().socketDescriptor(listening.socket(), listening.address()), listening.address(),
                    options.type());
            complete = true;
            return listener;
        } finally {
            if (!complete) {
                kernel().closeSocket(listening.socket());
            }
        }
    }

    @Override
    public final Connection connect(Address address, ConnectOptions options) throws IoException {
        Fiber fiber = beginOpening();
        int socket = Results.check(Operation.CONNECT, kernel().socket(address, options.type()), address);
        boolean connected = false;
        try {
            if (address instanceof IpAddress) {
                Options.set(kernel(), socket, Options.NO_DELAY, Options.Use.CONNECTION, address);
            }
            Options.setAll(kernel(), socket, options.settings(), Options.Use.CONNECTION, address);
            Address local = options.local();
            if (local != null) {
                bindTo(local, socket, address);
            }
            connect(fiber, socket, address, local);
            connected = true;
        } finally {
            if (!connected) {
                kernel().closeSocket(socket);
            }
        }
        return PosixConnection.owning(this, socket, address, options.type());
    }

    /** Which port it is from, the kernel chooses when it knows the peer: then the port may be one of several's. */
    private void bindTo(Address local, int socket, Address address) throws IoException {
        if (!local.getClass().equals(address.getClass())) {
            throw new IllegalArgumentException(
                    "the local address " + local + " is of another family than the peer's, " + address);
        }
        if (isAnyPort(local)) {
            // Before Linux 4.2 it chooses now.
            var _ = kernel().setOption(socket, Options.LATE_PORT);
        }
        int result = kernel().bind(socket, local);
        if (result == -EADDRINUSE.code() && isAnyPort(local)) {
            throw Operation.CONNECT.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address + " from " + local);
        }
        if (result < 0) {
            throw Operation.CONNECT.failure(-result, address + " from " + local);
        }
    }

    private static boolean isAnyPort(Address address) {
        return address instanceof IpAddress ip && ip.port() == 0;
    }

    private void connect(Fiber fiber, int socket, Address address, @Nullable Address local) throws IoException {
        boolean portToChoose = local == null || isAnyPort(local);
        while (true) {
            int result = kernel().connect(fiber, socket, address);
            if (result >= 0) {
                return;
            }
            if (result == -EADDRNOTAVAIL.code() && portToChoose && address instanceof IpAddress ip && ip.port() != 0) {
                // There was no port for this end; to port 0 nobody can be connected.
                throw Operation.CONNECT.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
            }
            if (result == -EINVAL.code()) {
                Listening.requireInterface(Operation.CONNECT, address);
            }
            Results.requireAgain(Operation.CONNECT, result, address);
            fiber.checkCancel();
        }
    }

    @Override
    public final ConnectionPair connectPair(SocketType type) throws IoException {
        StackRoom.require();
        interleave();
        requireOpenFor(currentFiber());
        SocketCalls.Ends ends =
                Results.check(Operation.CONNECT_PAIR, kernel().socketPair(type), "a pair of Unix sockets");
        boolean complete = false;
        try {
            ConnectionPair pair = new ConnectionPair(endOfPair(ends.first(), type), endOfPair(ends.second(), type));
            complete = true;
            return pair;
        } finally {
            if (!complete) {
                kernel().closeSocket(ends.first());
                kernel().closeSocket(ends.second());
            }
        }
    }

    private PosixConnection endOfPair(int socket, SocketType type) {
        return new PosixConnection(this, kernel().socketDescriptor(socket, UNNAMED), UNNAMED, type);
    }

    @Override
    public final int interfaceIndex(String name) throws IoException {
        return Results.check(
                Operation.FIND_INTERFACE, kernel().interfaceIndex(name.getBytes(StandardCharsets.UTF_8)), name);
    }

    @Override
    public final String interfaceName(int index) throws IoException {
        return new String(Results.check(Operation.FIND_INTERFACE, kernel().interfaceName(index), index),
                StandardCharsets.UTF_8);
    }

    @Override
    public final DatagramSocket bind(Address address, DatagramOptions options) throws IoException {
        StackRoom.require();
        interleave();
        requireOpenFor(currentFiber());
        return PosixDatagramSocket.bind(this, address, options);
    }

    @Override
    public final Directory currentDirectory() {
        return currentDirectory;
    }

    @Override
    public final Child spawn(Command command) throws IoException {
        return Spawning.spawn(this, command);
    }

    @Override
    public final Batch batch(int capacity) {
        if (capacity < 1 || capacity > PosixBatch.CAPACITY_MAX) {
            throw new IllegalArgumentException(
                    "capacity " + capacity + " is not within 1.." + PosixBatch.CAPACITY_MAX);
        }
        return new PosixBatch(this, capacity);
    }

    @Override
    public final void syncMapped(MemorySegment part) throws IoException {
        if (!part.isMapped()) {
            throw new IllegalArgumentException("the memory is not that of a mapped file");
        }
        try (SharedArena.Use _ = Buffers.useToRead(part)) {
            Fiber fiber = begin();
            while (part.byteSize() > 0) {
                int result = kernel().syncMapped(fiber, part);
                if (!part.scope().isAlive()) {
                    throw new IllegalStateException("the memory's arena was closed meanwhile");
                }
                if (result >= 0) {
                    return;
                }
                Results.requireAgain(Operation.SYNC_MAPPED, result, part);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public final Watcher watcher() throws IoException {
        return PosixWatcher.open(this);
    }

    @Override
    public final String executablePath() throws IoException {
        return currentDirectory.readLink(Operation.EXECUTABLE_PATH, "/proc/self/exe");
    }

    /** A folder, if it is of this {@code Io}. */
    final PosixDirectory own(Directory folder) {
        return currentDirectory.own(folder);
    }

    /**
     * Begins an operation that may have to wait: in a simulation others come in between, if it so happens.
     *
     * @return the calling fiber, which is not asked to stop
     * @throws IllegalStateException if the calling thread is foreign and the {@code Io} is closed
     */
    protected final Fiber begin() {
        StackRoom.requireToLetGo();
        interleave();
        Fiber fiber = currentFiber();
        requireOpenFor(fiber);
        fiber.checkCancel();
        return fiber;
    }

    /** Begins an operation that makes a descriptor, which must not get lost between the kernel and its owner. */
    final Fiber beginOpening() {
        StackRoom.require();
        return begin();
    }

    private void requireOpenFor(Fiber fiber) {
        if (fiber.isForeign()) {
            foreignWaiters().requireOpen();
        }
    }

    /** When a stall that begins now is over. */
    final long stallDeadline(Timeout stall) {
        return deadline(stall);
    }

    /** The calling fiber, for what works after the end, too. */
    final Fiber caller() {
        return currentFiber();
    }

    /** Lets others come in between, in a simulation. */
    final void step() {
        interleave();
    }
}
