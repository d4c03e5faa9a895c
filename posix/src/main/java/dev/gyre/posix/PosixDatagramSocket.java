package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EADDRINUSE;
import static dev.gyre.io.ErrorNumber.EADDRNOTAVAIL;
import static dev.gyre.io.ErrorNumber.EAFNOSUPPORT;
import static dev.gyre.io.ErrorNumber.EAGAIN;
import static dev.gyre.io.ErrorNumber.EINVAL;
import static dev.gyre.io.ErrorNumber.ENOTCONN;

import dev.gyre.io.Address;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IoException;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A socket of datagrams behind a descriptor. */
final class PosixDatagramSocket extends PosixSocket implements DatagramSocket {
    private static final int ERRORS_MAX = 64;

    /** So many datagrams may one be divided into ({@code UDP_MAX_SEGMENTS}, 64 at first). */
    private static final int SEGMENTS_MAX = 64;

    private final DatagramOptions options;
    private final DatagramCalls.Receiving receiving;

    /** Errors that were taken from the kernel, which calls a socket ready for as long as it has some. */
    private final Queue<DatagramError> errors = new ArrayBlockingQueue<>(ERRORS_MAX);

    /** Where that goes which has no address. */
    private volatile @Nullable Address peer;

    /**
     * A socket.
     *
     * @param bound with the port or the name that the kernel chose
     */
    private PosixDatagramSocket(PosixIo io, Descriptor descriptor, Address bound, DatagramOptions options) {
        super(io, descriptor, bound, Options.Use.DATAGRAMS);
        this.options = options;
        this.receiving = new DatagramCalls.Receiving(true, options.askForControl());
    }

    static DatagramSocket bind(PosixIo io, Address address, DatagramOptions options) throws IoException {
        requireFlags(options, address);
        Kernel kernel = io.kernel();
        int socket = Results.check(Operation.BIND, kernel.datagramSocket(address), address);
        boolean complete = false;
        try {
            for (DatagramOptions.Flag flag : options.flags()) {
                Results.check(Operation.BIND, kernel.setOption(socket, address, flag), address);
            }
            Options.setAll(kernel, socket, options.settings(), Options.Use.DATAGRAMS, address);
            int result = kernel.bind(socket, address);
            if (result == -EADDRINUSE.code() && address instanceof IpAddress ip && ip.port() == 0) {
                throw Operation.BIND.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
            }
            if (result == -EINVAL.code()) {
                Listening.requireInterface(Operation.BIND, address);
            }
            Results.check(Operation.BIND, result, address);
            Address bound = Results.check(Operation.BIND, kernel.localAddress(socket), address);
            PosixDatagramSocket made =
                    new PosixDatagramSocket(io, kernel.socketDescriptor(socket, bound), bound, options);
            complete = true;
            return made;
        } finally {
            if (!complete) {
                kernel.closeSocket(socket);
            }
        }
    }

    /** One that was passed, as it was left by whoever had it. */
    static PosixDatagramSocket passed(PosixIo io, int socket, Address bound) throws IoException {
        Kernel kernel = io.kernel();
        Answer<Address> connected = kernel.remoteAddress(socket);
        if (connected.result() != -ENOTCONN.code()) {
            Results.check(Operation.REMOTE_ADDRESS, connected, "what was passed");
        }
        DatagramOptions options = new DatagramOptions(kernel.datagramFlags(socket, bound), List.of());
        PosixDatagramSocket passed =
                new PosixDatagramSocket(io, kernel.socketDescriptor(socket, bound), bound, options);
        passed.peer = connected.value();
        return passed;
    }

    private static void requireFlags(DatagramOptions options, Address address) {
        for (DatagramOptions.Flag flag : options.flags()) {
            if (address instanceof UnixAddress != (flag == DatagramOptions.Flag.CREDENTIALS)) {
                throw new IllegalArgumentException(flag + " is not for a socket at " + address
                        + ": a Unix socket takes CREDENTIALS, and UDP all others");
            }
        }
    }

    @Override
    public void send(Datagram datagram) throws IoException {
        send(List.of(datagram));
    }

    @Override
    public int send(List<Datagram> datagrams) throws IoException {
        Fiber fiber = io.begin();
        for (Datagram datagram : datagrams) {
            Address destination = destination(datagram);
            requireDestination(Operation.SEND, destination);
            requireControl(datagram, destination);
        }
        try (MemoryUse use = new MemoryUse()) {
            for (Datagram datagram : datagrams) {
                use.toRead(datagram.buffer());
            }
            return sendAll(fiber, datagrams);
        }
    }

