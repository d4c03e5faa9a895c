package dev.gyre.simulated;

import static dev.gyre.simulated.Orders.both;
import static dev.gyre.simulated.Orders.explore;
import static dev.gyre.simulated.Orders.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Batch;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Change;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Watcher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files in every order that operations on them can come in: each happens as a whole, and nothing in between. */
@Tag("S2")
@Tag("T11")
final class FileExplorationTest {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    /** The way in which programs replace a file: whoever reads it sees the old one or the new one, and never a part. */
    @Test
    void aFileThatIsReplacedByRenamingIsAlwaysWhole() {
        Set<String> outcomes = explore(FileExplorationTest::replaceAndRead);
        assertThat(outcomes).containsExactlyInAnyOrder("old", "new");
    }

    /** Written in place, it may be met half-written. */
    @Test
    void aFileThatIsWrittenInPlaceIsNot() {
        Set<String> outcomes = explore(io -> {
            write(io, "file", "old");
            String[] seen = {""};
            both(io, () -> {
                try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                    file.truncate(0);
                    file.write(bytes("new"), 0);
                }
            }, () -> seen[0] = read(io, "file"));
            return seen[0];
        });
        assertThat(outcomes).containsExactlyInAnyOrder("old", "", "new");
    }

    /** Whoever hears of the new file finds it, and nobody waits for what has happened before the watch. */
    @Test
    void whatIsHeardOfIsThere() {
        Set<String> outcomes = explore(io -> {
            Directory top = io.currentDirectory();
            write(io, "settings", "old");
            String[] read = {""};
            both(io, () -> {
                write(io, "new", "new");
                top.rename("new", "settings");
            }, () -> {
                try (Watcher watcher = io.watcher()) {
                    watcher.watch(top, ".", Set.of(Change.MOVED_TO));
                    read[0] = read(io, "settings");
                    if (read[0].equals("old")) {
                        assertThat(watcher.next().name()).isEqualTo("settings");
                        read[0] += ", then " + read(io, "settings");
                    }
                }
            });
            return read[0];
        });
        assertThat(outcomes).containsExactlyInAnyOrder("new", "old, then new");
    }

    @Test
    void whoStopsWaitingForAChangeHasTakenNone() {
        Set<String> outcomes = explore(io -> {
            Directory top = io.currentDirectory();
            try (Watcher watcher = io.watcher()) {
                watcher.watch(top, ".", Set.of(Change.CREATED));
                Task<String, IoException> waiting = io.concurrent(() -> "" + watcher.next().name());
                Task<String, IoException> making = io.concurrent(() -> {
                    top.makeDirectory("made");
                    return "";
                });
                String heard = outcome(waiting);
                making.await();
                return heard.equals("canceled") ? heard + ", then " + watcher.next().name() : heard;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("made", "canceled, then made");
    }

    /** A seed is an order: the same one has the same outcome, and enough of them have them all. */
    @Test
    void seedsReachEveryOutcomeAndRepeatIt() {
        Map<Long, SimulationResult<String>> results = new HashMap<>();
        for (long seed = 0; seed < 300; seed++) {
            results.put(seed, Simulation.run(SimulationOptions.ofSeed(seed), FileExplorationTest::race));
        }
        for (long seed = 0; seed < 300; seed++) {
            assertThat(Simulation.run(SimulationOptions.ofSeed(seed), FileExplorationTest::race))
                    .as("seed " + seed).isEqualTo(results.get(seed));
        }
        Set<String> seen = new HashSet<>();
        results.values().forEach(result -> seen.add(result.value()));
        assertThat(seen).isEqualTo(explore(FileExplorationTest::race));
    }

    /** Two tasks write, rename and read the same file. The names that are left, with what they lead to. */
    private static String race(Io io) throws Exception {
        Directory top = io.currentDirectory();
        write(io, "file", "0");
        List<String> told = new ArrayList<>();
        both(io, () -> {
            try (File file = top.openFile("file", UPDATE)) {
                file.write(bytes("1"), 0);
            }
            top.rename("file", "moved");
        }, () -> {
            try (File file = top.openFile("file", OpenOptions.READ)) {
                byte[] one = new byte[1];
                told.add(file.read(one, 0) < 0 ? "empty" : new String(one, StandardCharsets.US_ASCII));
            } catch (IoException gone) {
                told.add(gone.reason().toString());
            }
        });
        for (DirectoryEntry entry : top.list()) {
            told.add(entry.name() + "=" + read(io, entry.name()));
        }
        assertThat(told.getFirst()).isIn("0", "1", Reason.FILE_NOT_FOUND.toString());
        assertThat(told.subList(1, told.size())).containsExactly("moved=1");
        return String.join(" ", told);
    }

    private static String replaceAndRead(Io io) throws Exception {
        write(io, "file", "old");
        String[] seen = {""};
        both(io, () -> {
            write(io, "file.new", "new");
            io.currentDirectory().rename("file.new", "file");
        }, () -> seen[0] = read(io, "file"));
        assertThat(read(io, "file")).isEqualTo("new");
        return seen[0];
    }

    /** Of two that make the same, one has made it. */
    @Test
    void onlyOneMakesAFileThatWasNotThere() {
        Set<String> outcomes = explore(io -> {
            List<String> winners = new ArrayList<>();
            both(io, () -> makeAlone(io, "first", winners), () -> makeAlone(io, "second", winners));
            assertThat(winners).hasSize(1);
            return winners.getFirst();
        });
        assertThat(outcomes).containsExactlyInAnyOrder("first", "second");
    }

    private static void makeAlone(Io io, String name, List<String> winners) throws IoException {
        try (File file = io.currentDirectory().openFile("lock", UPDATE.with(Flag.EXCLUSIVE))) {
            assertThat(file).isNotNull();
            winners.add(name);
        } catch (IoException taken) {
            assertThat(taken.reason()).isEqualTo(Reason.PATH_ALREADY_EXISTS);
        }
    }

    /** The operations of a batch come in any order, and others' in between. */
    @Test
    void aBatchIsInNoOrder() {
        Set<String> outcomes = explore(io -> {
            write(io, "file", "..");
            String[] seen = {""};
            try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                both(io, () -> {
                    try (Batch batch = io.batch(2)) {
                        batch.write(file, MemorySegment.ofArray(bytes("a")), 0);
                        batch.write(file, MemorySegment.ofArray(bytes("b")), 1);
                        batch.await();
                    }
                }, () -> seen[0] = read(io, "file"));
            }
            assertThat(read(io, "file")).isEqualTo("ab");
            return seen[0];
        });
        assertThat(outcomes).containsExactlyInAnyOrder("..", "a.", ".b", "ab");
    }

    /** What was canceled before it happened has not happened, and what has happened has wholly. */
    @Test
    @Tag("T23")
    void cancelAgainstABatch() {
        Set<String> outcomes = explore(io -> {
            write(io, "file", "..");
            try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                Task<String, Exception> task = io.concurrent(() -> {
                    try (Batch batch = io.batch(2)) {
                        MemorySegment memory = MemorySegment.ofArray(new byte[1]);
                        batch.write(file, MemorySegment.ofArray(bytes("a")), 0);
                        batch.read(file, memory, 1);
                        batch.await();
                        return "read " + memory.get(ValueLayout.JAVA_BYTE, 0);
                    }
                });
                return outcome(task) + " " + read(io, "file");
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("canceled ..", "canceled a.", "read 46 a.");
    }

    /** A request to stop comes before an operation, or too late for it. */
    @Test
    @Tag("T3")
    void cancelAgainstAWrite() {
        Set<String> outcomes = explore(io -> {
            write(io, "file", "old");
            Task<Object, IoException> task = io.concurrent(() -> {
                try (File file = io.currentDirectory().openFile("file", UPDATE)) {
                    file.write(bytes("new"), 0);
                    return null;
                }
            });
            String end;
            try {
                task.cancel();
                end = "done";
            } catch (CanceledException canceled) {
                end = "canceled";
            }
            return end + " " + read(io, "file");
        });
        assertThat(outcomes).containsExactlyInAnyOrder("canceled old", "done new");
    }

    private static void write(Io io, String path, String content) throws IoException {
        try (File file = io.currentDirectory().openFile(path, OpenOptions.REPLACE)) {
            assertThat(file.write(bytes(content), 0)).isEqualTo(content.length());
        }
    }

    private static String read(Io io, String path) throws IoException {
        byte[] buffer = new byte[10];
        try (File file = io.currentDirectory().openFile(path, OpenOptions.READ)) {
            return new String(buffer, 0, Math.max(file.read(buffer, 0), 0), StandardCharsets.US_ASCII);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
