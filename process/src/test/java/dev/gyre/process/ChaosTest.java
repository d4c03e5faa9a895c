package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Timeout;
import dev.gyre.io.conformance.Rounds;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that do anything to each other, and are killed at any moment: nothing is left of them. */
@Tag("P1")
@Tag("P11")
final class ChaosTest {
    private static final int SEEDS = 300;
    private static final ExitReason BAD = ExitReason.of("bad");

    private record Ask(ReplyTo<String> replyTo) {}

    /** What each of them does: something to another one, again and again. */
    private static void meddle(Self self, Pid observer, List<Pid> others) throws Exception {
        RandomGenerator random = self.io().random();
        self.trapExit(random.nextBoolean());
        self.node().join("all", self.pid());
        for (int step = 0; step < 30; step++) {
            Pid other = others.get(random.nextInt(others.size()));
            switch (random.nextInt(13)) {
                case 0 -> self.link(other);
                case 1 -> self.unlink(other);
                case 2 -> self.monitor(other);
                case 3 -> self.demonitor(self.monitor(other));
                case 4 -> self.node().sendAfter(Duration.ofMillis(random.nextInt(5)), other, "later");
                case 5 -> self.sendAfter(Duration.ofHours(1), "never").cancel();
                case 6 -> ask(self, other);
                case 7 -> other.send(step);
                case 8 -> self.exit(other, random.nextInt(4) == 0 ? BAD : ExitReason.NORMAL);
                case 9 -> take(self);
                case 10 -> self.io().sleep(Duration.ofNanos(random.nextInt(200_000)));
                case 11 -> self.spawnLink(child -> child.own(() -> observer.send("closed")));
                default -> self.node().publish("all", "to all");
            }
        }
    }

    private static void ask(Self self, Pid other) {
        if (other == self.pid()) {
            return;
        }
        try {
            assertThat(self.call(other, Timeout.after(Duration.ofMillis(1)), Ask::new)).isEqualTo("here");
        } catch (TimeoutException | CallException unanswered) {
            assertThat(unanswered).hasMessageContaining("answer");
        }
    }

    private static void take(Self self) {
        if (self.receive(Timeout.after(Duration.ofNanos(100_000))) instanceof Ask(ReplyTo<String> replyTo)) {
            replyTo.reply("here");
        }
    }

    private static void run(Self self) throws Exception {
        RandomGenerator random = self.io().random();
        List<Pid> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            SpawnOptions how = SpawnOptions.DEFAULT.withName("name " + i);
            others.add(self.spawn(
                    i == 0 ? how.withMailbox(2, MailboxLimit.Overflow.BLOCK) : how,
                    one -> {
                        if (one.receive() instanceof List<?> all) {
                            meddle(one, self.pid(), all.stream().map(Pid.class::cast).toList());
                        }
                    }));
        }
        List<Pid> all = List.copyOf(others);
        List<Monitor> monitors = all.stream().map(self::monitor).toList();
        all.forEach(each -> each.send(all));
        for (Pid each : all) {
            self.io().sleep(Duration.ofNanos(random.nextInt(300_000)));
            self.exit(each, ExitReason.KILL);
        }
        for (Monitor monitor : monitors) {
            ExitReason reason = self.receive(
                    monitor,
                    TestNode.LONG,
                    message -> message instanceof Signal.Down down && down.monitor() == monitor ? down.reason() : null);
            assertThat(reason).as(monitor.toString()).isNotNull();
        }
        // Children of theirs may be on their way out.
        while (self.node().processes().size() > 1) {
            self.io().sleep(Duration.ofMillis(1));
        }
        assertThat(self.node().registered()).isEmpty();
        assertThat(self.node().groups()).isEmpty();
        ProcessInfo info = self.node().info(self.pid()).orElseThrow();
        assertThat(info.links()).isEmpty();
        assertThat(info.monitors()).isEmpty();
        assertThat(info.monitoredBy()).isEmpty();
        assertThat(info.timers()).isZero();
    }

    @OnEachBackend
    void nothingIsLeft(String backend) throws Exception {
        for (int i = 0; i < (backend.equals("simulated") ? 1 : 20); i++) {
            TestNode.run(backend, ChaosTest::run);
        }
    }

    @Test
    void nothingIsLeftInAnyOrder() {
        assertNothingIsLeft(SEEDS);
    }

    @Test
    @Tag("stress")
    void nothingIsLeftInMoreOrders() {
        Rounds.requireStress();
        assertNothingIsLeft(ManyOrders.OF_STRESS);
    }

    private static void assertNothingIsLeft(int seeds) {
        ManyOrders.run(1_000, seeds, 10, ChaosTest::run);
    }

    /** Children are killed all the time; in the end all run, and then none. */
    @OnEachBackend
    void supervisedProcessesComeBack(String backend) throws Exception {
        TestNode.run(backend, self -> {
            RandomGenerator random = self.io().random();
            for (Strategy strategy : Strategy.values()) {
                SupervisorSpec spec = SupervisorSpec.of(strategy).withIntensity(1_000, Duration.ofHours(1));
                for (int i = 0; i < 5; i++) {
                    String id = strategy + " " + i;
                    spec = spec.withChild(ChildSpec.of(id, TestNode::idle)
                            .withOptions(SpawnOptions.DEFAULT.withName(id)));
                }
                Supervisor supervisor = Supervisor.start(self.node(), spec);
                for (int i = 0; i < 20; i++) {
                    Pid child = self.node().whereIs(strategy + " " + random.nextInt(5));
                    if (child != null) {
                        self.exit(child, random.nextBoolean() ? ExitReason.KILL : BAD);
                    }
                    self.io().sleep(Duration.ofNanos(random.nextInt(100_000)));
                }
                while (!supervisor.children().stream().allMatch(
                        child -> child.process().map(Pid::isAlive).orElse(false))) {
                    self.io().sleep(Duration.ofMillis(1));
                }
                supervisor.stop();
            }
            assertThat(self.node().processes()).containsExactly(self.pid());
        });
    }
}
