package dev.gyre.ring;

import static dev.gyre.linux.IoUringOp.*;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.layout.IoUringProbe;
import dev.gyre.linux.layout.IoUringProbeOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What the running kernel's io_uring does, found out by setting up a ring and asking it, never by the version.
 *
 * @param refusal why no ring can be set up; empty if one can
 * @param findings what was asked, in the order in which people look for it; empty if no ring can be set up
 */
public record Probe(Optional<RingException> refusal, List<Finding> findings) {
    private static final int SUPPORTED = 1;
    private static final int OPCODES = 256;

    private record Known(int opcode, String name, String firstKernel) {}

    private static final List<Known> KNOWN = List.of(
            new Known(IORING_OP_NOP, "nop", "5.1"),
            new Known(IORING_OP_READ, "read", "5.6"),
            new Known(IORING_OP_WRITE, "write", "5.6"),
            new Known(IORING_OP_READV, "readv", "5.1"),
            new Known(IORING_OP_WRITEV, "writev", "5.1"),
            new Known(IORING_OP_READ_FIXED, "read_fixed", "5.1"),
            new Known(IORING_OP_WRITE_FIXED, "write_fixed", "5.1"),
            new Known(IORING_OP_FSYNC, "fsync", "5.1"),
            new Known(IORING_OP_OPENAT2, "openat2", "5.6"),
            new Known(IORING_OP_STATX, "statx", "5.6"),
            new Known(IORING_OP_CLOSE, "close", "5.6"),
            new Known(IORING_OP_ACCEPT, "accept", "5.5"),
            new Known(IORING_OP_CONNECT, "connect", "5.5"),
            new Known(IORING_OP_RECV, "recv", "5.6"),
            new Known(IORING_OP_SEND, "send", "5.6"),
            new Known(IORING_OP_SHUTDOWN, "shutdown", "5.11"),
            new Known(IORING_OP_TIMEOUT, "timeout", "5.4"),
            new Known(IORING_OP_LINK_TIMEOUT, "link_timeout", "5.5"),
            new Known(IORING_OP_ASYNC_CANCEL, "async_cancel", "5.5"),
            new Known(IORING_OP_POLL_ADD, "poll_add", "5.1"),
            new Known(IORING_OP_SPLICE, "splice", "5.7"),
            new Known(IORING_OP_TEE, "tee", "5.8"),
            new Known(IORING_OP_SENDMSG, "sendmsg", "5.3"),
            new Known(IORING_OP_RECVMSG, "recvmsg", "5.3"),
            new Known(IORING_OP_SEND_ZC, "send_zc", "6.0"),
            new Known(IORING_OP_SENDMSG_ZC, "sendmsg_zc", "6.1"),
            new Known(IORING_OP_FALLOCATE, "fallocate", "5.6"),
            new Known(IORING_OP_FTRUNCATE, "ftruncate", "6.9"),
            new Known(IORING_OP_MKDIRAT, "mkdirat", "5.15"),
            new Known(IORING_OP_UNLINKAT, "unlinkat", "5.11"),
            new Known(IORING_OP_RENAMEAT, "renameat", "5.11"),
            new Known(IORING_OP_LINKAT, "linkat", "5.15"),
            new Known(IORING_OP_SYMLINKAT, "symlinkat", "5.15"),
            new Known(IORING_OP_SOCKET, "socket", "5.19"),
            new Known(IORING_OP_BIND, "bind", "6.11"),
            new Known(IORING_OP_LISTEN, "listen", "6.11"),
            new Known(IORING_OP_MSG_RING, "msg_ring", "5.18"),
            new Known(IORING_OP_FUTEX_WAIT, "futex_wait", "6.7"),
            new Known(IORING_OP_FUTEX_WAKE, "futex_wake", "6.7"),
            new Known(IORING_OP_FUTEX_WAITV, "futex_waitv", "6.7"),
            new Known(IORING_OP_WAITID, "waitid", "6.7"),
            new Known(IORING_OP_READ_MULTISHOT, "read_multishot", "6.7"),
            new Known(IORING_OP_FIXED_FD_INSTALL, "fixed_fd_install", "6.8"),
            new Known(IORING_OP_FADVISE, "fadvise", "5.6"),
            new Known(IORING_OP_MADVISE, "madvise", "5.6"));

    /**
     * One thing that was asked.
     *
     * @param kind what it is
     * @param name as the kernel calls it, in lower case
     * @param works the answer
     * @param firstKernel the first Linux that has it
     */
    public record Finding(Kind kind, String name, boolean works, String firstKernel) {}

    /** What can be asked for. */
    public enum Kind {
        /** A flag of io_uring_setup(2). */
        SETUP,
        /** Something that the kernel says of itself when a ring is set up. */
        FEATURE,
        /** Something that can be registered. */
        REGISTRATION,
        /** An operation. */
        OPERATION,
        /** A way of using an operation, each tried once. */
        FLAG
    }

    /** Asked once; whoever has a ring is told the same by any other. */
    private static final class Operations {
        static final BitSet KNOWN_TO_KERNEL = ask();

