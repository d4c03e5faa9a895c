package dev.gyre.benchmarks.processes;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessBody;
import dev.gyre.process.ProcessesOptions;
import dev.gyre.process.Self;
import java.util.Arrays;

/** {@link Processes} that are Gyre's, on io_uring. */
public final class GyreProcesses extends Processes {
    /** Long mailboxes are what is measured. */
    private static final ProcessesOptions OPTIONS = ProcessesOptions.DEFAULT.withLongMailbox(Integer.MAX_VALUE);

    private final dev.gyre.process.Processes node;

    private GyreProcesses(dev.gyre.process.Processes node) {
        this.node = node;
    }

    /**
     * Runs it.
     *
     * @param arguments how many loops there are, and what {@link Processes} says
     * @throws Exception if there is no io_uring, or memory cannot be read
     */
    public static void main(String[] arguments) throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(Integer.parseInt(arguments[0])));
                dev.gyre.process.Processes node = dev.gyre.process.Processes.open(io, OPTIONS)) {
            new GyreProcesses(node).run(Arrays.copyOfRange(arguments, 1, arguments.length));
        }
    }

    private void await(ProcessBody body) {
        if (node.run(body) instanceof ExitReason.Failed(Throwable cause)) {
            throw new IllegalStateException(cause);
        }
    }

    @Override
    void pingPong(int messages) {
        await(self -> {
            Pid echo = self.spawnLink(one -> {
                for (int i = 0; i < messages; i++) {
                    self.pid().send(one.receive());
                }
            });
            for (int i = 0; i < messages; i++) {
                echo.send(MESSAGE);
                Object _ = self.receive();
            }
        });
    }

    @Override
    void spawn(int processes) {
        await(self -> {
            for (int i = 0; i < processes; i++) {
                self.spawn(_ -> self.pid().send(MESSAGE));
                Object _ = self.receive();
            }
        });
    }

    @Override
    void ring(int messages) {
        await(self -> {
            Pid next = self.pid();
            for (int i = 1; i < RING; i++) {
                Pid to = next;
                next = self.spawn(one -> pass(one, to));
            }
            next.send(messages);
            pass(self, next);
        });
    }

    /** Ends with the last round. */
    private static void pass(Self self, Pid to) {
        int left = 1;
        while (left > 0) {
            left = (Integer) self.receive();
            to.send(Math.max(0, left - 1));
        }
    }

    @Override
    void fanIn(int messages) {
        int each = Math.max(1, messages / SENDERS);
        await(self -> {
            for (int i = 0; i < SENDERS; i++) {
                self.spawn(_ -> {
                    for (int k = 0; k < each; k++) {
                        self.pid().send(MESSAGE);
                    }
                });
            }
            for (int i = 0; i < SENDERS * each; i++) {
                Object _ = self.receive();
            }
        });
    }

    @Override
    void idle(int processes) {
        await(self -> {
            for (int i = 0; i < processes; i++) {
                node.spawn(one -> {
                    self.pid().send(MESSAGE);
                    Object _ = one.receive();
                });
            }
            for (int i = 0; i < processes; i++) {
                Object _ = self.receive();
            }
        });
    }
}
