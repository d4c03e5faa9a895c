package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

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
