package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;

/** Names, timers, limits of mailboxes, what processes own, and the end of a node. */
@Tag("P1")
final class NodeTest {
    private static final SpawnOptions NAMED = SpawnOptions.DEFAULT.withName("name");

    @OnEachBackend
    void names(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Processes node = self.node();
            assertThat(node.whereIs("name")).isNull();
            assertThat(node.unregister("name")).isFalse();
            assertThatThrownBy(() -> node.send("name", "a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no process is registered as 'name'");

            Pid other = self.spawn(NAMED, one -> self.pid().send(one.receive()));
            assertThat(node.whereIs("name")).isSameAs(other);
            assertThat(node.registered()).containsExactly("name");
            assertThatThrownBy(() -> self.register("name"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is registered to process " + other);
            assertThatThrownBy(() -> node.register("second", other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is registered already, as 'name'");
            assertThatThrownBy(() -> self.spawn(NAMED, _ -> {})).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> self.register("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SpawnOptions.DEFAULT.withName("")).isInstanceOf(IllegalArgumentException.class);

            assertThat(node.unregister("name")).isTrue();
            self.register("name");
            node.send("name", "mine");
            assertThat(self.receive()).isEqualTo("mine");
            other.send("yours");
            assertThat(TestNode.next(self)).isEqualTo("yours");
            var _ = node.await(other);
            assertThatThrownBy(() -> node.register("gone", other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has ended");
        });
    }

    @OnEachBackend
    void aNameIsFreeWhenOthersHearOfTheEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 20; i++) {
                Monitor one = self.spawnMonitor(NAMED, _ -> {});
                assertThat(TestNode.next(self)).isEqualTo(
                        new Signal.Down(one, one.process(), ExitReason.NORMAL));
                assertThat(one.process().isAlive()).isFalse();
                assertThat(self.node().whereIs("name")).isNull();
            }
        });
    }

    @OnEachBackend
    void timers(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Timestamp begin = self.io().now(Clock.AWAKE);
            Timer late = self.sendAfter(Duration.ofHours(1), "never");
            self.sendAfter(Duration.ofMillis(20), "second");
            self.sendAfter(Duration.ofMillis(10), "first");
            assertThat(self.node().info(self.pid()).orElseThrow().timers()).isEqualTo(3);
            assertThat(TestNode.next(self)).isEqualTo("first");
            assertThat(TestNode.next(self)).isEqualTo("second");
            assertThat(self.io().now(Clock.AWAKE).since(begin)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
            assertThat(self.node().info(self.pid()).orElseThrow().timers()).isEqualTo(1);
            assertThat(late.cancel()).isTrue();
            assertThat(late.cancel()).isFalse();
            assertThat(self.node().info(self.pid()).orElseThrow().timers()).isEqualTo(0);

            Timer now = self.sendAfter(Duration.ZERO, "now");
            assertThat(TestNode.next(self)).isEqualTo("now");
            assertThat(now.cancel()).isFalse();
            assertThatThrownBy(() -> self.sendAfter(Duration.ofNanos(-1), "before"))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @OnEachBackend
    void aTimerThatIsCalledOffRacesItsTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 50; i++) {
                Timer timer = self.sendAfter(Duration.ofNanos(20_000), i);
                self.io().sleep(Duration.ofNanos(20_000));
                if (!timer.cancel()) {
                    assertThat(TestNode.next(self)).isEqualTo(i);
                }
            }
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void timersEndWithTheirProcess(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor child = self.spawnMonitor(one -> {
                self.pid().send(one.sendAfter(Duration.ofHours(1), "never"));
                Object _ = one.receive();
            });
            Timer timer = (Timer) TestNode.next(self);
            child.process().send("go");
            assertThat(TestNode.next(self)).isInstanceOf(Signal.Down.class);
            assertThat(timer.cancel()).isFalse();
            assertThat(self.node().sendAfter(Duration.ZERO, child.process(), "late").cancel()).isFalse();
        });
    }

    @OnEachBackend
    void aliases(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Alias alias = self.alias();
            alias.send("a");
            assertThat(self.receive()).isEqualTo("a");
            alias.send("b");
            assertThat(self.unalias(alias)).isTrue();
            assertThat(self.unalias(alias)).isFalse();
            alias.send("c");
            assertThat(self.receive()).isEqualTo("b");
            TestNode.assertNothingComes(self);

            Monitor other = self.spawnMonitor(one -> self.pid().send(one.alias()));
            Alias others = (Alias) TestNode.next(self);
            assertThat(TestNode.next(self)).isInstanceOf(Signal.Down.class);
            others.send("nobody"); // is lost
            assertThat(other.process().isAlive()).isFalse();
            assertThatThrownBy(() -> self.unalias(others)).isInstanceOf(IllegalArgumentException.class);
        });
    }

    @OnEachBackend
    void aFullMailboxDrops(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor bounded = self.spawnMonitor(
                    SpawnOptions.DEFAULT.withMailbox(3, MailboxLimit.Overflow.DROP), one -> {
                        one.trapExit(true);
                        self.pid().send("ready");
                        assertThat(one.<String>receive(message -> message.equals("go") ? "go" : null)).isEqualTo("go");
                        List<Object> rest = new ArrayList<>();
                        for (int i = 0; i < 3; i++) {
                            rest.add(TestNode.next(one));
                        }
                        TestNode.assertNothingComes(one);
                        assertThat(rest).containsExactly(0, 1, new Signal.Exit(self.pid(), ExitReason.SHUTDOWN));
                    });
            Pid pid = bounded.process();
            assertThat(TestNode.next(self)).isEqualTo("ready");
            pid.send(0);
            pid.send(1);
            self.exit(pid, ExitReason.SHUTDOWN); // has room
            pid.send("go");
            assertThat(((Signal.Down) TestNode.next(self)).reason()).isEqualTo(ExitReason.NORMAL);
        });
    }

    @OnEachBackend
    void aFullMailboxCountsWhatItDrops(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid bounded = self.spawn(
                    SpawnOptions.DEFAULT.withMailbox(3, MailboxLimit.Overflow.DROP),
                    one -> one.io().sleep(Duration.ofHours(1)));
            for (int i = 0; i < 10; i++) {
                bounded.send(i);
            }
            ProcessInfo info = self.node().info(bounded).orElseThrow();
            assertThat(info.messages()).isEqualTo(3);
            assertThat(info.dropped()).isEqualTo(7);
        });
    }

    @OnEachBackend
    void aFullMailboxEndsItsProcess(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid bounded = test.node().spawn(
                    SpawnOptions.DEFAULT.withMailbox(2, MailboxLimit.Overflow.EXIT), one -> {
                        one.trapExit(true);
                        one.io().sleep(Duration.ofHours(1));
                    });
            Pid watcher = test.node().spawn(self -> {
                Monitor monitor = self.monitor(bounded);
                bounded.send(1);
                bounded.send(2);
                bounded.send(3);
                assertThat(TestNode.next(self)).isEqualTo(
                        new Signal.Down(monitor, bounded, new ExitReason.MailboxFull(2)));
            });
            test.await(watcher);
            assertThat(test.crashes()).extracting(CrashReport::reason).containsExactly(new ExitReason.MailboxFull(2));
        });
    }

    @OnEachBackend
    void aFullMailboxBlocksItsSenders(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SpawnOptions how = SpawnOptions.DEFAULT.withMailbox(2, MailboxLimit.Overflow.BLOCK);
            Pid bounded = self.spawn(how, one -> {
                for (int i = 0; i < 200; i++) {
                    assertThat(self.node().info(one.pid()).orElseThrow().messages()).isLessThanOrEqualTo(2);
                    self.pid().send(one.receive());
                }
                TestNode.idle(one);
            });
            for (int i = 0; i < 200; i++) {
                bounded.send(i);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(TestNode.next(self)).isEqualTo(i);
            }
        });
    }

    @OnEachBackend
    void sendersThatWaitAreLetGo(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SpawnOptions how = SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.BLOCK);
            Pid bounded = self.spawn(how, one -> one.io().sleep(Duration.ofHours(1)));
            List<Monitor> senders = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                senders.add(self.spawnMonitor(one -> {
                    bounded.send("a");
                    bounded.send("b");
                    bounded.send("c");
                }));
            }
            // One is ended while it waits, the others when there is nobody to wait for any more.
            self.exit(senders.getFirst().process(), ExitReason.SHUTDOWN);
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(
                    senders.getFirst(), senders.getFirst().process(), ExitReason.SHUTDOWN));
            self.exit(bounded, ExitReason.KILL);
            for (int i = 1; i < 5; i++) {
                assertThat(((Signal.Down) TestNode.next(self)).reason()).isEqualTo(ExitReason.NORMAL);
            }
            bounded.send("nobody");
        });
    }

    @OnEachBackend
    void nobodyWaitsForRoomInHisOwnMailbox(String backend) throws Exception {
        TestNode.program(backend, test -> test.runProcess(
                SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.BLOCK), self -> {
                    self.pid().send("a");
                    assertThatThrownBy(() -> self.pid().send("b"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("would wait for room in it");
                    assertThat(self.receive()).isEqualTo("a");
                    self.pid().send("c");
                    assertThat(self.receive()).isEqualTo("c");
                }));
        assertThatThrownBy(() -> new MailboxLimit(0, MailboxLimit.Overflow.DROP))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @OnEachBackend
    @Tag("P9")
    void whatAProcessOwnsIsClosedAtItsEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            List<String> closed = new ArrayList<>();
            ProcessBody server = one -> {
                Listener listener = one.own(one.io().listen(Ip4Address.loopback(0), ListenOptions.DEFAULT));
                one.own(() -> closed.add("first"));
                AutoCloseable given = one.own(() -> closed.add("given away"));
                one.own(() -> {
                    throw new IllegalStateException("does not close; a test wants that");
                });
                one.own(() -> {
                    // In spite of the signal, which has no effect here.
                    one.io().sleep(Duration.ofMillis(1));
                    closed.add("last");
                });
                assertThat(one.disown(given)).isTrue();
                assertThat(one.disown(given)).isFalse();
                self.pid().send(listener.localAddress());
                try (Connection _ = listener.accept()) {
                    TestNode.idle(one);
                }
            };
            Monitor monitor = self.spawnMonitor(server);
            Ip4Address address = (Ip4Address) TestNode.next(self);
            self.exit(monitor.process(), ExitReason.KILL);
            assertThat(TestNode.next(self)).isEqualTo(
                    new Signal.Down(monitor, monitor.process(), ExitReason.KILLED));
            assertThat(closed).containsExactly("last", "first");
            // Its port is free.
            self.io().listen(address, ListenOptions.DEFAULT).close();
        });
    }

    @OnEachBackend
    void whyAProcessHasEndedIsToldHoweverEarlyItHas(String backend) throws Exception {
        ExitReason early = ExitReason.of("early");
        TestNode.once(backend, test -> {
            Processes node = test.node();
            for (int i = 0; i < 1000; i++) {
                ExitReason each = i % 2 == 0 ? early : ExitReason.SHUTDOWN;
                assertThat(node.run(NAMED, _ -> {
                    throw new ProcessExit(each);
                })).isEqualTo(each);
            }
            assertThat(node.run(self -> self.exit(self.pid(), ExitReason.KILL))).isEqualTo(ExitReason.KILLED);
            assertThat(node.run(_ -> {})).isEqualTo(ExitReason.NORMAL);
        });
    }

    /** Whoever comes between the end of the relations and that of the process is told at once. */
    @OnEachBackend
    void whoeverHearsOfTheEndFindsNeitherNameNorGroups(String backend) throws Exception {
        List<String> groups = IntStream.range(0, 100).mapToObj(i -> "group " + i).toList();
        TestNode.once(backend, test -> {
            Processes node = test.node();
            for (int i = 0; i < 300; i++) {
                ResetEvent joined = node.io().resetEvent();
                Pid process = node.spawn(NAMED, self -> {
                    groups.forEach(group -> node.join(group, self.pid()));
                    joined.set();
                });
                joined.await();
                ExitReason _ = node.await(process);
                assertThat(node.whereIs("name")).isNull();
                assertThat(node.groups()).isEmpty();
            }
        });
    }

    @OnEachBackend
    void whoIsToStopWhileAProcessRunsEndsIt(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Io io = test.node().io();
            BoundedQueue<Pid> started = io.queue(1);
            Task<ExitReason, RuntimeException> caller = io.concurrent(() -> test.node().run(self -> {
                self.trapExit(true);
                started.put(self.pid());
                TestNode.idle(self);
            }));
            Pid process = started.get();
            assertThatThrownBy(caller::cancel).isInstanceOf(CanceledException.class);
            assertThat(test.node().await(process)).isIn(ExitReason.KILLED, ExitReason.NO_PROCESS);
            assertThatThrownBy(() -> io.within(Timeout.after(Duration.ofMillis(1)), () ->
                            test.node().run(TestNode::idle)))
                    .isInstanceOf(TimeoutException.class);
        });
    }

    @OnEachBackend
    void aNodeThatClosesEndsItsProcesses(String backend) throws Exception {
        List<ExitReason> reasons = new ArrayList<>();
        TestNode.program(backend, test -> {
            try (Processes node = Processes.open(test.node().io())) {
                Pid idle = node.spawn(TestNode::idle);
                Pid trapping = node.spawn(self -> {
                    self.trapExit(true);
                    TestNode.idle(self);
                });
                ExitReason closed = node.run(_ -> assertThatThrownBy(node::close)
                        .isInstanceOf(IllegalStateException.class));
                assertThat(closed).isEqualTo(ExitReason.NORMAL);
                assertThat(node.processes()).containsExactly(idle, trapping);
                Pid watcher = test.node().spawn(self -> {
                    reasons.add(node.await(idle));
                    reasons.add(node.await(trapping));
                });
                while (test.node().info(watcher).orElseThrow().state() != ProcessInfo.State.RUNNING) {
                    test.node().io().sleep(Duration.ofMillis(1));
                }
                closeTwice(node);
                test.await(watcher);
                assertThat(node.processes()).isEmpty();
                assertThatThrownBy(() -> node.spawn(_ -> {})).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> node.spawn(NAMED, _ -> {})).isInstanceOf(IllegalStateException.class);
                assertThat(node.registered()).isEmpty();
            }
        });
        assertThat(reasons).allMatch(reason -> ExitReason.isOrderly(reason) || reason.equals(ExitReason.NO_PROCESS));
    }

    private static void closeTwice(Processes node) {
        node.close();
        node.close();
    }

    @OnEachBackend
    void noProcessBeyondTheLimitOfTasks(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            self.io().setConcurrentLimit(2);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 4; i++) {
                            self.spawn(TestNode::idle);
                        }
                    })
                    .isInstanceOf(ProcessLimitException.class);
            assertThatThrownBy(() -> self.spawnLink(NAMED, _ -> {})).isInstanceOf(ProcessLimitException.class);
            assertThatThrownBy(() -> self.spawnMonitor(_ -> {})).isInstanceOf(ProcessLimitException.class);
            // There was no such process.
            assertThat(self.node().whereIs("name")).isNull();
            ProcessInfo info = self.node().info(self.pid()).orElseThrow();
            assertThat(info.links()).isEmpty();
            assertThat(info.monitors()).isEmpty();
            TestNode.assertNothingComes(self);
            self.io().setConcurrentLimit(Integer.MAX_VALUE);
        });
    }

    @OnEachBackend
    void whatAProcessDoesIsToBeSeen(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid busy = self.spawn(NAMED, one -> one.io().sleep(Duration.ofHours(1)));
            self.link(busy);
            Monitor monitor = self.monitor(busy);
            busy.send("a");
            busy.send("b");
            ProcessInfo info = self.node().info(busy).orElseThrow();
            assertThat(info.process()).isSameAs(busy);
            assertThat(info.name()).contains("name");
            assertThat(info.label()).isEqualTo("NodeTest");
            assertThat(info.state()).isEqualTo(ProcessInfo.State.RUNNING);
            assertThat(info.messages()).isEqualTo(2);
            assertThat(info.trapsExits()).isFalse();
            assertThat(info.links()).containsExactly(self.pid());
            assertThat(info.monitoredBy()).containsExactly(self.pid());
            assertThat(self.node().info(self.pid()).orElseThrow().monitors()).containsExactly(busy);
            assertThat(self.node().processes()).containsExactly(self.pid(), busy);
            self.trapExit(true);
            self.exit(busy, ExitReason.KILL);
            Object _ = TestNode.next(self);
            Object _ = TestNode.next(self);
            assertThat(self.node().info(busy)).isEmpty();
            assertThat(self.demonitor(monitor)).isFalse();
        });
    }

    @OnEachBackend
    void nobodyWaitsForHisOwnEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThatThrownBy(() -> self.node().await(self.pid())).isInstanceOf(IllegalStateException.class);
            // A wait that is called off leaves nothing behind.
            Pid idle = self.spawn(TestNode::idle);
            Monitor waiting = self.spawnMonitor(one -> self.node().await(idle));
            while (self.io().describeTasks().lines().noneMatch(line -> line.contains("await the end of process"))) {
                self.io().sleep(Duration.ofMillis(1));
            }
            self.exit(waiting.process(), ExitReason.SHUTDOWN);
            assertThat(((Signal.Down) TestNode.next(self)).reason()).isEqualTo(ExitReason.SHUTDOWN);
        });
    }

    @OnEachBackend
    void processesOfAnotherNode(String backend) throws Exception {
        TestNode.run(backend, self -> {
            try (Processes other = Processes.open(self.io())) {
                Pid there = other.spawn(one -> self.pid().send(one.receive()));
                assertThatThrownBy(() -> self.link(there)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> self.monitor(there)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> self.node().await(there)).isInstanceOf(IllegalArgumentException.class);
                there.send("hello");
                assertThat(TestNode.next(self)).isEqualTo("hello");
            }
        });
    }
}
