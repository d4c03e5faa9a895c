package dev.gyre.ring;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.socket.AcceptMultishot;
import dev.gyre.ring.socket.RecvMultishot;
import dev.gyre.ring.socket.SendZeroCopy;
import dev.gyre.ring.socket.Socket;
import dev.gyre.ring.wait.PollMultishot;
import dev.gyre.ring.wait.TimeoutMultishot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which flags of operations the kernel knows, by using each once on a ring of its own. A kernel answers
 * {@code EINVAL} to a flag that it does not know; anything else, above all an operation that begins to wait, shows
 * that it does.
 */
final class FlagProbe {
    private static final int GROUP = 1;

    private record Attempt(String name, String firstKernel, Trial trial) {}

    private interface Trial {
        Operation make(Scratch scratch) throws RingException;
    }

    private static final List<Attempt> ALL = List.of(
            new Attempt("accept_multishot", "5.19", scratch -> new AcceptMultishot(scratch.listener(), 0, told())),
            new Attempt("recv_multishot", "6.0",
                    scratch -> new RecvMultishot(scratch.socket(), scratch.buffers(), told())),
            new Attempt("recv_bundle", "6.10",
                    scratch -> new RecvMultishot(scratch.socket(), scratch.buffers(), told()).bundles()),
            new Attempt("poll_multishot", "5.13",
                    scratch -> new PollMultishot(scratch.counter(), Events.POLLIN, told())),
            new Attempt("timeout_multishot", "6.4",
                    scratch -> new TimeoutMultishot(Duration.ofDays(1), told())),
            new Attempt("direct_slot", "5.15", scratch -> scratch.directSocket(false)),
            new Attempt("direct_any_slot", "5.19", scratch -> scratch.directSocket(true)),
            new Attempt("send_zc_report", "6.2", scratch ->
                    new SendZeroCopy(scratch.datagrams(), scratch.arena.allocate(1), told())),
            new Attempt("cancel_fd", "5.19", scratch ->
                    scratch.cancel(IoUringOp.IORING_ASYNC_CANCEL_FD)),
            new Attempt("cancel_op", "6.6", scratch ->
                    scratch.cancel(IoUringOp.IORING_ASYNC_CANCEL_OP)));

    private FlagProbe() {}

    /** Tries everything. */
    static List<Probe.Finding> run() {
        List<Probe.Finding> findings = new ArrayList<>();
        for (Attempt attempt : ALL) {
            findings.add(new Probe.Finding(
                    Probe.Kind.FLAG, attempt.name, works(attempt.trial), attempt.firstKernel));
        }
        return findings;
    }

    private static boolean works(Trial trial) {
        try (Scratch scratch = new Scratch()) {
            Submission entry = scratch.ring.claim();
            if (entry == null) {
                throw new AssertionError("a new ring has room");
            }
            Operation operation = trial.make(scratch);
            operation.prepare(entry);
            return scratch.ring.enter(0, 0) == 0
                    && (scratch.ring.ready() == 0 || scratch.ring.result(0) != -Errno.EINVAL.code());
        } catch (RingException | UnsupportedOperationException refused) {
            return false;
        }
    }

    private static Callback told() {
        return operation -> {};
    }

    /** A ring and what an attempt needs besides, all given back afterwards. */
    private static final class Scratch implements AutoCloseable {
        private final Ring ring = Ring.open(new RingOptions(4, 8));
        private final Arena arena = Arena.ofAuto();
        private final List<Integer> descriptors = new ArrayList<>();

        Scratch() throws RingException {}

        int socket() throws RingException {
            return kept(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        }

        int datagrams() throws RingException {
            return kept(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        }

        int counter() throws RingException {
            return kept(Events.eventfd(0, Events.EFD_CLOEXEC));
        }

        /** With an address of the kernel's choice (unix(7), "Autobind feature"). */
        int listener() throws RingException {
            int fd = kept(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
            MemorySegment family = arena.allocateFrom(ValueLayout.JAVA_SHORT, (short) Sockets.AF_UNIX);
            check(Sockets.bind(fd, family, Short.BYTES));
            check(Sockets.listen(fd, 1));
            return fd;
        }

        BufferRing buffers() throws RingException {
            return BufferRing.open(ring, GROUP, 1, 64);
        }

        Operation directSocket(boolean any) throws RingException {
            Assert.that(FileTable.open(ring, 1).slots() == 1, "a table has the slots that it was asked for");
            Socket socket = new Socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, told());
            if (any) {
                socket.intoAnySlot();
            } else {
                socket.intoSlot(0);
            }
            return socket;
        }

        Operation cancel(int flags) throws RingException {
            int fd = counter();
            return new Operation(told()) {
                @Override
                protected void prepare(Submission entry) {
                    boolean byOperation = flags == IoUringOp.IORING_ASYNC_CANCEL_OP;
                    entry.operation(Cancel.KIND.opcode(), byOperation ? -1 : fd)
                            .length(byOperation ? IoUringOp.IORING_OP_READ : 0)
                            .operationFlags(flags);
                }

                @Override
                public OperationKind kind() {
                    return Cancel.KIND;
                }
            };
        }

        @Override
        public void close() {
            ring.abandon();
            descriptors.forEach(Files::close);
        }

        private int kept(int fd) throws RingException {
            check(fd);
            descriptors.add(fd);
            return fd;
        }

        private static void check(int result) throws RingException {
            if (result < 0) {
                throw new RingException("a call for an attempt", -result);
            }
        }
    }
}
