package dev.gyre.cli;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code gyre echo}: a TCP server that sends back what it gets, one task for each connection.
 *
 * <p>It is what {@code gyre bench echo} measures, and the shortest server there is.
 */
final class Echo implements Runnable {
    /** A connection begins with little memory, so that many of them can be idle, and gets more as its messages grow. */
    private static final int BUFFER_SIZE_FIRST = 512;

    private static final int BUFFER_SIZE_MAX = 64 * 1024;
    private static final Duration DESCRIPTOR_PAUSE = Duration.ofMillis(50);

    private final CommandSpec spec = Commands.command(
            this, "Send back whatever arrives, to try things out and to measure. Ends with Ctrl-C or SIGTERM.");
    private final AddressOptions address = new AddressOptions(spec);
    private final BackendOptions backend = new BackendOptions(spec);

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public void run() {
        try (Io io = backend.open();
                Listener listener = io.listen(listenAddress(), ListenOptions.DEFAULT);
                Termination _ = Termination.handledBy(listener::close)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("echo: listening on " + listener.localAddress() + ", " + io.description());
            out.flush();
            try (Group<RuntimeException> connections = io.group(Echo::report)) {
                accept(io, listener, connections);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private IpAddress listenAddress() {
        return address.literal(spec);
    }

    /** Takes connections until the listener is closed. */
    private static void accept(Io io, Listener listener, Group<RuntimeException> connections) throws IoException {
        while (true) {
            try {
                serve(listener.accept(), connections);
            } catch (IoException failed) {
                if (failed.reason() == Reason.CLOSED) {
                    return;
                }
                if (!failed.reason().isShortage()) {
                    throw failed;
                }
                // The connection waits in the queue; descriptors come back when others end.
                io.sleep(DESCRIPTOR_PAUSE);
            }
        }
    }

    private static void serve(Connection connection, Group<RuntimeException> connections) {
        try {
            connections.concurrent(Placement.SPREAD, () -> echo(connection));
        } catch (ConcurrencyUnavailable limit) {
            connection.close();
        }
    }

    /** A fault of one connection's ends that one and nothing else. */
    private static void report(Throwable fault) {
        System.getLogger("dev.gyre.cli").log(System.Logger.Level.ERROR, "a connection ended by a fault", fault);
    }

    private static void echo(Connection connection) {
        try (connection; Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_SIZE_FIRST, Long.BYTES);
            for (int length = connection.read(buffer); length >= 0; length = connection.read(buffer)) {
                connection.writeAll(buffer.asSlice(0, length));
                if (length == buffer.byteSize() && length < BUFFER_SIZE_MAX) {
                    buffer = arena.allocate(4L * length, Long.BYTES);
                }
            }
        } catch (IoException failed) {
            // A peer that goes away ends its own connection and nothing else.
            if (failed.reason() == Reason.UNEXPECTED) {
                System.getLogger("dev.gyre.cli").log(System.Logger.Level.WARNING, failed.getMessage());
            }
        }
    }
}
