package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.process.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** A client library that knows nothing of us, in both versions of the protocol. */
@Tag("P11")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClientLibraryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"RESP2", "RESP3"})
    void jedis(RedisProtocol protocol) throws Exception {
        StoreOptions options =
                StoreOptions.DEFAULT.withAddress(Ip4Address.loopback(0)).withFolder(folder.toString());
        try (Io io = Io.open(); Processes node = Processes.open(io)) {
            StoreServer server = StoreServer.start(node, options, said -> {});
            try (Jedis client = new Jedis(
                    new HostAndPort("127.0.0.1", server.port()),
                    DefaultJedisClientConfig.builder().protocol(protocol).clientName("tester").build())) {
                use(client);
            }
            server.stop();
        }
    }

    private static void use(Jedis client) {
        assertThat(client.ping()).isEqualTo("PONG");
        assertThat(client.clientGetname()).isEqualTo("tester");
        assertThat(client.set("key", "value")).isEqualTo("OK");
        assertThat(client.get("key")).isEqualTo("value");
        assertThat(client.get("none")).isNull();
        assertThat(client.set("key", "other", SetParams.setParams().nx())).isNull();
        assertThat(client.set("key", "other", SetParams.setParams().xx().ex(100))).isEqualTo("OK");
        assertThat(client.ttl("key")).isBetween(99L, 100L);
        assertThat(client.persist("key")).isOne();
        assertThat(client.mset("a", "1", "b", "2")).isEqualTo("OK");
        assertThat(client.mget("a", "b", "c")).containsExactly("1", "2", null);
        assertThat(client.incrBy("a", 41)).isEqualTo(42);
        assertThatThrownBy(() -> client.incr("key"))
                .isInstanceOf(JedisDataException.class)
                .hasMessage("ERR value is not an integer or out of range");
        assertThat(client.append("b", "3")).isEqualTo(2);
        assertThat(client.getDel("b")).isEqualTo("23");
        assertThat(client.exists("a", "b", "key")).isEqualTo(2);
        assertThat(client.type("a")).isEqualTo("string");
        assertThat(client.configGet("appendonly")).containsEntry("appendonly", "yes");
        assertThat(client.info()).contains("redis_version:");
        assertThat(client.commandCount()).isEqualTo(Command.values().length);

        List<Response<Long>> counts = new ArrayList<>();
        try (Pipeline pipeline = client.pipelined()) {
            for (int i = 0; i < 1_000; i++) {
                Response<String> _ = pipeline.set("many " + i, "x");
                counts.add(pipeline.incr("count"));
            }
        }
        assertThat(counts.getLast().get()).isEqualTo(1_000);
        Set<String> found = new HashSet<>();
        ScanParams pattern = new ScanParams().match("many *").count(100);
        ScanResult<String> step = client.scan(ScanParams.SCAN_POINTER_START, pattern);
        found.addAll(step.getResult());
        while (!step.isCompleteIteration()) {
            step = client.scan(step.getCursor(), pattern);
            found.addAll(step.getResult());
        }
        assertThat(found).hasSize(1_000);
        assertThat(client.flushAll()).isEqualTo("OK");
        assertThat(client.dbSize()).isZero();
    }
}
