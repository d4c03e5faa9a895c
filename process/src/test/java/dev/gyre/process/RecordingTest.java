package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What flight recordings tell of processes. */
@Tag("P11")
final class RecordingTest {
    private static final int LONG = 10;
    private static final ExitReason BAD = ExitReason.of("bad");
    private static final List<String> EVENTS = List.of(
            "ProcessStart", "ProcessEnd", "LongMailbox", "MailboxOverflow", "ChildRestart", "SocketOpen",
            "SocketClose");

    private final Map<String, List<RecordedEvent>> seen = new ConcurrentHashMap<>();

    private RecordedEvent find(String event, String field, Object value) {
        return seen.getOrDefault(event, List.of()).stream()
                .filter(each -> value.equals(each.getValue(field)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " with " + field + " " + value + " is not in " + seen));
    }

    /** The recorder has files of its own open, so descriptors are not counted. */
    private static void run(String backend, ProcessBody body) throws Exception {
        ProcessesOptions options = ProcessesOptions.DEFAULT.withCrashHandler(_ -> {}).withLongMailbox(LONG);
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(backend)); Processes node = Processes.open(io, options)) {
            assertThat(node.run(body)).isEqualTo(ExitReason.NORMAL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void whatHappensIsTold(String backend) throws Exception {
        try (RecordingStream stream = new RecordingStream()) {
            for (String event : EVENTS) {
                stream.enable("dev.gyre." + event);
                stream.onEvent("dev.gyre." + event, told ->
                        seen.computeIfAbsent(event, _ -> new CopyOnWriteArrayList<>()).add(told));
            }
            stream.setReuse(false);
            stream.startAsync();
            Pid[] pids = new Pid[4];
            String[] socket = new String[1];
            run(backend, self -> {
                pids[0] = self.pid();
                Pid child = self.spawn(SpawnOptions.DEFAULT.withName("recorded"), one -> {
                    Object _ = one.receive();
                    throw new ProcessExit(BAD);
                });
                pids[1] = child;
                child.send("end");
                ExitReason _ = self.node().await(child);

                Pid full = self.spawn(
                        SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.DROP),
                        one -> one.io().sleep(Duration.ofHours(1)));
                pids[2] = full;
                full.send(1);
                full.send(2);
                Pid growing = self.spawn(one -> one.io().sleep(Duration.ofHours(1)));
                pids[3] = growing;
                for (int i = 0; i < LONG; i++) {
                    growing.send(i);
                }
                self.exit(full, ExitReason.KILL);

                Supervisor supervisor = Supervisor.start(self.node(), SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                        .withChild(ChildSpec.of("recorded child", TestNode::idle)));
                Pid before = supervisor.children().getFirst().process().orElseThrow();
                self.exit(before, BAD);
                ExitReason _ = self.node().await(before);
                Pid _ = supervisor.children().getFirst().process().orElseThrow();
                supervisor.stop();

                TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
                socket[0] = listener.toString();
                listener.close();
            });
            stream.stop();
            RecordedEvent start = find("ProcessStart", "process", pids[1].number());
            assertThat(start.getLong("parent")).isEqualTo(pids[0].number());
            assertThat(start.getString("name")).isEqualTo("recorded");
            assertThat(start.getString("label")).isEqualTo("RecordingTest");
            RecordedEvent end = find("ProcessEnd", "process", pids[1].number());
            assertThat(end.getString("reason")).isEqualTo(BAD.toString());
            assertThat(end.getBoolean("crashed")).isTrue();
            assertThat(end.getLong("received")).isEqualTo(1);
            assertThat(end.getLong("messages")).isZero();
            RecordedEvent killed = find("ProcessEnd", "process", pids[2].number());
            assertThat(killed.getString("reason")).isEqualTo(ExitReason.KILLED.toString());
            assertThat(killed.getBoolean("crashed")).isFalse();
            RecordedEvent overflow = find("MailboxOverflow", "process", pids[2].number());
            assertThat(overflow.getString("overflow")).isEqualTo("DROP");
            assertThat(overflow.getLong("messages")).isEqualTo(1);
            assertThat(find("LongMailbox", "process", pids[3].number()).getLong("messages")).isEqualTo(LONG);
            assertThat(find("ChildRestart", "child", "recorded child").getString("reason")).isEqualTo(BAD.toString());
            assertThat(find("SocketOpen", "socket", socket[0]).getLong("process")).isEqualTo(pids[0].number());
            assertThat(find("SocketClose", "socket", socket[0]).getLong("process")).isEqualTo(pids[0].number());
        }
    }
}
