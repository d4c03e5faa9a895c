package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Ip4Address;
import dev.gyre.process.Processes;
import dev.gyre.process.ProcessesOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Requests in all the ways in which they come, and what is none. */
@Tag("P6")
final class ProtocolTest {
    @TempDir
    private Path folder;

    /** Sends something that is no request, and has all that comes until the connection ends. */
    private static String refusal(TestStore.Running store, String sent) throws Exception {
        try (RespClient client = store.connect()) {
            client.send(sent);
            StringBuilder all = new StringBuilder();
            for (String next = client.readAny(); !next.isEmpty(); next = client.readAny()) {
                all.append(next);
            }
            return all.toString();
        }
    }

    @OnEachBackend
    void whatIsNoRequestIsRefusedAndTheConnectionEnds(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start()) {
                assertThat(refusal(store, "*x\r\n")).isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
                assertThat(refusal(store, "*1048577\r\n"))
                        .isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
                assertThat(refusal(store, "*1\r\n+PING\r\n"))
                        .isEqualTo("-ERR Protocol error: expected '$', got '+'\r\n");
                assertThat(refusal(store, "*1\r\n$-1\r\n")).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
                assertThat(refusal(store, "*1\r\n$536870913\r\n"))
                        .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
                assertThat(refusal(store, "*1\r\n$4x\r\n")).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
                assertThat(refusal(store, "*1\r\n$4\r\nPINGxx"))
                        .isEqualTo("-ERR Protocol error: expected CRLF after a bulk of 4 bytes\r\n");
                assertThat(refusal(store, "GET \"a\r\n"))
                        .isEqualTo("-ERR Protocol error: unbalanced quotes in request\r\n");
                assertThat(refusal(store, "GET 'a'b\r\n"))
                        .isEqualTo("-ERR Protocol error: unbalanced quotes in request\r\n");
                assertThat(refusal(store, "x".repeat(RequestParser.LINE_MAX + 2)))
                        .isEqualTo("-ERR Protocol error: too big inline request\r\n");
                assertThat(refusal(store, "*" + "1".repeat(RequestParser.LINE_MAX + 2)))
                        .isEqualTo("-ERR Protocol error: too big mbulk count string\r\n");
                assertThat(refusal(store, "*1\r\n$" + "1".repeat(RequestParser.LINE_MAX + 2)))
                        .isEqualTo("-ERR Protocol error: too big bulk count string\r\n");
                assertThat(refusal(store, "PING\r\n*1\r\n$4\r\nPING\r\n*1\r\nx"))
                        .as("what came before is answered")
                        .isEqualTo("+PONG\r\n+PONG\r\n-ERR Protocol error: expected '$', got 'x'\r\n");
                assertThat(refusal(store, "QUIT\r\nPING\r\n")).as("nothing follows QUIT").isEqualTo("+OK\r\n");
            }
            assertThat(test.crashes()).isEmpty();
        });
    }

    @OnEachBackend
    void aRequestMayComeInAnyPieces(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                String requests = RespClient.command("SET", "key", "value\r\n") + "\r\n*0\r\n*-1\r\n"
                        + "get key\n" + RespClient.command("GET", "key") + " \r\nSTRLEN key\r\n";
                for (int cut = 1; cut < requests.length(); cut++) {
                    client.send(requests.substring(0, cut));
                    client.send(requests.substring(cut));
                    assertThat(List.of(client.read(), client.read(), client.read(), client.read()))
                            .as("cut after %d bytes", cut)
                            .containsExactly("OK", "\"value\r\n\"", "\"value\r\n\"", ":7");
                }
            }
        });
    }

    @OnEachBackend
    void repliesToABatchLeaveTogether(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                client.ask("SET", "key", "value");
                client.send(RespClient.command("GET", "key").repeat(50));
                assertThat(client.readAny()).isEqualTo("$5\r\nvalue\r\n".repeat(50));
            }
        });
    }

    @OnEachBackend
    void longRequestsAndReplies(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    RespClient client = store.connect()) {
                String value = "0123456789".repeat(300_000);
                assertThat(client.ask("SET", "long", value)).isEqualTo("OK");
                assertThat(client.ask("STRLEN", "long")).isEqualTo(":3000000");
                assertThat(client.ask("GET", "long")).isEqualTo('"' + value + '"');
                List<String> words = new ArrayList<>(List.of("MSET"));
                for (int i = 0; i < 20_000; i++) {
                    words.add("k" + i);
                    words.add("v" + i);
                }
                assertThat(client.ask(words.toArray(new String[0]))).isEqualTo("OK");
                assertThat(client.ask("MGET", "k0", "k19999")).isEqualTo("[\"v0\", \"v19999\"]");
                assertThat(client.ask("DBSIZE")).isEqualTo(":20001");
            }
        });
    }

    @OnEachBackend
    void whoAsksForTooMuchIsDisconnected(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            StoreOptions options = test.options().withReplyMax(StoreOptions.REPLY_MAX_LEAST);
            try (TestStore.Running store = test.start(options);
                    RespClient other = store.connect();
                    RespClient client = store.connect()) {
                String value = "v".repeat(StoreOptions.REPLY_MAX_LEAST);
                assertThat(client.ask("SET", "long", value)).isEqualTo("OK");
                assertThat(client.ask("MGET", "long")).as("one is never too long").isEqualTo("[\"" + value + "\"]");
                client.send(RespClient.command("INCR", "n") + RespClient.command("MGET", "long", "long", "long")
                        + RespClient.command("INCR", "n"));
                assertThat(client.read()).as("what came before is answered").isEqualTo(":1");
                assertThat(client.readAny()).isEmpty();
                test.inTime(() -> {
                    while (test.said().isEmpty()) {
                        test.io().checkCancel();
                    }
                    return "";
                });
                assertThat(test.said()).containsExactly("client 2 was disconnected, as it has asked for a reply of more"
                        + " than 65536 bytes (--reply-max)");
                assertThat(other.ask("GET", "n")).isEqualTo("\"1\"");
                assertThat(other.ask("GETDEL", "long")).isEqualTo('"' + value + '"');
            }
            assertThat(test.crashes()).isEmpty();
        });
    }

    @OnEachBackend
    void oneClientTooManyIsToldSo(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start(test.options().withClientsMax(2));
                    RespClient first = store.connect();
                    RespClient second = store.connect()) {
                assertThat(first.ask("PING")).isEqualTo("PONG");
                assertThat(second.ask("PING")).isEqualTo("PONG");
                try (RespClient third = store.connect()) {
                    assertThat(third.read()).isEqualTo("-ERR max number of clients reached");
                    assertThat(third.readAny()).isEmpty();
                }
                assertThat(second.ask("QUIT")).isEqualTo("OK");
                assertThat(second.readAny()).isEmpty();
                test.inTime(() -> {
                    while (!first.ask("INFO").contains("connected_clients:1")) {
                        test.io().checkCancel();
                    }
                    return "";
                });
                assertThat(store.ask("PING")).isEqualTo("PONG");
            }
        });
    }

    @OnEachBackend
    void aPortAndAFolderThatAreTakenAreTold(String backend) throws Exception {
        TestStore.run(backend, folder, test -> {
            try (TestStore.Running store = test.start();
                    Processes other = Processes.open(
                            test.io(), ProcessesOptions.DEFAULT.withCrashHandler(test.crashes()::add))) {
                StoreOptions samePort = test.options()
                        .withAddress(Ip4Address.loopback(store.server().port()))
                        .withFolder(test.options().folder() + "/other");
                assertThatThrownBy(() -> StoreServer.start(other, samePort, test.said()::add))
                        .hasMessageContaining("the address is in use");
                assertThatThrownBy(() -> StoreServer.start(other, test.options(), test.said()::add))
                        .hasMessageContaining("another store uses the folder");
                assertThat(store.ask("PING")).isEqualTo("PONG");
            }
        });
    }
}
