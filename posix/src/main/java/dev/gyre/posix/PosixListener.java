package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.SocketType;
import dev.gyre.io.spi.Fiber;

/** A listening socket behind a descriptor. */
final class PosixListener extends PosixSocket implements Listener {
    private final SocketType type;

    PosixListener(PosixIo io, Descriptor descriptor, Address address, SocketType type) {
        super(io, descriptor, address, Options.Use.LISTENER);
        this.type = type;
    }

    @Override
    public Connection accept() throws IoException {
        Fiber fiber = io.beginOpening();
        while (true) {
            int result = accept(fiber);
            if (result >= 0) {
                return PosixConnection.owning(io, result, address, type);
            }
            Results.requireAgain(Operation.ACCEPT, result, descriptor, address);
            fiber.checkCancel();
        }
    }

    private int accept(Fiber fiber) throws IoException {
        hold(Operation.ACCEPT, address);
        try {
            return io.kernel().accept(fiber, descriptor);
        } finally {
            release();
        }
    }

    @Override
    public Address localAddress() {
        return address;
    }

    @Override
    public String toString() {
        return "listener " + address;
    }
}
