package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a command ends that a signal has ended. */
final class TerminationTest {
    @Test
    void whatStoppingNeedsIsStillOpenWhileItRuns() throws Exception {
        Process process = Program.start(Program.of(SlowToStop.class));
        assertThat(process.inputReader().readLine()).isEqualTo("ready");

        Program.signal(process, "TERM");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSecondSignalEndsItAtOnce(String signal, int code) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=" + signal));
        command.addAll(Program.of(NeverStops.class));
        Process process = Program.start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        Program.signal(process, signal);
        assertThat(process.inputReader().readLine()).isEqualTo("stopping");

        Program.signal(process, signal);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
    }

    /** Whose stop waits for what does not come. */
    static final class NeverStops {
        private NeverStops() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            try (Termination _ = Termination.handledBy(() -> {
                System.out.println("stopping");
                try {
                    never.await();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            })) {
                System.out.println("ready");
                never.await();
            }
        }
    }

    /** Whose stop has only just woken the command when that is already on its way out. */
    static final class SlowToStop {
        private SlowToStop() {}

        public static void main(String[] arguments) throws InterruptedException {
            Thread command = Thread.currentThread();
            CountDownLatch asked = new CountDownLatch(1);
            AtomicBoolean closed = new AtomicBoolean();
            try (AutoCloseableResource _ = () -> closed.set(true);
                    Termination _ = Termination.handledBy(() -> {
                        asked.countDown();
                        while (command.isAlive() && !waitsToClose(command)) {
                            Thread.onSpinWait();
                        }
                        if (closed.get()) {
                            throw new IllegalStateException("closed under our hands");
                        }
                    })) {
                System.out.println("ready");
                asked.await();
            }
        }

        private static boolean waitsToClose(Thread command) {
            return command.getState() == Thread.State.WAITING
                    && Arrays.stream(command.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(Termination.class.getName()));
        }

        private interface AutoCloseableResource extends AutoCloseable {
            @Override
            void close();
        }
    }
}
