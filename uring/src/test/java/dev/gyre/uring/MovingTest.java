package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.conformance.OpenDescriptors;
import dev.gyre.io.conformance.Rounds;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that go on on another loop, and connections that follow them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // a group's own exceptions, and what is closed in the middle, too
final class MovingTest {
    private static final IoOptions OPTIONS = IoOptions.DEFAULT.withBackend("uring").withLoops(2);

    private static Io heldIo;
    private static ResetEvent held;
    private static ResetEvent others;
    private static final int ROUNDS = Rounds.of(200);

    @BeforeEach
    void loopsCarryTasks() {
        assumeTrue(VirtualThreads.schedulable(), VirtualThreads.refusal());
    }

    /** A server as one writes it first, all of whose tasks would stay where the first one is. */
    @Test
    @Tag("T2")
    void readersOfABusyLoopMoveToAnIdleOne() throws Exception {
        Set<Thread> carriers = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        try (Io io = Io.open(OPTIONS);
                Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Group<Exception> tasks = io.group()) {
            tasks.concurrent(Placement.SPREAD, () -> {
                for (int i = 0; i < 8; i++) {
                    tasks.concurrent(Placement.NEAR, () -> ask(io, listener, enough));
                    Connection accepted = listener.accept();
                    tasks.concurrent(Placement.NEAR, () -> answer(accepted, carriers));
                }
            });
            Eventually.await("the servers are on both loops", () -> carriers.size() == 2);
            enough.set(true);
            tasks.await();
        }
    }

    private static void ask(Io io, Listener listener, AtomicBoolean enough) throws IoException {
        byte[] question = new byte[64];
        byte[] answer = new byte[64];
        try (Connection connection = io.connect(listener.localAddress())) {
            for (int i = 0; !enough.get(); i++) {
                question[i % 64]++;
                connection.writeAll(question);
                readAll(connection, answer);
                assertThat(answer).isEqualTo(question);
            }
        }
    }

    private static void readAll(Connection connection, byte[] buffer) throws IoException {
        for (int filled = 0; filled < buffer.length;) {
            int count = connection.read(buffer, filled, buffer.length - filled);
            assertThat(count).isPositive();
            filled += count;
        }
    }

    private static void answer(Connection connection, Set<Thread> carriers) throws IoException {
        byte[] buffer = new byte[64];
        try (connection) {
            for (int count = connection.read(buffer); count > 0; count = connection.read(buffer)) {
                carriers.add(VirtualThreads.carrier());
                connection.writeAll(buffer, 0, count);
            }
        }
    }

    @Test
    @Tag("T2")
    void manyTasksThatStartAtOnceUseAllLoops() throws Exception {
        try (Io io = Io.open(OPTIONS)) {
            Task<Set<Thread>, Exception> starting = io.concurrent(() -> {
                Set<Thread> carriers = ConcurrentHashMap.newKeySet();
                try (Group<Exception> tasks = io.group()) {
                    for (int i = 0; i < 100; i++) {
                        tasks.concurrent(() -> carriers.add(VirtualThreads.carrier()));
                    }
                    tasks.await();
                }
                return carriers;
            });
            assertThat(starting.await()).hasSize(2);
        }
    }

    @Test
    @Tag("T2")
    void aFewTasksThatStartAtOnceStayNear() throws Exception {
        try (Io io = Io.open(OPTIONS)) {
            Task<Set<Thread>, Exception> starting = io.concurrent(() -> {
                Set<Thread> carriers = ConcurrentHashMap.newKeySet();
                carriers.add(VirtualThreads.carrier());
                try (Group<Exception> tasks = io.group()) {
                    for (int i = 0; i < 4; i++) {
                        tasks.concurrent(() -> carriers.add(VirtualThreads.carrier()));
                    }
                    tasks.await();
                }
                return carriers;
            });
            assertThat(starting.await()).hasSize(1);
        }
    }

    /** The initializer keeps its thread, and waits for others, some of which were to begin there. */
    @Test
    @Tag("T21")
    void whatComesToAHeldLoopBeginsElsewhere() throws Exception {
        try (Io io = Io.open(OPTIONS); Group<Exception> tasks = io.group()) {
            held = io.resetEvent();
            others = io.resetEvent();
            Task<Boolean, Exception> holding = io.concurrent(() -> Holding.DONE);
            held.await();
            Task<Integer, Exception> spreading = io.concurrent(() -> {
                AtomicInteger begun = new AtomicInteger();
                for (int i = 0; i < 10; i++) {
                    tasks.concurrent(Placement.SPREAD, begun::incrementAndGet);
                }
                tasks.await();
                return begun.get();
            });
            assertThat(spreading.await()).isEqualTo(10);
            others.set();
            assertThat(holding.await()).isTrue();
        }
    }

    private static final class Holding {
        static final boolean DONE = waitForOthers();

        private static boolean waitForOthers() {
            held.set();
            others.await();
            return true;
        }
    }

