package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.RingOptions;
import dev.gyre.ring.Submission;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who fills in submissions. A ring has one object for the entry that is being filled in, so a fiber that is switched
 * out meanwhile would leave half an entry to the next one. Only the loop's own thread may do it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PreparationTest {
    private static final int FIBERS = 16;
    private static final int ROUNDS = 200;
    private static final int PATIENCE_SECONDS = 10;

    @BeforeAll
    static void onTheLoop() {
        Assumptions.assumeTrue(VirtualThreads.schedulable(), VirtualThreads.refusal());
    }

    @Test
    void theLoopsOwnThreadFillsInWhatFibersSubmit() throws Exception {
        int zeros = Files.openat(Directories.AT_FDCWD, Arena.global().allocateFrom("/dev/zero"), Files.O_RDONLY, 0);
        assertThat(zeros).as("a descriptor of /dev/zero").isNotNegative();
        LoopThread loop = new LoopThread(this, 0, RingOptions.DEFAULT);
        loop.open();
        CountDownLatch ended = new CountDownLatch(FIBERS);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < FIBERS; i++) {
            readers.add(new Reader(loop, zeros, 1 + i * ROUNDS, ended));
        }
        readers.forEach(reader -> VirtualThreads.unstarted(loop, "reader", reader, reader::readAll).start());
        boolean allEnded = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);

        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(allEnded).as("each operation has ended").isTrue();
            softly.assertThat(readers).extracting(reader -> reader.preparedOnFibers)
                    .as("how many entries each fiber, and not the loop's thread, began to fill in").containsOnly(0);
            softly.assertThat(readers).flatExtracting(reader -> reader.faults).as("wrong results").isEmpty();
        });
        loop.shutdown(); // which waits for operations, and so for ever if some were lost
        Files.close(zeros);
    }

    /** Reads so many bytes as no other read asks for, one read after the other. Used on the loop only. */
    private static final class Reader extends Operation implements FiberHandler {
        private static final OperationKind KIND = new OperationKind(
                "read", IoUringOp.IORING_OP_READ, "5.6", "read(2)", EnumSet.noneOf(Errno.class));

        final List<String> faults = new ArrayList<>();
        int preparedOnFibers;

        private final LoopThread loop;
        private final int fd;
        private final int first;
        private final CountDownLatch ended;
        private final long buffer;
        private int length;
        private int completions;

        Reader(LoopThread loop, int fd, int first, CountDownLatch ended) {
            super(_ -> {});
            this.loop = loop;
            this.fd = fd;
            this.first = first;
            this.ended = ended;
            // Never freed: a loop that has gone wrong may have the kernel write to it later.
            MemorySegment memory = Arena.global().allocate((long) FIBERS * ROUNDS);
            buffer = memory.address();
        }

        void readAll() {
            Thread reader = Thread.currentThread();
            callback(_ -> {
                completions++;
                LockSupport.unpark(reader);
            });
            for (int i = 0; i < ROUNDS; i++) {
                length = first + i;
                loop.loop().submit(this);
                while (completions == i) {
                    LockSupport.park();
                }
                if (completions != i + 1 || result() != length) {
                    faults.add(length + " bytes: completion " + completions + " of " + (i + 1) + ", " + result());
                }
            }
            ended.countDown();
        }

        @Override
        protected void prepare(Submission entry) {
            if (Thread.currentThread().isVirtual()) {
                preparedOnFibers++;
            }
            entry.operation(KIND.opcode(), fd);
            Thread.yield(); // as the virtual machine may have it wherever the JDK takes a lock
            entry.address(buffer).length(length);
        }

        @Override
        public OperationKind kind() {
            return KIND;
        }
    }
}
