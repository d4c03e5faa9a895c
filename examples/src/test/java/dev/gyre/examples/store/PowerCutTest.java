package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Operation;
import dev.gyre.io.Task;
import dev.gyre.process.CallException;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.Processes;
import dev.gyre.process.ProcessesOptions;
import dev.gyre.simulated.DiskFault;
import dev.gyre.simulated.DiskLatency;
import dev.gyre.simulated.Host;
import dev.gyre.simulated.PowerCutException;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import dev.gyre.simulated.Unsynced;
import dev.gyre.simulated.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * In simulation: clients count while the disk fails, processes are killed and the power is cut off. After each cut a
 * store is started, and has to have what clients were told, as its policy promises.
 */
@Tag("P8")
@Tag("P11")
@ExtendWith(QuietProcesses.class)
final class PowerCutTest {
    private static final int PORT = 6379;
    private static final int ROUNDS = 4;
    private static final int CLIENTS = 3;

    private static final DiskLatency LATENCY = DiskLatency.NONE
            .withRead(Duration.ofNanos(10_000))
            .withWrite(Duration.ofMillis(1))
            .withSync(Duration.ofMillis(3))
            .withJitter(Duration.ofMillis(4));

    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    /** What may happen besides, and how long a round takes at most. */
    private record Weather(FsyncPolicy policy, boolean kills, Duration roundMax, List<DiskFault> faults) {
        Weather(FsyncPolicy policy, boolean kills, Duration roundMax, DiskFault... faults) {
            this(policy, kills, roundMax, List.of(faults));
        }
    }

    @Test
    void nothingAcknowledgedIsLost() {
        for (long seed = 1; seed <= 30; seed++) {
            run(seed, new Weather(FsyncPolicy.ALWAYS, false, Duration.ofMillis(300)));
        }
    }

    @Test
    void norIfProcessesAreKilled() {
        for (long seed = 101; seed <= 120; seed++) {
            run(seed, new Weather(FsyncPolicy.ALWAYS, true, Duration.ofMillis(300)));
        }
    }

