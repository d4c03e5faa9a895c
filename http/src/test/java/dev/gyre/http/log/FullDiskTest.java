package dev.gyre.http.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.LogFormat;
import dev.gyre.http.LogOptions;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that becomes full, and has room again. */
@Tag("T14")
class FullDiskTest {
    private static final int PAGE = 4096;

    @Test
    void theNextLineBeginsALine() {
        SimulationOptions world = SimulationOptions.ofSeed(1).withDiskBytesMax(2 * PAGE);
        List<Throwable> failures = new ArrayList<>();
        String text = Simulation.run(world, io -> {
            Directory folder = io.currentDirectory();
            try (File other = folder.openFile("other", OpenOptions.REPLACE)) {
                other.writeAll(new byte[PAGE]);
            }
            LogOptions options = new LogOptions(LogFormat.COMMON, new LogOptions.Target.ToFile("log"));
            AccessLog log = AccessLog.open(io, options, failures::add, _ -> {});
            for (int i = 0; i < PAGE / 64; i++) {
                log.add(entry("/before"));
            }
            // Two batches that find no room, the first of them for a part.
            awaitWriter(io);
            log.add(entry("/lost"));
            awaitWriter(io);
            folder.deleteFile("other");
            log.add(entry("/after"));
            awaitWriter(io);
            log.add(entry("/last"));
            log.close();
            return read(folder);
        }).value();

        assertThat(failures).hasSize(2)
                .allSatisfy(failure -> assertThat(((IoException) failure).reason()).isEqualTo(Reason.NO_SPACE_LEFT));
        List<String> lines = text.lines().toList();
        assertThat(lines.subList(lines.size() - 2, lines.size())).satisfiesExactly(
                after -> assertThat(after).matches("192\\.0\\.2\\.1 - - \\[[^]]+] \"GET /after HTTP/1\\.1\" 200 5"),
                last -> assertThat(last).matches("192\\.0\\.2\\.1 - - \\[[^]]+] \"GET /last HTTP/1\\.1\" 200 5"));
        assertThat(text).endsWith("\n").doesNotContain("/lost", "\n\n");
    }

    private static void awaitWriter(Io io) {
        io.sleep(AccessLog.GATHERING.multipliedBy(2));
    }

    private static LogEntry entry(String target) {
        return new LogEntry(0, 0, "192.0.2.1", null, "GET", target, "HTTP/1.1", 200, 5, null, null);
    }

    private static String read(Directory folder) throws IoException {
        try (File log = folder.openFile("log", OpenOptions.READ)) {
            byte[] room = new byte[2 * PAGE];
            int length = log.read(room);
            return new String(room, 0, length, StandardCharsets.US_ASCII);
        }
    }
}
