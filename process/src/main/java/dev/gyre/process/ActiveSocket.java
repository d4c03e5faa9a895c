package dev.gyre.process;

import dev.gyre.io.Action;
import dev.gyre.io.CanceledException;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.Interruption;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose owner either asks for what arrives, or has it come as {@link SocketMessage}s, as the
 * {@link ActiveMode} says. All of the {@link Framing}, the order and the bounds are the same in both.
 *
 * <p>What makes messages is a task of the socket's, the reader. It begins with the first active mode, waits in the
 * kernel while the socket is active, and otherwise for the next active mode; it ends with the stream or the socket.
 * Whether it may send one more message is counted ({@code credit}). One that has come when that is no longer so stays
 * in the socket, for whoever asks for it.
 */
public abstract sealed class ActiveSocket extends ProcessSocket permits TcpSocket, UdpSocket {
    private static final int ALWAYS = -1;

    /** What a message counts for at least, whatever it carries. */
    private static final int MESSAGE_MIN = 64;

    /** Who takes from the socket: the reader, or a process that receives. */
    final Mutex reading;

    private final Watermarks queue;

    // With the lock.

    /** How many messages may come; {@link #ALWAYS}, or 0 in passive mode. */
    private int credit;

    /** Whether nothing is said when the credit is used up. */
    private boolean once;

    /** How many bytes are in the owner's mailbox. */
    private long unread;

    /** Whether these were too many, and are not few yet. */
    private boolean paused;

    private boolean hasReader;

    /** What the reader is in while it takes from the socket. */
    private @Nullable Interruption taking;

    /** What it waits for while it may not. */
    private @Nullable Turn parked;

    ActiveSocket(ControlBlock owner, Watermarks queue) {
        super(owner);
        this.queue = queue;
        reading = node.io().mutex();
    }

    /**
     * Says whether, and for how long, what arrives comes as messages. To say so again does no harm. Does not wait.
     *
     * <p>In passive mode from then on, no message comes; what came before stays in the mailbox.
     *
     * @param mode from now on
     * @throws IoException with {@link Reason#CLOSED} if the socket is closed
     * @throws IllegalArgumentException if more than {@link ActiveMode#TIMES_MAX} messages would come
     * @throws ProcessLimitException if no further task can be started; the socket is passive
     * @throws ExternalIoDenied if the calling process was started without external I/O
     */
    public final void setActive(ActiveMode mode) throws IoException {
        begin();
        requireOpen();
        activate(mode);
    }

    /**
     * What the mode is.
     *
     * @return {@link ActiveMode#times} with what is left of the number
     */
    public final ActiveMode active() {
        synchronized (lock) {
            return switch (credit) {
                case ALWAYS -> ActiveMode.ALWAYS;
                case 0 -> ActiveMode.PASSIVE;
                default -> once ? ActiveMode.ONCE : ActiveMode.times(credit);
            };
        }
    }

    final void activate(ActiveMode mode) {
        Interruption ends = null;
        Turn wakes = null;
        boolean starts = false;
        synchronized (lock) {
            credit = creditOf(mode);
            once = mode instanceof ActiveMode.Once;
            if (credit == 0) {
                ends = taking;
            } else if (hasReader) {
                wakes = takeParked();
            } else {
                hasReader = true;
                starts = true;
            }
        }
        if (ends != null) {
            ends.interrupt();
        }
        Turn.wake(wakes);
        if (starts) {
            startReader();
        }
    }

    private int creditOf(ActiveMode mode) {
        return switch (mode) {
            case ActiveMode.Passive _ -> 0;
            case ActiveMode.Always _ -> ALWAYS;
            case ActiveMode.Once _ -> 1;
            case ActiveMode.Times(int messages) -> {
                int left = once ? 0 : Math.max(0, credit);
                yield ActiveMode.TIMES_MAX - left >= messages ? left + messages : refuse(left, messages);
            }
        };
    }

    private static int refuse(int left, int messages) {
        throw new IllegalArgumentException("active: " + messages + " messages and the " + left
                + " that are left are more than " + ActiveMode.TIMES_MAX);
    }

    private void startReader() {
        boolean started = false;
        try {
            node.startHelper(new Reader());
            started = true;
        } finally {
            if (!started) {
                synchronized (lock) {
                    hasReader = false;
                    credit = 0;
                }
            }
        }
    }

    /** Waits until there is something to tell. False if there never will be. By whoever is {@link #reading}. */
    abstract boolean awaitNext() throws IoException;

    /** Takes what was waited for. With the lock. */
    abstract SocketMessage takeNext();

    /** What a message carries. */
    abstract byte[] bytesOf(SocketMessage message);

    /** What is told when nothing comes any more; null where something may. */
    abstract @Nullable SocketMessage endOf(@Nullable Throwable failure);

    /** Deals with a failure, and says how it is told; null if it is the end, and no more than that. */
    abstract @Nullable Throwable toldOf(Throwable failure);

