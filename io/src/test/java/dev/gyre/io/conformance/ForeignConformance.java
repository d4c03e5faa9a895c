package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads and {@code Io}s that have to do with each other, also after the end of one of them. */
@Tag("T21")
abstract class ForeignConformance {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** To either {@code Io} the tasks of the other are threads like any. */
    @Test
    void tasksOfTwoIosThatAwaitEachOtherAreTold(Opener opener) throws Exception {
        try (Io one = opener.open(IoOptions.DEFAULT); Io two = opener.open(IoOptions.DEFAULT)) {
            CompletableFuture<Task<Object, IOException>> second = new CompletableFuture<>();
            Task<Object, IOException> first = one.concurrent(() -> second.join().await());
            second.complete(two.concurrent(first::await));
            assertThatThrownBy(first::await).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(second.join()::await).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aTaskThatClosesTheIoOfWhoAwaitsItGoesOn(Opener opener) throws Exception {
        Io one = opener.open(IoOptions.DEFAULT);
        try (Io two = opener.open(IoOptions.DEFAULT)) {
            CompletableFuture<Task<Object, IOException>> closing = new CompletableFuture<>();
            Task<Object, IOException> awaiting = one.concurrent(() -> closing.join().await());
            closing.complete(two.concurrent(() -> {
                Eventually.await("it is awaited", () -> one.describeTasks().contains("waits: await")
                        || two.describeTasks().contains("waits: await"));
                one.close();
                return "closed";
            }));
            assertThat(closing.join().await()).isEqualTo("closed");
            assertThatThrownBy(awaiting::await).isInstanceOf(CanceledException.class);
        } finally {
            one.close();
        }
    }

    /** A thread that a task has started lives on, and sleeps and wakes as any other. */
    @Test
    void aThreadThatATaskHasStartedLivesOn(Opener opener) throws Exception {
        List<Thread> started = new ArrayList<>();
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<CompletableFuture<String>> results = new ArrayList<>();
        try (Io io = opener.open(IoOptions.DEFAULT)) {
            for (int i = 0; i < 8; i++) {
                CompletableFuture<String> result = new CompletableFuture<>();
                results.add(result);
                CountDownLatch running = new CountDownLatch(1);
                io.concurrent(() -> {
                    started.add(Thread.ofVirtual().start(() -> {
                        running.countDown();
                        try {
                            closed.await();
                            Thread.sleep(20);
                            Thread.yield();
                            goOn.await();
                            synchronized (results) {
                                result.complete("woke");
                            }
                        } catch (Throwable thrown) {
                            result.completeExceptionally(thrown);
                        }
                    }));
                    return null;
                }).await();
                running.await();
            }
        }
        closed.countDown();
        goOn.countDown();
        for (CompletableFuture<String> result : results) {
            assertThat(result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("woke");
        }
        for (Thread thread : started) {
            assertThat(thread.join(PATIENCE)).isTrue();
        }
        // The JDK's own thread that wakes sleepers has survived it as well.
        Thread sleeper = Thread.startVirtualThread(() -> sleep(10));
        assertThat(sleeper.join(PATIENCE)).isTrue();
    }

    /** One that sleeps at the moment of the end wakes in time. */
    @Test
    void aSleeperOfAClosedIoWakes(Opener opener) throws Exception {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        try (Io io = opener.open(IoOptions.DEFAULT)) {
            io.concurrent(() -> {
                started.complete(Thread.ofVirtual().start(() -> sleep(300)));
                return null;
            }).await();
            Blocked.await(started.join());
        }
        assertThat(started.join().join(PATIENCE)).isTrue();
    }

    /** A task that one Io's task starts on another belongs to that one, wherever it was started. */
    @Test
    void anIoPlacesTasksOnItsOwnThreads(Opener opener) throws Exception {
        Io other = opener.open(IoOptions.DEFAULT);
        try (Io io = opener.open(IoOptions.DEFAULT)) {
            Task<Task<String, RuntimeException>, Exception> outer = other.concurrent(() -> io.concurrent(() -> {
                io.sleep(Duration.ofMillis(50));
                return "woke";
            }));
            Task<String, RuntimeException> inner = outer.await();
            other.close();
            assertThat(inner.await()).isEqualTo("woke");
        }
    }

    /** Sockets of one Io used by tasks of another, which then ends. */
    @Test
    void aTaskOfOneIoUsesSocketsOfAnother(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT); Sockets.Pair pair = Sockets.Pair.open(io)) {
            try (Io other = opener.open(IoOptions.DEFAULT)) {
                for (int i = 0; i < 5; i++) {
                    other.concurrent(() -> {
                        Sockets.assertConnected(pair.client(), pair.server());
                        return null;
                    }).await();
                }
            }
            Sockets.assertConnected(pair.client(), pair.server());
            io.concurrent(() -> {
                Sockets.assertConnected(pair.client(), pair.server());
                return null;
            }).await();
        }
    }

    /** A task that waits in another Io is reached by its own one's requests, and by the other one's end. */
    @Test
    void aTaskThatWaitsInAnotherIoIsAskedByBoth(Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        try (Io own = opener.open(IoOptions.DEFAULT)) {
            Caller.Call<Object> canceled = Caller.TASK.start(own, () -> {
                io.sleep(LONG);
                return "woke";
            });
            assertThatThrownBy(canceled.blocked()::stop).isInstanceOf(CanceledException.class);
            Caller.Call<Object> left = Caller.TASK.start(own, () -> {
                io.sleep(LONG);
                return "woke";
            });
            left.blocked();
            io.close();
            assertThatThrownBy(left::result).isInstanceOf(CanceledException.class);
        }
    }

    /** Whatever an Io has opened can be closed after its end, by anybody. */
    @Test
    void whatIsOpenCanBeClosedAfterTheEnd(Opener opener) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            Io io = opener.open(IoOptions.DEFAULT);
            Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Connection client = io.connect(listener.localAddress());
            Connection server = listener.accept();
            // So that there is something to give back.
            io.concurrent(() -> {
                Sockets.assertConnected(client, server);
                return null;
            }).await();
            io.close();
            caller.run(io, () -> {
                client.close();
                server.close();
                listener.close();
            });
        }
    }

    /** Closing a connection while its Io closes neither throws nor leaks. */
    @Test
    void aConnectionIsClosedWhileItsIoIs(Opener opener) throws Exception {
        for (int i = 0; i < 50; i++) {
            Io io = opener.open(IoOptions.DEFAULT);
            Sockets.Pair pair = Sockets.Pair.open(io);
            io.concurrent(() -> {
                Sockets.assertConnected(pair.client(), pair.server());
                return null;
            }).await();
            Caller.Call<Object> closing = Caller.inTurn(2 * i + 1).equals(Caller.TASK)
                    ? closing(Caller.PLATFORM_THREAD, io, pair)
                    : closing(Caller.VIRTUAL_THREAD, io, pair);
            io.close();
            assertThatCode(closing::result).doesNotThrowAnyException();
        }
    }

    private static Caller.Call<Object> closing(Caller caller, Io io, Sockets.Pair pair) {
        return caller.start(io, () -> {
            pair.close();
            return null;
        });
    }

    /** An Io opens on a thread that was interrupted before, and leaves the interrupt to whoever looks for it. */
    @Test
    void opensOnAThreadThatIsInterrupted(Opener opener) throws Exception {
        Thread.currentThread().interrupt();
        try (Io io = opener.open(IoOptions.DEFAULT)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(io.<Integer, RuntimeException>concurrent(() -> 1).await()).isEqualTo(1);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
