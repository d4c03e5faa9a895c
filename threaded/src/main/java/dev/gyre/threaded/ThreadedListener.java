package dev.gyre.threaded;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.linux.Events;
import dev.gyre.linux.Sockets;
import java.lang.foreign.MemorySegment;

/** {@link Listener} over system calls. */
final class ThreadedListener implements Listener {
    private final ThreadedIo io;
    private final Socket socket;
    private final Address address;

    ThreadedListener(ThreadedIo io, int fd, Address address) {
        this.io = io;
        this.socket = new Socket(io, fd);
        this.address = address;
    }

    @Override
    public Connection accept() throws IoException {
        int fd = (int) socket.run(io.fiber(), Operation.ACCEPT, address, Events.POLLIN, Long.MAX_VALUE,
                listening -> Sockets.accept4(listening, MemorySegment.NULL, MemorySegment.NULL,
                        Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK));
        return new ThreadedConnection(io, fd, address);
    }

    @Override
    public Address localAddress() {
        return address;
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "listener " + address;
    }
}
