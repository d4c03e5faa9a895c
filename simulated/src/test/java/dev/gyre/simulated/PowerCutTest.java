package dev.gyre.simulated;

import static dev.gyre.simulated.TwoHosts.PORT;
import static dev.gyre.simulated.TwoHosts.SLOW;
import static dev.gyre.simulated.TwoHosts.age;
import static dev.gyre.simulated.TwoHosts.reason;
import static dev.gyre.simulated.TwoHosts.simulate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Batch;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts that lose their power, and what programs find afterwards. */
@Tag("S5")
@Tag("S7")
final class PowerCutTest {
    static final OpenOptions READ_AND_WRITE =
            new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0666);

    private static final int PAGE = 4096;
    private static final int SECTOR = 512;

    /** Something that changes a file from one state to another. */
    @FunctionalInterface
    private interface Change {
        void to(Directory folder, String text) throws IoException;
    }

    static void write(Directory folder, String name, String text, boolean sync) throws IoException {
        try (File file = folder.openFile(name, OpenOptions.REPLACE)) {
            file.write(text.getBytes(StandardCharsets.UTF_8), 0);
            if (sync) {
                file.sync();
            }
        }
    }

    static String read(Directory folder, String name) throws IoException {
        byte[] bytes = new byte[100];
        try (File file = folder.openFile(name, OpenOptions.READ)) {
            return new String(bytes, 0, Math.max(0, file.read(bytes, 0)), StandardCharsets.UTF_8);
        }
    }

    private static void replaceSafely(Directory folder, String text) throws IoException {
        write(folder, "state.new", text, true);
        folder.rename("state.new", "state");
        folder.sync();
    }

    /** The mistake that most make. */
    private static void replaceWithoutSync(Directory folder, String text) throws IoException {
        write(folder, "state.new", text, false);
        folder.rename("state.new", "state");
        folder.sync();
    }

    /** What is found after a power cut at each moment of a change from nothing. */
    private static Set<String> foundAfter(Change change, Unsynced unsynced) {
        Set<String> found = new TreeSet<>();
        Exploration exploration = Simulation.exploreWorld(world -> {
            Host host = world.host("host");
            Task<Object, Exception> changing = host.start(io -> {
                change.to(io.currentDirectory(), "new");
                return null;
            });
            host.powerCut(unsynced);
            await(changing);
            found.add(host.run(PowerCutTest::state));
            return null;
        }, 100_000);
        assertThat(exploration.complete()).isTrue();
        return found;
    }

    private static String state(Io io) throws IoException {
        try {
            return read(io.currentDirectory(), "state");
        } catch (IoException missing) {
            assertThat(missing.reason()).isEqualTo(Reason.FILE_NOT_FOUND);
            return "none";
        }
    }

    private static void await(Task<?, Exception> task) throws Exception {
        try {
            task.await();
        } catch (PowerCutException cut) {
            assertThat(cut).hasMessageContaining("has lost its power");
        }
    }

    @Test
    void everyMomentIsTried() {
        assertThat(foundAfter(PowerCutTest::replaceSafely, Unsynced.LOST)).containsExactly("new", "none");
        assertThat(foundAfter(PowerCutTest::replaceSafely, Unsynced.KEPT)).containsExactly("new", "none");
    }

    /** With a power cut before the program starts it is done, and not lost yet. */
    @Test
    void whoForgetsToSyncIsFound() {
        assertThat(foundAfter(PowerCutTest::replaceWithoutSync, Unsynced.LOST)).containsExactly("", "new", "none");
    }

    @Test
    void byChanceTheSafeWayIsSafeToo() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(afterChance(seed, PowerCutTest::replaceSafely)).isIn("new", "old");
        }
    }

    @Test
    void byChanceWhoForgetsToSyncIsFound() {
        Set<String> found = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            found.add(afterChance(seed, PowerCutTest::replaceWithoutSync));
        }
        assertThat(found).contains("", "new", "old");
    }

    /** Cuts the power at a moment that the seed chooses, and says what is found. */
    private static String afterChance(long seed, Change change) {
        return simulate(seed, world -> {
            Host host = world.host("host");
            host.run(io -> {
                replaceSafely(io.currentDirectory(), "old");
                return null;
            });
            Task<Object, Exception> changing = host.start(io -> {
                change.to(io.currentDirectory(), "new");
                return null;
            });
            int steps = world.io().random().nextInt(12);
            for (int i = 0; i < steps; i++) {
                world.io().currentDirectory().stat(".");
            }
            host.powerCut(Unsynced.BY_CHANCE);
            await(changing);
            return host.run(io -> read(io.currentDirectory(), "state"));
        }).value();
    }

    /** Each page is lost, kept or torn, and each sector of a torn one is new or old. */
    @Test
    void writesAreTornBetweenSectors() {
        int pages = 16;
        boolean lost = false;
        boolean kept = false;
        boolean torn = false;
        for (long seed = 0; seed < 20; seed++) {
            byte[] found = afterOverwriting(seed, pages);
            assertThat(found).isEqualTo(afterOverwriting(seed, pages));
            for (int page = 0; page < pages; page++) {
                Set<Byte> sectors = new TreeSet<>();
                for (int at = page * PAGE; at < (page + 1) * PAGE; at += SECTOR) {
                    byte[] sector = Arrays.copyOfRange(found, at, at + SECTOR);
                    assertThat(sector).containsOnly(sector[0]);
                    sectors.add(sector[0]);
                }
                assertThat(sectors).isSubsetOf((byte) 1, (byte) 2);
                lost |= sectors.equals(Set.of((byte) 1));
                kept |= sectors.equals(Set.of((byte) 2));
                torn |= sectors.size() == 2;
            }
        }
        assertThat(lost && kept && torn).isTrue();
    }

    private static byte[] afterOverwriting(long seed, int pages) {
        return simulate(seed, world -> {
            Host host = world.host("host");
            host.run(io -> {
                try (File file = io.currentDirectory().openFile("file", OpenOptions.REPLACE)) {
                    file.write(filled(pages, 1), 0);
                    file.sync();
                    io.currentDirectory().sync();
                    file.write(filled(pages, 2), 0);
                }
                return null;
            });
            host.powerCut(Unsynced.BY_CHANCE);
            return host.run(io -> {
                byte[] bytes = new byte[pages * PAGE + 1];
                try (File file = io.currentDirectory().openFile("file", OpenOptions.READ)) {
                    return Arrays.copyOf(bytes, file.read(bytes, 0)).length == pages * PAGE
                            ? Arrays.copyOf(bytes, pages * PAGE)
                            : new byte[0];
                }
            });
        }).value();
    }

    private static byte[] filled(int pages, int value) {
        byte[] bytes = new byte[pages * PAGE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** What was appended is there, or not, or a hole; nothing that was never written. */
    @Test
    void whatWasAppendedMayBeAHole() {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            found.add(simulate(seed, world -> {
                Host host = world.host("host");
                host.run(io -> {
                    write(io.currentDirectory(), "log", "one", true);
                    io.currentDirectory().sync();
                    try (File file = io.currentDirectory().openFile("log", READ_AND_WRITE)) {
                        file.write("two".getBytes(StandardCharsets.UTF_8), PAGE);
                    }
                    return null;
                });
                host.powerCut(Unsynced.BY_CHANCE);
                return host.run(io -> {
                    byte[] bytes = new byte[2 * PAGE];
                    try (File file = io.currentDirectory().openFile("log", OpenOptions.READ)) {
                        int count = file.read(bytes, 0);
                        return count + new String(bytes, 0, count, StandardCharsets.UTF_8).replace("\0", "");
                    }
                });
            }).value());
        }
        assertThat(found).containsExactly("3one", PAGE + "one", PAGE + 3 + "one", PAGE + 3 + "onetwo");
    }

    /** Whatever a program does on its way out, it has no effect. */
    @Test
    void aProgramThatIsNoMoreDoesNothing() {
        simulate(5, world -> {
            Host host = world.host("host", world.link(SLOW));
            ResetEvent ready = world.io().resetEvent();
            List<String> ends = new ArrayList<>();
            Task<Object, Exception> running = host.start(io -> {
                Directory folder = io.currentDirectory();
                try (Listener _ = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT);
                        File locked = folder.openFile("lock", OpenOptions.REPLACE)) {
                    locked.lock(Locking.EXCLUSIVE);
                    ready.set();
                    try {
                        io.sleep(Duration.ofDays(1));
                    } finally {
                        ends.add(end(() -> write(folder, "goodbye", "", true)));
                        ends.add(end(() -> io.protect(() -> {
                            write(folder, "goodbye", "", true);
                            return null;
                        })));
                    }
                }
                return null;
            });
            ready.await();
            host.powerCut(Unsynced.KEPT);
            assertThatThrownBy(running::await).isInstanceOf(PowerCutException.class)
                    .hasMessage("host host has lost its power");
            assertThat(ends).containsExactly("CanceledException", "CanceledException");
            host.run(io -> {
                Directory folder = io.currentDirectory();
                assertThat(reason(() -> folder.stat("goodbye"))).isEqualTo(Reason.FILE_NOT_FOUND);
                try (Listener _ = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT);
                        File locked = folder.openFile("lock", READ_AND_WRITE)) {
                    assertThat(locked.tryLock(Locking.EXCLUSIVE)).isTrue();
                }
                return null;
            });
            return null;
        });
    }

    @FunctionalInterface
    private interface Call {
        void make() throws Exception;
    }

    private static String end(Call call) {
        try {
            call.make();
            return "done";
        } catch (Exception thrown) {
            return thrown.getClass().getSimpleName();
        }
    }

    /** Not even a call that must not be canceled waits on: nobody would ever answer it. */
    @Test
    void whatIsProtectedDoesNotWaitForEver() {
        simulate(12, world -> {
            Host host = world.host("host");
            ResetEvent ready = world.io().resetEvent();
            Task<Object, Exception> running = host.start(io -> {
                try (Listener listener = io.listen(new UnixAddress("/socket"), ListenOptions.DEFAULT)) {
                    return io.protect(() -> {
                        ready.set();
                        return listener.accept();
                    });
                }
            });
            ready.await();
            host.powerCut(Unsynced.LOST);
            assertThatThrownBy(running::await).isInstanceOf(PowerCutException.class)
                    .hasCauseInstanceOf(CanceledException.class);
            return null;
        });
    }

    /** One that swallows it and returns has not ended well. */
    @Test
    void whatAProgramReturnsAfterwardsDoesNotCount() {
        simulate(6, world -> {
            Host host = world.host("host");
            ResetEvent ready = world.io().resetEvent();
            Task<String, Exception> running = host.start(io -> {
                try {
                    ready.set();
                    io.sleep(Duration.ofDays(1));
                    return "slept";
                } catch (CanceledException swallowed) {
                    return "swallowed";
                }
            });
            ready.await();
            host.powerCut(Unsynced.LOST);
            assertThatThrownBy(running::await).isInstanceOf(PowerCutException.class);
            return null;
        });
    }

    @Test
    void aProgramMayCutItsOwnPower() {
        simulate(7, world -> {
            Host host = world.host("host");
            assertThatThrownBy(() -> host.run(io -> {
                write(io.currentDirectory(), "file", "lost", false);
                host.powerCut(Unsynced.LOST);
                io.currentDirectory().stat("file");
                return null;
            })).isInstanceOf(PowerCutException.class);
            List<DirectoryEntry> left = host.run(io -> io.currentDirectory().list());
            assertThat(left).isEmpty();
            return null;
        });
    }

    /** A batch and a slow disk: what was under way has not happened. */
    @Test
    void whatWasUnderWayIsLost() {
        simulate(8, world -> {
            Host host = world.host("host");
            Duration slow = Duration.ofMillis(10);
            host.disk().setLatency(new DiskLatency(slow, slow, slow, Duration.ZERO));
            ResetEvent ready = world.io().resetEvent();
            Task<Object, Exception> running = host.start(io -> {
                try (File file = io.currentDirectory().openFile("file", OpenOptions.REPLACE);
                        Batch batch = io.batch(2)) {
                    batch.write(file, MemorySegment.ofArray(new byte[10]), 0);
                    batch.sync(file);
                    batch.submit();
                    ready.set();
                    file.write(new byte[20], 0);
                }
                return null;
            });
            ready.await();
            world.io().sleep(Duration.ofMillis(5));
            host.powerCut(Unsynced.KEPT);
            assertThatThrownBy(running::await).isInstanceOf(PowerCutException.class);
            assertThat(host.<Long>run(io -> io.currentDirectory().stat("file").size())).isZero();
            return null;
        });
    }

    /** Nobody has to wait for a disk that is off. */
    @Test
    void whoWaitsForTheDiskIsToldAtOnce() {
        simulate(14, world -> {
            Host host = world.host("host");
            host.disk().setLatency(DiskLatency.NONE.withSync(Duration.ofHours(1)));
            ResetEvent ready = world.io().resetEvent();
            Task<Object, Exception> running = host.start(io -> {
                ready.set();
                write(io.currentDirectory(), "file", "text", true);
                return null;
            });
            ready.await();
            world.io().sleep(Duration.ofMillis(1));
            host.powerCut(Unsynced.LOST);
            assertThatThrownBy(running::await).isInstanceOf(PowerCutException.class);
            assertThat(age(world.io())).isEqualTo(Duration.ofMillis(1));
            return null;
        });
    }

    /** Power may go while programs of the time before still unwind, or others begin; each seed does it alike. */
    @Test
    void powerMayBeCutAgainAndAgain() {
        Set<String> all = new TreeSet<>();
        for (long seed = 0; seed < 20; seed++) {
            SimulationResult<String> cut = cutAgainAndAgain(seed);
            assertThat(cut).isEqualTo(cutAgainAndAgain(seed));
            all.add(cut.value());
        }
        assertThat(all).hasSizeGreaterThan(5);
    }

    /** Lets two hosts lose their power again and again. Returns what is left on their disks. */
    private static SimulationResult<String> cutAgainAndAgain(long seed) {
        return simulate(seed, world -> {
            List<Host> hosts = List.of(world.host("one"), world.host("other"));
            List<Task<Object, Exception>> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Host host = hosts.get(i % 2);
                String name = "file" + i;
                tasks.add(host.start(io -> {
                    for (int j = 0; j < 5; j++) {
                        write(io.currentDirectory(), name + ".new", name + j, true);
                        io.currentDirectory().rename(name + ".new", name);
                        io.currentDirectory().sync();
                    }
                    return null;
                }));
                tasks.add(world.io().concurrent(() -> {
                    host.powerCut(Unsynced.BY_CHANCE);
                    return null;
                }));
                world.io().checkCancel();
            }
            for (Task<Object, Exception> each : tasks) {
                await(each);
            }
            StringBuilder left = new StringBuilder();
            for (Host host : hosts) {
                host.powerCut(Unsynced.LOST);
                for (DirectoryEntry each : host.run(io -> io.currentDirectory().list())) {
                    left.append(each.name()).append(' ').append(
                            host.<String>run(io -> read(io.currentDirectory(), each.name()))).append('\n');
                }
            }
            return left.toString();
        });
    }

    /** Who sends hears of it, and who connects finds what runs then. */
    @Test
    void othersHearOfItWhenTheySend() {
        simulate(9, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW);
            Task<Object, Exception> serving = two.serve((io, connection) -> {
                io.sleep(Duration.ofDays(1));
                return null;
            });
            two.ask((io, connection) -> {
                io.sleep(Duration.ofMillis(100));
                two.server().powerCut(Unsynced.LOST);
                Pair.write(connection, 1);
                assertThat(reason(() -> Pair.read(connection))).isEqualTo(Reason.CONNECTION_RESET);
                assertThat(reason(() -> io.connect(two.server().address(PORT))))
                        .isEqualTo(Reason.CONNECTION_REFUSED);
                return null;
            });
            assertThatThrownBy(serving::await).isInstanceOf(PowerCutException.class);
            assertThat(two.serve((io, connection) -> Pair.read(connection))).isNotNull();
            two.ask((io, connection) -> {
                Pair.write(connection, 5);
                return null;
            });
            return null;
        });
    }

    @Test
    void whoHasNoRoomToSendHearsOfIt() {
        simulate(10, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW.withInFlightBytesMax(1000));
            Task<Object, Exception> serving = two.serve((io, connection) -> {
                io.sleep(Duration.ofDays(1));
                return null;
            });
            two.ask((io, connection) -> {
                Task<Object, Exception> writing = io.concurrent(() -> {
                    connection.writeAll(new byte[5000]);
                    return null;
                });
                io.sleep(Duration.ofSeconds(1));
                two.server().powerCut(Unsynced.LOST);
                assertThat(reason(writing::await)).isIn(Reason.CONNECTION_RESET, Reason.BROKEN_PIPE);
                return null;
            });
            assertThatThrownBy(serving::await).isInstanceOf(PowerCutException.class);
            return null;
        });
    }

    /** As after the crash of a machine: the file of a socket is in the way, and nobody listens there. */
    @Test
    void namesOfUnixSocketsThatAreFilesStay() {
        simulate(11, world -> {
            Host host = world.host("host");
            ResetEvent ready = world.io().resetEvent();
            Task<Object, Exception> running = host.start(io -> {
                try (Listener _ = io.listen(new UnixAddress("/socket"), ListenOptions.DEFAULT);
                        Listener _ = io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT)) {
                    ready.set();
                    io.sleep(Duration.ofDays(1));
                }
                return null;
            });
            ready.await();
            host.powerCut(Unsynced.LOST);
            await(running);
            host.run(io -> {
                io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT).close();
                assertThat(reason(() -> io.listen(new UnixAddress("/socket"), ListenOptions.DEFAULT)))
                        .isEqualTo(Reason.ADDRESS_IN_USE);
                io.listen(new UnixAddress("/socket"), ListenOptions.DEFAULT.withReplaceStale(true)).close();
                return null;
            });
            return null;
        });
    }

    /** Whatever tasks do when the power goes: the simulation goes on, and nothing is called a leak. */
    @Test
    void tasksOfAllKindsUnwind() {
        for (long seed = 0; seed < 100; seed++) {
            simulate(seed, world -> {
                TwoHosts two = TwoHosts.on(world, SLOW);
                Duration slow = Duration.ofMillis(1);
                two.server().disk().setLatency(new DiskLatency(slow, slow, slow, slow));
                Task<Object, Exception> busy = two.server().start(PowerCutTest::beBusy);
                world.io().sleep(Duration.ofNanos(world.io().random().nextLong(20_000_000)));
                two.server().powerCut(Unsynced.BY_CHANCE);
                await(busy);
                two.server().run(io -> {
                    for (int i = 0; i < 3; i++) {
                        write(io.currentDirectory(), "after", "it", true);
                    }
                    return null;
                });
                return null;
            });
        }
    }

    private static Object beBusy(Io io) throws Exception {
        Directory folder = io.currentDirectory();
        List<Task<?, Exception>> tasks = new ArrayList<>();
        Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT);
        tasks.add(io.concurrent(() -> {
            while (true) {
                listener.accept().close();
            }
        }));
        tasks.add(io.concurrent(() -> {
            while (true) {
                try (Connection connection = io.connect(listener.localAddress())) {
                    connection.read(new byte[1]);
                }
                io.sleep(Duration.ofMillis(1)); // nothing else here takes time
            }
        }));
        for (int i = 0; i < 3; i++) {
            String name = "file" + i;
            tasks.add(io.concurrent(() -> {
                while (true) {
                    write(folder, name, "text", true);
                    folder.rename(name, name + ".old");
                }
            }));
        }
        tasks.add(io.concurrent(() -> {
            try (File file = folder.openFile("batch", OpenOptions.REPLACE); Batch batch = io.batch(4)) {
                while (true) {
                    batch.write(file, MemorySegment.ofArray(new byte[100]), 0);
                    batch.sync(file);
                    batch.await();
                    batch.clear();
                }
            }
        }));
        for (Task<?, Exception> each : tasks) {
            try {
                each.await();
            } catch (Exception ended) {
                // As all end.
            }
        }
        return null;
    }
}
