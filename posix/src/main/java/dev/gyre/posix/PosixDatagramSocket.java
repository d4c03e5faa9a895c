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
import dev.gyre.io.spi.StackRoom;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A socket of datagrams behind a descriptor. */
final class PosixDatagramSocket implements DatagramSocket {
    private static final int ERRORS_MAX = 64;

    /** So many datagrams may one be divided into ({@code UDP_MAX_SEGMENTS}, 64 at first). */
    private static final int SEGMENTS_MAX = 64;

    private final PosixIo io;
    private final Descriptor descriptor;

    /** With the port or the name that the kernel chose. */
    private final Address bound;

    private final DatagramOptions options;
    private final DatagramCalls.Receiving receiving;

    /** Errors that were taken from the kernel, which calls a socket ready for as long as it has some. */
    private final Queue<DatagramError> errors = new ArrayBlockingQueue<>(ERRORS_MAX);

    private PosixDatagramSocket(PosixIo io, Descriptor descriptor, Address bound, DatagramOptions options) {
        this.io = io;
        this.descriptor = descriptor;
        this.bound = bound;
        this.options = options;
        this.receiving = new DatagramCalls.Receiving(true, options.askForControl());
    }

    static DatagramSocket bind(PosixIo io, Address address, DatagramOptions options) throws IoException {
        if (address instanceof UnixAddress && !options.flags().isEmpty()) {
            throw new IllegalArgumentException(options.flags() + " are not for the Unix socket " + address);
        }
        Kernel kernel = io.kernel();
        int socket = Results.check(Operation.BIND, kernel.datagramSocket(address), address);
        boolean complete = false;
        try {
            for (DatagramOptions.Flag flag : options.flags()) {
                Results.check(Operation.BIND, kernel.setOption(socket, address, flag), address);
            }
            Options.setAll(kernel, socket, options.settings(), address);
            int result = kernel.bind(socket, address);
            if (result == -EADDRINUSE.code() && address instanceof IpAddress ip && ip.port() == 0) {
                throw Operation.BIND.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
            }
            if (result == -EINVAL.code()) {
                Listening.requireInterface(Operation.BIND, address);
            }
            Results.check(Operation.BIND, result, address);
            Address bound = Results.check(Operation.BIND, kernel.localAddress(socket), address);
            Descriptor descriptor = kernel.socketDescriptor(socket, bound);
            complete = true;
            return new PosixDatagramSocket(io, descriptor, bound, options);
        } finally {
            if (!complete) {
                kernel.closeSocket(socket);
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
            requireDestination(Operation.SEND, datagram.address());
            requireControl(datagram);
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
                result = io.kernel().sendDatagrams(fiber, descriptor, datagrams, sent);
            } finally {
                Sockets.release(io.kernel(), descriptor);
            }
            if (result > 0) {
                sent += result;
                continue;
            }
            try {
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
                } finally {
                    Sockets.release(io.kernel(), descriptor);
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
                    collectErrors();
                }
                Results.requireSocketAgain(Operation.RECEIVE, result, descriptor, this);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public @Nullable DatagramError takeError() throws IoException {
        io.step();
        DatagramError oldest = errors.poll();
        if (oldest != null || !options.flags().contains(DatagramOptions.Flag.ERRORS)) {
            return oldest;
        }
        collectErrors();
        return errors.poll();
    }

    private void collectErrors() throws IoException {
        if (!options.flags().contains(DatagramOptions.Flag.ERRORS)) {
            return;
        }
        hold(Operation.RECEIVE);
        try {
            Answer<DatagramError> answer = io.kernel().takeError(descriptor);
            while (answer.value() != null) {
                boolean _ = errors.offer(answer.value());
                answer = io.kernel().takeError(descriptor);
            }
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public void join(MulticastGroup group) throws IoException {
        io.step();
        hold(Operation.JOIN_GROUP);
        try {
            Results.check(Operation.JOIN_GROUP, io.kernel().setMember(descriptor, group, true), group);
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public void leave(MulticastGroup group) throws IoException {
        io.step();
        hold(Operation.LEAVE_GROUP);
        try {
            Results.check(Operation.LEAVE_GROUP, io.kernel().setMember(descriptor, group, false), group);
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public void multicast(MulticastOptions how) throws IoException {
        io.step();
        hold(Operation.SET_MULTICAST);
        try {
            Results.check(Operation.SET_MULTICAST, io.kernel().setMulticast(descriptor, bound, how), this);
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public void connect(Address peer) throws IoException {
        io.step();
        requireDestination(Operation.CONNECT, peer);
        hold(Operation.CONNECT);
        try {
            int result = io.kernel().connectDatagrams(descriptor, peer);
            // So it calls a way out of the machine from an address that is only within.
            Results.check(Operation.CONNECT, result == -EINVAL.code() ? -EADDRNOTAVAIL.code() : result, peer);
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    /** A port that the kernel chose is lost with the peer ({@code __udp_disconnect} in net/ipv4/udp.c). */
    @Override
    public void disconnect() throws IoException {
        io.step();
        hold(Operation.CONNECT);
        try {
            Kernel kernel = io.kernel();
            if (kernel.remoteAddress(descriptor.number()).result() == -ENOTCONN.code()) {
                return; // the kernel would give up the interface that the socket is bound to
            }
            Results.check(Operation.CONNECT, kernel.connectDatagrams(descriptor, null), this);
            Address left = Results.check(Operation.CONNECT, kernel.localAddress(descriptor.number()), this);
            if (left instanceof IpAddress ip && ip.port() == 0) {
                Results.check(Operation.CONNECT, kernel.bind(descriptor.number(), bound), this);
            }
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    /** Refuses what the kernel would call an argument that makes no sense, without saying which. */
    private void requireDestination(Operation operation, @Nullable Address address) throws IoException {
        if (address == null) {
            return;
        }
        if (address instanceof UnixAddress != bound instanceof UnixAddress) {
            throw operation.failure(EAFNOSUPPORT.code(), address);
        }
        if (address instanceof IpAddress ip && ip.port() == 0) {
            throw new IllegalArgumentException("nobody can be sent datagrams to at port 0: " + address);
        }
        if (address instanceof Ip6Address ip6 && ip6.scope() == 0 && (ip6.high() >>> 54) == 0xfe80 >>> 6) {
            throw new IllegalArgumentException(
                    "a link-local address needs the number of an interface as its scope: " + address);
        }
    }

    private void requireControl(Datagram datagram) {
        ControlData control = datagram.controlToSend();
        if (control == ControlData.NONE) {
            return;
        }
        if (bound instanceof UnixAddress) {
            throw new IllegalArgumentException("control data is not for a Unix socket: " + control);
        }
        if (control.timestamp() != null) {
            throw new IllegalArgumentException("a datagram cannot be sent with a timestamp: " + control);
        }
        if (control.address() instanceof Ip6Address && bound instanceof Ip4Address) {
            throw new IllegalArgumentException("a socket of IPv4 cannot send from " + control.address());
        }
        int segment = control.segmentSize();
        if (segment > 0 && datagram.length() > (long) segment * SEGMENTS_MAX) {
            throw new IllegalArgumentException(datagram.length() + " bytes are more than " + SEGMENTS_MAX
                    + " datagrams of " + segment);
        }
    }

    @Override
    public <T> T option(SocketOption<T> option) throws IoException {
        return Options.get(io.kernel(), descriptor, option, bound, this);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IoException {
        io.step();
        Options.set(io.kernel(), descriptor, option.of(value), false, bound, this);
    }

    @Override
    public Address localAddress() throws IoException {
        hold(Operation.LOCAL_ADDRESS);
        try {
            return Results.check(Operation.LOCAL_ADDRESS, io.kernel().localAddress(descriptor.number()), this);
        } finally {
            Sockets.release(io.kernel(), descriptor);
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
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public void close() {
        StackRoom.require(); // who has begun to close it must end that
        io.step();
        Sockets.close(io.kernel(), descriptor);
    }

    @Override
    public String toString() {
        return "datagram socket " + bound;
    }

    private void hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
    }
}
