package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What commands answer. */
@Tag("P11")
final class CommandsTest {
    private static final Pattern STEP = Pattern.compile("\\[\"(\\d+)\", \\[(.*)]]");

    @TempDir
    private Path folder;

    @OnEachBackend
    void aDialogue(String backend) throws Exception {
        Dialogue dialogue = Dialogue.read();
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start()) {
                try (RespClient client = store.connect()) {
                    test.inTime(() -> {
                        dialogue.hold(client, false);
                        return "";
                    });
                    assertThat(client.readAny()).as("after QUIT").isEmpty();
                }
            }
        });
    }

    @OnEachBackend
    void whatCommandsHaveLeftIsThereAfterARestart(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start()) {
                try (RespClient client = store.connect()) {
                    client.send("set plain 1\r\n");
                    assertThat(client.read()).isEqualTo("OK");
                    client.ask("SET", "number", "41");
                    client.ask("INCR", "number");
                    client.ask("SET", "text", "a");
                    client.ask("APPEND", "text", "b\r\n");
                    client.ask("MSET", "one", "1", "two", "2", "three", "3");
                    client.ask("DEL", "two", "none");
                    client.ask("GETDEL", "three");
                    client.ask("SET", "kept", "old", "EX", "1000");
                    client.ask("SET", "kept", "new", "KEEPTTL", "GET");
                    client.ask("SET", "forever", "1", "EX", "1000");
                    client.ask("PERSIST", "forever");
                    client.ask("SET", "gone", "1", "PX", "20");
                    client.ask("SET", "expiring", "1");
                    client.ask("EXPIRE", "expiring", "1000");
                    client.ask("GETSET", "swapped", "1");
                }
            }
            test.io().sleep(Duration.ofMillis(30));
            try (TestStore.Running store = test.start()) {
                try (RespClient client = store.connect()) {
                    assertThat(client.ask("MGET", "plain", "number", "text", "one", "two", "three", "kept", "forever",
                                    "gone", "expiring", "swapped"))
                            .isEqualTo("[\"1\", \"42\", \"ab\r\n\", \"1\", nil, nil, \"new\", \"1\", nil, \"1\","
                                    + " \"1\"]");
                    assertThat(client.ask("TTL", "kept")).isIn(":999", ":1000");
                    assertThat(client.ask("TTL", "expiring")).isIn(":999", ":1000");
                    assertThat(client.ask("TTL", "forever")).isEqualTo(":-1");
                    assertThat(client.ask("DBSIZE")).isEqualTo(":8");
                }
            }
            assertThat(test.said()).isEmpty();
        });
    }

    @OnEachBackend
    void keysExpireWithoutBeingAskedFor(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                for (int i = 0; i < 500; i++) {
                    client.send(RespClient.command("SET", "key " + i, "value", "PX", Integer.toString(1 + i % 50)));
                }
                client.send(RespClient.command("SET", "last", "value"));
                for (int i = 0; i <= 500; i++) {
                    assertThat(client.read()).isEqualTo("OK");
                }
                test.inTime(() -> {
                    while (!client.ask("DBSIZE").equals(":1")) {
                        test.io().sleep(Duration.ofMillis(20));
                    }
                    return "";
                });
            }
        });
    }

    /** Every key that is there all the time is found, while the table grows and shrinks. */
    @OnEachBackend
    void aScanFindsAll(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                Set<String> there = new HashSet<>();
                for (int i = 0; i < 200; i++) {
                    there.add("\"there " + i + '"');
                    client.ask("SET", "there " + i, "");
                }
                Set<String> found = new HashSet<>();
                String cursor = "0";
                int others = 0;
                do {
                    Matcher step = STEP.matcher(client.ask("SCAN", cursor, "COUNT", "20"));
                    assertThat(step.matches()).isTrue();
                    cursor = step.group(1);
                    found.addAll(Set.of(step.group(2).split(", ", -1)));
                    for (int i = 0; i < 60; i++) {
                        if (others < 300) {
                            client.ask("SET", "other " + others, "");
                        } else {
                            client.ask("DEL", "other " + (others - 300));
                        }
                        others++;
                    }
                } while (!cursor.equals("0"));
                assertThat(found).containsAll(there);
            }
        });
    }

    @OnEachBackend
    void informationIsText(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                client.ask("SET", "a", "1");
                assertThat(client.ask("INFO"))
                        .contains("tcp_port:" + store.server().port(), "connected_clients:1", "db0:keys=1,expires=0");
                assertThat(client.ask("COMMAND", "COUNT")).isEqualTo(":" + Command.values().length);
                assertThat(client.ask("COMMAND", "INFO", "get")).isEqualTo("[[\"get\", :2, [readonly], :1, :1, :1]]");
                assertThat(client.ask("COMMAND")).startsWith("[[\"append\", :3, [write], :1, :1, :1], ");
                assertThat(client.ask("COMMAND", "DOCS")).isEqualTo("[]");
                assertThat(client.ask("HELLO", "3")).startsWith("{");
                assertThat(client.ask("INFO", "all")).startsWith("text # Server");
            }
        });
    }
}
