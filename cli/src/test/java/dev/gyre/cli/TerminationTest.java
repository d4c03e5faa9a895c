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

        assertThat(exitCode(process)).isZero();
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

        assertThat(exitCode(process)).isEqualTo(code);
    }

    @Test
    void theProcessEndsWhenEverythingIsClosed() throws Exception {
        Process process = Program.start(Program.of(SlowToClose.class));
        assertThat(process.inputReader().readLine()).isEqualTo("ready");

        Program.signal(process, "TERM");

        assertThat(process.inputReader().readLine()).isEqualTo("closed");
        assertThat(exitCode(process)).as("of the program itself").isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void aSignalThatComesAfterTheCommandEndsWhatIsLeft(String signal, int code) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=" + signal));
        command.addAll(Program.of(LivesOn.class));
        Process process = Program.start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("ended");

        Program.signal(process, signal);

        assertThat(exitCode(process)).isEqualTo(code);
    }

    @Test
    void aHangupEndsACommandThatHasNoOtherUseForIt() throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.addAll(Program.of(SlowToClose.class));
        Process process = Program.start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        Program.signal(process, "HUP");
        assertThat(process.inputReader().readLine()).isEqualTo("closed");

        command.removeLast();
        command.add(HangsOn.class.getName());
        process = Program.start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        for (int i = 0; i < 3; i++) {
            Program.signal(process, "HUP");
            assertThat(process.inputReader().readLine()).isEqualTo("hung up");
        }
        Program.signal(process, "TERM");
        assertThat(process.inputReader().readLine()).isEqualTo("stopping");
        assertThat(exitCode(process)).isZero();
    }

    /** Where the virtual machine handles no signals. */
    @Test
    void withoutHandlersASignalDoesWhatItDoes() throws Exception {
        List<String> command = Program.of(SlowToClose.class);
        command.add(1, "-Xrs");
        Process process = Program.start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        Program.signal(process, "TERM");
        assertThat(exitCode(process)).isEqualTo(143);
    }

    /** Of a process that ends soon. */
    private static int exitCode(Process process) throws InterruptedException {
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        return process.exitValue();
    }

    /** Whose resources take their time. */
    static final class SlowToClose {
        private SlowToClose() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch asked = new CountDownLatch(1);
            try (SlowToStop.AutoCloseableResource _ = SlowToClose::close;
                    Termination _ = Termination.handledBy(asked::countDown)) {
                System.out.println("ready");
                asked.await();
            }
            System.exit(7);
        }

        private static void close() {
            try {
                boolean never = new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
                System.out.println(never ? "never" : "closed");
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    /** Whose command is over long before the process. */
    static final class LivesOn {
        private LivesOn() {}

        public static void main(String[] arguments) throws InterruptedException {
            Termination.handledBy(() -> {}).close();
            System.out.println("ended");
            new CountDownLatch(1).await();
        }
    }

    /** Which does something else on a hangup. */
    static final class HangsOn {
        private HangsOn() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch asked = new CountDownLatch(1);
            try (Termination _ = Termination.handledBy(
                    () -> {
                        System.out.println("stopping");
                        asked.countDown();
                    },
                    () -> System.out.println("hung up"))) {
                System.out.println("ready");
                asked.await();
            }
        }
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
