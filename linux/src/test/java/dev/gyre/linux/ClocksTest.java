package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClocksTest {
    @Test
    void monotonicIsTheClockOfNanoTime() {
        long before = System.nanoTime();
        long now = Clocks.gettime(Clocks.CLOCK_MONOTONIC);
        assertThat(now).isBetween(before, System.nanoTime());
    }

    @Test
    void realTimeIsTheTimeOfDay() {
        long before = System.currentTimeMillis();
        long now = TimeUnit.NANOSECONDS.toMillis(Clocks.gettime(Clocks.CLOCK_REALTIME));
        assertThat(now).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void bootTimeCountsSuspensionToo() {
        long monotonic = Clocks.gettime(Clocks.CLOCK_MONOTONIC);
        assertThat(Clocks.gettime(Clocks.CLOCK_BOOTTIME)).isGreaterThanOrEqualTo(monotonic);
    }

    @Test
    void processorTimePassesWhileTheThreadWorks() {
        long thread = Clocks.gettime(Clocks.CLOCK_THREAD_CPUTIME_ID);
        long process = Clocks.gettime(Clocks.CLOCK_PROCESS_CPUTIME_ID);
        while (Clocks.gettime(Clocks.CLOCK_THREAD_CPUTIME_ID) == thread) {
            Thread.onSpinWait();
        }
        assertThat(Clocks.gettime(Clocks.CLOCK_PROCESS_CPUTIME_ID)).isGreaterThan(process);
    }

    @Test
    void anUnknownClockIsAnError() {
        assertFails(Clocks.gettime(4711), Errno.EINVAL);
    }
}
