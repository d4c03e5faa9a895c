package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whether a descriptor blocks is a property of what it stands for, which others may share: a child process can change
 * it, as many programs do with their standard streams. Waiting goes on all the same.
 */
public abstract class NonBlockingConformance {
    /** So long the other end does nothing. Whatever took the answer for an end would be noticed by then. */
    private static final Duration MEANWHILE = Duration.ofMillis(100);

    private static final int TOO_MUCH = 16 << 20;

    /**
     * The backend.
     *
     * @return a new one
     * @throws BackendUnavailable if it does not work here
     */
    protected abstract Io open() throws BackendUnavailable;

    /**
     * Sets {@code O_NONBLOCK}.
     *
     * @param descriptor an open one
     */
    protected abstract void makeNonBlocking(int descriptor);

    @Test
    void tasksWait() throws Exception {
        try (Io io = open()) {
            io.concurrent(() -> {
                assertWaits(io);
                return null;
            }).await();
        }
    }

    @Test
    void otherThreadsWait() throws Exception {
        try (Io io = open()) {
            assertWaits(io);
        }
    }

    private void assertWaits(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Connection client = io.connect(listener.localAddress());
                Connection server = listener.accept()) {
            makeSocketsNonBlocking();
            byte[] buffer = new byte[1];

            Task<?, Exception> writing = later(io, () -> server.writeAll(new byte[] {7}));
            assertThat(client.read(buffer)).isEqualTo(1);
            assertThat(buffer).containsExactly(7);
            writing.await();

            Task<?, Exception> draining = later(io, () -> drain(server));
            client.writeAll(new byte[TOO_MUCH]);
            draining.await();

            Task<?, Exception> connecting = later(io, () -> io.connect(listener.localAddress()).close());
            listener.accept().close();
            connecting.await();

            Task<Integer, IOException> reading = io.concurrent(() -> client.read(buffer));
            io.sleep(MEANWHILE);
            assertThat(reading.isDone()).isFalse();
            assertThatThrownBy(reading::cancel).isInstanceOf(CanceledException.class);
        }
    }

    private static Task<?, Exception> later(Io io, Action<Exception> action) throws Exception {
        return io.concurrent(() -> {
            io.sleep(MEANWHILE);
            action.run();
            return null;
        });
    }

    private static void drain(Connection connection) throws IOException {
        byte[] taken = new byte[1 << 16];
        for (int left = TOO_MUCH; left > 0;) {
            int count = connection.read(taken);
            assertThat(count).isPositive();
            left -= count;
        }
    }

    private void makeSocketsNonBlocking() {
        List<Integer> sockets = OpenDescriptors.now().stream()
                .filter(each -> each.contains("socket:"))
                .map(each -> Integer.valueOf(each.substring(0, each.indexOf(' '))))
                .toList();
        assertThat(sockets).hasSizeGreaterThanOrEqualTo(3);
        sockets.forEach(this::makeNonBlocking);
    }
}
