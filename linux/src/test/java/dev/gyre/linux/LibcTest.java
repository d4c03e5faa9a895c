package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How handles call, whatever they call. */
final class LibcTest {
    /** Many threads on few slots: each must see the error of its own call. */
    @Test
    void everyThreadSeesItsOwnError() throws Exception {
        try (Arena arena = Arena.ofShared();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            MemorySegment none = arena.allocateFrom("/none/such");
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                boolean even = i % 2 == 0;
                all.add(threads.submit(() -> {
                    for (int k = 0; k < 100; k++) {
                        if (even) {
                            assertFails(Files.close(-1), Errno.EBADF);
                        } else {
                            assertFails(Directories.unlinkat(Directories.AT_FDCWD, none, 0), Errno.ENOENT);
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void borrowedMemoryIsNeverLentTwice() {
        MemorySegment first = SegmentPool.ARGUMENTS.borrow();
        MemorySegment second = SegmentPool.ARGUMENTS.borrow();
        assertThat(second.address()).isNotEqualTo(first.address());
        SegmentPool.ARGUMENTS.giveBack(first);
        SegmentPool.ARGUMENTS.giveBack(second);
        MemorySegment third = SegmentPool.ARGUMENTS.borrow();
        MemorySegment fourth = SegmentPool.ARGUMENTS.borrow();
        assertThat(List.of(third.address(), fourth.address()))
                .as("what was given back is lent again")
                .containsExactlyInAnyOrder(first.address(), second.address());
        SegmentPool.ARGUMENTS.giveBack(third);
        SegmentPool.ARGUMENTS.giveBack(fourth);
    }

    @Test
    void memoryTheKernelMustNotHaveIsRefusedBeforeTheCall() {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThatThrownBy(() -> Files.write(1, heap, 8)).isInstanceOf(IllegalArgumentException.class);
        Arena arena = Arena.ofShared();
        MemorySegment closed = arena.allocate(8);
        arena.close();
        assertThatThrownBy(() -> Files.write(1, closed, 8)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMissingFunctionIsNamed() {
        assertThatThrownBy(() -> Libc.address("no_such_function"))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessageContaining("no_such_function");
    }
}
