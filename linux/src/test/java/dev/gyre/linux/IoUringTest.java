package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.layout.Cqe;
import dev.gyre.linux.layout.GetEventsArgument;
import dev.gyre.linux.layout.IoUringParams;
import dev.gyre.linux.layout.IoUringProbe;
import dev.gyre.linux.layout.IoUringProbeOp;
import dev.gyre.linux.layout.KernelTimespec;
import dev.gyre.linux.layout.Sqe;
import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The three calls against a real ring, driven by hand. */
final class IoUringTest {
    private static final int ENTRIES = 4;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment params = arena.allocate(IoUringParams.LAYOUT);
    private final Map<Long, Long> mappings = new HashMap<>();
    private int ring = -1;

    @BeforeEach
    void setup() {
        ring = IoUring.setup(ENTRIES, params);
        assumeTrue(ring >= 0, () -> "probe failed: io_uring_setup answers " + Errno.describe(-ring));
    }

    @AfterEach
    void close() {
        arena.close();
        mappings.forEach((address, bytes) -> ok(Mmap.munmap(address, bytes)));
        if (ring >= 0) {
            ok(Files.close(ring));
        }
    }

    @Test
    @Tag("R1")
    void setupFillsInTheParameters() {
        assertThat(params.get(ValueLayout.JAVA_INT, IoUringParams.SQ_ENTRIES)).isEqualTo(ENTRIES);
        assertThat(params.get(ValueLayout.JAVA_INT, IoUringParams.CQ_ENTRIES)).isEqualTo(2 * ENTRIES);
        assertThat(params.get(ValueLayout.JAVA_INT, IoUringParams.FEATURES) & IoUring.IORING_FEAT_NODROP)
                .isNotZero();
    }

    @Test
    @Tag("R1")
    @Tag("R8")
    void nopCompletesWithItsUserData() {
        long ringBytes = Math.max(
                offset(IoUringParams.CQ_OFF_CQES) + 2 * ENTRIES * Cqe.SIZE,
                offset(IoUringParams.SQ_OFF_ARRAY) + ENTRIES * ValueLayout.JAVA_INT.byteSize());
        MemorySegment rings = map(ringBytes, IoUring.IORING_OFF_SQ_RING);
        MemorySegment entries = map(ENTRIES * Sqe.SIZE, IoUring.IORING_OFF_SQES);

        entries.set(ValueLayout.JAVA_BYTE, Sqe.OPCODE, (byte) IoUringOp.IORING_OP_NOP);
        entries.set(ValueLayout.JAVA_LONG, Sqe.USER_DATA, 0x1234_5678_9abc_def0L);
        rings.set(ValueLayout.JAVA_INT, offset(IoUringParams.SQ_OFF_ARRAY), 0);
        rings.set(ValueLayout.JAVA_INT, offset(IoUringParams.SQ_OFF_TAIL), 1);

        assertThat(IoUring.enter(ring, 1, 1, IoUring.IORING_ENTER_GETEVENTS, MemorySegment.NULL, 0))
                .isEqualTo(1);
        long completions = offset(IoUringParams.CQ_OFF_CQES);
        assertThat(Cqe.userData(rings, completions)).isEqualTo(0x1234_5678_9abc_def0L);
        assertThat(Cqe.result(rings, completions)).isZero();
        assertThat(Cqe.flags(rings, completions)).isZero();
    }

    @Test
    @Tag("R1")
    void enterWaitsForATimeAndAnswersEtime() {
        MemorySegment timespec = arena.allocate(KernelTimespec.LAYOUT);
        KernelTimespec.set(timespec, TimeUnit.MILLISECONDS.toNanos(20));
        MemorySegment argument = arena.allocate(GetEventsArgument.LAYOUT);
        argument.set(ValueLayout.JAVA_LONG, GetEventsArgument.TS, timespec.address());
        int flags = IoUring.IORING_ENTER_GETEVENTS | IoUring.IORING_ENTER_EXT_ARG;

        long start = System.nanoTime();
        int result = IoUring.enter(ring, 0, 1, flags, argument, GetEventsArgument.SIZE);

        assertFails(result, Errno.ETIME);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    @Tag("R9")
    void probeListsOperations() {
        int count = 256;
        MemorySegment probe = arena.allocate(IoUringProbe.SIZE + count * IoUringProbeOp.SIZE, 8);

        assertThat(IoUring.register(ring, IoUring.IORING_REGISTER_PROBE, probe, count)).isZero();

        int last = Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, IoUringProbe.LAST_OP));
        assertThat(last).isGreaterThanOrEqualTo(IoUringOp.IORING_OP_SENDMSG_ZC);
        long send = IoUringProbe.OPS + IoUringOp.IORING_OP_SEND * IoUringProbeOp.SIZE;
        assertThat(probe.get(ValueLayout.JAVA_SHORT, send + IoUringProbeOp.FLAGS))
                .isEqualTo((short) IoUring.IO_URING_OP_SUPPORTED);
    }

    @Test
    void errorsComeBackNegated() {
        assertFails(IoUring.setup(0, params), Errno.EINVAL);
        assertFails(IoUring.setup(1, MemorySegment.NULL), Errno.EFAULT);
        assertFails(IoUring.enter(-1, 1, 0, 0, MemorySegment.NULL, 0), Errno.EBADF);
        assertFails(IoUring.register(ring, 9999, MemorySegment.NULL, 0), Errno.EINVAL);
    }

    @Test
    void heapMemoryIsRefusedBeforeTheCall() {
        MemorySegment heap = MemorySegment.ofArray(new byte[(int) IoUringParams.SIZE]);
        assertThatThrownBy(() -> IoUring.setup(ENTRIES, heap)).isInstanceOf(IllegalArgumentException.class);
    }

    private MemorySegment map(long bytes, long offset) {
        long address = Mmap.mmap(
                0, bytes, Mmap.PROT_READ | Mmap.PROT_WRITE, Mmap.MAP_SHARED | Mmap.MAP_POPULATE, ring, offset);
        assertThat(Mmap.failed(address)).isFalse();
        mappings.put(address, bytes);
        return RawMemory.segment(address, bytes, arena);
    }

    private long offset(long parameter) {
        return Integer.toUnsignedLong(params.get(ValueLayout.JAVA_INT, parameter));
    }
}
