package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.AttributeMode;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Change;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Watcher;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done to files is canceled at each of its steps, and leaves nothing behind. */
@Tag("S2")
@Tag("T12")
final class FileCancellationTest {
    private static final int STEPS_MAX = 25;
    private static final int SEEDS = 8;
    private static final String ENDED = "ended";
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);
    private static final OpenOptions BOTH =
            new OpenOptions(Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0644);

    /** Something that is done beside somebody who has the file {@code held} locked. */
    enum Work {
        ATTRIBUTES(4) {
            @Override
            void run(Io io, Directory top) throws Exception {
                top.setExtendedAttribute("held", "user.a", new byte[10], AttributeMode.CREATE);
                top.getExtendedAttribute("held", "user.a");
                top.listExtendedAttributes("held");
                top.removeExtendedAttribute("held", "user.a");
            }
        },
        FILE_SYSTEM(2) {
            @Override
            void run(Io io, Directory top) throws Exception {
                top.statFileSystem();
                top.makeNode("other", FileKind.PIPE, 0644, 0);
            }
        },
        OPEN_READER(1) {
            @Override
            void run(Io io, Directory top) throws Exception {
                top.openFile("pipe", OpenOptions.READ).close();
            }
        },
        OPEN_WRITER(1) {
            @Override
            void run(Io io, Directory top) throws Exception {
                top.openFile("pipe", WRITE).close();
            }
        },
        BOTH_SIDES(1) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (Group<IoException> group = io.group()) {
                    group.concurrent(() -> {
                        try (File writer = top.openFile("pipe", WRITE)) {
                            writer.writeAll(new byte[100_000]);
                        }
                    });
                    group.concurrent(() -> {
                        try (File reader = top.openFile("pipe", OpenOptions.READ)) {
                            while (reader.read(new byte[5000]) >= 0) {
                                io.checkCancel();
                            }
                        }
                    });
                    group.await();
                }
            }
        },
        READ_NOTHING(2) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (File pipe = top.openFile("pipe", BOTH)) {
                    pipe.read(new byte[1]);
                }
            }
        },
        WRITE_TOO_MUCH(2) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (File pipe = top.openFile("pipe", BOTH)) {
                    pipe.writeAll(new byte[200_000]);
                }
            }
        },
        WATCH(3) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (Watcher watcher = io.watcher()) {
                    watcher.watch(top, ".", Set.of(Change.DELETED));
                    watcher.next();
                }
            }
        },
        COPY(3) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (File from = top.openFile("held", BOTH); File to = top.openFile("copy", BOTH)) {
                    from.cloneTo(to);
                    from.copyTo(to, 0, 5000, 100);
                }
            }
        },
        LOCK(2) {
            @Override
            void run(Io io, Directory top) throws Exception {
                try (File file = top.openFile("held", BOTH)) {
                    file.lock(Locking.EXCLUSIVE);
                }
            }
        };

        /** In how many lines it can be canceled. */
        private final int steps;

        Work(int steps) {
            this.steps = steps;
        }

        abstract void run(Io io, Directory top) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothing(Work work) {
        Set<String> places = new TreeSet<>();
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            for (long seed = 0; seed < SEEDS; seed++) {
                int yields = steps;
                places.add(Simulation.run(SimulationOptions.ofSeed(seed), io -> cancel(io, work, yields)).value());
            }
        }
        places.remove(ENDED);
        assertThat(places).hasSizeGreaterThanOrEqualTo(work.steps);
    }

    /** In which line the work was canceled. */
    private static String cancel(Io io, Work work, int steps) throws Exception {
        Directory top = io.currentDirectory();
        top.makeNode("pipe", FileKind.PIPE, 0644, 0);
        String place = ENDED;
        try (File held = top.openFile("held", BOTH)) {
            held.writeAll(new byte[9000]);
            held.lock(Locking.EXCLUSIVE);
            Task<Object, Exception> working = io.concurrent(() -> {
                work.run(io, top);
                return null;
            });
            for (int i = 0; i < steps; i++) {
                io.checkCancel(); // the other one may come first
            }
            try {
                working.cancel();
            } catch (CanceledException expected) {
                place = Arrays.stream(expected.getStackTrace()).map(StackTraceElement::toString)
                        .filter(each -> each.contains("Work")).findFirst().orElse("");
            } catch (IoException otherSideWasFirst) {
                assertThat(otherSideWasFirst.reason()).isEqualTo(Reason.BROKEN_PIPE);
            }
        }
        assertAllWorks(io, top);
        return place;
    }

    private static void assertAllWorks(Io io, Directory top) throws Exception {
        Task<File, IoException> opening = io.concurrent(() -> top.openFile("pipe", WRITE));
        try (File reader = top.openFile("pipe", OpenOptions.READ); File writer = opening.await()) {
            writer.writeAll(new byte[] {7});
            byte[] read = new byte[2];
            assertThat(reader.read(read)).isEqualTo(1);
            assertThat(read).startsWith(7);
        }
        try (File file = top.openFile("held", BOTH); Watcher watcher = io.watcher()) {
            assertThat(file.tryLock(Locking.EXCLUSIVE)).isTrue();
            watcher.watch(top, ".", Set.of(Change.CREATED));
            top.makeDirectory("new");
            assertThat(watcher.next().change()).isEqualTo(Change.CREATED);
        }
    }
}