    /** One that it has started itself is not given to another loop, where it would wait for the class. */
    @Test
    @Tag("T21")
    void anInitializerIsToldThatItWaitsInVain() throws Exception {
        try (Io io = Io.open(OPTIONS)) {
            heldIo = io;
            Task<Integer, Exception> waiting = io.concurrent(() -> InVain.VALUE);
            assertThatThrownBy(waiting::await)
                    .isInstanceOf(ExceptionInInitializerError.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    private static final class InVain {
        static final int VALUE = heldIo.async(() -> InVain.five()).await();

        private static int five() {
            return 5;
        }
    }

    /** What outlives a task has its scheduler, and must not keep the task. */
    @Test
    void aThreadThatATaskHasStartedDoesNotKeepIt() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Io io = Io.open(OPTIONS)) {
            WeakReference<Object> captured = io.<WeakReference<Object>, Exception>concurrent(startingAChild(end))
                    .await();
            for (int loops = 0; loops < 2; loops++) { // each remembers the latest that it ran
                io.concurrent(() -> 0).await();
            }
            Eventually.await("the task is collected", () -> {
                System.gc();
                return captured.refersTo(null);
            });
            end.countDown();
        }
    }

    private static Body<WeakReference<Object>, Exception> startingAChild(CountDownLatch end) {
        Object captured = new Object();
        return () -> {
            Thread.ofVirtual().start(() -> {
                try {
                    end.await();
                } catch (InterruptedException early) {
                    throw new AssertionError(early);
                }
            });
            return new WeakReference<>(captured);
        };
    }

    /** One task reads a little, then another one goes on elsewhere: soon that costs the first one's loop nothing. */
    @Test
    @Tag("T13")
    void aConnectionFollowsWhoeverReadsIt() throws Exception {
        byte[] piece = new byte[64];
        try (Io io = Io.open(OPTIONS);
                Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Connection client = io.connect(listener.localAddress());
                Connection server = listener.accept();
                Group<Exception> tasks = io.group()) {
            AtomicReference<LoopThread> first = new AtomicReference<>();
            tasks.concurrent(Placement.SPREAD, () -> {
                first.set((LoopThread) VirtualThreads.carrier());
                exchange(client, server, piece, 10);
            });
            tasks.await();
            tasks.concurrent(Placement.SPREAD, () -> {
                assertThat(VirtualThreads.carrier()).isNotSameAs(first.get());
                exchange(client, server, piece, 10);
                long runs = first.get().runs;
                exchange(client, server, piece, 1000);
                assertThat(first.get().runs - runs).isLessThan(100);
            });
            tasks.await();
        }
    }

    private static void exchange(Connection client, Connection server, byte[] piece, int times) throws IoException {
        for (int i = 0; i < times; i++) {
            client.writeAll(piece);
            readAll(server, piece);
        }
    }

    /** Whatever happens to a connection while its reader goes to and fro. */
    @Test
    @Tag("stress")
    void nothingIsLostOrHangsWhileReadersMove() throws Exception {
        Collection<String> before = OpenDescriptors.now();
        try (Io io = Io.open(OPTIONS)) {
            for (int i = 0; i < ROUNDS; i++) {
                round(io, End.values()[i % End.values().length], new Random(i));
            }
        }
        assertThat(OpenDescriptors.now()).hasSameSizeAs(before);
    }

    private enum End {
        OF_STREAM,
        BY_SHUTDOWN,
        BY_CLOSE,
        BY_CANCEL
    }

    private static void round(Io io, End end, Random random) throws Exception {
        int length = random.nextInt(100_000);
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Connection client = io.connect(listener.localAddress());
                Connection server = listener.accept()) {
            long seed = random.nextLong();
            Task<Integer, IoException> writing = io.concurrent(() -> write(client, length, new Random(seed)));
            Task<Integer, IoException> reading = io.concurrent(() -> read((UringIo) io, server, new Random(seed + 1)));
            if (end == End.OF_STREAM) {
                assertThat(writing.await()).isEqualTo(length);
                client.shutdown(Direction.WRITE);
                assertThat(reading.await()).isEqualTo(length);
                return;
            }
            LockSupport.parkNanos(random.nextInt(2_000_000));
            switch (end) {
                case BY_SHUTDOWN -> {
                    server.shutdown(Direction.READ);
                    assertThat(reading.await()).isBetween(0, length);
                }
                case BY_CLOSE -> {
                    server.close();
                    assertThatThrownBy(reading::await).isInstanceOf(IoException.class);
                }
                default -> assertThatThrownBy(reading::cancel).isInstanceOf(CanceledException.class);
            }
            server.close();
            try {
                writing.await();
            } catch (IoException reset) {
                // It had more to write than anybody read.
            }
        }
    }

    /** Writes pieces of all sizes, each byte one more than the last. */
    private static int write(Connection connection, int length, Random random) throws IoException {
        int written = 0;
        while (written < length) {
            byte[] piece = new byte[Math.min(length - written, 1 + random.nextInt(random.nextBoolean() ? 100 : 6000))];
            for (int i = 0; i < piece.length; i++) {
                piece[i] = (byte) (written + i);
            }
            connection.writeAll(piece);
            written += piece.length;
        }
        return written;
    }

    /** Reads to the end, on one loop and then on another. */
    private static int read(UringIo io, Connection connection, Random random) throws IoException {
        byte[] buffer = new byte[5000];
        int length = 0;
        for (int count = 0; count >= 0; count = connection.read(buffer, 0, 1 + random.nextInt(buffer.length))) {
            for (int i = 0; i < count; i++) {
                assertThat(buffer[i]).isEqualTo((byte) (length + i));
            }
            length += count;
            if (random.nextInt(8) == 0) {
                moveAway(io);
            }
        }
        return length;
    }

    private static void moveAway(UringIo io) {
        LoopThread here = (LoopThread) VirtualThreads.carrier();
        LoopThread there = io.nextLoop();
        if (there != here) {
            here.latest().moveTo(there);
            assertThat(VirtualThreads.carrier()).isSameAs(there);
        }
    }
}
