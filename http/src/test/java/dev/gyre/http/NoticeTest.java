package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes in masses is said once a second; time is a simulation's. */
final class NoticeTest {
    private static final Logger LOGGER = Logger.getLogger("dev.gyre.http");

    private final List<LogRecord> records = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.setUseParentHandlers(true);
        LOGGER.removeHandler(handler);
    }

    @Test
    void oneLineASecondWithTheCountOfTheRest() {
        Simulation.run(SimulationOptions.ofSeed(1), io -> {
            Notice notice = new Notice(io, "a file could not be opened");
            for (int i = 0; i < 100; i++) {
                notice.warn(new Exception("too many"));
            }
            io.sleep(Duration.ofMillis(1001));
            notice.warn(new Exception("still too many"));
            io.sleep(Duration.ofMillis(1001));
            notice.warn(new IllegalStateException("odd"));
            return null;
        });

        assertThat(records).extracting(LogRecord::getMessage).containsExactly(
                "a file could not be opened: too many",
                "a file could not be opened: still too many (and 99 more since the last such line)",
                "a file could not be opened: java.lang.IllegalStateException: odd");
        assertThat(records).extracting(LogRecord::getThrown).containsOnlyNulls();
    }

    @Test
    void aFaultHasItsStack() {
        Exception fault = new IllegalStateException("odd");
        Simulation.run(SimulationOptions.ofSeed(1), io -> {
            Notice notice = new Notice(io, "a fault");
            notice.error(fault);
            notice.error(new IllegalStateException("another"));
            return null;
        });

        assertThat(records).extracting(LogRecord::getThrown).containsExactly(fault);
    }
}
