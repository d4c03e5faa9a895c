package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Socket;
import dev.gyre.io.SocketOption;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;

/** A socket behind a descriptor: what listeners, connections and sockets of datagrams have in common. */
abstract class PosixSocket implements Socket, Holdable {
    final PosixIo io;
    final Descriptor descriptor;

    /** Of its family; what messages call it. */
    final Address address;

    private final Options.Use use;

    PosixSocket(PosixIo io, Descriptor descriptor, Address address, Options.Use use) {
        this.io = io;
        this.descriptor = descriptor;
        this.address = address;
        this.use = use;
    }

    /** What is done while the descriptor is held. */
    interface Held<T> {
        T run() throws IoException;
    }

    @Override
    public final PosixIo io() {
        return io;
    }

    @Override
    public final Descriptor descriptor() {
        return descriptor;
    }

    final Options.Use use() {
        return use;
    }

    /** Keeps the descriptor open until it is released. */
    final void hold(Operation operation) throws IoException {
        hold(operation, this);
    }

    /** The same. The target is for messages. */
    final void hold(Operation operation, Object target) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, target);
        }
    }

    @Override
    public final boolean tryHold() {
        return descriptor.acquire();
    }

    @Override
    public final void release(Fiber fiber) {
        release();
    }

    final void release() {
        Sockets.release(io.kernel(), descriptor);
    }

    /** Does something that never waits while the descriptor is held. */
    final <T> T held(Operation operation, Object target, Held<T> held) throws IoException {
        hold(operation, target);
        try {
            return held.run();
        } finally {
            release();
        }
    }

    @Override
    public Address localAddress() throws IoException {
        return held(Operation.LOCAL_ADDRESS, this, () -> Results.check(
                Operation.LOCAL_ADDRESS, io.kernel().localAddress(descriptor.number()), this));
    }

    @Override
    public final <T> T option(SocketOption<T> option) throws IoException {
        return Options.get(this, option);
    }

    @Override
    public final <T> void setOption(SocketOption<T> option, T value) throws IoException {
        io.step();
        Options.set(this, option.of(value));
    }

    @Override
    public final void close() {
        StackRoom.require(); // who has begun to close it must end that
        io.step();
        Sockets.close(io.kernel(), descriptor);
    }
}