    /** An error, or the wish to stop, after some were sent is kept for the next call. */
    private int sendAll(Fiber fiber, List<Datagram> datagrams) throws IoException {
        int sent = 0;
        while (sent < datagrams.size()) {
            int result;
            hold(Operation.SEND);
            try {
                result = io.kernel().sendDatagrams(fiber, descriptor, datagrams, sent, peer);
            } catch (InternalError fault) {
                result = Buffers.faulted(datagrams.get(sent).buffer(), fault);
            } finally {
                release();
            }
            if (result > 0) {
                sent += result;
                continue;
            }
            try {
                if (result == -EAGAIN.code()) {
                    collectErrors(Operation.SEND); // with some, the socket seems to have room
                }
                if (result == -EINVAL.code()) {
                    requireInterface(datagrams.get(sent));
                }
                Results.requireSocketAgain(Operation.SEND, result, descriptor, this);
                fiber.checkCancel();
            } catch (IoException | CanceledException failure) {
                if (sent > 0) {
                    return sent;
                }
                throw failure;
            }
        }
        return sent;
    }

    @Override
    public void receive(Datagram into) throws IoException {
        receive(List.of(into));
    }

    @Override
    public int receive(List<Datagram> into) throws IoException {
        return receive(into, receiving);
    }

    @Override
    public boolean tryReceive(Datagram into) throws IoException {
        return receive(List.of(into), new DatagramCalls.Receiving(false, receiving.control())) > 0;
    }

    /** Answers 0 only where nothing is there that was not waited for. */
    private int receive(List<Datagram> into, DatagramCalls.Receiving how) throws IoException {
        Fiber fiber = io.begin();
        try (MemoryUse use = new MemoryUse()) {
            for (Datagram datagram : into) {
                use.toWrite(datagram.buffer());
            }
            if (into.isEmpty()) {
                return 0;
            }
            while (true) {
                int result;
                hold(Operation.RECEIVE);
                try {
                    result = io.kernel().receiveDatagrams(fiber, descriptor, into, how);
                } catch (InternalError fault) {
                    result = faulted(into, fault);
                } finally {
                    release();
                }
                if (result > 0) {
                    return result;
                }
                if (descriptor.isClosing()) {
                    throw Operation.RECEIVE.failure(Reason.CLOSED, this);
                }
                if (result == -EAGAIN.code()) {
                    if (!how.waits()) {
                        return 0;
                    }
                    collectErrors(Operation.RECEIVE);
                }
                Results.requireSocketAgain(Operation.RECEIVE, result, descriptor, this);
                fiber.checkCancel();
            }
        }
    }

    private static int faulted(List<Datagram> into, InternalError fault) {
        Datagram mapped = into.stream().filter(each -> each.buffer().isMapped()).findFirst().orElse(into.getFirst());
        return Buffers.faulted(mapped.buffer(), fault);
    }

    @Override
    public @Nullable DatagramError takeError() throws IoException {
        io.step();
        DatagramError oldest = errors.poll();
        if (oldest != null || !options.flags().contains(DatagramOptions.Flag.ERRORS)) {
            return oldest;
        }
        collectErrors(Operation.RECEIVE);
        return errors.poll();
    }

    private void collectErrors(Operation operation) throws IoException {
        if (!options.flags().contains(DatagramOptions.Flag.ERRORS)) {
            return;
        }
        hold(operation);
        try {
            Answer<DatagramError> answer = io.kernel().takeError(descriptor);
            while (answer.value() != null) {
                boolean _ = errors.offer(answer.value());
                answer = io.kernel().takeError(descriptor);
            }
        } finally {
            release();
        }
    }

    @Override
    public void join(MulticastGroup group) throws IoException {
        io.step();
        hold(Operation.JOIN_GROUP);
        try {
            Results.check(Operation.JOIN_GROUP, io.kernel().setMember(descriptor, group, true), group);
        } finally {
            release();
        }
    }

    @Override
    public void leave(MulticastGroup group) throws IoException {
        io.step();
        hold(Operation.LEAVE_GROUP);
        try {
            Results.check(Operation.LEAVE_GROUP, io.kernel().setMember(descriptor, group, false), group);
        } finally {
            release();
        }
    }

    @Override
    public void multicast(MulticastOptions how) throws IoException {
        io.step();
        hold(Operation.SET_MULTICAST);
        try {
            Results.check(Operation.SET_MULTICAST, io.kernel().setMulticast(descriptor, address, how), this);
        } finally {
            release();
        }
    }

