package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.KernelTimespec;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.ReadFixed;
import dev.gyre.ring.file.Readv;
import dev.gyre.ring.file.WriteFixed;
import dev.gyre.ring.socket.RecvMultishot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Mistakes of a program end in exceptions that name them. */
final class MisuseTest {
    private static final RingOptions SMALL = new RingOptions(4, 8);

    @Test
    void aClosedRingIsNotUsed() throws Exception {
        Ring ring = Ring.open(SMALL);
        Submission submission = ring.claim();
        ring.close();
        ring.close();
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> ring.enter(0, 0),
                ring::ready,
                () -> ring.result(0),
                () -> ring.userData(0),
                () -> ring.advance(1),
                ring::wantsEnter,
                () -> ring.register(0, MemorySegment.NULL, 0),
                () -> ring.limitWorkers(1),
                () -> submission.operation(0, -1),
                () -> submission.userData(1),
                () -> BufferRing.open(ring, 0, 1, 64),
                () -> FileTable.open(ring, 1),
                () -> RegisteredBuffers.open(ring, 1, 4096))) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aRingNeedsAWorker() throws Exception {
        try (Ring ring = Ring.open(SMALL)) {
            assertThatThrownBy(() -> ring.limitWorkers(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("0 workers; pass 1 or more");
        }
    }

    @Test
    void aPartOfAnotherBufferIsRefused() throws Exception {
        try (Ring ring = Ring.open(SMALL); RegisteredBuffers buffers = RegisteredBuffers.open(ring, 2, 4096)) {
            MemorySegment buffer = buffers.segment(0);
            ReadFixed read = new ReadFixed(-1, buffers, 0, buffer.asSlice(4095), 0, operation -> {});
            WriteFixed write = new WriteFixed(-1, buffers, 0, buffer, 0, operation -> {});
            for (MemorySegment part : List.of(
                    buffers.segment(1),
                    MemorySegment.ofAddress(buffer.address() - 1).reinterpret(2),
                    MemorySegment.ofAddress(buffer.address() + 4095).reinterpret(2),
                    MemorySegment.ofAddress(buffer.address() + 1).reinterpret(Long.MAX_VALUE),
                    MemorySegment.ofArray(new byte[1]))) {
                for (ThrowingCallable use : List.<ThrowingCallable>of(
                        () -> read.target(part, 0),
                        () -> write.target(part, 0),
                        () -> new ReadFixed(-1, buffers, 0, part, 0, operation -> {}),
                        () -> new WriteFixed(-1, buffers, 0, part, 0, operation -> {}))) {
                    assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("registered buffer 0");
                }
            }
        }
    }

    @Test
    void aClosedLoopIsNotUsed() throws Exception {
        Loop loop = Loop.open(SMALL);
        Nop nop = new Nop(operation -> {});
        loop.close();
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> loop.submit(nop),
                () -> loop.submit(new Chain(nop)),
                () -> loop.cancel(nop),
                () -> loop.turn(0),
                loop::tick,
                () -> loop.runFor(Duration.ofMillis(1)),
                loop::arena,
                () -> loop.inbox(operation -> {}))) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessage("the loop is closed");
        }
        assertThat(nop.isInFlight()).isFalse();
    }

    @Test
    void aForeignThreadIsTurnedAway() throws Exception {
        try (Loop loop = Loop.open(SMALL); Arena arena = loop.arena()) {
            Nop waiting = new Nop(operation -> {});
            loop.submit(waiting);
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    () -> loop.submit(new Nop(operation -> {})),
                    () -> loop.submit(new Chain(new Nop(operation -> {}))),
                    () -> loop.cancel(waiting),
                    () -> loop.turn(0),
                    loop::close,
                    arena::close)) {
                for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                    AtomicReference<Throwable> thrown = new AtomicReference<>();
                    Thread foreign = builder.start(() -> {
                        try {
                            use.call();
                        } catch (Throwable t) {
                            thrown.set(t);
                        }
                    });
                    foreign.join();
                    assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
                }
            }
            runUntil(loop, () -> !waiting.isInFlight());
        }
    }

    @Test
    void aRuntimeThatIsTrustedIsStillStoppedByTheKernel() throws Exception {
        try (Loop loop = Loop.openTrusting(SMALL)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread foreign = new Thread(() -> {
                try {
                    loop.turn(1);
                } catch (Throwable t) {
                    thrown.set(t);
                }
            });
            foreign.start();
            foreign.join();
            assumeTrue(loop.ring().singleIssuer(), "probe failed: SINGLE_ISSUER");
            assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void aCallbackNeitherRunsNorClosesItsLoop() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            List<Throwable> thrown = new ArrayList<>();
            Timeout last = new Timeout(Duration.ofMillis(5), operation -> {});
            loop.submit(last);
            loop.submit(new Nop(operation -> {
                thrown.add(catchThrowable(loop::close));
                thrown.add(catchThrowable(() -> loop.turn(0)));
            }));
            runUntil(loop, () -> !last.isInFlight());
            assertThat(thrown.get(0)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("a callback does not close its loop");
            assertThat(thrown.get(1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("does not hold: a callback does not run the loop");
        }
    }

    @Test
    void theRingOfALoopIsNotClosedUnderIt() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            assertThatThrownBy(loop.ring()::close).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closing the loop");
        }
    }

    @Test
    void aRingIsNotClosedWithOperationsInFlight() throws Exception {
        Ring ring = Ring.open(SMALL);
        MemorySegment wait = Arena.ofAuto().allocate(KernelTimespec.LAYOUT);
        KernelTimespec.set(wait, 1_000_000);
        ring.claim().operation(IoUringOp.IORING_OP_TIMEOUT, -1)
                .address(wait.address())
                .length(1)
                .offset(0)
                .operationFlags(IoUringOp.IORING_TIMEOUT_MULTISHOT)
                .userData(1);
        assertThat(ring.enter(0, 0)).isZero();
        for (int i = 0; i < 3; i++) {
            ring.enter(1, -1);
            ring.advance(ring.ready());
            assertThatThrownBy(ring::close).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("1 operations are in flight");
        }
        // A request to cancel comes to nothing at the moment at which the timeout fires.
        while (!isClosed(ring)) {
            ring.claim().operation(IoUringOp.IORING_OP_ASYNC_CANCEL, -1).address(1).userData(2);
            ring.enter(1, 1_000_000);
            ring.advance(ring.ready());
        }
    }

    private static boolean isClosed(Ring ring) {
        try {
            ring.close();
            return true;
        } catch (IllegalStateException inFlight) {
            return false;
        }
    }

    @Test
    void memoryIsNotFreedInFlight() throws Exception {
        try (Loop loop = Loop.open(SMALL)) {
            Arena arena = loop.arena();
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            Files.pipe2(ends, Files.O_CLOEXEC);
            int[] pipe = ends.toArray(ValueLayout.JAVA_INT);
            MemorySegment buffer = arena.allocate(8);
            Read read = new Read(pipe[0], buffer, -1, operation -> {});
            loop.submit(read);
            loop.tick();
            assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class)
                    .hasMessage("memory is not freed while it is used: read in flight");
            Readv vectored = new Readv(pipe[0], new Vector(List.of(buffer)), -1, 0, operation -> {});
            loop.submit(vectored);
            loop.cancel(read);
            runUntil(loop, () -> !read.isInFlight());
            assertThatThrownBy(arena::close).hasMessageContaining("readv in flight");
            loop.cancel(vectored);
            runUntil(loop, () -> !vectored.isInFlight());
            arena.close();
            assertThatThrownBy(() -> loop.submit(read)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("could be freed");
            assertThat(loop.inFlight()).isZero();
            Files.close(pipe[0]);
            Files.close(pipe[1]);
        }
    }

    @Test
    void memoryThatOthersMayFreeIsRefused() throws Exception {
        try (Loop loop = Loop.open(SMALL); Loop other = Loop.open(SMALL);
                Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared(); Arena others = other.arena()) {
            for (Arena arena : List.of(confined, shared, others)) {
                assertThatThrownBy(() -> loop.submit(new Read(-1, arena.allocate(8), -1, operation -> {})))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the memory of a read").hasMessageContaining("Loop.arena()");
            }
            for (Arena arena : List.of(Arena.ofAuto(), Arena.global())) {
                Read read = new Read(-1, arena.allocate(8), -1, operation -> {});
                loop.submit(read);
                runUntil(loop, () -> !read.isInFlight());
            }
            assertThat(loop.inFlight()).isZero();
        }
    }

    @Test
    void aBufferRingThatIsClosedInUseHarmsNothing() throws Exception {
        try (Loop loop = Loop.open(SMALL); Arena arena = loop.arena()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            assertThat(Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, ends)).isZero();
            int[] pair = ends.toArray(ValueLayout.JAVA_INT);
            BufferRing buffers = BufferRing.open(loop.ring(), 1, 2, 64);
            RecvMultishot receive = new RecvMultishot(pair[0], buffers, operation -> {});
            loop.submit(receive);
            loop.tick();
            buffers.close();
            Files.write(pair[1], arena.allocate(1), 1);
            runUntil(loop, () -> !receive.isInFlight());
            assertThat(receive.result()).isEqualTo(-Errno.ENOBUFS.code());
            Files.close(pair[0]);
            Files.close(pair[1]);
        }
    }
}
