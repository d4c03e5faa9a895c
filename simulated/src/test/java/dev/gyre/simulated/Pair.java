package dev.gyre.simulated;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Timeout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Two ends of a connection, and what tests do with one end. */
record Pair(Connection client, Connection server) implements AutoCloseable {
    /** So little that no time passes for whoever finds what he wants. */
    static final Timeout AT_ONCE = Timeout.after(Duration.ofNanos(1));

    static Pair open(Io io) throws IoException {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Connection client = io.connect(listener.localAddress());
            return new Pair(client, listener.accept());
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    static MemorySegment buffer(long size) {
        return Arena.ofAuto().allocate(size);
    }

    /** A page of memory behind which there is nothing any more, as the file that it maps has become shorter. */
    static MemorySegment gone(Path folder) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve("mapped"),
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0, 4096, Arena.ofAuto());
            file.truncate(0);
            return memory;
        }
    }

    /** Reads a byte: -1 at the end of the stream. */
    static int read(Connection connection) throws IoException {
        MemorySegment one = buffer(1);
        return connection.read(one) < 0 ? -1 : one.get(ValueLayout.JAVA_BYTE, 0);
    }

    static void write(Connection connection, int value) throws IoException {
        MemorySegment one = buffer(1);
        one.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
        connection.write(one);
    }

    /** Reads to the end of the stream. Returns how many bytes came. */
    static long drain(Connection connection) throws IoException {
        MemorySegment buffer = buffer(64 * 1024);
        long total = 0;
        for (int count = 0; count >= 0; count = connection.read(buffer)) {
            total += count;
        }
        return total;
    }
}
