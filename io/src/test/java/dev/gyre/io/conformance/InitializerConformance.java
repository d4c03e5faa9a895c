package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Operations in the initializer of a class. Below it lies a frame of the virtual machine's, and so a virtual thread
 * cannot leave its carrier while it waits.
 */
@Tag("T21")
abstract class InitializerConformance {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final IoOptions ONE_LOOP = IoOptions.DEFAULT.withLoops(1);

    @ParameterizedTest
    @EnumSource
    void whatTheKernelDoesGoesOn(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Caller.Call<Integer> reader = caller.start(io, () -> initialize(() -> {
                io.sleep(SHORT);
                try (var file = io.currentDirectory().openFile("/dev/zero", OpenOptions.READ)) {
                    pair.server().writeAll(new byte[file.read(new byte[3], 0)]);
                }
                return pair.server().read(new byte[10]);
            }));
            assertThat(pair.client().read(new byte[10])).isEqualTo(3);
            pair.client().writeAll(new byte[7]);
            assertThat(reader.result()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheJdkWaitsForIsNoHindrance(Caller caller, Io io) throws Exception {
        assertThat(caller.<Integer>run(io, () -> initialize(() -> {
            CountDownLatch nobodyCountsDown = new CountDownLatch(1);
            boolean counted = nobodyCountsDown.await(SHORT.toMillis(), TimeUnit.MILLISECONDS);
            io.sleep(SHORT);
            boolean countedThere =
                    io.blocking(() -> nobodyCountsDown.await(SHORT.toMillis(), TimeUnit.MILLISECONDS));
            return counted || countedThere ? 0 : 5;
        }))).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void aRequestToStopAndALimitOfTimeAreHeard(Caller caller, Io io) throws Exception {
        assertThatThrownBy(() -> caller.run(io, () -> initialize(() ->
                        io.within(Timeout.after(SHORT), () -> io.<Integer>queue(1).get()))))
                .isInstanceOf(TimeoutException.class);

        Caller.Call<Integer> sleeper = caller.start(io, () -> initialize(() -> {
            io.sleep(Duration.ofDays(1));
            return 0;
        }));
        sleeper.thread.join(); // where its thread cannot be left, it is not seen to wait
        assertThatThrownBy(sleeper::stop).isInstanceOf(CanceledException.class);
    }

    /** Where the others can run only on the thread that is held up, that is told; otherwise they end. */
    @ParameterizedTest
    @EnumSource
    void whoWaitsForOthersWaitsOrIsToldWhyNot(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(ONE_LOOP)) {
            Body<Integer, Exception> body = () -> {
                io.sleep(SHORT);
                return 5;
            };
            try {
                assertThat(caller.<Integer>run(io, () -> initialize(() -> {
                    Task<Integer, Exception> task = io.concurrent(body);
                    return task.await();
                }))).isEqualTo(5);
            } catch (IllegalStateException told) {
                assertThat(told).hasMessageContaining("static initializer");
            }
            assertThat(io.concurrent(body).await()).as("others after that").isEqualTo(5);
        }
    }

    /** A group whose canceling was broken off there takes members as before. */
    @ParameterizedTest
    @EnumSource
    void aGroupIsNotCanceledForEver(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(ONE_LOOP); Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> io.sleep(Duration.ofDays(1)));
            try {
                caller.run(io, () -> initialize(() -> {
                    group.cancel();
                    return 0;
                }));
            } catch (IllegalStateException told) {
                assertThat(told).hasMessageContaining("static initializer");
            }
            AtomicInteger ran = new AtomicInteger();
            group.concurrent(() -> {
                io.sleep(SHORT);
                ran.incrementAndGet();
            });
            group.await();
            assertThat(ran).hasValue(1);
        }
    }

    /** Such a thread is carried by what carries the task, and no task itself. */
    @Test
    void aThreadThatATaskHasStartedWaitsAsWell(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            FutureTask<Integer> reading = new FutureTask<>(() -> initialize(() -> {
                io.sleep(SHORT);
                return pair.server().read(new byte[10]);
            }));
            Task<Thread, RuntimeException> starting = io.concurrent(() -> Thread.startVirtualThread(reading));
            // The task may have to wait for the thread that it has started.
            pair.client().writeAll(new byte[5]);
            assertThat(reading.get()).isEqualTo(5);
            starting.await().join();
        }
    }

    /** It holds up what carries it like a task does, and may be just what the other one needs. */
    @Test
    void aThreadThatATaskHasStartedIsToldAsWell(Opener opener) throws Exception {
        try (Io io = opener.open(ONE_LOOP)) {
            Body<Integer, Exception> body = () -> {
                io.sleep(SHORT);
                return 5;
            };
            FutureTask<Integer> waiting = new FutureTask<>(() -> initialize(() -> {
                Task<Integer, Exception> task = io.concurrent(body);
                return task.await();
            }));
            Task<Thread, RuntimeException> starting = io.concurrent(() -> Thread.startVirtualThread(waiting));
            try {
                assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(5);
            } catch (ExecutionException told) {
                assertThat(told.getCause()).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("static initializer");
            }
            starting.await().join();
            assertThat(io.concurrent(body).await()).as("others after that").isEqualTo(5);
        }
    }

    /** Runs {@code body} in the initializer of a new class. */
    private static int initialize(Body<Integer, Exception> body) throws Exception {
        byte[] code;
        try (InputStream stream = InitializerConformance.class.getResourceAsStream("Initialized.class")) {
            code = Objects.requireNonNull(stream).readAllBytes();
        }
        Initialized.Work work = new Initialized.Work(body);
        Initialized.Work.NEXT.set(work);
        MethodHandles.lookup().defineHiddenClass(code, true);
        return work.result();
    }
}
