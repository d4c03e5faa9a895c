package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Direction;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.PassedDescriptors;
import dev.gyre.simulated.disk.OpenFiles;
import dev.gyre.simulated.disk.SimulatedFiles;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Descriptors;
import dev.gyre.simulated.kernel.Outgoing;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.VirtualClock;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The thin calls for sockets, on a {@link NetworkStack}; above those for files, since a class has one superclass. */
public abstract class SimulatedSockets extends SimulatedFiles {
    /** The user and group of what nobody was noted for ({@code /proc/sys/kernel/overflowuid}). */
    private static final int UNKNOWN_USER = 65534;

    private final Scheduler scheduler;
    private final NetworkStack network;
    private final Descriptors descriptors;
    private final int process;

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

    /** Those of the process that has this number. */
    protected SimulatedSockets(
            Scheduler scheduler, VirtualClock clock, Descriptors descriptors, OpenFiles files, NetworkStack network,
            int process) {
        super(scheduler, clock, descriptors, files);
        this.scheduler = scheduler;
        this.network = network;
        this.descriptors = descriptors;
        this.process = process;
    }

    @Override
    public final int socket(Address address, SocketType type) {
        return type == SocketType.SEQPACKET && address instanceof IpAddress
                ? -ErrorNumber.ESOCKTNOSUPPORT.code()
                : descriptors.add(new SimulatedSocket(type, process));
    }

    @Override
    public final Answer<Ends> socketPair(SocketType type) {
        SimulatedSocket first = new SimulatedSocket(type, process);
        SimulatedSocket second = new SimulatedSocket(type, process);
        Pipe there = new Pipe(type, network::drop);
        Pipe back = new Pipe(type, network::drop);
        UnixAddress unnamed = SimulatedSocket.UNNAMED;
        first.connected(unnamed, second, new Stream(unnamed, unnamed, back, there));
        second.connected(unnamed, first, new Stream(unnamed, unnamed, there, back));
        return Answer.of(new Ends(descriptors.add(first), descriptors.add(second)));
    }

    @Override
    public final Answer<Credentials> peerCredentials(int socket) {
        return ask(() -> credentials(at(socket).peerProcess()));
    }

    /** The process that a reader is told of, of what this one writes. */
    private int sender(SimulatedSocket connection) {
        return connection.notesSenders() ? process : Outgoing.NO_PROCESS;
    }

    private static Credentials credentials(int process) {
        return new Credentials(process, USER, USER);
    }

    @Override
    public final int removeStale(UnixAddress address) {
        return attempt(() -> network.removeStale(address) ? 0 : -ErrorNumber.EADDRINUSE.code());
    }

    @Override
    public final int interfaceIndex(byte[] name) {
        return attempt(() -> {
            int index = network.interfaces().index(new String(name, StandardCharsets.UTF_8));
            return index == 0 ? -ErrorNumber.ENODEV.code() : index;
        });
    }

    @Override
    public final Answer<byte[]> interfaceName(int index) {
        return ask(() -> {
            String name = network.interfaces().name(index);
            if (name == null) {
                throw new Refusal(ErrorNumber.ENODEV);
            }
            return name.getBytes(StandardCharsets.UTF_8);
        });
    }

