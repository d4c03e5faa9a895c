package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * {@link Connection} over two pipes, one for each direction. Guarded by the network's lock.
 *
 * <p>It ends as TCP does on Linux, for Unix sockets too. An end that closes writes nothing more, and if it has not read
 * everything, or is sent something afterwards, it resets the connection. The other end still reads what has arrived;
 * then it hears of the reset, once, unless its stream had ended before; and from then on it reads the end of the stream
 * and can write nothing.
 */
final class SimulatedConnection implements Connection {
    private final Network network;

    /** What messages call it: the peer, or the address that it was accepted at. */
    private final Address known;

    private final Address local;
    private final Address remote;
    private final Pipe in;
    private final Pipe out;
    private boolean localAsked;
    private boolean remoteAsked;
    private boolean closed;

    /** Whether this end was the first to write nothing more: the one whose address is kept for a while. */
    private boolean endedFirst;

    SimulatedConnection(Network network, Address known, Address local, Address remote, Pipe in, Pipe out) {
        this.network = network;
        this.known = known;
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    @Override
    public int read(MemorySegment buffer, Timeout timeout) throws IoException {
        requireNative(buffer);
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        long deadline = network.io().clock().deadline(timeout);
        SimulatedFiber fiber = network.io().begin();
        return buffer.byteSize() == 0
                ? 0
                : network.await(fiber, Operation.READ, this, deadline, in.watchers(), () -> tryRead(buffer));
    }

    @Override
    public int write(MemorySegment buffer, Timeout timeout) throws IoException {
        requireNative(buffer);
        long deadline = network.io().clock().deadline(timeout);
        SimulatedFiber fiber = network.io().begin();
        return buffer.byteSize() == 0
                ? 0
                : network.await(fiber, Operation.WRITE, this, deadline, out.watchers(), () -> tryWrite(buffer));
    }

    @Override
    public long sendFile(File file, long offset, long length, Timeout stall) throws IoException {
        var _ = network.io().begin();
        synchronized (network) {
            requireOpen(Operation.SEND_FILE);
            throw SimulatedDirectory.unsupported(Operation.SEND_FILE, this);
        }
    }

    @Override
    public void shutdown(Direction direction) throws IoException {
        network.io().interleave();
        synchronized (network) {
            requireConnected(Operation.SHUTDOWN);
            if (direction != Direction.WRITE) {
                in.discard();
            }
            if (direction != Direction.READ) {
                end();
            }
        }
    }

    @Override
    public Address localAddress() throws IoException {
        synchronized (network) {
            if (!localAsked) {
                requireOpen(Operation.SHUTDOWN);
                localAsked = true;
            }
            return local;
        }
    }

    @Override
    public Address remoteAddress() throws IoException {
        synchronized (network) {
            if (!remoteAsked) {
                requireConnected(Operation.SHUTDOWN);
                remoteAsked = true;
            }
            return remote;
        }
    }

    @Override
    public void close() {
        network.io().interleave();
        synchronized (network) {
            if (!closed) {
                if (in.isEmpty()) {
                    end();
                    in.abandon();
                    close(endedFirst && !in.isReset());
                } else {
                    abort();
                }
            }
        }
    }

    @Override
    public String toString() {
        return "connection " + known;
    }

    /** Closes it so that the peer hears that something was lost. With the lock. */
    void abort() {
        reset(out, in);
        in.abandon();
        close(false);
    }

    private void close(boolean lingers) {
        closed = true;
        network.closed(this, local, lingers);
    }

    private @Nullable Integer tryRead(MemorySegment buffer) throws IoException {
        requireOpen(Operation.READ);
        if (!in.isEmpty()) {
            return in.read(buffer);
        }
        throwIfReset(Operation.READ);
        return in.isExhausted() ? -1 : null;
    }

    private @Nullable Integer tryWrite(MemorySegment buffer) throws IoException {
        requireOpen(Operation.WRITE);
        throwIfReset(Operation.WRITE);
        if (out.isEnded()) {
            throw Operation.WRITE.failure(Reason.BROKEN_PIPE, this);
        }
        int count = out.write(buffer);
        if (out.isAbandoned()) {
            reset(in, out);
        }
        return count == 0 ? null : count;
    }

    /** Writes nothing more. */
    private void end() {
        if (!out.isEnded()) {
            endedFirst = !in.isEnded();
            out.end();
        }
    }

    /** Resets the connection for the end that reads and writes these. */
    private static void reset(Pipe read, Pipe written) {
        read.reset();
        written.end();
    }

    private void throwIfReset(Operation operation) throws IoException {
        if (in.hearReset()) {
            throw operation.failure(Reason.CONNECTION_RESET, this);
        }
    }

    private void requireConnected(Operation operation) throws IoException {
        requireOpen(operation);
        if (in.isReset()) {
            throw operation.failure(Reason.NOT_CONNECTED, this);
        }
    }

    private void requireOpen(Operation operation) throws IoException {
        if (closed) {
            throw operation.failure(Reason.CLOSED, this);
        }
    }

    private static void requireNative(MemorySegment buffer) {
        if (!buffer.isNative()) {
            throw new IllegalArgumentException(
                    "the kernel cannot reach heap memory: allocate the buffer from an Arena");
        }
    }
}
