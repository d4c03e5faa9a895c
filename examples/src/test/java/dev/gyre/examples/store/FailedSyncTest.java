package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Operation;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.simulated.DiskFault;
import dev.gyre.simulated.Host;
import dev.gyre.simulated.HostDisk;
import dev.gyre.simulated.PowerCutException;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import dev.gyre.simulated.Unsynced;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** In simulation: what clients are told when a sync has failed, and what is there when the power is cut off then. */
@Tag("P8")
@Tag("P11")
@ExtendWith(QuietProcesses.class)
final class FailedSyncTest {
    private static final int SEEDS = 5;
    private static final DiskFault FAULT =
            DiskFault.of(Operation.SYNC, ErrorNumber.EIO).onPaths(path -> path.endsWith("/" + LogProcess.NAME));
    private static final String REFUSAL =
            "-MISCONF Errors writing to the append-only file: input/output error";

    /** What is done with a store that runs. */
    private interface Body {
        void use(HostDisk disk, TestStore test, TestStore.Running store, RespClient client) throws Exception;
    }

    /** Uses a store, cuts the power off, and starts it again: keys that are there then. */
    private static void keepsAfterAPowerCut(FsyncPolicy policy, List<String> keys, Body body) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Simulation.runWorld(SimulationOptions.ofSeed(seed), world -> {
                Host host = world.host("host");
                ResetEvent done = world.io().resetEvent();
                Task<Object, Exception> running = host.start(io -> {
                    TestStore.run(io, "data", test -> {
                        TestStore.Running store = test.start(test.options().withFsync(policy));
                        try {
                            body.use(host.disk(), test, store, store.connect());
                        } finally {
                            done.set();
                        }
                        io.sleep(Duration.ofDays(1));
                    });
                    return null;
                });
                done.await();
                host.powerCut(Unsynced.LOST);
                try {
                    running.await();
                } catch (PowerCutException expected) {
                    assertThat(expected).hasMessageContaining("host");
                }
                return host.run(io -> {
                    TestStore.run(io, "data", test -> {
                        try (TestStore.Running store = test.start(); RespClient client = store.connect()) {
                            for (String key : keys) {
                                assertThat(client.ask("EXISTS", key)).as(key).isEqualTo(":1");
                            }
                        }
                    });
                    return null;
                });
            });
        }
    }

    /** Nothing is acknowledged before there is a new file, though the next sync of the old one would succeed. */
    @Test
    void whatIsAlwaysSyncedIsRefusedUntilThereIsANewFile() {
        keepsAfterAPowerCut(FsyncPolicy.ALWAYS, List.of("before", "failed", "after"), (disk, test, store, client) -> {
            assertThat(client.ask("SET", "before", "1")).isEqualTo("OK");
            try (HostDisk.Rule rule = disk.fail(FAULT.times(1))) {
                client.send(RespClient.command("GET", "before") + RespClient.command("SET", "failed", "1"));
                assertThat(client.read()).startsWith(REFUSAL);
                assertThat(client.read()).startsWith(REFUSAL);
                assertThat(rule.count()).isEqualTo(1);
            }
            assertThat(store.ask("SET", "refused", "1")).startsWith(REFUSAL);
            assertThat(store.ask("EXISTS", "before", "failed", "refused")).isEqualTo(":2");
            assertThat(store.ask("INFO")).contains("aof_last_write_status:err");
            test.io().sleep(Duration.ofSeconds(3));
            assertThat(test.said()).satisfiesExactly(
                    line -> assertThat(line).startsWith("changes are refused, as store.aof cannot be written: "),
                    line -> assertThat(line).startsWith("store.aof was rewritten: "),
                    line -> assertThat(line).isEqualTo("changes are taken again"));
            assertThat(client.ask("SET", "after", "1")).isEqualTo("OK");
        });
    }

    @Test
    void aSyncEachSecondIsMadeGoodByANewFile() {
        keepsAfterAPowerCut(FsyncPolicy.EVERYSEC, List.of("before"), (disk, test, store, client) -> {
            try (HostDisk.Rule rule = disk.fail(FAULT.times(1))) {
                assertThat(client.ask("SET", "before", "1")).isEqualTo("OK");
                test.io().sleep(Duration.ofSeconds(4));
                assertThat(rule.count()).isEqualTo(1);
            }
            assertThat(test.said()).anyMatch(line -> line.startsWith("store.aof was rewritten: "))
                    .contains("changes are taken again");
        });
    }

    @Test
    void whileAllSyncsFailChangesAreRefusedAndReadingGoesOn() {
        keepsAfterAPowerCut(FsyncPolicy.ALWAYS, List.of("before", "after"), (disk, test, store, client) -> {
            assertThat(client.ask("SET", "before", "1")).isEqualTo("OK");
            try (HostDisk.Rule _ = disk.fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO))) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.ask("SET", "key " + i, "1")).startsWith(REFUSAL);
                    assertThat(client.ask("GET", "before")).isEqualTo("\"1\"");
                    test.io().sleep(Duration.ofSeconds(1));
                }
            }
            test.io().sleep(Duration.ofSeconds(3));
            assertThat(client.ask("SET", "after", "1")).isEqualTo("OK");
        });
    }

    /** The new file has the name, and nobody knows whether the device has heard of that. */
    @Test
    void aFolderThatCannotBeSyncedIsAsBad() {
        keepsAfterAPowerCut(FsyncPolicy.ALWAYS, List.of("before", "after"), (disk, test, store, client) -> {
            assertThat(client.ask("SET", "before", "1")).isEqualTo("OK");
            DiskFault folder = DiskFault.of(Operation.SYNC, ErrorNumber.EIO).onPaths("/data"::equals).times(1);
            try (HostDisk.Rule rule = disk.fail(folder)) {
                String _ = client.ask("BGREWRITEAOF");
                test.io().sleep(Duration.ofMillis(500));
                assertThat(rule.count()).isEqualTo(1);
                assertThat(client.ask("SET", "refused", "1")).startsWith(REFUSAL);
            }
            test.io().sleep(Duration.ofSeconds(3));
            assertThat(client.ask("SET", "after", "1")).isEqualTo("OK");
        });
    }

    /** Whoever starts the store again does not find a file that seems to be sound. */
    @Test
    void theNextProgramKnowsOfIt() {
        keepsAfterAPowerCut(FsyncPolicy.ALWAYS, List.of("failed"), (disk, test, store, client) -> {
            try (HostDisk.Rule _ = disk.fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO))) {
                assertThat(client.ask("SET", "failed", "1")).startsWith(REFUSAL);
                client.close();
                store.close();
            }
            assertThat(store.server().isSaved()).isFalse();
            assertThat(test.said()).contains("a sync has failed, and nobody knows what the device has of store.aof");
            test.said().clear();
            TestStore.Running next = test.start();
            assertThat(test.said()).anyMatch(line -> line.startsWith("store.aof was rewritten: "));
            assertThat(next.ask("GET", "failed")).isEqualTo("\"1\"");
        });
    }

    @Test
    void theLastSyncIsToldOf() {
        keepsAfterAPowerCut(FsyncPolicy.NO, List.of(), (disk, test, store, client) -> {
            assertThat(client.ask("SET", "key", "1")).isEqualTo("OK");
            client.close();
            try (HostDisk.Rule _ = disk.fail(FAULT)) {
                store.close();
            }
            assertThat(store.server().isSaved()).isFalse();
            assertThat(test.said()).anyMatch(line -> line.startsWith("the last changes could not be written: "));
        });
    }

    /** A change before what is no request is not acknowledged before it is safe. */
    @Test
    void anErrorOfTheProtocolHurriesNothing() {
        keepsAfterAPowerCut(FsyncPolicy.ALWAYS, List.of(), (disk, test, store, client) -> {
            try (HostDisk.Rule _ = disk.fail(DiskFault.of(Operation.WRITE_FILE, ErrorNumber.ENOSPC))) {
                client.send(RespClient.command("SET", "key", "1") + "*x\r\n");
                assertThat(client.read()).startsWith("-MISCONF ").contains("no space left on the device");
                assertThat(client.read()).isEqualTo("-ERR Protocol error: invalid multibulk length");
                assertThat(client.readAny()).isEmpty();
            }
        });
    }
}
