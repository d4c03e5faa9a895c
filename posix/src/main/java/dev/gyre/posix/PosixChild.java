package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EAGAIN;
import static dev.gyre.io.ErrorNumber.ESRCH;

import dev.gyre.io.Child;
import dev.gyre.io.Command;
import dev.gyre.io.Exit;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Sink;
import dev.gyre.io.Source;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A child behind a descriptor.
 *
 * <p>The backend takes notice of its end by itself, so that it leaves no zombie, and holds the descriptor until then.
 * Whoever awaits the end waits for the descriptor on his own, and is not told by somebody else.
 */
final class PosixChild implements Child {
    private static final int SIGTERM = 15;
    static final int SIGKILL = 9;
    private static final int SIGNAL_MAX = 64;

    private final PosixIo io;
    private final Command command;
    private final ProcessDescriptor process;
    private final @Nullable PosixFile input;
    private final @Nullable PosixFile output;
    private final @Nullable PosixFile error;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A child.
     *
     * @param ends of the pipes for the three streams, which belong to this from now on; -1 where there is none
     */
    PosixChild(PosixIo io, Command command, ProcessDescriptor process, int[] ends) {
        this.io = io;
        this.command = command;
        this.process = process;
        this.input = pipe(ends[0], "input");
        this.output = pipe(ends[1], "output");
        this.error = pipe(ends[2], "error output");
    }

    private @Nullable PosixFile pipe(int fd, String what) {
        return fd < 0 ? null : new PosixFile(io, fd, what + " of " + this);
    }

    @Override
    public long pid() {
        return process.process();
    }

    @Override
    public Sink input() {
        return piped(input, "input");
    }

    @Override
    public Source output() {
        return piped(output, "output");
    }

    @Override
    public Source error() {
        return piped(error, "error");
    }

    private PosixFile piped(@Nullable PosixFile pipe, String what) {
        if (pipe == null) {
            throw new IllegalStateException(
                    "the " + what + " of " + this + " is no pipe: say Stdio.PIPE in the command");
        }
        return pipe;
    }

    @Override
    public Exit await() throws IoException {
        Fiber fiber = io.begin();
        while (true) {
            Answer<Exit> end = process.end();
            if (end != null) {
                return Results.check(Operation.AWAIT_CHILD, end, this);
            }
            if (!process.acquire()) {
                if (process.end() == null) {
                    throw Operation.AWAIT_CHILD.failure(Reason.CLOSED, this);
                }
                continue;
            }
            int result;
            try {
                result = io.kernel().awaitEnd(fiber, process);
            } finally {
                release(fiber);
            }
            if (result < 0) {
                Results.requireAgain(Operation.AWAIT_CHILD, result, this);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public @Nullable Exit poll() throws IoException {
        io.step();
        Answer<Exit> end = currentEnd();
        if (end == null) {
            throw Operation.AWAIT_CHILD.failure(Reason.CLOSED, this);
        }
        return end.result() == -EAGAIN.code() ? null : Results.check(Operation.AWAIT_CHILD, end, this);
    }

    /** How it ended, or {@code EAGAIN}; null if it was closed before it ended. */
    private @Nullable Answer<Exit> currentEnd() {
        Answer<Exit> end = process.end();
        if (end != null || !process.acquire()) {
            return end == null ? process.end() : end;
        }
        try {
            return io.kernel().pollEnd(process);
        } finally {
            release(io.caller());
        }
    }

    @Override
    public boolean signal(int number) throws IoException {
        if (number < 1 || number > SIGNAL_MAX) {
            throw new IllegalArgumentException("there is no signal " + number + ", only 1.." + SIGNAL_MAX);
        }
        io.step();
        if (process.end() != null || closed.get() || !process.acquire()) {
            return false;
        }
        try {
            // A child that has ended, and of whose end nobody has taken notice yet, would take it.
            return io.kernel().pollEnd(process).result() == -EAGAIN.code() && send(number);
        } finally {
            release(io.caller());
        }
    }

    private boolean send(int number) throws IoException {
        int result = io.kernel().signal(process, number);
        if (result < 0 && result != -ESRCH.code()) {
            throw Operation.SIGNAL_CHILD.failure(-result, this);
        }
        return result == 0;
    }

    @Override
    public boolean terminate() throws IoException {
        return signal(SIGTERM);
    }

    @Override
    public boolean kill() throws IoException {
        return signal(SIGKILL);
    }

    @Override
    public void close() throws IoException {
        StackRoom.require();
        io.step();
        Fiber fiber = io.caller();
        try {
            if (closed.compareAndSet(false, true)) {
                end(fiber);
            }
        } finally {
            try {
                if (process.beginClose()) {
                    release(fiber);
                }
            } finally {
                closePipes(); // again, where there was no memory for that
            }
        }
    }

    /** Sees to its end, unless it is to go on. Not closing yet: who asks for the end meanwhile is to hear of it. */
    private void end(Fiber fiber) throws IoException {
        if (process.acquire()) {
            try {
                if (isToEnd()) {
                    io.kernel().awaitRelease(fiber, process);
                }
            } finally {
                release(fiber);
            }
        }
    }

    /** Whether it has ended, or was killed. */
    private boolean isToEnd() throws IoException {
        if (process.end() != null) {
            return true;
        }
        return switch (command.atClose()) {
            case KILL -> {
                send(SIGKILL);
                yield true;
            }
            case LEAVE -> io.kernel().pollEnd(process).result() != -EAGAIN.code();
        };
    }

    private void closePipes() throws IoException {
        try (PosixFile _ = error; PosixFile _ = output; PosixFile _ = input) {
            io.step();
        }
    }

    /** The last one out closes. */
    private void release(Fiber fiber) {
        if (process.release()) {
            io.kernel().close(fiber, process.take());
        }
    }

    @Override
    public String toString() {
        return command.program() + " (pid " + process.process() + ")";
    }
}
