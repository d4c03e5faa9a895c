package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Timeout;
import dev.gyre.process.StateMachine.State;
import dev.gyre.process.StateMachine.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;

/** Calls, servers, state machines and groups. */
@Tag("P11")
final class ServeTest {
    private static final ExitReason BAD = ExitReason.of("bad");
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(5));

    private record Add(int amount) {}

    private record Get(ReplyTo<Integer> replyTo) {}

    private record Never(ReplyTo<String> replyTo) {}

    /** A server that says how it begins and ends. */
    private static final class Counter implements Server {
        private final Pid observer;
        private int total;

        Counter(Pid observer) {
            this.observer = observer;
        }

        @Override
        public void begin(Self self) {
            observer.send("begins");
        }

        @Override
        public void handle(Self self, Object message) {
            switch (message) {
                case Add(int amount) -> total += amount;
                case Get(ReplyTo<Integer> replyTo) -> replyTo.reply(total);
                case ExitReason reason -> throw new ProcessExit(reason);
                default -> {}
            }
        }

        @Override
        public void end(Self self) {
            self.io().sleep(Duration.ofNanos(1)); // it can wait here
            observer.send("ends");
        }
    }

    private static Pid counter(Self self) {
        Pid counter = self.node().start(SpawnOptions.DEFAULT, Server.of(() -> new Counter(self.pid())));
        // It was ready before it was returned.
        assertThat(self.receive(Timeout.after(Duration.ZERO))).isEqualTo("begins");
        return counter;
    }

    @OnEachBackend
    void calls(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid counter = counter(self);
            self.pid().send("is not looked at");
            counter.send(new Add(2));
            counter.send(new Add(3));
            assertThat(self.call(counter, TestNode.LONG, Get::new)).isEqualTo(5);
            assertThat(self.node().info(counter).orElseThrow().links()).isEmpty();
            assertThat(self.receive()).isEqualTo("is not looked at");
            self.exit(counter, ExitReason.SHUTDOWN);
            assertThat(TestNode.next(self)).isEqualTo("ends");
        });
    }

    @OnEachBackend
    void aThreadThatIsNoProcessCalls(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid nobody = test.node().spawn(_ -> {});
            var _ = test.node().await(nobody);
            Pid counter = test.node().start(SpawnOptions.DEFAULT, Server.of(() -> new Counter(nobody)));
            counter.send(new Add(2));
            assertThat(test.node().call(counter, TestNode.LONG, Get::new)).isEqualTo(2);
        });
    }

    @OnEachBackend
    void aCallThatIsNotAnswered(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid counter = counter(self);
            assertThatThrownBy(() -> self.call(counter, SOON, Never::new))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no answer from process " + counter);
            assertThatThrownBy(() -> self.call(counter, Timeout.after(Duration.ZERO), Never::new))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> self.call(self.pid(), SOON, Never::new))
                    .isInstanceOf(IllegalStateException.class);
            Pid caller = self.spawn(one -> one.call(counter, Timeout.NONE, Never::new));
            while (!self.io().describeTasks().contains("call process " + counter)) {
                self.io().sleep(Duration.ofMillis(1));
            }
            self.exit(caller, BAD);
            assertThat(self.node().await(caller)).isIn(BAD, ExitReason.NO_PROCESS);
            // Nothing is left of it.
            assertThat(self.call(counter, TestNode.LONG, Get::new)).isZero();
            self.exit(counter, ExitReason.KILL);
            assertThat(self.node().await(counter)).isIn(ExitReason.KILLED, ExitReason.NO_PROCESS);
            TestNode.assertNothingComes(self); // it did not end by itself
        });
    }

    @OnEachBackend
    void aProcessThatEndsDoesNotAnswer(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid counter = self.spawn(one -> {
                Object _ = one.receive();
                throw new ProcessExit(BAD);
            });
            assertThatThrownBy(() -> self.call(counter, Timeout.NONE, Never::new)).isInstanceOfSatisfying(
                    CallException.class, failed -> {
                        assertThat(failed.process()).isSameAs(counter);
                        assertThat(failed.reason()).isEqualTo(BAD);
                    });
            assertThatThrownBy(() -> self.call(counter, Timeout.NONE, Never::new)).isInstanceOfSatisfying(
                    CallException.class,
                    failed -> assertThat(failed.reason()).isEqualTo(ExitReason.NO_PROCESS));
        });
    }

    @OnEachBackend
    void answersFromElsewhereAndLater(String backend) throws Exception {
        TestNode.run(backend, self -> {
            List<ReplyTo<String>> kept = new ArrayList<>();
            Pid front = self.spawn(one -> {
                while (one.receive() instanceof Never(ReplyTo<String> replyTo)) {
                    kept.add(replyTo);
                    one.spawn(back -> {
                        back.io().sleep(Duration.ofMillis(2));
                        assertThat(replyTo.isWaiting()).isTrue();
                        assertThat(replyTo.reply("from behind")).isTrue();
                    });
                }
            });
            assertThat(self.call(front, TestNode.LONG, Never::new)).isEqualTo("from behind");
            assertThat(kept.getFirst().reply("again")).isFalse();
            assertThat(kept.getFirst().isWaiting()).isFalse();
        });
    }

    @OnEachBackend
    void anAnswerRacesTheTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid slow = self.spawn(one -> {
                while (one.receive() instanceof Never(ReplyTo<String> replyTo)) {
                    one.io().sleep(Duration.ofNanos(50_000));
                    replyTo.reply("in time");
                }
            });
            for (int i = 0; i < 50; i++) {
                try {
                    assertThat(self.call(slow, Timeout.after(Duration.ofNanos(60_000)), Never::new))
                            .isEqualTo("in time");
                } catch (TimeoutException late) {
                    assertThat(late).hasMessageContaining("no answer");
                }
            }
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aServerEndsInItsOwnWay(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (ExitReason reason : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, BAD)) {
                Pid counter = counter(self);
                Monitor monitor = self.monitor(counter);
                counter.send(reason);
                assertThat(TestNode.next(self)).isEqualTo("ends");
                assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(monitor, counter, reason));
            }
            Pid counter = counter(self);
            Monitor monitor = self.monitor(counter);
            self.exit(counter, BAD);
            assertThat(TestNode.next(self)).isEqualTo("ends");
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(monitor, counter, BAD));
        });
    }

    @OnEachBackend
    void aProcessThatIsNeverReady(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThatThrownBy(() -> self.node().start(SpawnOptions.DEFAULT, _ -> {
                        throw new ProcessExit(BAD);
                    }))
                    .isInstanceOfSatisfying(
                            CallException.class, failed -> assertThat(failed.reason()).isEqualTo(BAD));
            Pid starter = self.spawn(one -> {
                Pid _ = one.startLink(SpawnOptions.DEFAULT.withName("never ready"), TestNode::idle);
            });
            while (self.node().whereIs("never ready") == null) {
                self.io().sleep(Duration.ofMillis(1));
            }
            self.exit(starter, BAD);
            while (self.node().whereIs("never ready") != null) {
                self.io().sleep(Duration.ofMillis(1));
            }
            self.ready(); // nobody waits
        });
    }

    private record Closed() implements State {
        @Override
        public Step handle(Self self, Object event) {
            return switch (event instanceof String text ? text : "") {
                case "open" -> StateMachine.next(new Opened(0)).within(Duration.ofMillis(10), "too long");
                case "enter" -> StateMachine.postpone();
                default -> StateMachine.stay();
            };
        }
    }

    private record Opened(int guests) implements State {
        @Override
        public void enter(Self self) {
            self.node().publish("observers", "opened for " + guests);
        }

        @Override
        public Step handle(Self self, Object event) {
            return switch (event instanceof String text ? text : "") {
                case "enter" -> StateMachine.next(new Opened(guests + 1)).within(Duration.ofHours(1), "never");
                case "too long" -> {
                    self.node().publish("observers", "too long");
                    yield StateMachine.next(new Closed());
                }
                case "end" -> throw new ProcessExit(ExitReason.NORMAL);
                default -> StateMachine.stay();
            };
        }
    }

    @OnEachBackend
    void states(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.node().join("observers", self.pid());
            Pid door = self.node().start(
                    SpawnOptions.DEFAULT, StateMachine.of(StateMachine.next(new Closed())));
            Monitor monitor = self.monitor(door);
            door.send("open");
            assertThat(TestNode.next(self)).isEqualTo("opened for 0");
            assertThat(TestNode.next(self)).isEqualTo("too long");
            // What comes while it is closed waits until it is open.
            door.send("enter");
            door.send("enter");
            door.send("open");
            assertThat(TestNode.next(self)).isEqualTo("opened for 0");
            assertThat(TestNode.next(self)).isEqualTo("opened for 1");
            assertThat(TestNode.next(self)).isEqualTo("opened for 2");
            self.io().sleep(Duration.ofMillis(20)); // the time of a state that was left does not count
            door.send("end");
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(monitor, door, ExitReason.NORMAL));
        });
    }

    @OnEachBackend
    void groups(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Processes node = self.node();
            Pid other = self.spawn(TestNode::idle);
            assertThat(node.members("all")).isEmpty();
            node.join("all", other);
            node.join("all", self.pid());
            node.join("all", self.pid());
            node.join("some", self.pid());
            assertThat(node.members("all")).containsExactly(other, self.pid());
            assertThat(node.groups()).containsExactly("all", "some");
            node.publish("all", "hello");
            assertThat(self.receive()).isEqualTo("hello");
            assertThat(node.leave("some", self.pid())).isTrue();
            assertThat(node.leave("some", self.pid())).isFalse();
            Monitor monitor = self.monitor(other);
            self.exit(other, ExitReason.KILL);
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(monitor, other, ExitReason.KILLED));
            assertThat(node.members("all")).containsExactly(self.pid());
            node.join("some", other);
            assertThat(node.groups()).containsExactly("all");
            assertThatThrownBy(() -> node.join("", self.pid())).isInstanceOf(IllegalArgumentException.class);
        });
    }
}