    @Override
    public void connect(Address newPeer) throws IoException {
        io.step();
        requireDestination(Operation.CONNECT, newPeer);
        hold(Operation.CONNECT);
        try {
            int result = io.kernel().connectDatagrams(descriptor, newPeer);
            if (result == -EINVAL.code()) {
                Listening.requireInterface(Operation.CONNECT, newPeer);
                // Otherwise, so it calls a way out of the machine from an address that is only within.
                result = -EADDRNOTAVAIL.code();
            }
            Results.check(Operation.CONNECT, result, newPeer);
            peer = newPeer;
        } finally {
            release();
        }
    }

    /**
     * With the peer, the kernel gives up a port that it chose, and the interface that the socket was bound to, were it
     * not connected ({@code __udp_disconnect} in net/ipv4/udp.c).
     */
    @Override
    public void disconnect() throws IoException {
        io.step();
        hold(Operation.CONNECT);
        try {
            Kernel kernel = io.kernel();
            int socket = descriptor.number();
            if (kernel.remoteAddress(socket).result() == -ENOTCONN.code()) {
                return;
            }
            String device = address instanceof IpAddress
                    ? kernel.option(socket, SocketOption.BIND_TO_DEVICE).value()
                    : null;
            Results.check(Operation.CONNECT, kernel.connectDatagrams(descriptor, null), this);
            peer = null;
            if (device != null && !device.isEmpty()) {
                Results.check(
                        Operation.CONNECT, kernel.setOption(socket, SocketOption.BIND_TO_DEVICE.of(device)), this);
            }
            Address left = Results.check(Operation.CONNECT, kernel.localAddress(socket), this);
            if (left instanceof IpAddress ip && ip.port() == 0) {
                // One that was passed while it was connected may have been bound to all addresses.
                boolean toAll = ip.equals(Ip4Address.unspecified(0)) || ip.equals(Ip6Address.unspecified(0));
                Address again = toAll ? ip.withPort(((IpAddress) address).port()) : address;
                Results.check(Operation.CONNECT, kernel.bind(socket, again), this);
            }
        } finally {
            release();
        }
    }

    /** Refuses what the kernel would call an argument that makes no sense, without saying which. */
    private void requireDestination(Operation operation, @Nullable Address destination) throws IoException {
        if (destination == null) {
            return;
        }
        if (destination instanceof UnixAddress != address instanceof UnixAddress) {
            throw operation.failure(EAFNOSUPPORT.code(), destination);
        }
        if (destination instanceof IpAddress ip && ip.port() == 0) {
            throw new IllegalArgumentException("nobody can be sent datagrams to at port 0: " + destination);
        }
    }

    private @Nullable Address destination(Datagram datagram) {
        return datagram.address() == null ? peer : datagram.address();
    }

    /** Says what is missing, unless the interface, or where it is sent from, was said in the control data. */
    private void requireInterface(Datagram refused) throws IoException {
        Address destination = destination(refused);
        ControlData control = refused.controlToSend();
        if (destination != null && control.address() == null && control.interfaceIndex() == 0) {
            Listening.requireInterface(Operation.SEND, destination);
        }
    }

    private void requireControl(Datagram datagram, @Nullable Address destination) {
        ControlData control = datagram.controlToSend();
        if (control == ControlData.NONE) {
            return;
        }
        if (address instanceof UnixAddress) {
            throw new IllegalArgumentException("control data is not for a Unix socket: " + control);
        }
        if (control.timestamp() != null) {
            throw new IllegalArgumentException("a datagram cannot be sent with a timestamp: " + control);
        }
        if (control.credentials() != null) {
            throw new IllegalArgumentException("a datagram cannot be sent with credentials, which are the kernel's to "
                    + "say: " + control);
        }
        if (control.address() instanceof Ip6Address && address instanceof Ip4Address) {
            throw new IllegalArgumentException("a socket of IPv4 cannot send from " + control.address());
        }
        boolean overIp4 = destination instanceof Ip4Address || (destination instanceof Ip6Address ip && ip.isMapped());
        if (control.timeToLive() == 0 && overIp4) {
            throw new IllegalArgumentException("over IPv4, the time to live is 1 or more: " + control);
        }
        int segment = control.segmentSize();
        if (segment > 0 && datagram.length() > (long) segment * SEGMENTS_MAX) {
            throw new IllegalArgumentException(datagram.length() + " bytes are more than " + SEGMENTS_MAX
                    + " datagrams of " + segment);
        }
    }

    @Override
    public @Nullable Address remoteAddress() throws IoException {
        hold(Operation.REMOTE_ADDRESS);
        try {
            Answer<Address> answer = io.kernel().remoteAddress(descriptor.number());
            return answer.result() == -ENOTCONN.code()
                    ? null
                    : Results.check(Operation.REMOTE_ADDRESS, answer, this);
        } finally {
            release();
        }
    }

    @Override
    public String toString() {
        return "datagram socket " + address;
    }
}