    /** Each operation of a rewrite fails now and then, and so do those of other changes. */
    @Test
    void norIfTheDiskFails() {
        for (long seed = 201; seed <= 240; seed++) {
            run(seed, new Weather(FsyncPolicy.ALWAYS, seed % 2 == 0, Duration.ofSeconds(4),
                    DiskFault.of(Operation.SYNC, ErrorNumber.EIO).withProbability(0.04),
                    DiskFault.of(Operation.WRITE_FILE, ErrorNumber.ENOSPC).withProbability(0.02),
                    DiskFault.of(Operation.OPEN_FILE, ErrorNumber.EMFILE).withProbability(0.1),
                    DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO).withProbability(0.01),
                    DiskFault.of(Operation.DELETE_FILE, ErrorNumber.EIO).withProbability(0.1),
                    DiskFault.of(Operation.RENAME, ErrorNumber.EIO).withProbability(0.1)));
        }
    }

    @Test
    void ofTheLastTwoSecondsSomeMayBe() {
        for (long seed = 301; seed <= 306; seed++) {
            run(seed, new Weather(FsyncPolicy.EVERYSEC, seed % 2 == 0, Duration.ofSeconds(8)));
        }
    }

    /** Who changes something has to wait then. */
    @Test
    void norMoreOnASlowDevice() {
        for (long seed = 401; seed <= 406; seed++) {
            run(seed, new Weather(FsyncPolicy.EVERYSEC, false, Duration.ofSeconds(20)),
                    LATENCY.withSync(Duration.ofSeconds(4)));
        }
    }

    private void run(long seed, Weather weather) {
        run(seed, weather, LATENCY);
    }

    private void run(long seed, Weather weather, DiskLatency latency) {
        Simulation.runWorld(SimulationOptions.ofSeed(seed), world -> {
            Host host = world.host("host");
            host.disk().setLatency(latency);
            List<Counter> counters = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                counters.add(new Counter("counter " + i));
            }
            for (int round = 0; round < ROUNDS; round++) {
                cut(world, host, weather, counters);
                host.run(io -> {
                    assertCounted(io, weather, counters);
                    return null;
                });
            }
            assertThat(counters).allMatch(counter -> counter.asked > 0);
            return null;
        });
    }

    /** Clients count until the power is cut off. */
    private void cut(World world, Host host, Weather weather, List<Counter> counters) throws Exception {
        RandomGenerator random = world.io().random();
        List<AutoCloseable> rules = new ArrayList<>();
        for (DiskFault fault : weather.faults()) {
            rules.add(host.disk().fail(fault));
        }
        List<Task<Object, Exception>> tasks = new ArrayList<>();
        tasks.add(host.start(io -> serve(io, weather)));
        for (Counter counter : counters) {
            tasks.add(host.start(counter::run));
        }
        world.io().sleep(Duration.ofNanos(random.nextLong(weather.roundMax().toNanos())));
        for (Counter counter : counters) {
            counter.powerCut(weather.policy());
        }
        host.powerCut(random.nextInt(4) == 0 ? Unsynced.LOST : Unsynced.BY_CHANCE);
        for (Task<Object, Exception> task : tasks) {
            try {
                assertThat(task.await()).as("ends with the power only").isNull();
            } catch (PowerCutException cut) {
                assertThat(cut).hasMessageContaining("host");
            }
        }
        for (AutoCloseable rule : rules) {
            rule.close();
        }
    }

    private StoreOptions options(Weather weather) {
        return StoreOptions.DEFAULT
                .withAddress(Ip4Address.loopback(PORT)).withFolder("data").withFsync(weather.policy())
                .withRewriteMin(20_000);
    }

    /** A store that is started again when it has ended, as a service is. */
    private Object serve(Io io, Weather weather) {
        while (true) {
            try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(crash -> {}))) {
                StoreServer server = StoreServer.start(node, options(weather), said::add);
                while (server.process(StoreServer.CONNECTIONS) != null || !weather.kills()) {
                    io.sleep(Duration.ofMillis(1 + io.random().nextInt(300)));
                    Pid log = server.process(StoreServer.LOG);
                    if (log != null && weather.kills()) {
                        node.exit(log, ExitReason.KILL);
                    }
                }
            } catch (CallException refused) {
                assertThat(refused).as("a fault of the disk").hasRootCauseInstanceOf(IoException.class);
                io.sleep(Duration.ofMillis(200));
            }
        }
    }

    private void assertCounted(Io io, Weather weather, List<Counter> counters) throws Exception {
        try (Processes node = Processes.open(io)) {
            StoreServer server = StoreServer.start(node, options(weather), said::add);
            try (RespClient client = new RespClient(io.connect(Ip4Address.loopback(PORT)))) {
                for (Counter counter : counters) {
                    String value = client.ask("GET", counter.key);
                    long count = value.equals("nil") ? 0 : Long.parseLong(value.substring(1, value.indexOf(' ')));
                    assertThat(value).as("whole").isEqualTo(count == 0 ? "nil" : '"' + Counter.value(count) + '"');
                    assertThat(count).isBetween(counter.promised, counter.asked);
                    counter.goOnFrom(count);
                }
                assertThat(client.ask("SET", "a", "change")).isEqualTo("OK");
            }
            server.stop();
            assertThat(server.isSaved()).isTrue();
        }
    }

    /** A client that counts, by values that are longer than a sector of the disk. */
    private static final class Counter {
        private static final Duration EVERYSEC_MAX = Duration.ofSeconds(2);

        private record Acknowledged(long count, long atNanos) {}

        private final String key;
        private final Deque<Acknowledged> acknowledged = new ArrayDeque<>();
        private long asked;

        /** What there has to be after a power cut. */
        private long promised;

        Counter(String key) {
            this.key = key;
        }

        static String value(long count) {
            return count + " " + Long.toString(count % 10).repeat((int) (1 + count * 37 % 1500));
        }

        Object run(Io io) {
            while (true) {
                try (RespClient client = new RespClient(io.connect(Ip4Address.loopback(PORT)))) {
                    while (true) {
                        asked++;
                        String reply = client.ask("SET", key, value(asked));
                        if (reply.equals("OK")) {
                            acknowledged.add(new Acknowledged(asked, now(io)));
                        } else {
                            assertThat(reply).startsWith("-MISCONF ");
                        }
                        io.sleep(Duration.ofNanos(io.random().nextInt(20_000_000)));
                    }
                } catch (IoException ended) {
                    io.sleep(Duration.ofMillis(10));
                }
            }
        }

        private static long now(Io io) {
            return io.now(Clock.REAL).nanoseconds();
        }

        /** What was acknowledged within two seconds may be lost: the last, for there are no more until that is safe. */
        void powerCut(FsyncPolicy policy) {
            Acknowledged last = acknowledged.peekLast();
            if (last == null) {
                return;
            }
            long until = last.atNanos() - (policy == FsyncPolicy.ALWAYS ? 0 : EVERYSEC_MAX.toNanos());
            promised = 0;
            for (Acknowledged each : acknowledged) {
                if (each.atNanos() <= until) {
                    promised = each.count();
                }
            }
        }

        void goOnFrom(long count) {
            acknowledged.clear();
            acknowledged.add(new Acknowledged(count, 0));
        }
    }
}
