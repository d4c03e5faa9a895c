package dev.gyre.uring;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Errno;
import dev.gyre.posix.Handles;
import dev.gyre.ring.Accept;

/** {@link Listener} over a ring. */
final class UringListener implements Listener {
    private final UringIo io;
    private final Descriptor descriptor;
    private final Address address;

    UringListener(UringIo io, int fd, Address address) {
        this.io = io;
        this.descriptor = new Descriptor(fd);
        this.address = address;
    }

    @Override
    public Connection accept() throws IoException {
        Fiber fiber = io.fiber();
        Call call = new Call();
        while (true) {
            fiber.checkCancel();
            int result = acceptOnce(fiber, call);
            if (result >= 0) {
                return new UringConnection(io, result, address);
            }
            if (descriptor.closing()) {
                throw Operation.ACCEPT.failure(Reason.CLOSED, address);
            }
            boolean again = result == -Errno.ECANCELED.code() || Operation.ACCEPT.retries(-result);
            if (!again) {
                throw Operation.ACCEPT.failure(-result, address);
            }
        }
    }

    private int acceptOnce(Fiber fiber, Call call) throws IoException {
        if (!descriptor.acquire()) {
            throw Operation.ACCEPT.failure(Reason.CLOSED, address);
        }
        try {
            return call.run(io.loopFor(fiber), fiber, new Accept(descriptor.number(), 0, call), Timer.NEVER);
        } finally {
            Handles.release(descriptor);
        }
    }

    @Override
    public Address localAddress() {
        return address;
    }

    @Override
    public void close() {
        Handles.closeSocket(descriptor);
    }

    @Override
    public String toString() {
        return "listener " + address;
    }
}
