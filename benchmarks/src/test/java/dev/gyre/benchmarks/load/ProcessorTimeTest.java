package dev.gyre.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
    private static final long BURNT_NANOS = 200_000_000;

    @Test
    void growsWithWhatTheThreadBurns() throws IOException {
        long pid = ProcessHandle.current().pid();
        ProcessorTime before = ProcessorTime.of(pid);
        long machineBefore = ProcessorTime.machineNanos();
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        while (threads.getCurrentThreadCpuTime() - begin < BURNT_NANOS) {
            Thread.onSpinWait();
        }

        long used = ProcessorTime.of(pid).since(before).totalNanos();

        assertThat(used).isGreaterThanOrEqualTo(BURNT_NANOS - 2 * ProcessorTime.RESOLUTION_NANOS);
        assertThat(ProcessorTime.machineNanos() - machineBefore)
                .isGreaterThanOrEqualTo(BURNT_NANOS - 4 * ProcessorTime.RESOLUTION_NANOS);
    }

    @Test
    void aProcessThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ProcessorTime.of(Integer.MAX_VALUE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(Integer.toString(Integer.MAX_VALUE));
    }
}
