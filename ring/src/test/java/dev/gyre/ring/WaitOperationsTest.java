package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Futex;
import dev.gyre.linux.Processes;
import dev.gyre.ring.wait.FutexWait;
import dev.gyre.ring.wait.FutexWaitv;
import dev.gyre.ring.wait.FutexWake;
import dev.gyre.ring.wait.Poll;
import dev.gyre.ring.wait.PollMultishot;
import dev.gyre.ring.wait.PollUpdate;
import dev.gyre.ring.wait.TimeoutMultishot;
import dev.gyre.ring.wait.TimeoutUpdate;
import dev.gyre.ring.wait.WaitId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Operations that wait: for readiness, time, futexes and children. */
@Tag("R8")
final class WaitOperationsTest extends RingFixture {
    private static final int FUTEX = Futex.FUTEX2_SIZE_U32 | Futex.FUTEX2_PRIVATE;
    private static final int ANY = Futex.FUTEX_BITSET_MATCH_ANY;

    @Test
    void pollTellsWhatADescriptorIsReadyFor() throws Exception {
        int[] pipe = pipe();
        assertThat(run(call -> new Poll(pipe[1], Events.POLLOUT, call))).isEqualTo(Events.POLLOUT);
        Poll poll = new Poll(pipe[0], Events.POLLIN, operation -> {});
        loop.submit(poll);
        loop.tick();
        assertThat(poll.isInFlight()).isTrue();
        Files.write(pipe[1], bytes("x"), 1);
        runUntil(loop, () -> !poll.isInFlight());
        assertThat(poll.result()).isEqualTo(Events.POLLIN);
        close(pipe);
        assertThat(run(call -> new Poll(pipe[0], Events.POLLIN, call))).isEqualTo(-Errno.EBADF.code());
    }

