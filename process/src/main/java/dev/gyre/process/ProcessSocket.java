package dev.gyre.process;

import dev.gyre.io.Address;
import dev.gyre.io.Body;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Socket;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A socket that a process owns: the end of the process closes it. Made by {@link Sockets}.
 *
 * <p>Any process of the node may use it, and any other thread; {@link #controllingProcess(Pid)} alone is for its owner.
 * Failures are {@link IoException}s: with {@link Reason#CLOSED} when the socket is closed or the peer has ended the
 * connection, in whatever way, and with {@link Reason#TIMED_OUT} when a limit of time is over.
 */
public abstract sealed class ProcessSocket implements Socket permits ActiveSocket, TcpListener {
    final Processes node;

    /** Decides who owns the socket, and what comes to it as messages. Whoever has it waits for nothing. */
    final Object lock = new Object();

    private volatile ControlBlock owner;
    private volatile boolean closed;

    /** Whether its owner has ended, and closes it for that; set before it is closed. */
    private volatile boolean orphaned;

    /** How many are {@linkplain #using} it. With the lock. */
    private int users;

    /** What the end of its owner waits for while there are users. With the lock. */
    private @Nullable ResetEvent unused;

    ProcessSocket(ControlBlock owner) {
        this.node = owner.node;
        this.owner = owner;
    }

    /** Has the first owner close it at its end. The caller is that process, so it has not ended. */
    final void belong() {
        owner.relations().add(this);
        Recording.opened(this);
    }

    /**
     * Who owns it.
     *
     * @return the process that made it, or that it was handed over to
     */
    public final Pid controllingProcess() {
        return owner.pid;
    }

    /**
     * Hands it over to another process, together with those of its messages that its owner has not taken, in their
     * order; whatever comes later goes to the new owner. To hand it over to its owner does nothing.
     *
     * @param next of the same node
     * @throws NotOwnerException if the caller is not the process that owns it
     * @throws IoException with {@link Reason#CLOSED} if it is closed
     * @throws IllegalArgumentException if that process has ended
     * @throws ExternalIoDenied if either process was started without external I/O
     */
    public final void controllingProcess(Pid next) throws IoException {
        begin();
        ControlBlock from = owner;
        if (!from.runsHere()) {
            throw new NotOwnerException(this, from.pid);
        }
        requireOpen();
        ControlBlock to = node.blockOf(next);
        if (to == from) {
            return;
        }
        if (to != null) {
            ExternalIoDenied.checkOwner(to);
        }
        if (to == null || !to.relations().add(this)) {
            throw new IllegalArgumentException("process " + next + " has ended and cannot own " + this);
        }
        boolean wakes;
        synchronized (lock) {
            wakes = moveMessages(from, to);
            owner = to;
        }
        from.relations().remove(this);
        if (wakes) {
            to.wake();
        }
        if (closed) {
            to.relations().remove(this);
        }
    }

    /** Moves what has come as messages. Returns whether their new owner has to be woken. With the lock. */
    boolean moveMessages(ControlBlock from, ControlBlock to) {
        return false;
    }

    /**
     * Whether it was not closed here. What the peer does, only a transfer tells.
     *
     * @return false for good after {@link #close()} and after the end of its owner
     */
    public final boolean isOpen() {
        return !closed;
    }

    /**
     * Closes it. Operations that are under way fail with {@link Reason#CLOSED}, and no message comes from it any more;
     * those that came stay in the mailbox. Closing again does nothing. Not a cancellation point.
     */
    @Override
    public final void close() {
        boolean used;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            used = users > 0;
        }
        if (!used) {
            owner.relations().remove(this);
        }
        Recording.closed(this);
        end();
    }

    /** The end of its owner: closes it, and waits until its descriptor is given back, as far as that depends on it. */
    final void closeAtEnd() {
        orphaned = true;
        close();
        awaitEnd();
    }

    /** Waits until nothing is under way any more, once it was closed. */
    void awaitEnd() {
        ResetEvent event;
        synchronized (lock) {
            if (users == 0) {
                return;
            }
            event = node.io().resetEvent();
            unused = event;
        }
        event.awaitUncancelable();
    }

    /**
     * Does something that may wait in the kernel, and that closing ends. Until then the descriptor is open, so the end
     * of the owner waits for that.
     *
     * <p>If that end is why it fails, it arrives at the caller first: one that is linked to the owner ends for the same
     * reason, and not because it could not use the socket any more.
     */
    final <T> T using(Body<T, IoException> body) throws IoException {
        boolean counts;
        synchronized (lock) {
            counts = !closed;
            users += counts ? 1 : 0;
        }
        IoException failure;
        @Nullable EndWait end;
        try {
            requireOpen();
            return body.run();
        } catch (IoException failed) {
            failure = failed;
            end = orphaned ? owner.beginAwaitEnd() : null; // before it can go on without this
        } finally {
            if (counts) {
                endUse();
            }
        }
        if (end != null) {
            ExitReason _ = end.await();
            node.io().checkCancel();
        }
        throw failure;
    }

    private void endUse() {
        boolean last;
        ResetEvent event;
        synchronized (lock) {
            users--;
            last = closed && users == 0;
            event = unused;
        }
        if (last) {
            owner.relations().remove(this);
            if (event != null) {
                event.set();
            }
        }
    }

    /** It was closed: gives all back. Once. */
    void end() {
        below().close();
    }

    final ControlBlock owner() {
        return owner;
    }

    /** The socket of the {@code Io}. */
    abstract Socket below();

    @Override
    public final Address localAddress() throws IoException {
        begin();
        return below().localAddress();
    }

    @Override
    public final <T> T option(SocketOption<T> option) throws IoException {
        begin();
        return below().option(option);
    }

    @Override
    public final <T> void setOption(SocketOption<T> option, T value) throws IoException {
        begin();
        below().setOption(option, value);
    }

    /** What every call does first. */
    final void begin() {
        ExternalIoDenied.check();
        node.access().interleave();
    }

    final void requireOpen() throws IoException {
        if (closed) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
    }

    /** Does something for a limited time, in the terms of sockets. */
    <T> T within(Timeout limit, Operation operation, Body<T, IoException> body) throws IoException {
        return within(node, limit, operation, this, body);
    }

    /** Does something for a limited time, in the terms of sockets. */
    static <T> T within(
            Processes node, Timeout limit, Operation operation, Object target, Body<T, IoException> body)
            throws IoException {
        if (limit instanceof Timeout.None) {
            return body.run();
        }
        try {
            return node.io().within(limit, body);
        } catch (TimeoutException late) {
            IoException timedOut = operation.failure(Reason.TIMED_OUT, target);
            timedOut.initCause(late);
            throw timedOut;
        }
    }

    /** A failure in the terms of sockets: a connection that has gone is closed, in whatever way it went. */
    final IoException told(IoException failure, Operation operation) {
        Reason reason = failure.reason();
        if (reason != Reason.BROKEN_PIPE && reason != Reason.CONNECTION_RESET) {
            return failure;
        }
        IoException gone = operation.failure(Reason.CLOSED, this);
        gone.initCause(failure);
        return gone;
    }

    @Override
    public final String toString() {
        return "socket " + below();
    }
}
