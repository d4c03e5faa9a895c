package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.ring.RingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A loop's own thread. */
final class LoopThreadTest {
    @Test
    void aFaultInEachTurnIsReportedOnceAndDoesNotKeepTheProcessorBusy() throws Exception {
        Logger logger = Logger.getLogger("dev.gyre.uring");
        Reports reports = new Reports();
        logger.addHandler(reports);
        LoopThread loop = new LoopThread(this, 0, RingOptions.DEFAULT);
        loop.open();
        try {
            Faulty faulty = new Faulty(loop);
            loop.post(faulty::fire);
            long start = System.nanoTime();
            Eventually.await("ten turns that fail", () -> faulty.turns.get() == 10);
            assertThat(System.nanoTime() - start).as("the time of ten turns").isGreaterThan(300_000_000);
            Eventually.await("a report", () -> !reports.records.isEmpty());
            assertThat(reports.records).singleElement().satisfies(record -> {
                assertThat(record.getMessage()).contains("gyre-loop-0", "a turn failed");
                assertThat(record.getThrown()).hasMessage("turn 1");
            });

            AtomicInteger works = new AtomicInteger();
            loop.post(works::incrementAndGet);
            Eventually.await("a turn that does not fail", () -> works.get() == 1);
            loop.post(() -> {
                throw new IllegalStateException("another day");
            });
            Eventually.await("a report of what fails later", () -> reports.records.size() == 2);
        } finally {
            loop.shutdown();
            logger.removeHandler(reports);
        }
    }

    /** A thread that comes to wait in the last moment. */
    @Test
    void noPollerIsOpenedAfterTheEnd() throws Exception {
        LoopThread loop = new LoopThread(this, 0, RingOptions.DEFAULT);
        loop.open();
        assertThat(loop.poller()).isNotNull().isSameAs(loop.poller());
        loop.shutdown();
        assertThat(loop.poller()).isNull();
    }

    @Test
    void pinnedLoopsAreEachOnAProcessorOfTheirOwn() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withPinned(true))) {
            Set<String> allowed = new HashSet<>();
            for (int i = 0; i < processors; i++) {
                allowed.add(allowed(((UringIo) io).nextLoop()));
            }
            assertThat(allowed).hasSize(processors).allMatch(list -> list.matches("[0-9]+"));
        }
    }

    private static String allowed(LoopThread loop) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task/" + loop.id() + "/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** A timer that is due at once whenever it has fired, and fails each time; ten times in a row. */
    private static final class Faulty extends Timer {
        final AtomicInteger turns = new AtomicInteger();
        private final LoopThread loop;

        Faulty(LoopThread loop) {
            this.loop = loop;
        }

        @Override
        void fire() {
            if (turns.get() < 10) {
                loop.timers().set(this, loop.now());
                throw new IllegalStateException("turn " + turns.incrementAndGet());
            }
        }
    }

    private static final class Reports extends Handler {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
