package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Direction;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Locking;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls of a machine that is nothing but memory. Its network is the inside of that machine: what is sent is
 * there. Its files are those of {@link SimulatedFiles}.
 *
 * <p>An operation is tried. Where there is nothing for it to do, its fiber waits for the socket to change and tries
 * again. It takes what it takes in the attempt that succeeds, and on the thread of its caller: one that is canceled
 * before, or runs out of time, has no effect.
 *
 * <p>This object's lock guards all sockets and the locks of files. The scheduler's and the disk's may be taken with it,
 * and not the other way round.
 */
final class SimulatedKernel extends SimulatedFiles {
    /** What an attempt answers that has to wait. */
    static final int WAIT = Integer.MIN_VALUE;

    /** An attempt at a call. With the lock. */
    @FunctionalInterface
    private interface Attempt {
        int run() throws Refusal;
    }

    private static final String LOOPBACK = "lo";

    /** The address of a Unix socket that nobody gave one. */
    private static final UnixAddress UNNAMED = new UnixAddress("");

    private final Scheduler scheduler;
    private final Descriptors descriptors;
    private final Ports ports;
    private final UnixNames unixNames = new UnixNames();
    private final DatagramNetwork datagrams;
    private final FileLocks fileLocks = new FileLocks();
    private final List<SimulatedSocket> listeners = new ArrayList<>();

    SimulatedKernel(Scheduler scheduler, VirtualClock clock, Disk disk) {
        this(scheduler, clock, disk, new Descriptors());
    }

    private SimulatedKernel(Scheduler scheduler, VirtualClock clock, Disk disk, Descriptors descriptors) {
        super(disk, descriptors, clock, scheduler);
        this.scheduler = scheduler;
        this.descriptors = descriptors;
        this.ports = new Ports(scheduler, false);
        this.datagrams = new DatagramNetwork(scheduler, unixNames);
    }

    /** The descriptors that are open, as people call what they stand for. */
    List<String> open() {
        return descriptors.names();
    }

    @Override
    public synchronized int socket(Address address, SocketType type) {
        return type == SocketType.SEQPACKET && address instanceof IpAddress
                ? -ErrorNumber.ESOCKTNOSUPPORT.code()
                : descriptors.add(new SimulatedSocket(type));
    }

    @Override
    public synchronized Answer<Ends> socketPair(SocketType type) {
        SimulatedSocket first = new SimulatedSocket(type);
        SimulatedSocket second = new SimulatedSocket(type);
        Pipe there = new Pipe(type, this::drop);
        Pipe back = new Pipe(type, this::drop);
        first.connected(UNNAMED, new Stream(UNNAMED, UNNAMED, back, there));
        second.connected(UNNAMED, new Stream(UNNAMED, UNNAMED, there, back));
        return Answer.of(new Ends(descriptors.add(first), descriptors.add(second)));
    }

    /** All are one process. */
    @Override
    public Answer<Credentials> peerCredentials(int socket) {
        return Answer.of(new Credentials(1, 0, 0));
    }

    @Override
    public synchronized int removeStale(UnixAddress address) {
        boolean alive = listeners.stream().anyMatch(listener -> address.equals(listener.bound));
        return !alive && unixNames.remove(address) ? 0 : -ErrorNumber.EADDRINUSE.code();
    }

    /** There is the loopback interface, and no other. */
    @Override
    public int interfaceIndex(byte[] name) {
        return new String(name, StandardCharsets.UTF_8).equals(LOOPBACK) ? 1 : -ErrorNumber.ENODEV.code();
    }

    @Override
    public Answer<byte[]> interfaceName(int index) {
        return index == 1
                ? Answer.of(LOOPBACK.getBytes(StandardCharsets.UTF_8))
                : Answer.failed(-ErrorNumber.ENODEV.code());
    }

    @Override
    public synchronized int setOption(int socket, SocketOption.Setting<?> setting) {
        try {
            DatagramEnd end = datagramEnd(socket);
            if (end != null) {
                requireNotOfTcp(setting.option());
                end.options.set(setting);
            } else {
                at(socket).options.set(setting);
            }
            return 0;
        } catch (Refusal refused) {
            return refused.result();
        }
    }

