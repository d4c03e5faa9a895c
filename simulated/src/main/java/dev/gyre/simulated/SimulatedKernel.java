package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Direction;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Locking;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.PassedDescriptors;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls of a process, on a {@link Machine} that is nothing but memory. Its files are those of
 * {@link SimulatedFiles}.
 *
 * <p>An operation is tried. Where there is nothing for it to do, its fiber waits for the socket to change and tries
 * again. It takes what it takes in the attempt that succeeds, and on the thread of its caller: one that is canceled
 * before, or runs out of time, has no effect.
 *
 * <p>The lock of the kernel is the scheduler's, of which there is one in a world: it guards all sockets, links, and the
 * locks of files. A disk's lock may be taken with it, and not the other way round.
 */
final class SimulatedKernel extends SimulatedFiles {
    /** The user and group of what nobody was noted for ({@code /proc/sys/kernel/overflowuid}). */
    private static final int UNKNOWN_USER = 65534;

    private final Scheduler scheduler;
    private final Machine machine;
    private final Descriptors descriptors;
    private final int process;

    /** All who wait in a call of this process, to be told when it is no more. */
    private final Watchers callers = new Watchers();

    /** Where an attempt waits to be made again. Asked each time, with the lock. */
    @FunctionalInterface
    private interface Waiting {
        List<Watchers> places() throws Refusal;
    }

    /** What a call answers that has more to say than a number. With the lock. */
    @FunctionalInterface
    private interface Question<T> {
        T answer() throws Refusal;
    }

    /** A call that answers 0. With the lock. */
    @FunctionalInterface
    private interface Doing {
        void run() throws Refusal;
    }

    /** The calls of a process, which has opened nothing yet. */
    SimulatedKernel(Scheduler scheduler, Machine machine, int process) {
        this(scheduler, machine, process, new Descriptors(machine.references()));
    }

    private SimulatedKernel(Scheduler scheduler, Machine machine, int process, Descriptors descriptors) {
        super(machine, descriptors, scheduler);
        this.scheduler = scheduler;
        this.machine = machine;
        this.process = process;
        this.descriptors = descriptors;
    }

    /**
     * The process has ended: closes what it has left open.
     *
     * @return what that was, as people call it
     */
    List<String> end() {
        List<String> left = descriptors.names();
        descriptors.end().forEach(this::closeNow);
        return left;
    }

    /** Ends every call that waits, also where it is protected against cancellation: nobody would ever answer it. */
    @Override
    void die() {
        super.die();
        callers.signal();
    }

    @Override
    public int socket(Address address, SocketType type) {
        return type == SocketType.SEQPACKET && address instanceof IpAddress
                ? -ErrorNumber.ESOCKTNOSUPPORT.code()
                : descriptors.add(new SimulatedSocket(type, process));
    }

    @Override
    public Answer<Ends> socketPair(SocketType type) {
        SimulatedSocket first = new SimulatedSocket(type, process);
        SimulatedSocket second = new SimulatedSocket(type, process);
        Pipe there = new Pipe(type, machine::drop);
        Pipe back = new Pipe(type, machine::drop);
        UnixAddress unnamed = SimulatedSocket.UNNAMED;
        first.connected(unnamed, second, new Stream(unnamed, unnamed, back, there));
        second.connected(unnamed, first, new Stream(unnamed, unnamed, there, back));
        return Answer.of(new Ends(descriptors.add(first), descriptors.add(second)));
    }

    @Override
    public Answer<Credentials> peerCredentials(int socket) {
        return ask(() -> credentials(at(socket).peerProcess()));
    }

    /** The process that a reader is told of, of what this one writes. */
    private int sender(SimulatedSocket connection) {
        return connection.notesSenders() ? process : SimulatedSocket.NO_PROCESS;
    }

    private static Credentials credentials(int process) {
        return new Credentials(process, Inode.USER, Inode.USER);
    }

    @Override
    public int removeStale(UnixAddress address) {
        return call(() -> machine.removeStale(address) ? 0 : -ErrorNumber.EADDRINUSE.code());
    }

    @Override
    public int interfaceIndex(byte[] name) {
        return call(() -> {
            int index = machine.interfaces().index(new String(name, StandardCharsets.UTF_8));
            return index == 0 ? -ErrorNumber.ENODEV.code() : index;
        });
    }

    @Override
    public Answer<byte[]> interfaceName(int index) {
        return ask(() -> {
            String name = machine.interfaces().name(index);
            if (name == null) {
                throw new Refusal(ErrorNumber.ENODEV);
            }
            return name.getBytes(StandardCharsets.UTF_8);
        });
    }