    @Test
    @Tag("R9")
    void multishotPollsReportEachChangeAndCanBeChanged() throws Exception {
        int counter = Events.eventfd(0, Events.EFD_CLOEXEC | Events.EFD_NONBLOCK);
        List<Integer> results = new ArrayList<>();
        PollMultishot poll = new PollMultishot(counter, Events.POLLIN, operation -> results.add(operation.result()));
        loop.submit(poll);
        loop.tick();
        MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            Files.write(counter, one, Long.BYTES);
            runUntil(loop, () -> results.size() == expected);
        }
        assertThat(results).containsOnly(Events.POLLIN);
        assertThat(run(call -> new PollUpdate(poll, Events.POLLOUT, call))).isZero();
        runUntil(loop, () -> results.size() >= 4);
        assertThat(results.get(3)).isEqualTo(Events.POLLOUT);
        loop.cancel(poll);
        runUntil(loop, () -> !poll.isInFlight());
        assertThat(results.getLast()).isEqualTo(-Errno.ECANCELED.code());
        assertThat(run(call -> new PollUpdate(poll, Events.POLLIN, call))).isEqualTo(-Errno.ENOENT.code());
        close(counter);
    }

    @Test
    void aTimeoutIsGivenAnotherDuration() throws Exception {
        Timeout timeout = new Timeout(Duration.ofDays(1), operation -> {});
        loop.submit(timeout);
        assertThat(run(call -> new TimeoutUpdate(timeout, Duration.ofMillis(1), call))).isZero();
        runUntil(loop, () -> !timeout.isInFlight());
        assertThat(timeout.result()).isZero();
        assertThat(run(call -> new TimeoutUpdate(timeout, Duration.ZERO, call))).isEqualTo(-Errno.ENOENT.code());
    }

    @Test
    @Tag("R9")
    void multishotTimeoutsBeatUntilTheyAreCanceled() throws Exception {
        List<Integer> results = new ArrayList<>();
        TimeoutMultishot beat =
                new TimeoutMultishot(Duration.ofMillis(1), operation -> results.add(operation.result()));
        loop.submit(beat);
        runUntil(loop, () -> results.size() == 5);
        loop.cancel(beat);
        runUntil(loop, () -> !beat.isInFlight());
        assertThat(results.removeLast()).isEqualTo(-Errno.ECANCELED.code());
        assertThat(results).containsOnly(0);
        assertThatThrownBy(() -> new TimeoutMultishot(Duration.ZERO, operation -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void futexesAreWaitedForAndWoken() throws Exception {
        needs(FutexWait.KIND);
        MemorySegment futex = arena.allocateFrom(ValueLayout.JAVA_INT, 7);
        FutexWait wait = new FutexWait(futex, 7, ANY, FUTEX, operation -> {});
        loop.submit(wait);
        loop.tick();
        assertThat(wait.isInFlight()).isTrue();
        assertThat(run(call -> new FutexWake(futex, 10, ANY, FUTEX, call))).isEqualTo(1);
        runUntil(loop, () -> !wait.isInFlight());
        assertThat(wait.result()).isZero();
        assertThat(run(call -> new FutexWait(futex, 8, ANY, FUTEX, call))).isEqualTo(-Errno.EAGAIN.code());
        assertThat(run(call -> new FutexWake(futex, 10, ANY, FUTEX, call))).isZero();
    }

    @Test
    void oneOfSeveralFutexesEndsTheWait() throws Exception {
        needs(FutexWaitv.KIND);
        List<MemorySegment> futexes = List.of(arena.allocateFrom(ValueLayout.JAVA_INT, 1),
                arena.allocateFrom(ValueLayout.JAVA_INT, 2), arena.allocateFrom(ValueLayout.JAVA_INT, 3));
        FutexWaitv wait = new FutexWaitv(futexes, new int[] {1, 2, 3}, FUTEX, operation -> {});
        loop.submit(wait);
        loop.tick();
        assertThat(run(call -> new FutexWake(futexes.get(2), 1, ANY, FUTEX, call))).isEqualTo(1);
        runUntil(loop, () -> !wait.isInFlight());
        assertThat(wait.result()).isEqualTo(2);
        assertThatThrownBy(() -> new FutexWaitv(futexes, new int[] {1}, FUTEX, operation -> {}))
                .hasMessage("3 futexes have 1 values");
    }

    @Test
    void aChildIsWaitedForWithItsStatus() throws Exception {
        needs(WaitId.KIND);
        Process child = new ProcessBuilder("sh", "-c", "read line; exit 42").start();
        // WNOWAIT leaves the child to the JDK, which waits for it, too.
        WaitId wait = new WaitId(Processes.P_PID, (int) child.pid(), Processes.WEXITED | Processes.WNOWAIT,
                operation -> {});
        loop.submit(wait);
        loop.tick();
        assertThat(wait.isInFlight()).isTrue();
        child.getOutputStream().close();
        runUntil(loop, () -> !wait.isInFlight());
        // The JDK's own thread may have been the first to wait for it.
        assertThat(wait.result()).isIn(0, -Errno.ECHILD.code());
        if (wait.result() == 0) {
            assertThat(wait.process()).isEqualTo((int) child.pid());
            assertThat(wait.code()).isEqualTo(1);
            assertThat(wait.status()).isEqualTo(42);
        }
        assertThat(run(call -> new WaitId(Processes.P_PID, Processes.getpid(), Processes.WEXITED, call)))
                .isEqualTo(-Errno.ECHILD.code());
    }

    @Test
    void whatTheKernelDoesNotHaveIsUnsupported() throws Exception {
        OperationKind kind =
                new OperationKind("levitate", 250, "99.9", "levitate(2)", java.util.EnumSet.noneOf(Errno.class));
        Operation unknown = new Operation(operation -> {}) {
            @Override
            protected void prepare(Submission entry) {
                entry.operation(kind.opcode(), -1);
            }

            @Override
            public OperationKind kind() {
                return kind;
            }
        };
        loop.submit(unknown);
        runUntil(loop, () -> !unknown.isInFlight());
        assertThat(unknown.isUnsupported()).isTrue();
        assertThat(unknown.kind().unsupported()).contains("levitate").contains("99.9");
    }
}
