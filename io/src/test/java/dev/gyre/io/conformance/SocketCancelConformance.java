package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests to stop that reach tasks in the midst of operations on sockets. */
@Tag("T3")
abstract class SocketCancelConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    void interruptsAnAccept(Caller caller, Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Stopping.assertStops(caller, io, listener::accept);
            try (Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
                assertThat(pair.server()).as("the listener lives on").isNotNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAConnect(Caller caller, Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1))) {
            List<Connection> places = Sockets.fill(io, listener);
            Stopping.assertStops(caller, io, () -> io.connect(listener.localAddress()));
            Sockets.closeAll(places);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAConnectToAUnixSocket(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder, ListenOptions.DEFAULT.withBacklog(1))) {
            List<Connection> places = Sockets.fill(io, listener);
            Stopping.assertStops(caller, io, () -> io.connect(listener.localAddress()));
            Stopping.assertStops(caller, io, () -> io.within(
                    Timeout.after(LONG), () -> io.connect(listener.localAddress())));
            Sockets.closeAll(places);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsARead(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(16);
            Stopping.assertStops(caller, io, () -> pair.server().read(buffer));
            Stopping.assertStops(caller, io, () -> io.within(Timeout.after(LONG), () -> pair.server().read(buffer)));
            pair.client().writeAll(arena.allocateFrom("after"));
            assertThat(pair.server().read(buffer)).isEqualTo(6);
            assertThat(buffer.getString(0)).isEqualTo("after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAWrite(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(Sockets.TOO_MUCH);
            Stopping.assertStops(caller, io, () -> {
                pair.client().writeAll(buffer);
                return null;
            });
        }
    }

    @Test
    void setsTheFlagOfAnInterruptedThreadAgain(Io io) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                Caller.Call<Boolean> call = caller.start(io, () -> {
                    assertThatThrownBy(listener::accept).isInstanceOf(CanceledException.class);
                    return Thread.currentThread().isInterrupted();
                });
                assertThat(call.blocked().stop()).as("flag of a " + caller).isTrue();
            }
        }
    }

    @Test
    void reachesAThreadThatIsInterruptedBeforehand(Io io) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                assertThat(caller.start(io, () -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(listener::accept).isInstanceOf(CanceledException.class);
                    assertThat(Thread.interrupted()).isTrue();
                    io.checkCancel();
                    return "usable again";
                }).result()).isEqualTo("usable again");
            }
        }
    }

    /** Whichever is faster: a connection is accepted by the one or by the next, never by nobody. */
    @Test
    @Tag("A3")
    void losesNoConnectionToACanceledAccept(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Arena arena = Arena.ofShared()) {
            MemorySegment sent = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment received = arena.allocate(ValueLayout.JAVA_INT);
            int byCanceled = 0;
            for (int i = 0; i < 200; i++) {
                Task<Connection, Exception> accepting = io.concurrent(listener::accept);
                spin(i);
                try (Connection client = io.connect(listener.localAddress())) {
                    sent.set(ValueLayout.JAVA_INT, 0, i);
                    client.writeAll(sent);
                    spin(i % 50);
                    Connection accepted;
                    try {
                        accepted = accepting.cancel();
                        byCanceled++;
                    } catch (CanceledException faster) {
                        accepted = listener.accept();
                    }
                    try (Connection server = accepted) {
                        Sockets.readFully(server, received);
                        assertThat(received.get(ValueLayout.JAVA_INT, 0)).isEqualTo(i);
                    }
                }
            }
            assertThat(byCanceled).as("the race went both ways, or nearly").isBetween(0, 200);
        }
    }

    /** Clean-up has to do with the outside world, mostly more than once, and waits for it. */
    @ParameterizedTest
    @EnumSource(names = {"TASK", "VIRTUAL_THREAD", "PLATFORM_THREAD"})
    @Tag("T6")
    void aProtectedRegionDoesAsManyOperationsAsItLikes(Caller caller, Io io) throws Exception {
        int times = 3;
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Caller.Call<Object> echoing = Caller.TASK.start(io, () -> {
                for (int i = 0; i < times; i++) {
                    int asked = Sockets.readOne(pair.server());
                    io.sleep(Duration.ofMillis(5)); // until the other end waits
                    Sockets.writeOne(pair.server(), asked + 1);
                }
                return true;
            });
            Caller.Call<Integer> stopped = caller.start(io, () -> {
                try {
                    io.sleep(LONG);
                    return 0;
                } catch (CanceledException canceled) {
                    return io.protect(() -> {
                        int sum = 0;
                        for (int i = 0; i < times; i++) {
                            Sockets.writeOne(pair.client(), i);
                            sum += Sockets.readOne(pair.client());
                        }
                        return sum;
                    });
                }
            }).blocked();
            assertThat(stopped.stop()).isEqualTo(6);
            assertThat(echoing.result()).isEqualTo(true);
        }
    }

    /** Numbers arrive in order and complete, however often the reader is stopped, or runs out of time. */
    @ParameterizedTest
    @EnumSource(names = {"TASK", "VIRTUAL_THREAD", "PLATFORM_THREAD"})
    void losesNoBytesToACanceledRead(Caller caller, Io io) throws Exception {
        int stops = 50;
        AtomicBoolean enough = new AtomicBoolean();
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            Caller.Call<Integer> writer = Caller.TASK.start(io, () -> {
                MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
                int next = 0;
                while (!enough.get()) {
                    number.set(ValueLayout.JAVA_INT, 0, next++);
                    pair.client().writeAll(number);
                }
                pair.client().shutdown(Direction.WRITE);
                return next;
            });
            Reader reader = new Reader(pair.server(), arena.allocate(1024, Integer.BYTES));
            for (int i = 0; i < stops; i++) {
                Caller.Call<Object> reading = caller.start(io, () -> {
                    while (true) {
                        reader.take();
                    }
                });
                reading.thread.join();
                spin(ThreadLocalRandom.current().nextInt(500));
                assertThatThrownBy(reading::stop).isInstanceOf(CanceledException.class);
            }
            enough.set(true);
            while (reader.take()) {}
            assertThat(reader.next).isEqualTo(writer.result());
        }
    }

    private static final class Reader {
        private final Connection connection;
        private final MemorySegment buffer;
        private long filled;
        private int next;

        Reader(Connection connection, MemorySegment buffer) {
            this.connection = connection;
            this.buffer = buffer;
        }

        /** Checks what is there. False at the end of the stream. */
        boolean take() throws Exception {
            int count = connection.read(buffer.asSlice(filled));
            if (count < 0) {
                return false;
            }
            filled += count;
            long whole = filled / Integer.BYTES;
            for (long i = 0; i < whole; i++) {
                assertThat(buffer.getAtIndex(ValueLayout.JAVA_INT, i)).isEqualTo(next++);
            }
            long rest = filled % Integer.BYTES;
            MemorySegment.copy(buffer, whole * Integer.BYTES, buffer, 0, rest);
            filled = rest;
            return true;
        }
    }

    /** Lets other threads come to a point that differs from time to time. */
    private static void spin(int microseconds) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < microseconds * 1000L) {
            Thread.onSpinWait();
        }
    }
}
