package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that wait for each other's end in a circle. One of them hears of it, so that all of them end. */
@Tag("T4")
abstract class CircleConformance {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 20})
    void tasksThatAwaitEachOtherAreTold(int count, Io io) throws Exception {
        ResetEvent allThere = io.resetEvent();
        List<Task<Object, IOException>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int next = (i + 1) % count;
            tasks.add(io.concurrent(() -> {
                allThere.await();
                return tasks.get(next).await();
            }));
        }
        allThere.set();
        for (Task<Object, IOException> task : tasks) {
            assertThatThrownBy(task::await).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("wait for each other");
        }
    }

    /** There a request to stop would not reach them. */
    @Test
    void soAreTheyInAProtectedRegion(Io io) throws Exception {
        Later<Task<Object, IOException>> second = new Later<>(io);
        Task<Object, IOException> first = io.concurrent(() -> io.protect(() -> second.get().await()));
        second.set(io.concurrent(() -> io.protect(first::await)));
        assertThatThrownBy(first::await).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second.get()::await).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMemberThatAwaitsWhoAwaitsItsGroupIsTold(Io io) throws Exception {
        try (Group<IOException> group = io.group(_ -> {})) {
            Later<Task<Object, IOException>> outer = new Later<>(io);
            CompletableFuture<Throwable> refusal = new CompletableFuture<>();
            group.concurrent(() -> io.sleep(Duration.ofMillis(1)));
            group.concurrent(() -> {
                try {
                    outer.get().await();
                } catch (IllegalStateException refused) {
                    refusal.complete(refused);
                }
            });
            outer.set(io.concurrent(() -> {
                try {
                    group.await();
                } catch (IllegalStateException refused) {
                    refusal.complete(refused);
                }
                return null;
            }));
            outer.get().await();
            assertThat(refusal.join()).hasMessageContaining("wait for each other");
        }
    }

    /** Whoever closes a group leaves nobody behind; so it is the member that goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMemberThatAwaitsWhoClosesItsGroupGoesOn(boolean isProtected, Io io) throws Exception {
        Later<Task<Integer, ConcurrencyUnavailable>> owner = new Later<>(io);
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        owner.set(io.concurrent(() -> {
            Group<RuntimeException> group = io.group();
            group.concurrent(() -> {
                Body<Integer, ConcurrencyUnavailable> wait = () -> owner.get().await();
                try {
                    heard.completeExceptionally(new AssertionError(isProtected ? io.protect(wait) : wait.run()));
                } catch (ConcurrencyUnavailable | RuntimeException told) {
                    heard.complete(told);
                }
            });
            Eventually.await("the member waits", () -> io.describeTasks().contains("waits: await"));
            group.close();
            return group.size();
        }));
        assertThat(owner.get().await()).isZero();
        assertThat(heard.join()).isInstanceOf(isProtected ? IllegalStateException.class : CanceledException.class);
    }

    @Test
    void whoCancelsATaskThatAwaitsHimGoesOnWhenItHasEnded(Io io) throws Exception {
        Later<Task<Object, IOException>> canceler = new Later<>(io);
        Task<Object, IOException> awaiting = io.concurrent(() -> canceler.get().await());
        canceler.set(io.concurrent(() -> {
            assertThatThrownBy(awaiting::cancel).isInstanceOf(CanceledException.class);
            return "went on";
        }));
        assertThat(canceler.get().await()).isEqualTo("went on");
    }

    @Test
    void tasksThatCancelEachOtherAreTold(Io io) throws Exception {
        Later<Task<Object, IOException>> second = new Later<>(io);
        AtomicBoolean told = new AtomicBoolean();
        Body<Object, IOException> first = () -> {
            try {
                return second.get().cancel();
            } catch (IllegalStateException refused) {
                told.set(true);
                return null;
            }
        };
        Task<Object, IOException> task = io.concurrent(first);
        second.set(io.concurrent(() -> {
            try {
                return task.cancel();
            } catch (IllegalStateException refused) {
                told.set(true);
                return null;
            }
        }));
        task.await();
        second.get().await();
        assertThat(told).isTrue();
    }

    @Test
    void aBlockingBodyThatAwaitsItsOwnTaskIsTold(Io io) throws Exception {
        Later<Task<Object, IOException>> self = new Later<>(io);
        self.set(io.concurrent(() -> io.blocking(() -> self.get().await())));
        assertThatThrownBy(self.get()::await).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for each other");
    }

    @Test
    void soIsOneWhoseTaskAnotherTaskAwaits(Io io) throws Exception {
        Later<Task<Object, IOException>> second = new Later<>(io);
        Task<Object, IOException> first = io.concurrent(() -> io.blocking(() -> second.get().await()));
        second.set(io.concurrent(() -> io.blocking(first::await)));
        assertThatThrownBy(first::await).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second.get()::await).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBlockingBodyThatAwaitsTheGroupOfItsTaskIsTold(Io io) throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        try (Group<IOException> group = io.group(refusal::complete)) {
            group.concurrent(() -> io.blocking(() -> {
                group.await();
                return null;
            }));
            Eventually.await("the member is told", refusal::isDone);
        }
        assertThat(refusal.join()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for each other");
    }

    /** What only looks like one. */
    @Test
    void aChainIsNoCircle(Io io) throws Exception {
        ResetEvent end = io.resetEvent();
        List<Task<Integer, IOException>> chain = new ArrayList<>();
        chain.add(io.concurrent(() -> {
            end.await();
            return 7;
        }));
        for (int i = 1; i < 100; i++) {
            Task<Integer, IOException> before = chain.getLast();
            chain.add(io.concurrent(before::await));
        }
        try (Group<IOException> group = io.group()) {
            for (int i = 0; i < 100; i++) {
                group.concurrent(() -> chain.getLast().await());
            }
            end.set();
            group.await();
        }
        assertThat(chain.getLast().await()).isEqualTo(7);
    }

    /** From two threads at the same moment: one sees the other, or both. */
    @Test
    @StressRun
    void whoeverIsLastSeesIt(Io io) throws Exception {
        for (int i = 0; i < Rounds.of(300); i++) {
            List<Task<Object, IOException>> tasks = new ArrayList<>();
            ResetEvent start = io.resetEvent();
            for (int j = 0; j < 2; j++) {
                int other = 1 - j;
                tasks.add(io.concurrent(() -> {
                    start.await();
                    return tasks.get(other).await();
                }));
            }
            start.set();
            for (Task<Object, IOException> task : tasks) {
                assertThatThrownBy(task::await).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    /** What is known a little later. A wait of the JDK's would hold up a simulation. */
    private static final class Later<T> {
        private final ResetEvent known;
        private final AtomicReference<T> value = new AtomicReference<>();

        Later(Io io) {
            known = io.resetEvent();
        }

        void set(T newValue) {
            value.set(newValue);
            known.set();
        }

        T get() {
            known.awaitUncancelable();
            return value.get();
        }
    }
}
