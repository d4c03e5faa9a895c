package dev.gyre.examples.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.Errno;
import dev.gyre.ring.Injection;
import dev.gyre.ring.Loop;
import dev.gyre.ring.Operation;
import dev.gyre.ring.RingOptions;
import dev.gyre.ring.Submission;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.WriteFixed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log promises, also to those who pull the plug. */
final class LogTest {
    private static final long BATCH_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThere() throws Exception {
        Path file = folder.resolve("log");
        assertThat(append(file, "a", "b", "")).containsExactly(0, 0, 0);
        assertThat(append(file, "c")).containsExactly(0);
        assertThat(read(file)).containsExactly("a", "b", "", "c");
    }

    @Test
    void manyRecordsShareOneSync() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT);
                Log log = Log.open(loop, folder.resolve("log"), BATCH_BYTES, entry -> {})) {
            int[] acknowledged = {0};
            for (int i = 0; i < 1000; i++) {
                assertThat(log.append(bytes("entry " + i), error -> acknowledged[0]++)).isTrue();
            }
            while (acknowledged[0] < 1000) {
                loop.turn(-1);
            }
            assertThat(log.batches()).as("the first alone, and all that came meanwhile").isEqualTo(2);
        }
    }

    @Test
    void aFullBatchSaysSoAndARecordThatNeverFitsIsRefused() throws Exception {
        try (Loop loop = Loop.open(RingOptions.DEFAULT);
                Log log = Log.open(loop, folder.resolve("log"), 4096, entry -> {})) {
            assertThat(log.append(new byte[4000], error -> {})).isTrue();
            assertThat(log.append(new byte[4000], error -> {})).isTrue();
            assertThat(log.append(new byte[4000], error -> {})).isFalse();
            loop.turn(-1);
            while (!log.append(new byte[4000], error -> {})) {
                loop.turn(-1);
            }
            assertThatThrownBy(() -> {
                while (!log.append(new byte[5000], error -> {})) {
                    loop.turn(-1);
                }
            }).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTailThatIsTornOrRottenIsCutOff() throws Exception {
        Path file = folder.resolve("log");
        append(file, "one");
        long first = Files.size(file);
        append(file, "two ".repeat(2000));
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(42);
        for (int i = 0; i < 50; i++) {
            byte[] damaged = whole.clone();
            if (i % 2 == 0) {
                int from = (int) first + random.nextInt(8000);
                damaged[from] ^= (byte) (1 << random.nextInt(8));
            } else {
                damaged = Arrays.copyOf(damaged, (int) first + random.nextInt(8000));
            }
            Files.write(file, damaged);
            assertThat(read(file)).containsExactly("one");
            assertThat(append(file, "three")).containsExactly(0);
            assertThat(read(file)).containsExactly("one", "three");
        }
    }

    @Test
    void anOldBatchBehindTheEndNeverComesBack() throws Exception {
        Path file = folder.resolve("log");
        append(file, "one");
        append(file, "two");
        append(file, "three");
        byte[] bytes = Files.readAllBytes(file);
        bytes[4096 + 30] ^= 1;
        Files.write(file, bytes);
        append(file, "other");
        assertThat(read(file)).containsExactly("one", "other");
    }

    @Test
    void aBatchThatIsTooLargeToBeReadIsNotTakenForATornOne() throws Exception {
        Path file = folder.resolve("log");
        append(file, "x".repeat(10_000));
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            assertThatThrownBy(() -> Log.open(loop, file, 4096, entry -> {})).hasMessageContaining("12288 bytes");
        }
        assertThat(read(file)).hasSize(1);
    }

    @Test
    void aShortWriteEndsTheLog() throws Exception {
        Injection shortens = new Injection() {
            @Override
            public void prepared(Operation operation, Submission entry) {
                if (operation instanceof WriteFixed) {
                    entry.length(0);
                }
            }
        };
        assertThat(failing(shortens)).containsExactly(Errno.EIO.code(), Errno.EIO.code());
        assertThat(read(folder.resolve("log"))).isEmpty();
    }

    @Test
    void aFailedSyncAcknowledgesNothing() throws Exception {
        Injection fails = new Injection() {
            @Override
            public void deliver(List<Arrival> arrived, List<Arrival> delivered) {
                for (Arrival arrival : arrived) {
                    boolean sync = arrival.operation() instanceof Fsync && Files.exists(folder.resolve("armed"));
                    delivered.add(sync ? arrival.withResult(-Errno.ENOSPC.code()) : arrival);
                }
                arrived.clear();
            }
        };
        assertThat(failing(fails)).containsExactly(Errno.ENOSPC.code(), Errno.ENOSPC.code());
    }

    @Test
    void aKilledProcessLosesNothingThatItAcknowledged() throws Exception {
        Path file = folder.resolve("log");
        Random random = new Random(7);
        long acknowledged = 0;
        for (int round = 0; round < 8; round++) {
            Process child = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                    "-cp", System.getProperty("java.class.path"),
                    LogProgram.class.getName(), "write", file.toString(), "3000").start();
            try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
                String first = out.readLine();
                assertThat(first).startsWith("recovered ");
                long recovered = Long.parseLong(first.substring(10));
                assertThat(recovered).as("no acknowledged record is missing").isGreaterThanOrEqualTo(acknowledged);
                int until = 1 + random.nextInt(2000);
                String line = null;
                for (int i = 0; i < until; i++) {
                    line = out.readLine();
                }
                child.toHandle().destroyForcibly();
                // What was printed before the end is acknowledged, too.
                for (String next = line; next != null; next = out.readLine()) {
                    line = next;
                }
                acknowledged = Long.parseLong(line) + 1;
            }
            child.waitFor();
        }
        List<String> records = read(file);
        assertThat(records.size()).isGreaterThanOrEqualTo((int) acknowledged);
        for (int i = 0; i < records.size(); i++) {
            assertThat(records.get(i)).isEqualTo(LogProgram.entry(i, 3000));
        }
    }

    /** Appends twice to a log whose commits fail, and returns what it was told. */
    private List<Integer> failing(Injection injection) throws IOException {
        List<Integer> told = new ArrayList<>();
        try (Loop loop = Loop.open(RingOptions.DEFAULT, injection);
                Log log = Log.open(loop, folder.resolve("log"), BATCH_BYTES, entry -> {})) {
            Files.writeString(folder.resolve("armed"), "");
            log.append(bytes("lost"), told::add);
            while (told.isEmpty()) {
                loop.turn(-1);
            }
            log.append(bytes("refused"), told::add);
        }
        return told;
    }

    private static List<Integer> append(Path file, String... entries) throws IOException {
        List<Integer> told = new ArrayList<>();
        try (Loop loop = Loop.open(RingOptions.DEFAULT);
                Log log = Log.open(loop, file, BATCH_BYTES, entry -> {})) {
            for (String entry : entries) {
                assertThat(log.append(bytes(entry), told::add)).isTrue();
            }
            while (told.size() < entries.length) {
                loop.turn(-1);
            }
        }
        return told;
    }

    private static List<String> read(Path file) throws IOException {
        List<String> records = new ArrayList<>();
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            Log.open(loop, file, BATCH_BYTES, entry -> records.add(new String(entry, StandardCharsets.US_ASCII)))
                    .close();
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
