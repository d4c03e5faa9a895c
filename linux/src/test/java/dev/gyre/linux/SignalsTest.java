package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.Sigaction;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.layout.SockaddrUn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SignalsTest {
    private final Arena arena = Arena.ofShared();
    private final int signal = Signals.rtMinimum() + 7;
    private final MemorySegment before = arena.allocate(Sigaction.LAYOUT);

    @BeforeEach
    void remember() {
        ok(Signals.sigaction(signal, MemorySegment.NULL, before));
    }

    @AfterEach
    void restore() {
        ok(Signals.sigaction(signal, before, MemorySegment.NULL));
        arena.close();
    }

    @Test
    @Tag("A3")
    void aSignalEndsABlockedAccept() throws Exception {
        MemorySegment address = arena.allocate(SockaddrUn.LAYOUT);
        int listener = ok(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        ok(Sockets.bind(listener, address, Sockaddr.writeUnix(address, new byte[0])));
        ok(Sockets.listen(listener, 1));

        long result = interrupt(() -> Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, 0));

        assertFails(result, Errno.EINTR);
        ok(Files.close(listener));
    }

    @Test
    @Tag("R6")
    void aSignalEndsABlockedReadAndPoll() throws Exception {
        int event = ok(Events.eventfd(0, Events.EFD_CLOEXEC));
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        assertFails(interrupt(() -> Files.read(event, count, 8)), Errno.EINTR);
        assertFails(interrupt(() -> Events.ppoll(MemorySegment.NULL, 0, MemorySegment.NULL)), Errno.EINTR);
        ok(Files.close(event));
    }

    @Test
    void theHandlerIsInstalledWithoutRestart() {
        ok(Signals.installNoOpHandler(signal));
        MemorySegment now = arena.allocate(Sigaction.LAYOUT);
        ok(Signals.sigaction(signal, MemorySegment.NULL, now));
        assertThat(now.get(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER)).isNotIn(Signals.SIG_DFL, Signals.SIG_IGN);
        assertThat(now.get(ValueLayout.JAVA_INT, Sigaction.SA_FLAGS) & Signals.SA_RESTART).isZero();
    }

    @Test
    void errorsComeBackNegated() {
        assertFails(Signals.installNoOpHandler(Signals.SIGKILL), Errno.EINVAL);
        assertFails(Signals.tgkill(Processes.getpid(), Integer.MAX_VALUE, 0), Errno.ESRCH);
        ok(Signals.tgkill(Processes.getpid(), Processes.gettid(), 0));
    }

    @Test
    void realTimeSignalsAreAboveTheOthers() {
        assertThat(Signals.rtMinimum()).isGreaterThan(Signals.SIGSYS);
        assertThat(Signals.rtMaximum()).isGreaterThan(signal);
    }

    /** Runs a call that blocks for ever, and signals its thread until it answers: one signal may come too early. */
    private long interrupt(LongSupplier call) throws Exception {
        ok(Signals.installNoOpHandler(signal));
        CompletableFuture<Integer> thread = new CompletableFuture<>();
        CompletableFuture<Long> result = new CompletableFuture<>();
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            thread.complete(Processes.gettid());
            result.complete(call.getAsLong());
            answered.countDown();
        });
        int id = thread.get();
        do {
            Signals.tgkill(Processes.getpid(), id, signal);
        } while (!answered.await(1, TimeUnit.MILLISECONDS));
        return result.get();
    }
}
