package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Change;
import dev.gyre.io.ChangeEvent;
import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import dev.gyre.io.Watch;
import dev.gyre.io.Watcher;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watcher hears of random changes in a simulation is what the kernel tells that the tests run on. */
@Tag("S2")
@Tag("T11")
final class ChangeComparisonTest {
    private static final int STEPS = 1400;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5})
    void changesAreTheSame(long seed, @TempDir Path folder) throws Exception {
        String path = folder.toRealPath().resolve("top").toString();
        List<String> real;
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"))) {
            real = Script.run(io, path, seed);
        }
        List<String> simulated =
                Simulation.run(SimulationOptions.ofSeed(seed), io -> Script.run(io, path, seed)).value();
        for (int i = 0; i < STEPS; i++) {
            assertThat(simulated.get(i)).as("seed %d, step %d", seed, i).isEqualTo(real.get(i));
        }
    }

    /** Changes by few names, and what is heard of each. */
    private static final class Script {
        private static final int OPEN_MAX = 4;
        private static final List<String> NAMES = List.of("a", "b", "c", "d/a", "d/b", "e", "e/a", "d");
        private static final List<Access> ACCESSES = List.of(Access.values());
        private static final List<Renaming> RENAMINGS = List.of(Renaming.values());

        private final Random random;
        private final Directory top;
        private final Watcher watcher;
        private final List<File> files = new ArrayList<>();
        private final List<Watch> watches = new ArrayList<>();
        private final Map<Watch, Integer> numbers = new HashMap<>();
        private final Map<Integer, Integer> moves = new HashMap<>();
        private int marks;

        private Script(Directory top, Watcher watcher, long seed) {
            this.random = new Random(seed);
            this.top = top;
            this.watcher = watcher;
        }

        static List<String> run(Io io, String path, long seed) throws IoException {
            List<String> heard = new ArrayList<>();
            try (Directory top = io.currentDirectory().makeOpenPath(path); Watcher watcher = io.watcher()) {
                Script script = new Script(top, watcher, seed);
                top.makeDirectory("marks");
                watcher.watch(top, "marks", Set.of(Change.CREATED));
                script.watch(".");
                for (int i = 0; i < STEPS; i++) {
                    String what = script.step();
                    heard.add(what + ": " + script.changes());
                }
                for (File each : script.files) {
                    each.close();
                }
            }
            return heard;
        }

        /** All until a file appears that is made for that. */
        private List<String> changes() throws IoException {
            String mark = "" + marks++;
            top.symlink("nowhere", "marks/" + mark);
            List<String> heard = new ArrayList<>();
            for (ChangeEvent next = watcher.next(); !mark.equals(next.name()); next = watcher.next()) {
                Integer number = next.moveNumber() == 0 ? null
                        : moves.computeIfAbsent(next.moveNumber(), _ -> moves.size());
                heard.add(numbers.get(next.watch()) + " " + next.change() + " " + next.name()
                        + (next.isDirectory() ? " folder" : "") + (number == null ? "" : " " + number));
            }
            return heard;
        }

        private String step() {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            String other = NAMES.get(random.nextInt(NAMES.size()));
            int kind = random.nextInt(22);
            int choice = random.nextInt(6);
            File file = files.isEmpty() ? null : files.get(random.nextInt(files.size()));
            try {
                return switch (kind) {
                    case 0, 1, 2 -> {
                        open(name, choice);
                        yield "open " + name;
                    }
                    case 3 -> {
                        top.makeDirectory(name, 0755);
                        yield "make " + name;
                    }
                    case 4 -> {
                        top.deleteFile(name);
                        yield "delete " + name;
                    }
                    case 5 -> {
                        top.deleteDirectory(name);
                        yield "delete folder " + name;
                    }
                    case 6, 7, 8 -> {
                        Renaming how = RENAMINGS.get(choice % RENAMINGS.size());
                        top.rename(name, top, other, how);
                        yield "rename " + name + " to " + other + " " + how;
                    }
                    case 9 -> {
                        top.hardLink(name, top, other);
                        yield "link " + name + " as " + other;
                    }
                    case 10 -> {
                        top.symlink("a", name);
                        yield "symlink " + name;
                    }
                    case 11, 12, 13 -> "watch " + name + " " + watch(name);
                    case 14 -> {
                        if (watches.size() > 4) {
                            watches.remove(random.nextInt(watches.size())).close();
                        }
                        yield "unwatch";
                    }
                    case 15 -> {
                        top.setPermissions(name, 0700 | choice);
                        yield "set mode of " + name;
                    }
                    case 16 -> {
                        Timestamp time = new Timestamp(Clock.REAL, choice * 1_000_000_000L);
                        top.setTimes(name, choice < 3 ? time : null, choice % 3 == 0 ? null : time);
                        yield "set times of " + name;
                    }
                    default -> file == null ? "nothing" : use(file, kind + choice);
                };
            } catch (IoException refused) {
                return refused.operation() + " " + name + " " + other + " " + refused.reason();
            }
        }

        private void open(String name, int choice) throws IoException {
            Access access = ACCESSES.get(choice % ACCESSES.size());
            Set<Flag> flags = access != Access.READ && choice > 3
                    ? EnumSet.of(Flag.CREATE, Flag.TRUNCATE)
                    : EnumSet.of(Flag.CREATE);
            File opened = top.openFile(name, new OpenOptions(access, flags, 0644));
            if (files.size() > OPEN_MAX) {
                files.remove(random.nextInt(OPEN_MAX)).close();
            }
            files.add(opened);
        }

        private int watch(String name) throws IoException {
            Set<Change> all = EnumSet.allOf(Change.class);
            all.removeIf(each -> !each.isAskedFor());
            Watch watch = random.nextInt(4) == 0
                    ? watcher.watch(top, name, all, Flag.NO_FOLLOW)
                    : watcher.watch(top, name, all);
            watches.add(watch);
            numbers.put(watch, numbers.size());
            return numbers.get(watch);
        }

        private String use(File file, int how) throws IoException {
            return switch (how % 7) {
                case 0 -> {
                    file.truncate(how);
                    yield "truncate";
                }
                case 1 -> {
                    file.setPermissions(0700 | how % 8);
                    yield "set mode";
                }
                case 2 -> {
                    file.allocate(0, 5000);
                    yield "allocate";
                }
                case 3, 4 -> {
                    files.remove(file);
                    file.close();
                    yield "close";
                }
                case 5 -> {
                    file.setOwner(-1, -1);
                    yield "own";
                }
                default -> "write " + file.write(MemorySegment.ofArray(new byte[how]));
            };
        }
    }
}
