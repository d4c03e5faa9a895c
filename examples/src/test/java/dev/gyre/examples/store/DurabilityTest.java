package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.simulated.SimulationOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, whatever happens. */
@Tag("P1")
@Tag("P8")
@Tag("P11")
final class DurabilityTest {
    @TempDir
    private Path folder;

    private static String path(TestStore test) {
        return test.options().folder() + "/" + LogProcess.NAME;
    }

    private static byte[] content(TestStore test) throws IoException {
        try (File file = test.io().currentDirectory().openFile(path(test), OpenOptions.READ)) {
            byte[] bytes = new byte[(int) file.stat().size()];
            int done = 0;
            while (done < bytes.length) {
                byte[] rest = new byte[bytes.length - done];
                int count = file.read(rest, done);
                System.arraycopy(rest, 0, bytes, done, count);
                done += count;
            }
            return bytes;
        }
    }

    private static void write(TestStore test, byte[] bytes) throws IoException {
        try (File file = test.io().currentDirectory().openFile(path(test), OpenOptions.REPLACE)) {
            file.writeAll(bytes);
        }
    }

    /** Commands as Redis writes them, and as the store does: a group each, if nobody asks at the same time. */
    @OnEachBackend
    void aTornTailIsCutOffWhereverItIs(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            List<String> commands = List.of(
                    RespClient.command("SET", "a", "1"),
                    RespClient.command("SET", "b", "two\r\n*1\r\n#gyre "),
                    RespClient.command("INCR", "a"),
                    RespClient.command("MSET", "c", "", "d", "4"));
            try (TestStore.Running store = test.start()) {
                try (RespClient client = store.connect()) {
                    for (String command : commands) {
                        client.send(command);
                        String _ = client.read();
                    }
                }
            }
            byte[] grouped = content(test);
            byte[] plain = String.join("", commands).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(grouped).hasSize(plain.length + commands.size() * Group.HEADER);
            assertThat(plain(grouped)).isEqualTo(String.join("", commands));
            cutEverywhere(backend, test, plain, lengths(commands, 0));
            cutEverywhere(backend, test, grouped, lengths(commands, Group.HEADER));
        });
    }

    private static List<Integer> lengths(List<String> commands, int more) {
        return commands.stream().map(command -> command.length() + more).toList();
    }

    /** What a file has, without the lines that begin groups. */
    static String plain(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .replaceAll("#gyre [0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{16}\r\n", "");
    }

    private static void cutEverywhere(String backend, TestStore test, byte[] whole, List<Integer> lengths)
            throws Exception {
        List<Integer> sizes = List.of(0, 1, 2, 2, 4);
        String more = RespClient.command("SET", "more", "1");
        int step = backend.equals("simulated") ? 1 : 7;
        for (int cut = 0; cut <= whole.length; cut += step) {
            write(test, Arrays.copyOf(whole, cut));
            int kept = 0;
            int complete = 0;
            while (complete < lengths.size() && kept + lengths.get(complete) <= cut) {
                kept += lengths.get(complete++);
            }
            test.said().clear();
            boolean adds = cut % 21 == 0;
            try (TestStore.Running store = test.start()) {
                assertThat(store.server().size()).as("cut after %d", cut).isEqualTo(sizes.get(complete));
                if (adds) {
                    assertThat(store.ask("SET", "more", "1")).isEqualTo("OK");
                }
            }
            if (cut == kept) {
                assertThat(test.said()).isEmpty();
            } else {
                assertThat(test.said()).singleElement().asString().contains("last " + (cut - kept) + " bytes");
            }
            byte[] after = content(test);
            assertThat(Arrays.copyOf(after, kept)).isEqualTo(Arrays.copyOf(whole, kept));
            assertThat(after.length).isEqualTo(kept + (adds ? Group.HEADER + more.length() : 0));
            if (adds) {
                try (TestStore.Running store = test.start()) {
                    assertThat(store.server().size()).isEqualTo(sizes.get(complete) + 1);
                }
            }
        }
    }

    /** A byte is another one: what was on the device when more was written must not go unnoticed. */
    @OnEachBackend
    void whatHasChangedOnTheDeviceIsRefused(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            StoreOptions always = test.options().withFsync(FsyncPolicy.ALWAYS);
            List<Integer> ends = new ArrayList<>(List.of(0));
            try (TestStore.Running store = test.start(always); RespClient client = store.connect()) {
                for (int i = 0; i < 3; i++) {
                    client.ask("SET", "key " + i, "value " + i);
                    ends.add(content(test).length);
                }
            }
            byte[] sound = content(test);
            for (int place : List.of(0, 5, 6, 20, 39, 50, ends.get(1) - 1)) {
                for (int group = 0; group < 3; group++) {
                    int begin = ends.get(group);
                    byte[] damaged = sound.clone();
                    damaged[begin + place] ^= 1;
                    write(test, damaged);
                    if (group < 2) {
                        assertThatThrownBy(() -> test.start(always))
                                .as("group %d, byte %d", group, place)
                                .hasMessageContaining("store.aof is damaged from byte " + begin + " on")
                                .hasMessageContaining("truncate -s " + begin);
                        assertThat(content(test)).as("nothing was changed").isEqualTo(damaged);
                    } else {
                        try (TestStore.Running store = test.start(always)) {
                            assertThat(store.server().size()).isEqualTo(2);
                        }
                        assertThat(content(test)).isEqualTo(Arrays.copyOf(sound, begin));
                    }
                }
            }
        });
    }

    @OnEachBackend
    void whatIsDamagedIsRefusedWithAdvice(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            String good = RespClient.command("SET", "a", "1");
            test.start().close();
            for (String bad : List.of(
                    "nonsense", "\0\0\0\0", "GET a\r\n", "*x\r\n", "*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
                    "*1\r\n$7\r\nUNKNOWN\r\n", "*2\r\n$3\r\nSET\r\n$1\r\na\r\n", "*2\r\n$3\r\nDEL\r\n$1\r\naXX",
                    RespClient.command("SET", "n", "x") + RespClient.command("INCR", "n"))) {
                byte[] damaged = (good + bad + (bad.length() > 8 ? good : "")).getBytes(StandardCharsets.ISO_8859_1);
                write(test, damaged);
                int at = good.length() + (bad.contains("INCR") ? RespClient.command("SET", "n", "x").length() : 0);
                assertThatThrownBy(test::start)
                        .as(bad)
                        .hasMessageContaining("store.aof is damaged from byte " + at + " on")
                        .hasMessageContaining("truncate -s " + at);
                assertThat(content(test)).as("nothing was changed").isEqualTo(damaged);
            }
        });
    }

    @OnEachBackend
    void aFileThatHasGrownIsWrittenAnew(String backend) throws Exception {
        TestStore.run(backend, folder, 5, test -> {
            StoreOptions options = test.options().withRewriteMin(20_000);
            try (TestStore.Running store = test.start(options)) {
                try (RespClient client = store.connect()) {
                    client.ask("SET", "expiring", "1", "EX", "1000");
                    test.inTime(() -> {
                        for (int i = 0; test.said().size() < 3; i++) {
                            assertThat(client.ask("INCR", "number")).isEqualTo(":" + (i + 1));
                            client.ask("SET", "key " + i % 10, "value " + i);
                            client.ask("APPEND", "text " + i % 10, "0123456789".substring(i % 10));
                            test.io().sleep(Duration.ofNanos(1)); // in simulation, others run then
                        }
                        return "";
                    });
                    client.ask("SET", "last", client.ask("GET", "number"));
                }
            }
            assertThat(test.said()).allMatch(line -> line.startsWith("store.aof was rewritten: "));
            assertThat(content(test).length).isLessThan(200_000);
            Map<String, String> before = new TreeMap<>();
            Map<String, String> after = new TreeMap<>();
            try (TestStore.Running store = test.start()) {
                readAll(store, before);
                assertThat(before.get("\"last\"")).isEqualTo('"' + before.get("\"number\"") + '"');
                assertThat(store.ask("TTL", "expiring")).matches(":(9\\d\\d|1000)");
                test.said().clear();
                assertThat(store.ask("BGREWRITEAOF")).isEqualTo("Background append only file rewriting started");
                test.inTime(() -> {
                    while (test.said().isEmpty()) {
                        test.io().sleep(Duration.ofMillis(5));
                    }
                    return "";
                });
            }
            try (TestStore.Running store = test.start()) {
                readAll(store, after);
            }
            assertThat(after).isEqualTo(before);
        });
    }

    private static void readAll(TestStore.Running store, Map<String, String> values) throws Exception {
        try (RespClient client = store.connect()) {
            String keys = client.ask("KEYS", "*");
            for (String key : keys.substring(1, keys.length() - 1).split(", ", -1)) {
                values.put(key, client.ask("GET", key.substring(1, key.length() - 1)));
            }
        }
    }

    /** Clients that count up, each its own key, while processes are killed. What a client was told is there. */
    @OnEachBackend
    void killedProcessesLoseNothing(String backend) throws Exception {
        for (FsyncPolicy policy : FsyncPolicy.values()) {
            TestStore.run(backend, folder.resolve(policy.toString()), 5, test -> killUnderLoad(test, policy));
        }
    }

    private static void killUnderLoad(TestStore test, FsyncPolicy policy) throws Exception {
        RandomGenerator random = test.io().random();
        StoreOptions options = test.options().withFsync(policy).withRewriteMin(5_000);
        List<Counter> counters = new ArrayList<>();
        try (TestStore.Running store = test.start(options)) {
            List<Task<String, Exception>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Counter counter = new Counter("counter " + i);
                counters.add(counter);
                tasks.add(test.io().concurrent(() -> counter.run(store)));
            }
            for (int round = 0; round < 6; round++) {
                test.io().sleep(Duration.ofMillis(2 + random.nextInt(10)));
                String name = switch (round % 3) {
                    case 0 -> StoreServer.LOG;
                    case 1 -> StoreServer.ACCEPTOR;
                    default -> StoreServer.CONNECTIONS;
                };
                Pid process = store.server().process(name);
                if (process != null) {
                    test.node().exit(process, ExitReason.KILL);
                }
            }
            test.inTime(() -> {
                while (counters.stream().anyMatch(counter -> counter.acknowledged < 20)) {
                    test.io().sleep(Duration.ofMillis(5));
                }
                return "";
            });
            counters.forEach(counter -> counter.stops = true);
            for (Task<String, Exception> task : tasks) {
                String _ = task.await();
            }
            assertCounted(store, counters);
            assertThat(store.server().process(StoreServer.LOG)).isNotNull();
        }
        try (TestStore.Running store = test.start(options)) {
            assertCounted(store, counters);
        }
    }

    private static void assertCounted(TestStore.Running store, List<Counter> counters) throws Exception {
        for (Counter counter : counters) {
            String value = askInTheEnd(store, "GET", counter.key);
            long there = Long.parseLong(value.substring(1, value.length() - 1));
            assertThat(there).isBetween(counter.acknowledged, counter.asked.get());
        }
    }

    /** Asks again while the store is restarted. */
    private static String askInTheEnd(TestStore.Running store, String... words) throws Exception {
        return store.test().inTime(() -> {
            while (true) {
                try {
                    return store.ask(words);
                } catch (IoException restarting) {
                    store.test().io().sleep(Duration.ofMillis(5));
                }
            }
        });
    }

    /** A client that counts, and connects again when its connection ends. */
    private static final class Counter {
        final String key;
        volatile long acknowledged;
        private final AtomicLong asked = new AtomicLong();
        volatile boolean stops;

        Counter(String key) {
            this.key = key;
        }

        String run(TestStore.Running store) throws Exception {
            RandomGenerator random = store.test().io().random();
            while (!stops) {
                try (RespClient client = store.connect()) {
                    while (!stops) {
                        asked.incrementAndGet();
                        String reply = client.ask("INCR", key);
                        long count = Long.parseLong(reply.substring(1));
                        assertThat(count).isGreaterThan(acknowledged).isLessThanOrEqualTo(asked.get());
                        acknowledged = count;
                        // In simulation, time passes when all wait.
                        store.test().io().sleep(Duration.ofNanos(random.nextInt(500_000)));
                    }
                } catch (IoException ended) {
                    store.test().io().sleep(Duration.ofMillis(1));
                }
            }
            return "";
        }
    }

    /** In simulation, where a disk can be full. */
    @Test
    void aFullDiskRefusesChangesAndLosesNothing() {
        for (FsyncPolicy policy : FsyncPolicy.values()) {
            for (int seed = 1; seed <= 4; seed++) {
                SimulationOptions options = SimulationOptions.ofSeed(seed).withDiskBytesMax(1 << 20);
                TestStore.simulate(options, test -> fillTheDisk(test, policy));
            }
        }
    }

    private static void fillTheDisk(TestStore test, FsyncPolicy policy) throws Exception {
        StoreOptions options = test.options().withFsync(policy);
        String other = "other";
        try (File filler = test.io().currentDirectory().openFile(other, OpenOptions.REPLACE)) {
            filler.writeAll(new byte[900_000]);
        }
        int acknowledged = 0;
        try (TestStore.Running store = test.start(options)) {
            try (RespClient client = store.connect();
                    RespClient second = store.connect()) {
                String value = "v".repeat(3_000);
                String reply = client.ask("SET", "key 0", value);
                while (reply.equals("OK")) {
                    acknowledged++;
                    reply = client.ask("SET", "key " + acknowledged, value);
                }
                assertThat(acknowledged).isGreaterThan(10);
                assertThat(reply).startsWith("-MISCONF ").contains("no space left on the device");
                assertThat(second.ask("INCR", "number")).startsWith("-MISCONF ");
                assertThat(second.ask("GET", "key 0")).isEqualTo('"' + value + '"');
                assertThat(second.ask("INFO")).contains("aof_last_write_status:err");
                client.send(RespClient.command("PING") + RespClient.command("SET", "a", "1"));
                assertThat(client.read()).isEqualTo("PONG");
                assertThat(client.read()).startsWith("-MISCONF ");
                assertThat(test.said()).singleElement().asString().contains("changes are refused");

                test.io().currentDirectory().deleteFile(other);
                test.io().sleep(Duration.ofSeconds(3));
                assertThat(test.said()).contains("changes are taken again");
                assertThat(client.ask("SET", "last", "1")).isEqualTo("OK");
            }
        }
        try (TestStore.Running store = test.start(options)) {
            for (int i = 0; i < acknowledged; i++) {
                assertThat(store.ask("STRLEN", "key " + i)).isEqualTo(":3000");
            }
            assertThat(store.ask("GET", "last")).isEqualTo("\"1\"");
        }
    }
}