    @Override
    public final int setOption(int socket, SocketOption.Setting<?> setting) {
        return does(() -> {
            DatagramEnd end = datagramEnd(socket);
            if (setting.value() instanceof String device && setting.option().equals(SocketOption.BIND_TO_DEVICE)
                    && !device.isEmpty() && network.interfaces().index(device) == 0) {
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
    public final <T> Answer<T> option(int number, SocketOption<T> option) {
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
    public final int bind(int number, Address address) {
        return does(() -> {
            DatagramEnd end = datagramEnd(number);
            if (end != null) {
                network.datagrams().bind(end, address);
            } else {
                network.streams().bind(at(number), address);
            }
        });
    }

    @Override
    public final int listen(int number, int backlog) {
        return does(() -> network.streams().listen(at(number), backlog));
    }

    @Override
    public final Answer<Address> localAddress(int number) {
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
    public final Answer<Address> remoteAddress(int number) {
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
    public final int shutdown(Descriptor socket, Direction direction) {
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
    public final int reset(Descriptor socket) {
        return does(() -> {
            Stream stream = connected(socket.number());
            if (stream.local() instanceof IpAddress) {
                stream.abort();
            }
        });
    }

    @Override
    public final Descriptor socketDescriptor(int socket, Address address) {
        return new Descriptor(socket);
    }

    @Override
    public final void interrupt(Descriptor socket) {
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
    public final int datagramSocket(Address address) {
        return descriptors.add(new DatagramEnd(address));
    }

    /** Datagrams that came together could be received as one; they never do. */
    @Override
    public final int setOption(int socket, Address address, DatagramOptions.Flag flag) {
        return does(() -> end(socket).flags.add(flag));
    }

    @Override
    public final Set<DatagramOptions.Flag> datagramFlags(int socket, Address address) {
        return scheduler.atomically(() -> Set.copyOf(end(socket).flags));
    }

    @Override
    public final int connectDatagrams(Descriptor socket, @Nullable Address peer) {
        return does(() -> network.datagrams().connect(end(socket.number()), peer));
    }

    @Override
    public final Answer<DatagramError> takeError(Descriptor socket) {
        return ask(() -> {
            DatagramError error = end(socket.number()).takeError();
            if (error == null) {
                throw new Refusal(ErrorNumber.EAGAIN);
            }
            return error;
        });
    }

    @Override
    public final int setMember(Descriptor socket, MulticastGroup group, boolean joins) {
        return does(() -> network.datagrams().setMember(end(socket.number()), group, joins));
    }

    @Override
    public final int setMulticast(Descriptor socket, Address family, MulticastOptions options) {
        return does(() -> network.datagrams().setMulticast(end(socket.number()), options));
    }

    @Override
    public final int sendDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> batch, int sent, @Nullable Address peer) {
        DatagramEnd end = end(socket.number());
        DatagramNetwork datagrams = network.datagrams();
        return await(fiber, "send", end, NEVER, () -> datagrams.watchers(end, batch.get(sent)), () -> {
            int count = datagrams.send(end, batch, sent, credentials(process));
            return count == 0 ? Attempt.WAIT : count;
        });
    }

    @Override
    public final int receiveDatagrams(Fiber fiber, Descriptor socket, List<Datagram> batch, Receiving receiving) {
        DatagramEnd end = end(socket.number());
        return await(fiber, "receive", end, NEVER, end.receivers(), () -> {
            int count = end.take(batch);
            return count == Attempt.WAIT && !receiving.waits() ? -ErrorNumber.EAGAIN.code() : count;
        });
    }

    @Override
    public final int accept(Fiber fiber, Descriptor listener) {
        SimulatedSocket socket = held(listener);
        return await(fiber, "accept", socket, NEVER, socket.acceptors(), () -> {
            SimulatedSocket connection = socket.take();
            return connection == null ? Attempt.WAIT : descriptors.add(connection);
        });
    }

    @Override
    public final int connect(Fiber fiber, int number, Address address) {
        SimulatedSocket socket = at(number);
        return address instanceof IpAddress ip && leads(Addresses.destination(ip))
                ? connectAcross(fiber, socket, ip)
                : connectWithin(fiber, socket, address);
    }

    /** Whether an address is another machine's. */
    private boolean leads(IpAddress destination) {
        return scheduler.atomically(() -> !network.interfaces().isOwn(destination));
    }

    private int connectWithin(Fiber fiber, SimulatedSocket socket, Address address) {
        Answer<SimulatedSocket> found = ask(() -> network.streams().listenerFor(socket, address));
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
            network.streams().establish(address, socket, listener);
            return 0;
        });
    }

    private int connectAcross(Fiber fiber, SimulatedSocket socket, IpAddress address) {
        StreamNetwork streams = network.streams();
        Answer<TcpEnd> asked = ask(() -> streams.ask(socket, Addresses.destination(address)));
        TcpEnd end = asked.value();
        if (end == null) {
            return asked.result();
        }
        boolean connected = false;
        try {
            int result = await(fiber, "connect", address, NEVER, end.watchers(), () -> {
                int outcome = end.outcome();
                if (outcome == 0) {
                    streams.connected(socket, address, end);
                }
                return outcome;
            });
            connected = result == 0;
            return result;
        } finally {
            if (!connected) {
                var _ = does(() -> streams.giveUp(end));
            }
        }
    }

    @Override
    public final int receive(Fiber fiber, Descriptor socket, MemorySegment memory) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> stream.read(List.of(memory)));
    }

    @Override
    public final int receive(Fiber fiber, Descriptor socket, List<MemorySegment> parts) {
        SimulatedSocket connection = held(socket);
        return onStream(fiber, "read", connection, NEVER, Stream::readers, stream -> stream.read(parts));
    }

    @Override
    public final int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline, boolean whole) {
        return send(fiber, socket, List.of(memory), deadline, whole);
    }

    @Override
    public final int send(Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole) {
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
    public final int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        SimulatedSocket connection = held(socket);
        List<Object> targets = passed.stream()
                .<Object>map(each -> descriptors.at(each.number(), Object.class)).toList();
        return onStream(fiber, "write", connection, NEVER, Stream::writers, stream -> {
            targets.forEach(descriptors::keep);
            boolean sent = false;
            try {
                int count = stream.write(List.of(memory), targets, sender(connection));
                sent = count != Attempt.WAIT;
                return count;
            } finally {
                if (!sent) {
                    targets.forEach(network::drop);
                }
            }
        });
    }

    @Override
    public final int receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, PassedDescriptors passed) {
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
            targets.subList(arrived, targets.size()).forEach(network::drop);
            passed.say(read.cut(), arrived < targets.size());
            if (connection.options.has(SocketOption.PASS_CREDENTIALS)) {
                int user = read.sender() == Outgoing.NO_PROCESS ? UNKNOWN_USER : USER;
                passed.saySender(read.sender(), user, user);
            }
            return read.count();
        });
    }

    @Override
    public final @Nullable Kind adopt(int descriptor) {
        Object target = descriptors.at(descriptor, Object.class);
        return switch (target) {
            case SimulatedSocket socket -> switch (socket.type) {
                case STREAM -> socket.isConnected() ? Kind.STREAM : Kind.LISTENER;
                case SEQPACKET -> socket.isConnected() ? Kind.SEQPACKET : Kind.SEQPACKET_LISTENER;
            };
            case DatagramEnd _ -> Kind.DATAGRAM;
            default -> kind(target);
        };
    }

    @Override
    public final long sendFile(
            Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline) {
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

    private int does(Doing doing) {
        return attempt(() -> {
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