    /** The owner has taken a message out of its mailbox. */
    final void taken(int bytes) {
        Turn wakes = null;
        synchronized (lock) {
            unread -= bytes;
            if (paused && unread <= queue.low()) {
                paused = false;
                wakes = takeParked();
            }
        }
        Turn.wake(wakes);
    }

    /** Refuses to ask for what comes by itself. */
    final void requirePassive() throws IoException {
        requireOpen();
        synchronized (lock) {
            if (credit != 0) {
                throw new IllegalStateException(this + " is active: what arrives comes as messages; call"
                        + " setActive(ActiveMode.PASSIVE) before receiving from it");
            }
        }
    }

    @Override
    final boolean moveMessages(ControlBlock from, ControlBlock to) {
        return from.moveMessages(this, to);
    }

    @Override
    void end() {
        super.end();
        Turn wakes;
        synchronized (lock) {
            wakes = takeParked();
        }
        Turn.wake(wakes);
    }

    @Override
    void awaitEnd() {
        super.awaitEnd();
        reading.lockUncancelable();
        reading.unlock();
    }

    private @Nullable Turn takeParked() {
        Turn waiting = parked;
        parked = null;
        return waiting;
    }

    /** The reader. */
    private final class Reader implements Action<RuntimeException> {
        @Override
        public void run() {
            Fiber fiber = node.access().currentFiber();
            try {
                boolean goesOn = true;
                while (goesOn && awaitTurn(fiber)) {
                    goesOn = step(fiber);
                }
            } catch (CanceledException stopped) {
                // The node is closed, and so will be its processes and the socket.
            }
        }

        /** Waits until a message may come. False if the socket is closed. */
        private boolean awaitTurn(Fiber fiber) {
            while (true) {
                Turn turn;
                synchronized (lock) {
                    if (!isOpen()) {
                        hasReader = false;
                        return false;
                    }
                    if (credit != 0 && !paused) {
                        return true;
                    }
                    turn = new Turn(fiber);
                    parked = turn;
                }
                fiber.block(turn);
                fiber.checkCancel();
            }
        }

        /** Waits for the next message, and tells it. False if it was the last. */
        private boolean step(Fiber fiber) {
            reading.lock();
            try (Interruption scope = Interruption.begin(fiber)) {
                synchronized (lock) {
                    if (credit == 0) {
                        return true;
                    }
                    taking = scope;
                }
                try {
                    return awaitNext() ? tell() : tellEnd(null);
                } catch (CanceledException canceled) {
                    if (!scope.isCause()) {
                        throw canceled;
                    }
                    return true;
                } catch (Throwable failure) {
                    return tellEnd(failure);
                } finally {
                    synchronized (lock) {
                        taking = null;
                    }
                }
            } finally {
                reading.unlock();
            }
        }

        private boolean tell() {
            ControlBlock wakes;
            synchronized (lock) {
                if (!isOpen() || credit == 0) {
                    return true;
                }
                SocketMessage message = takeNext();
                int bytes = Math.max(MESSAGE_MIN, bytesOf(message).length);
                unread += bytes;
                paused = unread >= queue.high();
                wakes = push(message, bytes);
                if (credit > 0) {
                    credit--;
                    if (credit == 0 && !once) {
                        ControlBlock also = push(new SocketMessage.Passive(ActiveSocket.this), 0);
                        wakes = wakes == null ? also : wakes;
                    }
                }
            }
            wake(wakes);
            return true;
        }

        private boolean tellEnd(@Nullable Throwable failure) {
            Throwable told = failure == null ? null : toldOf(failure);
            ControlBlock wakes = null;
            SocketMessage last;
            synchronized (lock) {
                if (!isOpen() || credit == 0) {
                    return true;
                }
                credit = 0;
                if (told != null) {
                    wakes = push(new SocketMessage.Failed(ActiveSocket.this, told), 0);
                }
                last = endOf(told);
                if (last != null) {
                    hasReader = false;
                    ControlBlock also = push(last, 0);
                    wakes = wakes == null ? also : wakes;
                }
            }
            wake(wakes);
            return last == null;
        }

        /** Puts a message into the owner's mailbox. Returns whom to wake. */
        private @Nullable ControlBlock push(SocketMessage message, int bytes) {
            ControlBlock to = owner();
            return to.push(new SocketEnvelope(message, bytes)) == Mailbox.WAKE ? to : null;
        }

        private void wake(@Nullable ControlBlock process) {
            if (process != null) {
                process.wake();
            }
        }

        @Override
        public String toString() {
            return "reader of " + ActiveSocket.this;
        }
    }

    /** The reader's wait for a message that may come. */
    private static final class Turn implements Blocker {
        private final Fiber fiber;
        private volatile boolean done;

        Turn(Fiber fiber) {
            this.fiber = fiber;
        }

        static void wake(@Nullable Turn turn) {
            if (turn != null) {
                turn.done = true;
                turn.fiber.unpark();
            }
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public String operation() {
            return "await active";
        }

        @Override
        public boolean needsOthers() {
            return true;
        }

        @Override
        public void cancel() {
            done = true;
        }
    }
}
