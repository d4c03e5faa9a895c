package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;

/** A listening socket behind a descriptor. */
final class PosixListener implements Listener {
    private final PosixIo io;
    private final Descriptor descriptor;
    private final Address address;
    private final SocketType type;

    PosixListener(PosixIo io, Descriptor descriptor, Address address, SocketType type) {
        this.io = io;
        this.descriptor = descriptor;
        this.address = address;
        this.type = type;
    }

    PosixIo io() {
        return io;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public Connection accept() throws IoException {
        Fiber fiber = io.beginOpening();
        while (true) {
            int result = accept(fiber);
            if (result >= 0) {
                return new PosixConnection(io, io.kernel().socketDescriptor(result, address), address, type);
            }
            Results.requireAgain(Operation.ACCEPT, result, descriptor, address);
            fiber.checkCancel();
        }
    }

    private int accept(Fiber fiber) throws IoException {
        if (!descriptor.acquire()) {
            throw Operation.ACCEPT.failure(Reason.CLOSED, address);
        }
        try {
            return io.kernel().accept(fiber, descriptor);
        } finally {
            Sockets.release(io.kernel(), descriptor);
        }
    }

    @Override
    public Address localAddress() {
        return address;
    }

    @Override
    public <T> T option(SocketOption<T> option) throws IoException {
        return Options.get(io.kernel(), descriptor, option, address, this);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IoException {
        io.step();
        Options.set(io.kernel(), descriptor, option.of(value), true, address, this);
    }

    @Override
    public void close() {
        StackRoom.require(); // who has begun to close it must end that
        io.step();
        Sockets.close(io.kernel(), descriptor);
    }

    @Override
    public String toString() {
        return "listener " + address;
    }
}
