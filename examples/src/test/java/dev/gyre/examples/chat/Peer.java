package dev.gyre.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Somebody who talks to the chat, as with telnet. */
final class Peer implements AutoCloseable {
    private static final Timeout LONG = Timeout.after(Duration.ofSeconds(20));

    final Connection connection;

    private final Io io;
    private final BufferedSource lines;

    Peer(Io io, Connection connection) {
        this.io = io;
        this.connection = connection;
        lines = new BufferedSource(connection);
    }

    /** One who has a name, and what it was called first. */
    Peer called(String name) throws Exception {
        type("/nick " + name);
        await("* You are " + name + " now.");
        return this;
    }

    /** One who is in a room. */
    Peer in(String room) throws Exception {
        type("/join " + room);
        await("* You are in " + room + ".");
        return this;
    }

    void type(String line) throws IoException {
        send((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IoException {
        connection.writeAll(bytes);
    }

    /** The next line; null at the end. */
    @Nullable String line() throws Exception {
        try {
            return io.within(LONG, () -> lines.readLine(10_000));
        } catch (IoException reset) {
            return null;
        }
    }

    /** The next line is this. */
    void reads(String expected) throws Exception {
        assertThat(line()).isEqualTo(expected);
    }

    /** Waits for a line. Returns those that came before it. */
    List<String> await(String expected) throws Exception {
        return awaitOne(expected::equals);
    }

    List<String> awaitOne(Predicate<String> expected) throws Exception {
        List<String> before = new ArrayList<>();
        while (true) {
            String line = line();
            assertThat(line).as("after " + before.size() + " lines").isNotNull();
            if (expected.test(line)) {
                return before;
            }
            before.add(line);
        }
    }

    /** Reads on. Returns the last line. */
    @Nullable String lastLine() throws Exception {
        String last = null;
        for (String line = line(); line != null; line = line()) {
            last = line;
        }
        return last;
    }

    @Override
    public void close() {
        connection.close();
    }
}