    @Override
    public int setOption(int socket, SocketOption.Setting<?> setting) {
        return does(() -> {
            DatagramEnd end = datagramEnd(socket);
            if (setting.value() instanceof String device && setting.option().equals(SocketOption.BIND_TO_DEVICE)
                    && !device.isEmpty() && machine.interfaces().index(device) == 0) {
                throw new Refusal(ErrorNumber.ENODEV);
            }
            if (end != null) {
                requireNotOfTcp(setting.option());
                end.options.set(setting);
            } else {
                at(socket).options.set(setting);
            }
        });
    }

    @Override
    public <T> Answer<T> option(int number, SocketOption<T> option) {
        return ask(() -> {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                requireNotOfTcp(option);
                return end.options.get(option);
            }
            SimulatedSocket socket = at(number);
            return option.equals(SocketOption.ERROR) && socket.isConnected()
                    ? option.type().cast(socket.stream().takeError())
                    : socket.options.get(option);
        });
    }

    @Override
    public int bind(int number, Address address) {
        return does(() -> {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                machine.datagrams().bind(end, address);
            } else {
                machine.streams().bind(at(number), address);
            }
        });
    }

    @Override
    public int listen(int number, int backlog) {
        return does(() -> machine.streams().listen(at(number), backlog));
    }

    @Override
    public Answer<Address> localAddress(int number) {
        return ask(() -> {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                return end.local();
            }
            SimulatedSocket socket = at(number);
            Address bound = socket.bound;
            return bound != null && !socket.isConnected() ? bound : socket.stream().local();
        });
    }

    @Override
    public Answer<Address> remoteAddress(int number) {
        return ask(() -> {
            DatagramEnd end = datagramEnd(number);
            Address peer = end == null ? connected(number).remote() : end.remote();
            if (peer == null) {
                throw new Refusal(ErrorNumber.ENOTCONN);
            }
            return peer;
        });
    }

    @Override
    public int shutdown(Descriptor socket, Direction direction) {
        return does(() -> {
            Stream stream = connected(socket.number());
            if (direction != Direction.WRITE) {
                stream.discard();
            }
            if (direction != Direction.READ) {
                stream.end();
            }
        });
    }

    @Override
    public int reset(Descriptor socket) {
        return does(() -> {
            Stream stream = connected(socket.number());
            if (stream.local() instanceof IpAddress) {
                stream.abort();
            }
        });
    }

    @Override
    public void closeSocket(int number) {
        closeNow(number);
    }

    @Override
    public Descriptor socketDescriptor(int socket, Address address) {
        return new Descriptor(socket);
    }

    @Override
    public void interrupt(Descriptor socket) {
        if (!socket.isShared() || isDead()) {
            return;
        }
        var _ = does(() -> {
            DatagramEnd end = datagramEnd(socket.number());
            if (end != null) {
                end.interrupt();
            } else {
                at(socket.number()).interrupt();
            }
        });
    }

    @Override
    public int datagramSocket(Address address) {
        return descriptors.add(new DatagramEnd(address));
    }

    /** Datagrams that came together could be received as one; they never do. */
    @Override
    public int setOption(int socket, Address address, DatagramOptions.Flag flag) {
        return does(() -> end(socket).flags.add(flag));
    }

    @Override
    public Set<DatagramOptions.Flag> datagramFlags(int socket, Address address) {
        return scheduler.atomically(() -> Set.copyOf(end(socket).flags));
    }

    @Override
    public int connectDatagrams(Descriptor socket, @Nullable Address peer) {
        return does(() -> machine.datagrams().connect(end(socket.number()), peer));
    }

    @Override
    public Answer<DatagramError> takeError(Descriptor socket) {
        return ask(() -> {
            DatagramError error = end(socket.number()).takeError();
            if (error == null) {
                throw new Refusal(ErrorNumber.EAGAIN);
            }
            return error;
        });
    }

    @Override
    public int setMember(Descriptor socket, MulticastGroup group, boolean joins) {
        return does(() -> machine.datagrams().setMember(end(socket.number()), group, joins));
    }

    @Override
    public int setMulticast(Descriptor socket, Address family, MulticastOptions options) {
        return does(() -> machine.datagrams().setMulticast(end(socket.number()), options));
    }

    @Override
    public int sendDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> batch, int sent, @Nullable Address peer) {
        DatagramEnd end = end(socket.number());
        DatagramNetwork network = machine.datagrams();
        return await(fiber, "send", end, NEVER, () -> network.watchers(end, batch.get(sent)), () -> {
            int count = network.send(end, batch, sent, credentials(process));
            return count == 0 ? Attempt.WAIT : count;
        });
    }

    @Override
    public int receiveDatagrams(Fiber fiber, Descriptor socket, List<Datagram> batch, Receiving receiving) {
        DatagramEnd end = end(socket.number());
        return await(fiber, "receive", end, NEVER, end.receivers(), () -> {
            int count = end.take(batch);
            return count == Attempt.WAIT && !receiving.waits() ? -ErrorNumber.EAGAIN.code() : count;
        });
    }

    @Override
    public int accept(Fiber fiber, Descriptor listener) {
        SimulatedSocket socket = held(listener);
        return await(fiber, "accept", socket, NEVER, socket.acceptors(), () -> {
            SimulatedSocket connection = socket.take();
            return connection == null ? Attempt.WAIT : descriptors.add(connection);
        });
    }

    @Override
    public int connect(Fiber fiber, int number, Address address) {
        SimulatedSocket socket = at(number);
        return address instanceof IpAddress ip && leads(Addresses.destination(ip))
                ? connectAcross(fiber, socket, ip)
                : connectWithin(fiber, socket, address);
    }

    /** Whether an address is another machine's. */
    private boolean leads(IpAddress destination) {
        return scheduler.atomically(() -> !machine.interfaces().isOwn(destination));
    }

    private int connectWithin(Fiber fiber, SimulatedSocket socket, Address address) {
        Answer<SimulatedSocket> found = ask(() -> machine.streams().listenerFor(socket, address));
        SimulatedSocket listener = found.value();
        if (listener == null) {
            return found.result();
        }
        return await(fiber, "connect", address, NEVER, listener.connectors(), () -> {
            if (!listener.isListening()) {
                throw new Refusal(ErrorNumber.ECONNREFUSED);
            }
            if (listener.isFull()) {
                return Attempt.WAIT;
            }
            machine.streams().establish(address, socket, listener);
            return 0;
        });
    }

    private int connectAcross(Fiber fiber, SimulatedSocket socket, IpAddress address) {
        StreamNetwork network = machine.streams();
        Answer<TcpEnd> asked = ask(() -> network.ask(socket, Addresses.destination(address)));
        TcpEnd end = asked.value();
        if (end == null) {
            return asked.result();
        }
        boolean connected = false;
        try {
            int result = await(fiber, "connect", address, NEVER, end.watchers(), () -> {
                int outcome = end.outcome();
                if (outcome == 0) {
                    network.connected(socket, address, end);
                }
                return outcome;
            });
            connected = result == 0;
            return result;
        } finally {
            if (!connected) {
                var _ = does(() -> network.giveUp(end));
            }
        }
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
                stream -> stream.write(parts, List.of(), sender(connection)));
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
        Answer<Stream> found = ask(socket::stream);
        Stream stream = found.value();
        return stream == null
                ? found.result()
                : await(fiber, operation, socket, deadline, side.of(stream), () -> attempt.on(stream));
    }

    /** What is under way is kept from before the attempt, as it may arrive with it. */
    @Override
    public int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        SimulatedSocket connection = held(socket);
        List<Object> targets = passed.stream()
                .<Object>map(each -> descriptors.at(each.number(), Object.class)).toList();
        return onStream(fiber, "write", connection, NEVER, Stream::writers, stream -> {
            targets.forEach(machine.references()::add);
            boolean sent = false;
            try {
                int count = stream.write(List.of(memory), targets, sender(connection));
                sent = count != Attempt.WAIT;
                return count;
            } finally {
                if (!sent) {
                    targets.forEach(machine::drop);
                }
            }
        });
    }

    @Override
    public int receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, PassedDescriptors passed) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> {
            Pipe.Read read = stream.readPassed(List.of(memory));
            if (read == null) {
                return Attempt.WAIT;
            }
            List<Object> targets = read.passed();
            int arrived = Math.min(targets.size(), passed.max());
            for (Object target : targets.subList(0, arrived)) {
                boolean _ = passed.add(descriptors.arrive(target));
            }
            targets.subList(arrived, targets.size()).forEach(machine::drop);
            passed.say(read.cut(), arrived < targets.size());
            if (connection.options.has(SocketOption.PASS_CREDENTIALS)) {
                int user = read.sender() == SimulatedSocket.NO_PROCESS ? UNKNOWN_USER : Inode.USER;
                passed.saySender(read.sender(), user, user);
            }
            return read.count();
        });
    }

    @Override
    public @Nullable Kind adopt(int descriptor) {
        return switch (descriptors.at(descriptor, Object.class)) {
            case SimulatedSocket socket -> switch (socket.type) {
                case STREAM -> socket.isConnected() ? Kind.STREAM : Kind.LISTENER;
                case SEQPACKET -> socket.isConnected() ? Kind.SEQPACKET : Kind.SEQPACKET_LISTENER;
            };
            case DatagramEnd _ -> Kind.DATAGRAM;
            case OpenFile file -> file.isFolder() ? Kind.DIRECTORY : Kind.FILE;
            default -> null;
        };
    }

    /** What a dead process had open is gone already. */
    @Override
    public void closeNow(int descriptor) {
        if (isDead()) {
            return;
        }
        var _ = does(() -> {
            Object unused = descriptors.remove(descriptor);
            if (unused != null) {
                machine.end(unused);
            }
        });
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
            return content.length == 0
                    ? 0
                    : stream.write(List.of(MemorySegment.ofArray(content)), List.of(), sender(connection));
        });
    }

    @Override
    public int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait) {
        OpenFile locked = descriptors.at(file.number(), OpenFile.class);
        if (locking != null && !locked.isOpenFor(locking)) {
            return -ErrorNumber.EBADF.code();
        }
        FileLocks locks = machine.fileLocks();
        return await(fiber, "lock", locked, NEVER, () -> List.of(locks.watchers(locked)), () -> {
            if (locks.take(locked, locking)) {
                return 0;
            }
            return wait ? Attempt.WAIT : -ErrorNumber.EAGAIN.code();
        });
    }

    @Override
    public int close(Fiber fiber, int file) {
        closeNow(file);
        return 0;
    }

    @Override
    int await(Fiber caller, String operation, Object target, Watchers watchers, Attempt attempt) {
        return await(caller, operation, target, NEVER, watchers, attempt);
    }

    @Override
    int attempt(Attempt attempt) {
        return call(attempt);
    }

    private int await(Fiber caller, String operation, Object target, long deadline, Watchers watchers,
            Attempt attempt) {
        List<Watchers> places = List.of(watchers);
        return await(caller, operation, target, deadline, () -> places, attempt);
    }

    /** Tries a call until it is answered, or has nothing to do while the fiber is to stop, or its time is over. */
    private int await(Fiber caller, String operation, Object target, long deadline, Waiting waiting,
            Attempt attempt) {
        SimulatedFiber fiber = (SimulatedFiber) caller;
        while (true) {
            List<Watchers> places = new ArrayList<>();
            Wait wait = new Wait(scheduler, fiber, deadline, operation, target);
            int result = call(() -> {
                int answer = attempt.run();
                if (answer != Attempt.WAIT) {
                    return answer;
                }
                if (fiber.cancelPending()) {
                    return -ErrorNumber.ECANCELED.code();
                }
                if (deadline <= scheduler.now()) {
                    return -ErrorNumber.ETIME.code();
                }
                places.add(callers);
                places.addAll(waiting.places());
                places.forEach(each -> each.add(wait));
                scheduler.add(wait);
                return Attempt.WAIT;
            });
            if (result != Attempt.WAIT) {
                return result;
            }
            fiber.block(wait);
            scheduler.atomically(() -> {
                places.forEach(each -> each.remove(wait));
                return Attempt.WAIT;
            });
        }
    }

    @Override
    void await(Fiber caller, String operation, Object target, long due) {
        SimulatedFiber fiber = (SimulatedFiber) caller;
        while (scheduler.now() < due && !isDead()) {
            Wait wait = new Wait(scheduler, fiber, due, operation, target);
            scheduler.add(wait);
            fiber.blockUncancelable(wait);
        }
    }

    /** Makes a call that does not wait. */
    private int call(Attempt attempt) {
        return scheduler.atomically(() -> {
            requireAlive();
            try {
                return attempt.run();
            } catch (Refusal refused) {
                return refused.result();
            }
        });
    }

    private int does(Doing doing) {
        return call(() -> {
            doing.run();
            return 0;
        });
    }

    private <T> Answer<T> ask(Question<T> question) {
        return scheduler.atomically(() -> {
            requireAlive();
            try {
                return Answer.of(question.answer());
            } catch (Refusal refused) {
                return Answer.failed(refused.result());
            }
        });
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
}
