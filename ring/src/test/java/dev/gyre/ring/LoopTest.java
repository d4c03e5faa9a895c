package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The loop itself: its turns, its queues, its promises to operations. */
class LoopTest {
    private static final RingOptions SMALL = new RingOptions(4, 4);

    @Test
    @Tag("R1")
    void closeGivesBackDescriptorsAndMappings() throws Exception {
        Set<String> before = Loops.resources();
        Loop loop = Loop.open(RingOptions.DEFAULT);
        assertThat(Loops.resources()).isNotEqualTo(before);
        loop.close();
        loop.close();
        assertThat(Loops.resources()).isEqualTo(before);
    }

    @Test
    @Tag("R1")
    @Tag("R9")
    void closeTakesTheRingFromTheThreadsRegisteredOnes() throws Exception {
        for (int i = 0; i < 40; i++) {
            try (Loop loop = Loop.open(SMALL)) {
                assertThat(loop.ring().isDescriptorRegistered()).as("ring %d of one thread", i).isTrue();
            }
        }
    }

    @Test
    @Tag("R1")
    void tickSubmitsAndRunsWhatHasCompletedWithoutWaiting() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            int[] calls = {0};
            loop.submit(new Nop(operation -> calls[0]++));
            loop.submit(new Timeout(Duration.ofDays(1), operation -> {}));
            while (calls[0] == 0) {
                loop.tick();
            }
            assertThat(loop.tick()).isZero();
            assertThat(loop.inFlight()).isEqualTo(1);
        }
    }

    @Test
    @Tag("R1")
    void runForEndsWhenTheTimeIsOverThoughNothingHappens() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            long start = System.nanoTime();
            loop.runFor(Duration.ofMillis(20));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
        }
    }

    @Test
    @Tag("R1")
    void runForServesWhatArrivesMeanwhile() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            List<String> calls = new ArrayList<>();
            loop.submit(new Timeout(Duration.ofMillis(2), first -> {
                calls.add("first");
                loop.submit(new Timeout(Duration.ofMillis(2), second -> calls.add("second")));
            }));
            loop.runFor(Duration.ofMillis(200));
            assertThat(calls).containsExactly("first", "second");
        }
    }

    @Test
    @Tag("R2")
    void anOperationIsUsedAgain() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            int[] left = {1000};
            Nop nop = new Nop(operation -> {
                if (--left[0] > 0) {
                    loop.submit(operation);
                }
            });
            loop.submit(nop);
            runUntil(loop, () -> left[0] == 0);
            assertThat(nop.isInFlight()).isFalse();
        }
    }

    @Test
    @Tag("R2")
    void anOperationInFlightIsNotSubmittedAgain() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            Nop nop = new Nop(operation -> {});
            loop.submit(nop);
            assertThatThrownBy(() -> loop.submit(nop)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("in flight once at a time");
        }
    }

    @Test
    @Tag("R3")
    void whatFindsTheQueueFullIsSubmittedLaterInOrder() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                loop.submit(new Nop(operation -> order.add(number)));
            }
            assertThat(loop.inFlight()).isEqualTo(1000);
            runUntil(loop, () -> order.size() == 1000);
            assertThat(order).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    @Tag("R3")
    @Tag("R8")
    void whatIsCanceledBeforeThereIsRoomIsNeverSubmitted() throws Exception {
        try (Loop loop = Loop.open(SMALL); Arena arena = loop.arena()) {
            int fd = Events.eventfd(0, Events.EFD_CLOEXEC);
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
            List<Integer> results = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                loop.submit(new Nop(operation -> {}));
            }
            Write write = new Write(fd, one, -1, operation -> results.add(operation.result()));
            loop.submit(write);
            loop.cancel(write);
            runUntil(loop, () -> results.size() == 1);
            assertThat(results).containsExactly(-Errno.ECANCELED.code());
            MemorySegment counter = arena.allocate(ValueLayout.JAVA_LONG);
            Files.write(fd, one, Long.BYTES);
            Files.read(fd, counter, Long.BYTES);
            assertThat(counter.get(ValueLayout.JAVA_LONG, 0)).as("only this test's own write arrived").isEqualTo(1);
            Files.close(fd);
        }
    }

    @Test
    @Tag("R4")
    void completionsThatDoNotFitAreDeliveredLater() throws Exception {
        int count = 200;
        try (Loop loop = Loop.open(SMALL); Arena arena = loop.arena()) {
            int[] calls = new int[count];
            int[] done = {0};
            List<Integer> descriptors = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                int fd = Events.eventfd(0, Events.EFD_CLOEXEC);
                descriptors.add(fd);
                loop.submit(new Read(fd, arena.allocate(8, 8), -1, operation -> {
                    assertThat(operation.result()).isEqualTo(8);
                    calls[number]++;
                    done[0]++;
                }));
            }
            loop.turn(0);
            // All become ready at once: fifty times as many as the completion queue holds.
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
            descriptors.forEach(fd -> Files.write(fd, one, Long.BYTES));
            runUntil(loop, () -> done[0] == count);
            assertThat(calls).containsOnly(1);
            assertThat(loop.inFlight()).isZero();
            descriptors.forEach(Files::close);
        }
    }

    @Test
    @Tag("R5")
    void callbacksDoNotNest() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            int[] depth = {0};
            int[] left = {20_000};
            Callback[] again = new Callback[1];
            again[0] = operation -> {
                assertThat(++depth[0]).isEqualTo(1);
                if (--left[0] > 0) {
                    loop.submit(operation);
                }
                depth[0]--;
            };
            for (int i = 0; i < 10; i++) {
                loop.submit(new Nop(again[0]));
            }
            runUntil(loop, () -> left[0] <= 0 && loop.inFlight() == 0);
        }
    }

    @Test
    @Tag("R5")
    void aCallbackThatThrowsTakesNoOtherWithIt() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            List<Integer> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                loop.submit(new Nop(operation -> {
                    calls.add(number);
                    if (number % 2 == 1) {
                        throw new IllegalStateException("number " + number);
                    }
                }));
            }
            assertThatThrownBy(() -> loop.turn(-1)).isInstanceOf(IllegalStateException.class).hasMessage("number 1")
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).singleElement().asString()
                            .contains("number 3"));
            assertThat(calls).containsExactly(0, 1, 2, 3, 4);
            assertThat(loop.inFlight()).isZero();
            loop.turn(0);
        }
    }

    @Test
    @Tag("R5")
    void whatACallbackThrowsAtTheEndDoesNotKeepTheLoopFromWaiting() throws Exception {
        Loop loop = Loop.open(SMALL);
        List<Integer> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            loop.submit(new Timeout(Duration.ofDays(1), operation -> {
                results.add(operation.result());
                throw new IllegalStateException("unhappy");
            }));
        }
        assertThatThrownBy(loop::close).isInstanceOf(IllegalStateException.class).hasMessage("unhappy");
        assertThat(results).hasSize(20).containsOnly(-Errno.ECANCELED.code());
    }

    @Test
    @Tag("R5")
    void aCompletionOfNobodysIsReportedOnce() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            Submission stray = loop.ring().claim();
            assertThat(stray).isNotNull();
            stray.operation(Nop.KIND.opcode(), -1).userData(-1);
            boolean[] ran = {false};
            loop.submit(new Nop(operation -> ran[0] = true));
            assertThatThrownBy(() -> loop.turn(-1)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("belongs to an operation in flight");
            assertThat(ran[0]).isTrue();
            assertThat(loop.turn(0)).isZero();
        }
    }

    @Test
    @Tag("R5")
    void anOperationThatCannotBePreparedEndsAndBreaksItsChain() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            List<Integer> results = new ArrayList<>();
            Callback told = operation -> results.add(operation.result());
            Operation faulty = new Operation(told) {
                @Override
                protected void prepare(Submission entry) {
                    throw new IllegalStateException("no arguments");
                }

                @Override
                public OperationKind kind() {
                    return Nop.KIND;
                }
            };
            loop.submit(new Chain(new Nop(told)).then(faulty).then(new Nop(told)));
            assertThatThrownBy(() -> loop.turn(-1)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("no arguments");
            runUntil(loop, () -> results.size() == 3);
            assertThat(results).containsExactlyInAnyOrder(
                    -Errno.ECANCELED.code(), -Errno.EINVAL.code(), -Errno.ECANCELED.code());
        }
    }

    @Test
    @Tag("R6")
    void signalsInterruptNothing() throws Exception {
        int signal = Signals.rtMinimum() + 5;
        Signals.installNoOpHandler(signal);
        int pid = Processes.getpid();
        int tid = Processes.gettid();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger turns = new AtomicInteger();
        // One for each turn: a thread that gets them faster than it handles them would do nothing else for ever.
        Thread storm = new Thread(() -> {
            while (!stop.get()) {
                int turn = turns.get();
                Signals.tgkill(pid, tid, signal);
                while (turns.get() == turn && !stop.get()) {
                    Thread.onSpinWait();
                }
            }
        });
        try (Loop loop = Loop.open(SMALL)) {
            storm.start();
            int[] done = {0};
            for (int i = 0; i < 300; i++) {
                loop.submit(new Timeout(Duration.ofNanos(i * 100_000L), operation -> {
                    assertThat(operation.result()).isZero();
                    done[0]++;
                }));
            }
            runUntil(loop, () -> {
                turns.incrementAndGet();
                return done[0] == 300;
            });
        } finally {
            stop.set(true);
            storm.join();
        }
    }

    @Test
    @Tag("R8")
    void cancelEndsWhatWaits() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            List<Integer> results = new ArrayList<>();
            Timeout timeout = new Timeout(Duration.ofDays(1), operation -> results.add(operation.result()));
            loop.submit(timeout);
            loop.turn(0);
            loop.cancel(timeout);
            loop.cancel(timeout);
            assertThat(loop.inFlight()).as("it, and one request to cancel it").isEqualTo(2);
            runUntil(loop, () -> !results.isEmpty());
            assertThat(results).containsExactly(-Errno.ECANCELED.code());
            loop.cancel(timeout);
            loop.turn(0);
            assertThat(results).hasSize(1);
        }
    }

    @Test
    void closeEndsWhatIsInFlightWithItsCallback() throws Exception {
        List<Integer> results = new ArrayList<>();
        Loop loop = Loop.open(SMALL);
        for (int i = 0; i < 20; i++) {
            loop.submit(new Timeout(Duration.ofDays(1), operation -> results.add(operation.result())));
        }
        loop.close();
        assertThat(results).hasSize(20).containsOnly(-Errno.ECANCELED.code());
    }

    @Test
    void wakeEndsAWaitFromAnotherThread() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            for (int i = 0; i < 100; i++) {
                Thread other = new Thread(loop::wake);
                other.start();
                loop.turn(-1);
                other.join();
            }
        }
    }

    @Test
    void wakeAfterCloseDoesNothing() throws Exception {
        Loop loop = Loop.open(RingOptions.DEFAULT);
        loop.close();
        loop.wake();
        assertThatThrownBy(() -> loop.submit(new Nop(operation -> {}))).isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop is closed");
        assertThatThrownBy(() -> loop.turn(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRingThatIsTooLargeIsRefusedWithItsLimits() {
        assertThatThrownBy(() -> new RingOptions(0, 4)).hasMessageContaining("1..32768");
        assertThatThrownBy(() -> new RingOptions(8, 4)).hasMessageContaining("8..65536");
    }
}