    @Override
    public synchronized <T> Answer<T> option(int number, SocketOption<T> option) {
        try {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                requireNotOfTcp(option);
                return Answer.of(end.options.get(option));
            }
            SimulatedSocket socket = at(number);
            return Answer.of(option.equals(SocketOption.ERROR) && socket.isConnected()
                    ? option.type().cast(socket.stream().takeError())
                    : socket.options.get(option));
        } catch (Refusal refused) {
            return Answer.failed(refused.result());
        }
    }

    @Override
    public synchronized int bind(int number, Address address) {
        try {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                datagrams.bind(end, address);
                return 0;
            }
            SimulatedSocket socket = at(number);
            socket.bound = switch (address) {
                case IpAddress ip -> Loopback.seenFrom(ip, ports.bind(ip, socket.options));
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
        DatagramEnd end = datagramEnd(number);
        if (end != null) {
            return Answer.of(end.local());
        }
        SimulatedSocket socket = at(number);
        try {
            Address bound = socket.bound;
            return Answer.of(bound != null && !socket.isConnected() ? bound : socket.stream().local());
        } catch (Refusal refused) {
            return Answer.failed(refused.result());
        }
    }

    @Override
    public synchronized Answer<Address> remoteAddress(int number) {
        DatagramEnd end = datagramEnd(number);
        if (end != null) {
            Address peer = end.remote();
            return peer == null ? Answer.failed(-ErrorNumber.ENOTCONN.code()) : Answer.of(peer);
        }
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
    public synchronized int reset(Descriptor socket) {
        try {
            Stream stream = connected(socket.number());
            if (stream.local() instanceof IpAddress) {
                stream.abort();
            }
            return 0;
        } catch (Refusal refused) {
            return refused.result();
        }
    }

    @Override
    public synchronized void closeSocket(int number) {
        DatagramEnd end = datagramEnd(number);
        if (end != null) {
            descriptors.remove(number);
            datagrams.close(end);
            return;
        }
        SimulatedSocket socket = at(number);
        descriptors.remove(number);
        if (descriptors.isUnreferred(socket)) {
            end(socket);
        }
    }

    private void end(SimulatedSocket socket) {
        if (socket.isConnected()) {
            closeConnection(socket);
        } else {
            listeners.remove(socket);
            socket.abandonQueue();
        }
        Address bound = socket.bound;
        if (bound != null) {
            switch (bound) {
                case IpAddress ip -> ports.unbind(Loopback.plain(ip), socket.options);
                case UnixAddress unix -> unixNames.unbind(unix);
            }
        }
    }

    private void closeConnection(SimulatedSocket socket) {
        try {
            Stream stream = socket.stream();
            boolean lingers = false;
            if (socket.options.has(SocketOption.RESET_ON_CLOSE)) {
                stream.abort();
            } else {
                lingers = stream.close();
            }
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
        if (!socket.isShared()) {
            return;
        }
        DatagramEnd end = datagramEnd(socket.number());
        if (end != null) {
            end.interrupt();
        } else {
            at(socket.number()).interrupt();
        }
    }

    @Override
    public synchronized int datagramSocket(Address address) {
        return descriptors.add(new DatagramEnd(address));
    }

    @Override
    public synchronized int setOption(int socket, Address address, DatagramOptions.Flag flag) {
        return switch (flag) {
            case BROADCAST -> {
                end(socket).broadcasts = true;
                yield 0;
            }
            case DESTINATION, TIME_TO_LIVE, TRAFFIC_CLASS, TIMESTAMP, COALESCE, ERRORS ->
                -ErrorNumber.ENOPROTOOPT.code();
        };
    }

    @Override
    public synchronized int connectDatagrams(Descriptor socket, @Nullable Address peer) {
        try {
            datagrams.connect(end(socket.number()), peer);
            return 0;
        } catch (Refusal refused) {
            return refused.result();
        }
    }

    @Override
    public int sendDatagrams(Fiber fiber, Descriptor socket, List<Datagram> batch, int sent) {
        DatagramEnd end = end(socket.number());
        Watchers room;
        synchronized (this) {
            try {
                room = datagrams.watchers(end, batch.get(sent));
                end.waitsAt(room);
            } catch (Refusal refused) {
                return refused.result();
            }
        }
        return await(fiber, "send", end, NEVER, room, () -> {
            int count = datagrams.send(end, batch, sent);
            return count == 0 ? WAIT : count;
        });
    }

    @Override
    public int receiveDatagrams(Fiber fiber, Descriptor socket, List<Datagram> batch, Receiving receiving) {
        DatagramEnd end = end(socket.number());
        return await(fiber, "receive", end, NEVER, end.receivers(), () -> {
            int count = end.take(batch);
            return count == WAIT && !receiving.waits() ? -ErrorNumber.EAGAIN.code() : count;
        });
    }

    @Override
    public int accept(Fiber fiber, Descriptor listener) {
        SimulatedSocket socket = held(listener);
        return await(fiber, "accept", socket, NEVER, socket.acceptors(), () -> {
            SimulatedSocket connection = socket.take();
            return connection == null ? WAIT : descriptors.add(connection);
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
            if (listener.type != socket.type) {
                throw new Refusal(ErrorNumber.EPROTOTYPE);
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
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> stream.read(List.of(memory)));
    }

    @Override
    public int receive(Fiber fiber, Descriptor socket, List<MemorySegment> parts) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> stream.read(parts));
    }

    @Override
    public int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline, boolean whole) {
        return send(fiber, socket, List.of(memory), deadline, whole);
    }

    @Override
    public int send(Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "write", connection, deadline, Stream::writers,
                stream -> stream.write(parts, List.of()));
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

    /** What is under way is kept from before the attempt, as it may arrive with it. */
    @Override
    public int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        SimulatedSocket connection = held(socket);
        List<Object> targets = passed.stream()
                .<Object>map(each -> descriptors.at(each.number(), Object.class)).toList();
        return onStream(fiber, "write", connection, NEVER, Stream::writers, stream -> {
            targets.forEach(descriptors::send);
            boolean sent = false;
            try {
                int count = stream.write(List.of(memory), targets);
                sent = count != WAIT;
                return count;
            } finally {
                if (!sent) {
                    targets.forEach(descriptors::drop);
                }
            }
        });
    }

    @Override
    public Answer<Passed> receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, int passedMax) {
        SimulatedSocket connection = held(socket);
        List<Integer> arrived = new ArrayList<>();
        AtomicReference<Pipe.@Nullable Read> taken = new AtomicReference<>();
        int count = onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> {
            Pipe.Read read = stream.readPassed(List.of(memory));
            if (read == null) {
                return WAIT;
            }
            taken.set(read);
            for (Object target : read.passed()) {
                if (arrived.size() < passedMax) {
                    arrived.add(descriptors.arrive(target));
                } else {
                    drop(target);
                }
            }
            return read.count();
        });
        Pipe.Read read = taken.get();
        return read == null
                ? Answer.failed(count)
                : Answer.of(new Passed(count, arrived, read.cut(), arrived.size() < read.passed().size()));
    }

    /** Closes what was passed and never arrives, if nobody else has it. */
    private void drop(Object target) {
        descriptors.drop(target);
        endIfUnreferred(target);
    }

    private void endIfUnreferred(Object target) {
        if (descriptors.isUnreferred(target)) {
            switch (target) {
                case SimulatedSocket socket -> end(socket);
                case OpenFile file -> {
                    fileLocks.release(file);
                    end(file);
                }
                default -> {}
            }
        }
    }

    @Override
    public synchronized @Nullable Kind adopt(int descriptor) {
        return switch (descriptors.at(descriptor, Object.class)) {
            case SimulatedSocket socket -> switch (socket.type) {
                case STREAM -> socket.isConnected() ? Kind.STREAM : Kind.LISTENER;
                case SEQPACKET -> socket.isConnected() ? Kind.SEQPACKET : Kind.SEQPACKET_LISTENER;
            };
            case OpenFile file -> file.isFolder() ? Kind.DIRECTORY : Kind.FILE;
            default -> null;
        };
    }

    /** What arrived and cannot be used. */
    @Override
    public synchronized void closeNow(int descriptor) {
        Object target = descriptors.at(descriptor, Object.class);
        descriptors.remove(descriptor);
        endIfUnreferred(target);
    }

    @Override
    public long sendFile(Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline) {
        SimulatedSocket connection = held(socket);
        long piece = Math.min(length, Pipe.WINDOW);
        return onStream(fiber, "sendfile", connection, deadline, Stream::writers, stream -> {
            Answer<byte[]> read = readToSend(file, offset, piece);
            byte[] content = read.value();
            if (content == null) {
                return read.result();
            }
            return content.length == 0 ? 0 : stream.write(List.of(MemorySegment.ofArray(content)), List.of());
        });
    }

    @Override
    public int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait) {
        OpenFile locked = descriptors.at(file.number(), OpenFile.class);
        if (locking != null && !locked.isOpenFor(locking)) {
            return -ErrorNumber.EBADF.code();
        }
        Watchers watchers;
        synchronized (this) {
            watchers = fileLocks.watchers(locked);
        }
        return await(fiber, "lock", locked, NEVER, watchers, () -> {
            if (fileLocks.take(locked, locking)) {
                return 0;
            }
            return wait ? WAIT : -ErrorNumber.EAGAIN.code();
        });
    }

    @Override
    public int close(Fiber fiber, int file) {
        OpenFile closing = descriptors.at(file, OpenFile.class);
        synchronized (this) {
            descriptors.remove(file);
            if (!descriptors.isUnreferred(closing)) {
                return 0;
            }
            fileLocks.release(closing);
        }
        return end(closing);
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

    private SimulatedSocket held(Descriptor descriptor) {
        return at(descriptor.number());
    }

    private SimulatedSocket at(int number) {
        return descriptors.at(number, SimulatedSocket.class);
    }

    private static void requireNotOfTcp(SocketOption<?> option) throws Refusal {
        if (option.protocol() == SocketOption.Protocol.TCP) {
            throw new Refusal(ErrorNumber.EOPNOTSUPP);
        }
    }

    /** The socket of datagrams that a descriptor stands for; null if it is another one. */
    private @Nullable DatagramEnd datagramEnd(int number) {
        return descriptors.at(number, Object.class) instanceof DatagramEnd end ? end : null;
    }

    private DatagramEnd end(int number) {
        return descriptors.at(number, DatagramEnd.class);
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
                    .filter(listener -> listener.isAt(place, address))
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
        Address bound = socket.bound;
        Address source = switch (destination) {
            case IpAddress ip -> ports.connect(ip, bound instanceof IpAddress own ? Loopback.plain(own) : null);
            case UnixAddress _ -> bound == null ? UNNAMED : bound;
        };
        Pipe there = new Pipe(socket.type, this::drop);
        Pipe back = new Pipe(socket.type, this::drop);
        socket.connected(address, new Stream(
                Loopback.seenFrom(address, source), Loopback.seenFrom(address, destination), back, there));
        Address place = listener.bound;
        if (place == null) {
            throw new AssertionError("a listener has an address");
        }
        SimulatedSocket accepted = new SimulatedSocket(socket.type, new SocketOptions(listener.options));
        accepted.connected(place, new Stream(
                Loopback.seenFrom(place, destination), Loopback.seenFrom(place, source), there, back));
        listener.offer(accepted);
    }

    private static Address destination(Address address) {
        return address instanceof IpAddress ip ? Loopback.destination(ip) : address;
    }

    private static List<? extends Address> placesFor(Address destination) {
        return destination instanceof IpAddress ip ? Loopback.listenersFor(ip) : List.of(destination);
    }
}
