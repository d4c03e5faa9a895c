package dev.gyre.benchmarks.load;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Loop;
import dev.gyre.ring.Operation;
import dev.gyre.ring.RingOptions;
import dev.gyre.ring.socket.RecvMultishot;
import dev.gyre.ring.socket.Send;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections, of TCP or of sockets of UDP, on an io_uring loop: a multishot receive on each, and all sends of a turn
 * in one system call.
 *
 * <p>A selector in its place was tried first. Against the same server, it was the bottleneck at two thirds of what this
 * one reaches.
 */
final class RingTransport implements Transport {
    private static final RingOptions OPTIONS = new RingOptions(1024, 16384);
    private static final int BUFFER_GROUP = 0;
    private static final int BUFFERS = 128;
    private static final int BUFFER_SIZE = 64 << 10;

    private static final int SOCKADDR_SIZE_MAX = 128;

    private static final int SOURCES = 100;

    private final Loop loop;
    private final BufferRing buffers;
    private final MemorySegment[] memory = new MemorySegment[BUFFERS];
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Receiver receiver;
    private boolean closing;

    /**
     * Opens a connection for each request.
     *
     * @param datagrams whether by UDP
     * @param requests native memory
     * @throws IOException if the server refuses a connection, or the kernel refuses io_uring
     */
    RingTransport(InetSocketAddress server, boolean datagrams, MemorySegment[] requests) throws IOException {
        // Trusting, since the requests are in an arena that outlives this.
        loop = Loop.openTrusting(OPTIONS);
        buffers = openBuffers(loop);
        for (int id = 0; id < BUFFERS; id++) {
            memory[id] = buffers.segment(id);
        }
        try {
            for (MemorySegment request : requests) {
                int number = connections.size();
                connections.add(new Connection(number, connect(server, datagrams, number), request));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        connections.forEach(connection -> loop.submit(connection.recv));
    }

    @Override
    public void send(int connection) {
        loop.submit(connections.get(connection).send);
    }

    @Override
    public boolean poll(Receiver to) throws IOException {
        receiver = to;
        try {
            return loop.tick() > 0;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        loop.close();
        buffers.close();
        connections.forEach(connection -> Files.close(connection.socket));
    }

    private static BufferRing openBuffers(Loop loop) throws IOException {
        try {
            return BufferRing.open(loop.ring(), BUFFER_GROUP, BUFFERS, BUFFER_SIZE);
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    /**
     * From several addresses: the ports of one are used up where connections are opened again and again, since the
     * kernel keeps each for a minute (TIME_WAIT).
     */
    private static int connect(InetSocketAddress server, boolean datagrams, int number) throws IOException {
        int type = datagrams ? Sockets.SOCK_DGRAM : Sockets.SOCK_STREAM;
        int socket = require("socket", Sockets.socket(Sockets.AF_INET, type | Sockets.SOCK_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_SIZE_MAX);
            byte[] source = {127, 0, 1, (byte) (1 + number % SOURCES)};
            int length = Sockaddr.writeInet4(address, source, 0);
            require("IP_BIND_ADDRESS_NO_PORT", Sockets.setsockopt(
                    socket, Sockets.IPPROTO_IP, Sockets.IP_BIND_ADDRESS_NO_PORT, 1));
            require("bind", Sockets.bind(socket, address, length));
            Sockaddr.writeInet4(address, server.getAddress().getAddress(), server.getPort());
            require("connect to " + server, Sockets.connect(socket, address, length));
            if (!datagrams) {
                require("TCP_NODELAY", Sockets.setsockopt(socket, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1));
            }
        } catch (IOException e) {
            Files.close(socket);
            throw e;
        }
        return socket;
    }

    private static int require(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.describe(-result));
        }
        return result;
    }

    private final class Connection {
        private final int number;
        private final int socket;
        private final Send send;
        private final RecvMultishot recv;
        private final long requestSize;

        Connection(int number, int socket, MemorySegment request) {
            this.number = number;
            this.socket = socket;
            requestSize = request.byteSize();
            send = new Send(socket, request, this::sent).to(socket, request, Sockets.MSG_WAITALL);
            recv = new RecvMultishot(socket, buffers, this::received);
        }

        private void sent(Operation operation) {
            if (operation.result() != requestSize && !closing) {
                throw failure("send", operation.result());
            }
        }

        private void received(Operation operation) {
            int id = BufferRing.id(operation.flags());
            if (id >= 0) {
                buffers.take(id);
                if (receiver != null && !closing) {
                    receive(receiver, id, operation.result());
                }
                buffers.give(id);
            } else if (operation.result() != -Errno.ENOBUFS.code() && !closing) {
                throw failure("receive", operation.result());
            }
            if (!recv.isInFlight() && !closing) {
                loop.submit(recv);
            }
        }

        private void receive(Receiver to, int id, int length) {
            try {
                to.received(number, memory[id], 0, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private UncheckedIOException failure(String what, int result) {
            return new UncheckedIOException(
                    result >= 0
                            ? new EOFException("the server closed connection " + number)
                            : new IOException("connection " + number + ", " + what + ": " + Errno.describe(-result)));
        }
    }
}
