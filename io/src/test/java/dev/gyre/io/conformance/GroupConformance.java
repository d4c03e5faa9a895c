package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Placement;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of tasks. */
@Tag("T6")
abstract class GroupConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void awaitWaitsForAll(Io io) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Group<RuntimeException> group = io.group()) {
            assertThat(group.size()).isZero();
            group.await();
            for (int i = 1; i <= 10; i++) {
                int milliseconds = i;
                Placement placement = i % 2 == 0 ? Placement.NEAR : Placement.SPREAD;
                group.concurrent(placement, () -> {
                    io.sleep(Duration.ofMillis(milliseconds));
                    ended.incrementAndGet();
                });
            }
            group.await();
            assertThat(ended).hasValue(10);
            assertThat(group.size()).isZero();
            group.async(ended::incrementAndGet);
            group.await();
            assertThat(ended).as("used again").hasValue(11);
        }
    }

    @Test
    void asyncMembersRunOnTheCallerAtTheLimit(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0)); Group<RuntimeException> group = io.group()) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            group.async(() -> thread.set(Thread.currentThread()));
            assertThat(thread).hasValue(Thread.currentThread());
        }
    }

    /** It is a part of the caller: what stops one stops the other, and neither is taken for done. */
    @ParameterizedTest
    @EnumSource
    void whoIsCutOffWithAMemberOnItsCallerIsTold(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            Body<Object, Exception> parts = () -> {
                try (Group<RuntimeException> group = io.group()) {
                    group.async(() -> io.sleep(LONG));
                    group.await();
                    return "done";
                }
            };
            assertThatThrownBy(() -> caller.run(io,
                    () -> io.within(Timeout.after(Duration.ofMillis(1)), parts))).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(caller.start(io, parts).blocked()::stop).isInstanceOf(CanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitingNobodyIsACancellationPoint(Caller caller, Io io) throws Exception {
        Caller.Call<String> call = caller.start(io, () -> {
            try {
                io.sleep(LONG);
            } catch (CanceledException first) {
                // It stays.
            }
            try (Group<RuntimeException> group = io.group()) {
                group.await();
                return "not told";
            }
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
    }

    /** One task, which its member and its owner await: both are told the same object. */
    @ParameterizedTest
    @EnumSource
    void aFailureThatTheOwnerIsToldAlreadyIsThrownAsItIs(Caller caller, Io io) throws Exception {
        IOException failure = new IOException("of both");
        Task<Object, IOException> shared = io.concurrent(() -> {
            io.sleep(Duration.ofMillis(1));
            throw failure;
        });
        assertThatThrownBy(() -> caller.run(io, () -> {
            try (Group<IOException> group = io.group()) {
                group.concurrent(() -> shared.await());
                return shared.await();
            }
        })).isSameAs(failure);
    }

    @Test
    void aFailureOfAMemberIsNotLostThoughItsOwnerWasToldOfIt(Io io) throws Exception {
        IOException failure = new IOException("of both");
        assertThatThrownBy(() -> {
            try (Group<IOException> group = io.group()) {
                group.concurrent(() -> {
                    throw failure;
                });
                assertThatThrownBy(group::await).isSameAs(failure);
                group.concurrent(() -> {
                    throw failure;
                });
                Eventually.await("it has failed", () -> group.size() == 0);
            }
        }).isInstanceOf(CompletionException.class).hasCause(failure);
    }

    @Test
    void concurrentMembersStopAtTheLimit(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withConcurrentLimit(1));
                Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> io.sleep(LONG));
            assertThatThrownBy(() -> group.concurrent(() -> {})).isInstanceOf(ConcurrencyUnavailable.class);
            assertThat(group.size()).isEqualTo(1);
        }
    }

    @Test
    void cancelAsksAllAndWaits(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < 10; i++) {
                group.concurrent(() -> sleepUntilTold(io, told));
            }
            assertThat(group.size()).isEqualTo(10);
            group.cancel();
            assertThat(told).hasValue(10);
            assertThat(group.size()).isZero();
            group.concurrent(told::incrementAndGet);
            group.await();
            assertThat(told).as("still open").hasValue(11);
        }
    }

    @Test
    void closeCancelsWaitsAndTakesNoMore(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Group<RuntimeException> group = io.group();
        group.concurrent(() -> sleepUntilTold(io, told));
        group.close();
        assertThat(told).hasValue(1);
        assertThatIllegalStateException().isThrownBy(() -> group.concurrent(() -> {})).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> group.async(() -> {})).withMessageContaining("closed");
        group.close();
    }

    @Test
    void oneFailureIsThrownAndCarriesTheOthers(Io io) throws Exception {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        IllegalStateException third = new IllegalStateException("third");
        CountDownLatch firstThrown = new CountDownLatch(1);
        Group<Exception> group = io.group();
        group.concurrent(() -> {
            firstThrown.countDown();
            throw first;
        });
        firstThrown.await();
        Eventually.await("the first member ends", () -> group.size() == 0);
        group.concurrent(() -> {
            throw second;
        });
        Eventually.await("the second member ends", () -> group.size() == 0);
        group.concurrent(() -> {
            throw third;
        });
        assertThatThrownBy(group::await).isSameAs(first).hasSuppressedException(second).hasSuppressedException(third);
        group.await();
        group.concurrent(() -> {
            throw second;
        });
        Eventually.await("the member ends", () -> group.size() == 0);
        assertThatThrownBy(group::close).as("close reports what no one else did").isSameAs(second);
    }

    @Test
    void aFailureInAnErrorIsThrownAsItIs(Io io) throws Exception {
        try (Group<RuntimeException> group = io.group()) {
            AssertionError error = new AssertionError();
            group.concurrent(() -> {
                throw error;
            });
            assertThatThrownBy(group::await).isSameAs(error);
        }
    }

    @Test
    void aMemberThatEndsInCancellationDidNotFail(Io io) throws Exception {
        try (Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> {
                throw new CanceledException();
            });
            group.await();
        }
    }

    /** Siblings may wait for what the failed one had to do: they would wait for ever. */
    @Test
    void aFailureCancelsTheOthers(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Group<IOException> group = io.group()) {
            for (int i = 0; i < 3; i++) {
                group.concurrent(() -> sleepUntilTold(io, told));
            }
            group.concurrent(() -> {
                throw new IOException("the first");
            });
            assertThatThrownBy(group::await).isInstanceOf(IOException.class).hasMessage("the first");
            assertThat(told).hasValue(3);
            group.concurrent(told::incrementAndGet);
            group.await();
            assertThat(told).as("used again").hasValue(4);
        }
    }

    /** For servers: each failure is handed to the handler, and nobody else is affected. */
    @Test
    void failuresAreHandedToAHandler(Io io) throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        try (Group<IOException> group = io.group(failure -> handled.add(failure.getMessage()))) {
            for (String message : List.of("one", "two")) {
                group.concurrent(() -> {
                    throw new IOException(message);
                });
            }
            group.concurrent(() -> {
                throw new CanceledException();
            });
            group.concurrent(() -> {
                io.sleep(Duration.ofMillis(20));
                ended.incrementAndGet();
            });
            group.await();
        }
        assertThat(handled).containsExactlyInAnyOrder("one", "two");
        assertThat(ended).hasValue(1);
    }

    @Test
    void aHandlerThatFailsIsReported(Io io) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Group<RuntimeException> group = io.group(failure -> {
            throw new IllegalStateException("handler", failure);
        })) {
            group.concurrent(() -> {
                throw new IllegalArgumentException("member");
            });
            group.concurrent(() -> {
                io.sleep(Duration.ofMillis(20));
                ended.incrementAndGet();
            });
            assertThatThrownBy(group::await).isInstanceOf(IllegalStateException.class).hasMessage("handler")
                    .hasRootCauseMessage("member");
            assertThat(ended).hasValue(1);
        }
    }

    /** A member that joins while the others are asked to stop is asked too; it would be the one that runs for ever. */
    @Test
    void aLateMemberIsBornWithTheRequest(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Group<ConcurrencyUnavailable> group = io.group()) {
            group.concurrent(() -> {
                try {
                    io.sleep(LONG);
                } catch (CanceledException expected) {
                    group.concurrent(() -> sleepUntilTold(io, told));
                    told.incrementAndGet();
                }
            });
            group.cancel();
            assertThat(told).hasValue(2);
        }
    }

    @Test
    void aMemberThatJoinsAfterAFailureIsBornWithTheRequest(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Group<IOException> group = io.group()) {
            group.concurrent(() -> {
                throw new IOException("failed");
            });
            Eventually.await("the member has failed", () -> group.size() == 0);
            group.concurrent(() -> sleepUntilTold(io, told));
            assertThatThrownBy(group::await).hasMessage("failed");
            assertThat(told).hasValue(1);
        }
    }

    /** Members join while others cancel: none is forgotten between the two. */
    @Test
    @org.junit.jupiter.api.Timeout(60)
    void noMemberIsForgottenBetweenJoiningAndCanceling(Io io) throws Exception {
        for (int i = 0; i < 200; i++) {
            AtomicInteger told = new AtomicInteger();
            AtomicInteger joined = new AtomicInteger();
            try (Group<RuntimeException> group = io.group()) {
                Task<Object, Exception> joining = io.concurrent(() -> {
                    for (int j = 0; j < 5; j++) {
                        group.concurrent(() -> sleepUntilTold(io, told));
                        joined.incrementAndGet();
                    }
                    return null;
                });
                Eventually.await("one has joined", () -> joined.get() > 0);
                group.cancel();
                joining.await();
                group.cancel();
            }
            assertThat(told).hasValue(5);
        }
    }

    @Test
    void membersAddMembers(Io io) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        Group<Exception> group = io.group();
        grow(io, group, 7, ended);
        group.await();
        assertThat(ended).hasValue(255);
        group.close();
    }

    @Test
    void tenThousandMembers(Io io) throws Exception {
        int members = 10_000;
        AtomicInteger ended = new AtomicInteger();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < members; i++) {
                group.async(ended::incrementAndGet);
            }
            group.await();
            assertThat(ended).hasValue(members);
        }
    }

    @Test
    void manyMembersWaitAtOnce(Io io, Opener opener) throws Exception {
        int members = opener.tasksAtOnce();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < members; i++) {
                group.concurrent(i % 2 == 0 ? Placement.NEAR : Placement.SPREAD, () -> {
                    started.incrementAndGet();
                    sleepUntilTold(io, told);
                });
            }
            assertThat(group.size()).isEqualTo(members);
            Eventually.await("all have started", () -> started.get() == members);
            group.cancel();
            assertThat(told).hasValue(members);
        }
    }

    /** A member that runs on its caller, because none was free, may wait for what the failed one had to do, too. */
    @ParameterizedTest
    @EnumSource
    void aFailureReachesAMemberOnItsCaller(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            caller.run(io, () -> {
                ResetEvent hosted = io.resetEvent();
                AtomicInteger told = new AtomicInteger();
                try (Group<IOException> group = io.group()) {
                    group.concurrent(() -> {
                        hosted.await();
                        throw new IOException("failed");
                    });
                    group.async(() -> waitUntilTold(io, hosted, told));
                    assertThat(told).hasValue(1);
                    assertThatThrownBy(group::await).isInstanceOf(IOException.class).hasMessage("failed");
                    group.async(told::incrementAndGet);
                    group.await();
                    assertThat(told).as("used again").hasValue(2);
                }
                assertGoesOn(io);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelReachesAMemberOnItsCaller(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            caller.run(io, () -> {
                ResetEvent hosted = io.resetEvent();
                AtomicInteger told = new AtomicInteger();
                try (Group<RuntimeException> group = io.group()) {
                    Task<Object, Exception> canceling = io.concurrent(() -> {
                        hosted.await();
                        group.cancel();
                        return told.get();
                    });
                    group.async(() -> waitUntilTold(io, hosted, told));
                    assertThat(canceling.await()).as("told, and waited for").isEqualTo(1);
                    group.async(told::incrementAndGet);
                    group.await();
                    assertThat(told).as("still open").hasValue(2);
                }
                assertGoesOn(io);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMemberOnItsCallerIsBornWithTheRequestAfterAFailure(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            caller.run(io, () -> {
                AtomicInteger told = new AtomicInteger();
                try (Group<IOException> group = io.group()) {
                    group.async(() -> {
                        throw new IOException("failed");
                    });
                    group.async(() -> sleepUntilTold(io, told));
                    assertThat(told).hasValue(1);
                    assertGoesOn(io);
                    assertThatThrownBy(group::await).hasMessage("failed");
                }
                assertGoesOn(io);
            });
        }
    }

    /** Members that run within each other are each asked by their own group and by those around it. */
    @ParameterizedTest
    @EnumSource
    void membersOfSeveralGroupsOnOneCallerAreToldApart(Caller caller, Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            caller.run(io, () -> {
                ResetEvent inside = io.resetEvent();
                ResetEvent over = io.resetEvent();
                ResetEvent outside = io.resetEvent();
                AtomicInteger told = new AtomicInteger();
                try (Group<RuntimeException> outer = io.group(); Group<RuntimeException> inner = io.group()) {
                    Task<Object, Exception> canceling = io.concurrent(() -> {
                        inside.await();
                        inner.cancel();
                        over.set();
                        outside.await();
                        outer.cancel();
                        return told.get();
                    });
                    outer.async(() -> {
                        inner.async(() -> waitUntilTold(io, inside, told));
                        assertGoesOn(io);
                        over.await();
                        // The outer one's request ends what runs within it as well.
                        inner.async(() -> waitUntilTold(io, outside, told));
                        assertThatThrownBy(io::checkCancel).isInstanceOf(CanceledException.class);
                        told.incrementAndGet();
                    });
                    assertThat(canceling.await()).isEqualTo(3);
                }
                assertGoesOn(io);
            });
        }
    }

    /** Nobody has asked the caller itself to stop. */
    private static void assertGoesOn(Io io) {
        assertThat(io.cancelRequested()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        io.sleep(Duration.ofMillis(1));
        io.checkCancel();
    }

    private static void waitUntilTold(Io io, ResetEvent waits, AtomicInteger told) {
        try {
            waits.set();
            io.queue(1).get();
        } catch (CanceledException expected) {
            told.incrementAndGet();
            throw expected;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMemberDoesNotWaitForItself(boolean onItsCaller, Opener opener) throws Exception {
        List<String> refusals = new CopyOnWriteArrayList<>();
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(onItsCaller ? 0 : 1));
                Group<RuntimeException> group = io.group()) {
            group.async(() -> {
                refuse(refusals, group::await);
                refuse(refusals, group::cancel);
                refuse(refusals, group::close);
                io.checkCancel();
                group.async(() -> refusals.add("still open"));
            });
            group.await();
        }
        assertThat(refusals).hasSize(4).last().isEqualTo("still open");
        assertThat(refusals.subList(0, 3)).allMatch(refusal -> refusal.contains("would wait for itself"));
    }

    private static void refuse(List<String> refusals, Runnable wait) {
        try {
            wait.run();
        } catch (IllegalStateException refused) {
            refusals.add(String.valueOf(refused.getMessage()));
        }
    }

    private static void grow(Io io, Group<Exception> group, int depth, AtomicInteger ended) throws Exception {
        ended.incrementAndGet();
        if (depth > 0) {
            io.sleep(Duration.ofNanos(1000));
            group.concurrent(() -> grow(io, group, depth - 1, ended));
            group.async(() -> grow(io, group, depth - 1, ended));
        }
    }

    private static void sleepUntilTold(Io io, AtomicInteger told) {
        try {
            io.sleep(LONG);
        } catch (CanceledException expected) {
            told.incrementAndGet();
            throw expected;
        }
    }
}