        private static BitSet ask() {
            try (Ring ring = Ring.open(new RingOptions(1, 2))) {
                return opcodes(ring);
            } catch (RingException refused) {
                return new BitSet();
            }
        }
    }

    /** The operations that the kernel has; empty if it does not say. */
    static BitSet opcodes(Ring ring) {
        BitSet found = new BitSet(OPCODES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(IoUringProbe.SIZE + OPCODES * IoUringProbeOp.SIZE, Long.BYTES);
            if (ring.register(IoUring.IORING_REGISTER_PROBE, answer, OPCODES) >= 0) {
                for (int opcode = 0; opcode < OPCODES; opcode++) {
                    long at = IoUringProbe.SIZE + opcode * IoUringProbeOp.SIZE + IoUringProbeOp.FLAGS;
                    found.set(opcode, (answer.get(ValueLayout.JAVA_SHORT, at) & SUPPORTED) != 0);
                }
            }
        }
        return found;
    }

    /**
     * Whether the running kernel has an operation. Asked once for the life of the process.
     *
     * @param opcode {@code IORING_OP_*}
     * @return false also if no ring can be set up
     */
    public static boolean hasOperation(int opcode) {
        return Operations.KNOWN_TO_KERNEL.get(opcode);
    }

    /**
     * The answers, found out on the first call and kept for the life of the process.
     *
     * @return the answers
     */
    public static Probe run() {
        return Answers.PROBE;
    }

    private static final class Answers {
        static final Probe PROBE = ask();
    }

    private static Probe ask() {
        try (Ring ring = Ring.open(new RingOptions(4, 8))) {
            List<Finding> findings = new ArrayList<>();
            setup(ring, findings);
            features(ring, findings);
            registrations(ring, findings);
            operations(findings);
            findings.addAll(FlagProbe.run());
            return new Probe(Optional.empty(), List.copyOf(findings));
        } catch (RingException refused) {
            return new Probe(Optional.of(refused), List.of());
        }
    }

    private static void setup(Ring ring, List<Finding> findings) {
        flag(findings, Kind.SETUP, "submit_all", ring.setupFlags(), IoUring.IORING_SETUP_SUBMIT_ALL, "5.18");
        flag(findings, Kind.SETUP, "single_issuer", ring.setupFlags(), IoUring.IORING_SETUP_SINGLE_ISSUER, "6.0");
        flag(findings, Kind.SETUP, "defer_taskrun", ring.setupFlags(), IoUring.IORING_SETUP_DEFER_TASKRUN, "6.1");
        flag(findings, Kind.SETUP, "no_sqarray", ring.setupFlags(), IoUring.IORING_SETUP_NO_SQARRAY, "6.6");
    }

    private static void features(Ring ring, List<Finding> findings) {
        int features = ring.features();
        flag(findings, Kind.FEATURE, "nodrop", features, IoUring.IORING_FEAT_NODROP, "5.5");
        flag(findings, Kind.FEATURE, "fast_poll", features, IoUring.IORING_FEAT_FAST_POLL, "5.7");
        flag(findings, Kind.FEATURE, "ext_arg", features, IoUring.IORING_FEAT_EXT_ARG, "5.11");
        flag(findings, Kind.FEATURE, "cqe_skip", features, IoUring.IORING_FEAT_CQE_SKIP, "5.17");
        flag(findings, Kind.FEATURE, "linked_file", features, IoUring.IORING_FEAT_LINKED_FILE, "5.17");
        flag(findings, Kind.FEATURE, "recvsend_bundle", features, IoUring.IORING_FEAT_RECVSEND_BUNDLE, "6.10");
        flag(findings, Kind.FEATURE, "min_timeout", features, IoUring.IORING_FEAT_MIN_TIMEOUT, "6.12");
    }

    private static void registrations(Ring ring, List<Finding> findings) {
        findings.add(new Finding(Kind.REGISTRATION, "ring_fd", ring.isDescriptorRegistered(), "5.18"));
        registration(findings, "buffer_ring", "5.19", () -> BufferRing.open(ring, 0, 1, 64));
        registration(findings, "buffer_ring_inc", "6.12", () -> BufferRing.openIncremental(ring, 0, 1, 64));
        registration(findings, "files", "5.19", () -> FileTable.open(ring, 1));
        registration(findings, "buffers", "5.13", () -> RegisteredBuffers.open(ring, 1, 4096));
    }

    private interface Registration<R extends AutoCloseable> {
        R open() throws RingException;
    }

    private static void registration(
            List<Finding> findings, String name, String firstKernel, Registration<?> registration) {
        boolean works = true;
        try {
            registration.open().close();
        } catch (Exception refused) {
            works = false;
        }
        findings.add(new Finding(Kind.REGISTRATION, name, works, firstKernel));
    }

    private static void operations(List<Finding> findings) {
        for (Known known : KNOWN) {
            findings.add(new Finding(Kind.OPERATION, known.name, hasOperation(known.opcode), known.firstKernel));
        }
    }

    private static void flag(
            List<Finding> findings, Kind kind, String name, int flags, int flag, String firstKernel) {
        findings.add(new Finding(kind, name, (flags & flag) != 0, firstKernel));
    }
}
