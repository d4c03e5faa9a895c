package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Group;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests to stop: when they arrive, and what they leave as it was. */
@Tag("T3")
abstract class CancelConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    void interruptsASleep(Caller caller, Io io) throws Exception {
        assertStops(caller, io, () -> {
            io.sleep(LONG);
            return "woke";
        });
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAnAccept(Caller caller, Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            assertStops(caller, io, listener::accept);
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
            assertStops(caller, io, () -> io.connect(listener.localAddress(), Timeout.NONE));
            Sockets.closeAll(places);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAConnectToAUnixSocket(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder, ListenOptions.DEFAULT.withBacklog(1))) {
            List<Connection> places = Sockets.fill(io, listener);
            assertStops(caller, io, () -> io.connect(listener.localAddress(), Timeout.NONE));
            assertStops(caller, io, () -> io.connect(listener.localAddress(), Timeout.after(LONG)));
            Sockets.closeAll(places);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsARead(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(16);
            assertStops(caller, io, () -> pair.server().read(buffer));
            assertStops(caller, io, () -> pair.server().read(buffer, Timeout.after(LONG)));
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
            assertStops(caller, io, () -> {
                pair.client().writeAll(buffer);
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsASendFile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io);
                var file = io.currentDirectory().openFile(path.toString(), dev.gyre.io.OpenOptions.READ)) {
            assertStops(caller, io, () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.NONE));
        }
    }

    @Test
    void arrivesBeforeTheTaskStarts(Io io) throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            Task<Object, RuntimeException> task = io.concurrent(() -> {
                ran.incrementAndGet();
                io.sleep(LONG);
                return null;
            });
            assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
        }
        assertThat(ran).as("a body always runs").hasValue(50);
    }

    @Test
    void isDeliveredOnce(Io io) throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Task<String, Exception> task = io.concurrent(() -> {
            assertThatThrownBy(() -> io.sleep(LONG)).isInstanceOf(CanceledException.class);
            delivered.countDown();
            io.blocking(() -> {
                asked.await();
                return null;
            });
            io.sleep(Duration.ofMillis(5));
            io.checkCancel();
            return "went on";
        });
        Caller.Call<String> first = Caller.PLATFORM_THREAD.start(io, task::cancel);
        delivered.await();
        Caller.Call<String> second = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
        asked.countDown();
        assertThat(first.result()).isEqualTo("went on");
        assertThat(second.result()).isEqualTo("went on");
    }

    @Test
    void leavesABodyThatNeverLooksItsResult(Io io) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        Task<String, RuntimeException> task = io.concurrent(() -> {
            inside.countDown();
            while (!go.get()) {
                Thread.yield();
            }
            return "valid";
        });
        inside.await();
        Caller.Call<String> stopper = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
        go.set(true);
        assertThat(stopper.result()).isEqualTo("valid");
        assertThat(task.await()).isEqualTo("valid");
    }

    @Test
    void changesNothingAfterTheEnd(Io io) throws Exception {
        Task<String, RuntimeException> task = io.concurrent(() -> "result");
        assertThat(task.await()).isEqualTo("result");
        assertThat(task.cancel()).isEqualTo("result");
        assertThat(io.concurrent(() -> {
            io.sleep(Duration.ofMillis(1));
            return "the thread was told nothing";
        }).await()).isEqualTo("the thread was told nothing");
    }

    @Test
    void isPassedOnByAwait(Io io) throws Exception {
        AtomicBoolean consumed = new AtomicBoolean();
        Caller.Call<String> parent = Caller.TASK.start(io, () -> {
            Task<String, RuntimeException> child = io.concurrent(() -> {
                try {
                    io.sleep(LONG);
                    return "woke";
                } catch (CanceledException expected) {
                    return "child was told";
                }
            });
            String result = child.await();
            consumed.set(!io.cancelRequested());
            io.sleep(Duration.ofMillis(1));
            return result;
        });
        assertThat(parent.blocked().stop()).isEqualTo("child was told");
        assertThat(consumed).isTrue();
    }

    @Test
    void isPassedOnThroughAChain(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Caller.Call<Object> parent = Caller.TASK.start(io, () -> chain(io, 10, told));
        assertThatThrownBy(parent.blocked()::stop).isInstanceOf(CanceledException.class);
        assertThat(told).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void isPassedOnByTheAwaitOfAGroup(Caller caller, Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Caller.Call<Object> call = caller.start(io, () -> {
            try (Group<RuntimeException> group = io.group()) {
                for (int i = 0; i < 5; i++) {
                    group.concurrent(() -> {
                        try {
                            io.sleep(LONG);
                        } catch (CanceledException expected) {
                            told.incrementAndGet();
                        }
                    });
                }
                group.await();
                return null;
            }
        });
        assertThatThrownBy(call.blocked()::stop).isInstanceOf(CanceledException.class);
        assertThat(told).hasValue(5);
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
    void doesNotSwallowAnInterruptThatNobodyHeard(Io io) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            CountDownLatch released = new CountDownLatch(1);
            Caller.Call<List<Boolean>> call = caller.start(io, () -> {
                io.blocking(() -> {
                    released.await();
                    return null;
                });
                boolean afterBlocking = Thread.currentThread().isInterrupted();
                boolean asked = io.cancelRequested();
                return List.of(afterBlocking, asked, Thread.interrupted());
            });
            call.blocked().thread.join().interrupt();
            released.countDown();
            assertThat(call.result()).as(caller.name()).containsExactly(true, true, true);
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

    @Test
    void isHeardByATaskWhoseThreadIsInterrupted(Io io) throws Exception {
        Caller.Call<Object> call = Caller.TASK.start(io, () -> {
            io.sleep(LONG);
            return "woke";
        });
        call.blocked().thread.join().interrupt();
        assertThatThrownBy(call::result).isInstanceOf(CanceledException.class);
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
                try (Connection client = io.connect(listener.localAddress(), Timeout.NONE)) {
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

    private static Object chain(Io io, int depth, AtomicInteger told) throws Exception {
        if (depth == 0) {
            try {
                io.sleep(LONG);
                return null;
            } catch (CanceledException expected) {
                told.incrementAndGet();
                throw expected;
            }
        }
        Task<Object, Exception> child = io.concurrent(() -> chain(io, depth - 1, told));
        return child.await();
    }

    private static <T> void assertStops(Caller caller, Io io, Body<T, Exception> body) throws Exception {
        Caller.Call<T> call = caller.start(io, body).blocked();
        long start = System.nanoTime();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    /** Lets other threads come to a point that differs from time to time. */
    private static void spin(int microseconds) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < microseconds * 1000L) {
            Thread.onSpinWait();
        }
    }
}
