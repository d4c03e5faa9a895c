package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Task;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.linux.Files;
import dev.gyre.ring.RingOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop that does not turn is reported; one that waits is not. */
final class WatchdogTest {
    private static final IoOptions OPTIONS = IoOptions.DEFAULT.withBackend("uring").withLoops(1);
    private static final IoOptions IMPATIENT = OPTIONS.withStall(Duration.ofMillis(10));

    private static final Pattern COUNT = Pattern.compile(" \\((\\d+) stalls since the last message\\)$");

    private final Logger logger = Logger.getLogger("dev.gyre.uring");
    private final Reports reports = new Reports();

    @BeforeEach
    void listen() {
        logger.addHandler(reports);
    }

    @AfterEach
    void takeHandlerBack() {
        logger.removeHandler(reports);
    }

    private static void needsTasksOnLoops() {
        if (!VirtualThreads.schedulable()) {
            System.out.println("skipped: the probe 'tasks on loops' answered: " + VirtualThreads.refusal());
        }
        assumeThat(VirtualThreads.schedulable()).isTrue();
    }

    @Test
    void aTaskThatKeepsItsLoopIsReportedWithItsStack(@TempDir Path folder) throws Exception {
        needsTasksOnLoops();
        try (Recording recording = new Recording(); Io io = Io.open(IMPATIENT)) {
            recording.enable("dev.gyre.Stall");
            recording.start();
            Task<Object, RuntimeException> hog = io.concurrent(() -> spinUntilReported(io));
            hog.await();
            recording.stop();
            assertThat(reports.messages).last().asString()
                    .contains("gyre-loop-0")
                    .contains("10 ms")
                    .contains("gyre-task WatchdogTest")
                    .contains("WatchdogTest.spinUntilReported(WatchdogTest.java:")
                    .contains("Io.blocking")
                    .doesNotContain("\n");
            Path file = folder.resolve("stall.jfr");
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(events).filteredOn(WatchdogTest::isStall).last().satisfies(event -> {
                assertThat(event.getThread("loop").getJavaName()).isEqualTo("gyre-loop-0");
                assertThat(event.getThread("culprit").getJavaName()).isEqualTo("gyre-task WatchdogTest");
                assertThat(event.getDuration("atLeast")).isEqualTo(Duration.ofMillis(10));
                assertThat(event.getString("stack")).contains("spinUntilReported");
            });
            assertThat(file).isNotEmptyFile();
        }
    }

    /** It could wait for a thread that only lacks a processor: that takes more looks to tell. */
    @Test
    void aLoopThatIsBlockedWhileProcessorsAreShortIsReportedLater() throws Exception {
        LoopThread loop = new LoopThread(this, 0, RingOptions.DEFAULT);
        loop.open();
        Watchdog watchdog = new Watchdog(List.of(loop), Duration.ofHours(1));
        watchdog.start();
        int[] pipe = pipe();
        loop.post(() -> assertThat(Files.read(pipe[0], Arena.ofAuto().allocate(1), 1)).isEqualTo(1));
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> busy = Stream.generate(() -> Thread.ofPlatform().daemon().start(() -> spinUntil(over)))
                .limit(Runtime.getRuntime().availableProcessors() + 1)
                .toList();
        try {
            Eventually.await("it is blocked", () -> !Watchdog.isRunnable(loop.id()) && (loop.phase() & 1) != 0);
            for (int i = 0; i < 10; i++) {
                watchdog.look();
            }
            assertThat(reports.messages).isEmpty();
            watchdog.look();
            watchdog.look();
            assertThat(reports.messages).singleElement().asString().contains("gyre-loop-0", "Libc.call(Libc.java:");
        } finally {
            over.set(true);
            for (Thread each : busy) {
                each.join();
            }
            Files.write(pipe[1], Arena.ofAuto().allocate(1), 1);
            watchdog.shutdown();
            loop.shutdown();
            Files.close(pipe[0]);
            Files.close(pipe[1]);
        }
    }

    private static int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
            assertThat(Files.pipe2(pair, 0)).isZero();
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    private static void spinUntil(AtomicBoolean over) {
        while (!over.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLoopThatWaitsIsNotReported() throws Exception {
        needsTasksOnLoops();
        try (Io io = Io.open(OPTIONS)) {
            Task<Object, RuntimeException> sleeper = io.concurrent(() -> {
                io.sleep(Duration.ofHours(1));
                return null;
            });
            Watchdog watchdog = ((UringIo) io).watchdog();
            long before = watchdog.looks();
            Eventually.await("some looks", () -> watchdog.looks() > before + 5);
            assertThat(sleeper.isDone()).isFalse();
            assertThat(reports.messages).isEmpty();
        }
    }

    @Test
    void blockingWorkKeepsNoLoop() throws Exception {
        needsTasksOnLoops();
        try (Io io = Io.open(OPTIONS)) {
            Watchdog watchdog = ((UringIo) io).watchdog();
            io.concurrent(() -> io.blocking(() -> {
                long before = watchdog.looks();
                Eventually.await("some looks", () -> watchdog.looks() > before + 5);
                return null;
            })).await();
            assertThat(reports.messages).isEmpty();
        }
    }

    /** A program that blocks in each turn must not fill its log; what was left out is counted, and once only. */
    @ParameterizedTest
    @ValueSource(longs = {0, -2_500_000_000L, Long.MAX_VALUE - 500_000_000L})
    void aLineASecondWithTheCountOfTheRest(long start) {
        LoopThread loop = new LoopThread(this, 7, RingOptions.DEFAULT);
        Watchdog watchdog = new Watchdog(List.of(loop), Duration.ofMillis(10));
        long second = Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < 100; i++) {
            watchdog.report(loop, start + i);
        }
        watchdog.report(loop, start + second - 1);
        assertThat(reports.messages).hasSize(1);

        watchdog.report(loop, start + second);
        watchdog.report(loop, start + 2 * second - 1);
        assertThat(reports.messages).hasSize(2);

        watchdog.report(loop, start + 5 * second);
        watchdog.report(loop, start + 7 * second);
        assertThat(reports.messages).hasSize(4).allMatch(message -> message.startsWith("gyre-loop-7 "));
        assertThat(reports.messages).map(WatchdogTest::count).containsExactly("", "101", "2", "");
    }

    /** The number of stalls that a message stands for, if that is said. */
    private static String count(String message) {
        Matcher matcher = COUNT.matcher(message);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Each turn is reported once, and there is a line a second: turns are tried until the line is about this one. */
    private Object spinUntilReported(Io io) {
        while (reports.messages.stream().noneMatch(message -> message.contains("spinUntilReported"))) {
            long end = System.nanoTime() + Duration.ofMillis(100).toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            io.sleep(Duration.ofNanos(1));
        }
        return null;
    }

    private static boolean isStall(RecordedEvent event) {
        return event.getEventType().getName().equals("dev.gyre.Stall");
    }

    private static final class Reports extends Handler {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
