package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Address;
import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Sockets as tests need them. */
final class Sockets {
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(100));

    /** More bytes than fit into the buffers of a connection whose peer does not read. */
    static final long TOO_MUCH = 64 * 1024 * 1024;

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Sockets() {}

    /** The kinds of addresses, each of which must behave alike. */
    enum Family {
        /** TCP over IPv4. */
        IP4 {
            @Override
            Address fresh(Path folder) {
                return Ip4Address.loopback(0);
            }
        },
        /** TCP over IPv6. */
        IP6 {
            @Override
            Address fresh(Path folder) {
                return Ip6Address.loopback(0);
            }
        },
        /** A Unix socket with a path. */
        UNIX_PATH {
            @Override
            Address fresh(Path folder) {
                return new UnixAddress(folder.resolve("socket-" + NAMES.getAndIncrement()).toString());
            }
        },
        /** A Unix socket with an abstract name. */
        UNIX_ABSTRACT {
            @Override
            Address fresh(Path folder) {
                return new UnixAddress("\0gyre-test-" + ProcessHandle.current().pid() + "-" + NAMES.getAndIncrement());
            }
        };

        /** An address that nobody has. */
        abstract Address fresh(Path folder);

        /** Listens at an address that nobody had. */
        Listener listen(Io io, Path folder, ListenOptions options) throws IoException {
            try {
                return io.listen(fresh(folder), options);
            } catch (IoException refused) {
                if (this == IP6 && (refused.reason() == Reason.ADDRESS_FAMILY_UNSUPPORTED
                        || refused.reason() == Reason.ADDRESS_NOT_AVAILABLE)) {
                    throw Skip.because("listen on ::1", refused.getMessage());
                }
                throw refused;
            }
        }

        Listener listen(Io io, Path folder) throws IoException {
            return listen(io, folder, ListenOptions.DEFAULT);
        }
    }

    /** Two ends of a connection. */
    record Pair(Connection client, Connection server) implements AutoCloseable {
        /** Over TCP. */
        static Pair open(Io io) throws IoException {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                return open(io, listener);
            }
        }

        /** Over a socket of this kind. */
        static Pair open(Io io, Family family, Path folder) throws IoException {
            try (Listener listener = family.listen(io, folder)) {
                return open(io, listener);
            }
        }

        static Pair open(Io io, Listener listener) throws IoException {
            Connection client = io.connect(listener.localAddress());
            return new Pair(client, listener.accept());
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    /** Fills a listener's queue, so that the next one who connects waits. What is returned holds the places. */
    static List<Connection> fill(Io io, Listener listener) throws IoException {
        List<Connection> places = new ArrayList<>();
        while (true) {
            try {
                places.add(io.within(SOON, () -> io.connect(listener.localAddress())));
            } catch (TimeoutException full) {
                return places;
            }
        }
    }

    /**
     * Writes until a Unix socket takes nothing more (TCP's windows grow). Returns how many bytes it took. Not for
     * tasks, as {@link #untilOneWaits}.
     */
    static long fill(Io io, Connection connection) throws Exception {
        MemorySegment chunk = MemorySegment.ofArray(new byte[64 * 1024]);
        return untilOneWaits(io, () -> connection.write(chunk));
    }

    /**
     * Makes the same call in one task after the other, until one waits, which is then canceled. Not to be called by a
     * task, which might keep the others from running while it looks at them.
     *
     * @param call a call that says how much it has done, and is tried at once on every backend
     * @return the sum of what the calls have done
     */
    static long untilOneWaits(Io io, Body<Integer, Exception> call) throws Exception {
        long total = 0;
        try {
            while (true) {
                Caller.Call<Integer> next = Caller.TASK.start(io, call);
                total += next.blocks() ? next.stop() : next.result();
            }
        } catch (CanceledException waited) {
            return total;
        }
    }

    /** A file of zeros that no connection takes as a whole. */
    static Path fileThatIsTooMuch(Io io, Path folder) throws IoException {
        Path path = folder.resolve("zeros");
        try (File file = io.currentDirectory().openFile(path.toString(), OpenOptions.REPLACE)) {
            file.truncate(TOO_MUCH);
        }
        return path;
    }

    static void closeAll(List<? extends Connection> connections) {
        connections.forEach(Connection::close);
    }

    /** Asks a task to stop that is to be canceled by that. */
    static void cancel(Task<?, ? extends Exception> task) {
        assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
    }

    /** Reads one byte: 0 to 255, or -1 at the end of the stream. */
    static int readOne(Connection connection) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            return connection.read(one) < 0 ? -1 : Byte.toUnsignedInt(one.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    static void writeOne(Connection connection, int value) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            one.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
            connection.writeAll(one);
        }
    }

    /** Asserts that what one writes the other reads, both ways. */
    static void assertConnected(Connection one, Connection other) throws IoException {
        writeOne(one, 1);
        assertThat(readOne(other)).isEqualTo(1);
        writeOne(other, 2);
        assertThat(readOne(one)).isEqualTo(2);
    }

    /** Waits for the end of a stream in which there is nothing. */
    static void assertEnds(Connection connection) throws IoException {
        assertThat(readOne(connection)).as("the end of the stream").isEqualTo(-1);
    }

    /** Reads to the end of the stream. Returns how many bytes came. */
    static long drain(Connection connection) throws IoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64 * 1024);
            long total = 0;
            for (int count = 0; count >= 0; count = connection.read(buffer)) {
                total += count;
            }
            return total;
        }
    }

    /** Reads exactly as much as fits. */
    static void readFully(Connection connection, MemorySegment buffer) throws IoException {
        long filled = 0;
        while (filled < buffer.byteSize()) {
            int count = connection.read(buffer.asSlice(filled));
            if (count < 0) {
                throw new AssertionError("the stream ended after " + filled + " of " + buffer.byteSize() + " bytes");
            }
            filled += count;
        }
    }
}
