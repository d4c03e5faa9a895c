package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;

/** What happens when things meet, and what is left after many of them. */
@Tag("P1")
final class RaceTest {
    private static final SpawnOptions ELSEWHERE = SpawnOptions.DEFAULT.withPlacement(Placement.SPREAD);
    private static final int MANY = Integer.getInteger("gyre.process.many", 20_000);

    private static int rounds(String backend, int real) {
        return backend.equals("simulated") ? 20 : real;
    }

    private static ExitReason down(Self self, Monitor monitor) {
        return Objects.requireNonNull(self.receive(
                monitor,
                TestNode.LONG,
                message -> message instanceof Signal.Down down && down.monitor() == monitor ? down.reason() : null));
    }

    /** A sender that is slow to wake, whose message was received meanwhile, ends nothing that is done afterwards. */
    @OnEachBackend
    void lateWakesEndNothing(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ControlBlock block = Objects.requireNonNull(self.pid().block());
            Pid sender = self.spawn(other -> {
                other.io().sleep(Duration.ofMillis(1));
                assertThat(block.push(new Envelope("slow"))).isEqualTo(Mailbox.WAKE);
                self.pid().send("next");
                other.io().sleep(Duration.ofMillis(2));
                block.wake();
            });
            Object first = null;
            while (first == null) {
                first = self.receive(Timeout.after(Duration.ofMillis(2)));
            }
            assertThat(first).isEqualTo("slow");
            assertThat(TestNode.next(self)).isEqualTo("next");
            String done = self.untilMessage(() -> {
                self.io().sleep(Duration.ofMillis(10));
                return "done";
            });
            assertThat(done).isEqualTo("done");
            self.node().await(sender);
        });
    }

    /** Two that link and unlink each other at once agree in the end. */
    @OnEachBackend
    void linksAreOfBothOrOfNone(String backend) throws Exception {
        TestNode.run(backend, self -> {
            int times = rounds(backend, 30_000);
            List<Pid> two = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                two.add(self.spawn(ELSEWHERE, one -> {
                    Pid other = (Pid) one.receive();
                    for (int round = 0; round < times; round++) {
                        one.link(other);
                        one.unlink(other);
                    }
                    self.pid().send("done");
                    TestNode.idle(one);
                }));
            }
            two.get(0).send(two.get(1));
            two.get(1).send(two.get(0));
            TestNode.next(self);
            TestNode.next(self);
            for (Pid each : two) {
                assertThat(self.node().info(each).orElseThrow().links()).isEmpty();
            }
            two.forEach(each -> self.exit(each, ExitReason.KILL));
        });
    }

    /** Whoever finds a name can send to it: the message is not lost, however new the process is. */
    @OnEachBackend
    void namesAreFoundWithTheirProcesses(String backend) throws Exception {
        TestNode.run(backend, self -> {
            int times = rounds(backend, 3_000);
            AtomicBoolean stop = new AtomicBoolean();
            Monitor finder = self.spawnMonitor(ELSEWHERE, one -> {
                Pid last = null;
                while (!stop.get()) {
                    Pid found = self.node().whereIs("new");
                    if (found != null && found != last) {
                        found.send("found");
                        last = found;
                    }
                    one.io().sleep(Duration.ZERO);
                }
            });
            for (int i = 0; i < times; i++) {
                Monitor named = self.spawnMonitor(SpawnOptions.DEFAULT.withName("new"), one -> {
                    assertThat(TestNode.next(one)).isEqualTo("found");
                });
                assertThat(down(self, named)).isEqualTo(ExitReason.NORMAL);
            }
            stop.set(true);
            assertThat(down(self, finder)).isEqualTo(ExitReason.NORMAL);
        });
    }

    /** Many want one name; one at a time has it, and it is free as soon as anybody hears that it might be. */
    @OnEachBackend
    void oneNameForMany(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicInteger holders = new AtomicInteger();
            List<Monitor> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(self.spawnMonitor(ELSEWHERE, one -> {
                    for (int round = 0; round < rounds(backend, 500); round++) {
                        try {
                            one.register("the one");
                        } catch (IllegalArgumentException expected) {
                            one.io().sleep(Duration.ZERO);
                            continue;
                        }
                        assertThat(holders.incrementAndGet()).isEqualTo(1);
                        one.io().sleep(Duration.ZERO);
                        holders.decrementAndGet();
                        assertThat(one.node().unregister("the one")).isTrue();
                    }
                }));
            }
            all.forEach(each -> assertThat(down(self, each)).isEqualTo(ExitReason.NORMAL));
        });
    }

    /** A sender that is killed while it waits for room takes none with it. */
    @OnEachBackend
    void killedSendersLeaveTheirRoom(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid full = self.spawn(SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.BLOCK), one -> {
                Object _ = one.<String>receive(message -> message instanceof String text && text.equals("go on") ? text
                        : null);
                while (true) {
                    self.pid().send(one.receive());
                }
            });
            full.send(0);
            List<Monitor> blocked = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int number = i;
                blocked.add(self.spawnMonitor(_ -> full.send(number)));
                self.io().sleep(Duration.ofMillis(1));
            }
            self.exit(blocked.get(0).process(), ExitReason.KILL);
            assertThat(down(self, blocked.get(0))).isEqualTo(ExitReason.KILLED);
            Timer _ = self.node().sendAfter(Duration.ZERO, full, "go on");
            List<Object> received = new ArrayList<>();
            while (received.size() < 3) {
                received.add(self.receive(message -> message instanceof Integer ? message : null));
            }
            assertThat(received).startsWith(0).containsExactlyInAnyOrder(0, 2, 3);
            assertThat(down(self, blocked.get(1))).isEqualTo(ExitReason.NORMAL);
            assertThat(down(self, blocked.get(2))).isEqualTo(ExitReason.NORMAL);
            // Nobody waits for ever for room with one that has ended.
            full.send("in");
            Pid busy = self.spawn(SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.BLOCK),
                    one -> one.io().sleep(Duration.ofHours(1)));
            busy.send("fills it");
            List<Monitor> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(self.spawnMonitor(_ -> busy.send("too much")));
            }
            self.io().sleep(Duration.ofMillis(1));
            self.exit(busy, ExitReason.KILL);
            waiting.forEach(each -> assertThat(down(self, each)).isEqualTo(ExitReason.NORMAL));
            self.exit(full, ExitReason.KILL);
        });
    }

    /** A process that is killed after it was told to end, and before it closes what it owns, waits for none of that. */
    @OnEachBackend
    void killedBeforeItTidiesUp(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicInteger steps = new AtomicInteger();
            Monitor slow = self.spawnMonitor(one -> {
                one.own(() -> steps.addAndGet(100));
                one.own(() -> {
                    try {
                        one.io().sleep(Duration.ofHours(1));
                    } catch (CanceledException expected) {
                        steps.addAndGet(10);
                    }
                });
                self.pid().send("here");
                try {
                    TestNode.idle(one);
                } finally {
                    one.io().protect(() -> {
                        self.pid().send("ending");
                        one.io().sleep(Duration.ofMillis(5));
                        return "";
                    });
                    steps.incrementAndGet();
                }
            });
            assertThat(TestNode.next(self)).isEqualTo("here");
            self.exit(slow.process(), ExitReason.SHUTDOWN);
            assertThat(TestNode.next(self)).isEqualTo("ending");
            self.exit(slow.process(), ExitReason.KILL);
            assertThat(down(self, slow)).isEqualTo(ExitReason.SHUTDOWN);
            assertThat(steps).hasValue(111);
        });
    }

    /** Killed at whatever it waits for, it is gone, and so is what it waited with. */
    @OnEachBackend
    void killedInEveryWait(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid deaf = self.spawn(one -> one.io().sleep(Duration.ofHours(1)));
            List<ProcessBody> waits = List.of(
                    TestNode::idle,
                    one -> one.receive(TestNode.LONG),
                    one -> one.receive(message -> null),
                    one -> one.<String>call(deaf, Timeout.NONE, _ -> "request"),
                    one -> one.<String>call(deaf, TestNode.LONG, _ -> "request"),
                    one -> one.untilMessage(() -> {
                        one.io().sleep(Duration.ofHours(1));
                        return "";
                    }),
                    one -> one.startLink(SpawnOptions.DEFAULT, TestNode::idle),
                    one -> one.async(() -> {
                        one.node().io().sleep(Duration.ofHours(1));
                        return "";
                    }).await(Timeout.NONE),
                    one -> {
                        Supervisor.startLink(one, SupervisorSpec.of(SupervisorSpec.Strategy.ONE_FOR_ALL)
                                .withChild(ChildSpec.of("late", child -> {
                                    child.io().sleep(Duration.ofMillis(1));
                                    child.ready();
                                    TestNode.idle(child);
                                }).awaitingReady()));
                        TestNode.idle(one);
                    },
                    one -> one.node().await(deaf));
            for (ProcessBody wait : waits) {
                for (int delay = 0; delay < 3; delay++) {
                    Monitor monitor = self.spawnMonitor(wait);
                    self.io().sleep(Duration.ofMillis(delay));
                    self.exit(monitor.process(), ExitReason.KILL);
                    assertThat(down(self, monitor)).isEqualTo(ExitReason.KILLED);
                }
            }
            self.exit(deaf, ExitReason.KILL);
            while (self.node().processes().size() > 1) {
                self.io().sleep(Duration.ofMillis(1));
            }
        });
    }

    /** What a process dies of when it has no memory or no stack is its own affair. */
    @OnEachBackend
    void exhausted(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicLong sent = new AtomicLong();
            Monitor sink = self.spawnMonitor(one -> {
                while (!(one.receive() instanceof String)) {
                    sent.decrementAndGet();
                }
            });
            AtomicInteger depth = new AtomicInteger();
            assertThat(causeOf(self, _ -> deeper(depth))).isInstanceOf(StackOverflowError.class);
            assertThat(causeOf(self, one -> sendDeeper(one, depth.get() - 300, sink.process(), sent)))
                    .isInstanceOf(StackOverflowError.class);
            assertThat(causeOf(self, _ -> {
                long[][] all = new long[1_000][];
                for (int i = 0; i < all.length; i++) {
                    all[i] = new long[Integer.MAX_VALUE];
                }
            })).isInstanceOf(OutOfMemoryError.class);
            sink.process().send("end");
            assertThat(down(self, sink)).isEqualTo(ExitReason.NORMAL);
            assertThat(sent.get()).isBetween(-1L, 1L);
        });
    }

    private static Throwable causeOf(Self self, ProcessBody body) {
        return ((ExitReason.Failed) down(self, self.spawnMonitor(body))).cause();
    }

    private static int deeper(AtomicInteger depth) {
        return depth.incrementAndGet() < 0 ? 0 : deeper(depth) + 1;
    }

    /** The last of the stack is used up while it sends and receives. */
    private static int sendDeeper(Self self, int calls, Pid sink, AtomicLong sent) {
        if (calls < 0) {
            sent.incrementAndGet();
            sink.send(1);
            self.receive(Timeout.after(Duration.ZERO));
        }
        return calls == Integer.MIN_VALUE ? 0 : sendDeeper(self, calls - 1, sink, sent) + 1;
    }

    /** After many processes with names, timers, links, monitors and calls, there is nothing left of them. */
    @OnEachBackend
    void nothingIsLeftOfMany(String backend) throws Exception {
        int many = rounds(backend, MANY);
        TestNode.run(backend, self -> {
            Pid server = self.spawn(one -> {
                while (true) {
                    if (one.receive() instanceof ReplyTo<?> replyTo) {
                        answer(replyTo);
                    }
                }
            });
            some(self, server, Math.min(many, 2_000));
            long before = used();
            some(self, server, many);
            assertThat(self.node().registered()).isEmpty();
            assertThat(self.node().groups()).isEmpty();
            ProcessInfo info = self.node().info(server).orElseThrow();
            while (!info.links().isEmpty()) { // whoever was linked hears of an end after whoever monitored
                info = self.node().info(server).orElseThrow();
            }
            assertThat(info.monitoredBy()).isEmpty();
            assertThat(info.timers()).isZero();
            assertThat(self.node().processes()).containsExactly(self.pid(), server);
            if (many == MANY) {
                assertThat((used() - before) / many).as("bytes that are left of each").isLessThan(50);
            }
            self.exit(server, ExitReason.KILL);
        });
    }

    private static void some(Self self, Pid server, int many) {
        for (int i = 0; i < many; i++) {
            int number = i;
            Monitor monitor = self.spawnMonitor(SpawnOptions.DEFAULT.withName("number " + i), one -> {
                one.link(server);
                one.monitor(server);
                Timer _ = one.sendAfter(Duration.ofHours(1), "never");
                Timer _ = one.node().sendAfter(Duration.ofHours(1), one.pid(), "never");
                one.node().join("all", one.pid());
                one.alias().send("to itself");
                assertThat(one.<String>call(server, TestNode.LONG, replyTo -> replyTo)).isEqualTo("answer");
                if (number % 2 == 0) {
                    one.unlink(server);
                    throw new ProcessExit(ExitReason.SHUTDOWN);
                }
            });
            assertThat(down(self, monitor)).isIn(ExitReason.NORMAL, ExitReason.SHUTDOWN);
        }
    }

    @SuppressWarnings("unchecked") // whoever calls wants a text
    private static void answer(ReplyTo<?> replyTo) {
        ((ReplyTo<String>) replyTo).reply("answer");
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private record Step(StateMachine.State next) {}

    /** Keeps what it is told to, and says the rest. */
    private record Stage(Pid observer, List<String> kept) implements StateMachine.State {
        @Override
        public StateMachine.Step handle(Self self, Object event) {
            if (event instanceof Step(StateMachine.State next)) {
                return StateMachine.next(next);
            }
            if (event instanceof String text && kept.contains(text)) {
                return StateMachine.postpone();
            }
            observer.send(event);
            return event.equals("b") ? StateMachine.next(new Stage(observer, List.of())) : StateMachine.stay();
        }
    }

    /** What was postponed once more comes before what was postponed later. */
    @OnEachBackend
    void postponedTwice(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Stage second = new Stage(self.pid(), List.of("a"));
            Stage first = new Stage(self.pid(), List.of("a", "b", "c"));
            Pid machine = self.spawn(StateMachine.of(StateMachine.next(first)));
            List.of("a", "b", "c").forEach(machine::send);
            machine.send(new Step(second));
            assertThat(TestNode.next(self)).isEqualTo("b");
            assertThat(TestNode.next(self)).isEqualTo("a");
            assertThat(TestNode.next(self)).isEqualTo("c");
            self.exit(machine, ExitReason.KILL);
        });
    }
}
