package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Mailboxes: order, selection, limits of time. */
@Tag("P1")
final class ReceiveTest {
    private static final Timeout NOW = Timeout.after(Duration.ZERO);
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(5));
    private static final int LOOKS_MAX = 1_000;

    private record Numbered(Pid from, int number) {}

    @OnEachBackend
    void messagesOfOneSenderComeInOrder(String backend) throws Exception {
        TestNode.run(backend, self -> {
            int senders = 3;
            int each = 40;
            for (int i = 0; i < senders; i++) {
                self.spawn(sender -> {
                    for (int number = 0; number < each; number++) {
                        self.pid().send(new Numbered(sender.pid(), number));
                    }
                });
            }
            List<Numbered> seen = new ArrayList<>();
            for (int i = 0; i < senders * each; i++) {
                seen.add((Numbered) TestNode.next(self));
            }
            seen.stream().map(Numbered::from).distinct().forEach(from -> assertThat(seen.stream()
                            .filter(message -> message.from() == from)
                            .map(Numbered::number))
                    .hasSize(each)
                    .isSorted());
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aProcessSendsToItself(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.pid().send("a");
            self.pid().send("b");
            assertThat(self.receive()).isEqualTo("a");
            assertThat(self.receive()).isEqualTo("b");
        });
    }

    @OnEachBackend
    void aThreadThatIsNoProcessSends(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid receiver = test.node().spawn(self -> assertThat(TestNode.next(self)).isEqualTo("hello"));
            receiver.send("hello");
            test.await(receiver);
        });
    }

    @OnEachBackend
    void whatIsNotWantedStaysInItsPlace(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 10; i++) {
                self.pid().send(i);
            }
            assertThat(self.<Integer>receive(message -> message.equals(5) ? 5 : null)).isEqualTo(5);
            assertThat(self.<Integer>receive(message -> message.equals(9) ? 9 : null)).isEqualTo(9);
            assertThat(self.<Integer>receive(message -> message.equals(0) ? 0 : null)).isEqualTo(0);
            self.pid().send(10);
            for (int i : new int[] {1, 2, 3, 4, 6, 7, 8, 10}) {
                assertThat(self.receive()).isEqualTo(i);
            }
        });
    }

    @OnEachBackend
    void theFunctionMakesSomethingOfTheMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid peer = self.spawn(other -> self.pid().send(new Numbered(other.pid(), 7)));
            int number = self.receive(message -> switch (message) {
                case Numbered(Pid from, int value) when from == peer -> value;
                default -> null;
            });
            assertThat(number).isEqualTo(7);
        });
    }

    @OnEachBackend
    void eachMessageIsLookedAtOnceWhileItWaits(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 100; i++) {
                self.pid().send(i);
            }
            self.spawn(sender -> {
                for (int i = 100; i < 200; i++) {
                    sender.io().sleep(Duration.ofNanos(10_000));
                    self.pid().send(i);
                }
                self.pid().send("wanted");
            });
            AtomicInteger looks = new AtomicInteger();
            String wanted = self.receive(message -> {
                looks.incrementAndGet();
                return message instanceof String text ? text : null;
            });
            assertThat(wanted).isEqualTo("wanted");
            assertThat(looks).hasValue(201);
        });
    }

    /** Each message that it looks at brings the next one, so there is always one that it has not seen. */
    @OnEachBackend
    void whatIsNotWantedDoesNotHoldUpTheLimitOfTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicInteger looks = new AtomicInteger();
            self.pid().send("unwanted");
            String wanted = self.receive(SOON, message -> {
                assertThat(looks.incrementAndGet()).isLessThan(LOOKS_MAX);
                self.io().sleep(Duration.ofMillis(1));
                self.pid().send(message);
                return null;
            });
            assertThat(wanted).isNull();
        });
    }

    @OnEachBackend
    void whatIsNotWantedDoesNotHoldUpTheEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicInteger looks = new AtomicInteger();
            Monitor flooded = self.spawnMonitor(one -> {
                one.pid().send("unwanted");
                String _ = one.receive(message -> {
                    if (looks.incrementAndGet() == 3) {
                        one.node().exit(one.pid(), ExitReason.KILL);
                    }
                    one.pid().send(message);
                    return looks.get() == LOOKS_MAX ? "never told" : null;
                });
            });
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(flooded, flooded.process(), ExitReason.KILLED));
            assertThat(looks).hasValue(3);
        });
    }

    @OnEachBackend
    void aReplyIsNotLookedForAmongWhatCameBefore(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 1_000; i++) {
                self.pid().send(i);
            }
            Alias first = self.alias();
            self.pid().send("between");
            Alias second = self.alias();
            second.send("second");
            first.send("first");

            assertThat(looked(self, second, "second")).containsExactly("second");
            assertThat(looked(self, first, "first")).containsExactly("between", "first");
            assertThat(self.receive()).isEqualTo(0);
            assertThat(looked(self, first, "between")).containsExactly("between");
            assertThat(self.<Integer>receive(message -> message.equals(999) ? 999 : null)).isEqualTo(999);
            assertThat(self.<Object>receive(second, NOW, message -> message)).isNull();
        });
    }

    /** What is looked at until something wanted is found. */
    private static List<Object> looked(Self self, Reference since, String wanted) {
        List<Object> looked = new ArrayList<>();
        Object found = self.<Object>receive(since, TestNode.LONG, message -> {
            looked.add(message);
            return message.equals(wanted) ? message : null;
        });
        assertThat(found).isEqualTo(wanted);
        return looked;
    }

    @OnEachBackend
    void timeRunsOut(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Timestamp begin = self.io().now(Clock.AWAKE);
            assertThat(self.receive(SOON)).isNull();
            assertThat(self.io().now(Clock.AWAKE).since(begin)).isGreaterThanOrEqualTo(Duration.ofMillis(5));
            self.pid().send("other");
            assertThat(self.<String>receive(SOON, message -> null)).isNull();
            assertThat(self.receive(SOON)).isEqualTo("other");
        });
    }

    @OnEachBackend
    void noTimeLooksAndDoesNotWait(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThat(self.receive(NOW)).isNull();
            self.pid().send("a");
            self.pid().send("b");
            assertThat(self.<String>receive(NOW, message -> message.equals("b") ? "B" : null)).isEqualTo("B");
            assertThat(self.receive(NOW)).isEqualTo("a");
            assertThat(self.receive(NOW)).isNull();
        });
    }

    @OnEachBackend
    void aMessageRacesTheTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 50; i++) {
                int round = i;
                self.spawn(sender -> {
                    sender.io().sleep(Duration.ofNanos(50_000));
                    self.pid().send(round);
                });
                Object message = self.receive(Timeout.after(Duration.ofNanos(50_000)));
                // Late or not, it comes once.
                assertThat(message == null ? TestNode.next(self) : message).isEqualTo(round);
            }
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aLimitOfTimeAroundAReceiveCounts(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThatThrownBy(() -> self.io().within(SOON, self::receive)).isInstanceOf(TimeoutException.class);
            self.pid().send("a");
            assertThat(self.receive()).isEqualTo("a");
        });
    }

    @OnEachBackend
    void aFunctionThatThrowsLeavesTheMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.pid().send("a");
            assertThatThrownBy(() -> self.<Object>receive(message -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(self.receive()).isEqualTo("a");
        });
    }

    @OnEachBackend
    void aFunctionDoesNotReceive(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.pid().send("a");
            Function<Object, @Nullable Object> nested = message -> self.receive();
            assertThatThrownBy(() -> self.receive(nested))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is looking through its mailbox");
            assertThat(self.receive()).isEqualTo("a");
        });
    }

    @OnEachBackend
    void nobodyElseReceives(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.pid().send("a");
            assertThatThrownBy(() -> self.io().concurrent(self::receive).await())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("on its own thread only");
            self.spawn(other -> {
                try {
                    Object _ = self.receive();
                } catch (IllegalStateException refused) {
                    self.pid().send("refused");
                }
            });
            assertThat(self.receive()).isEqualTo("a");
            assertThat(TestNode.next(self)).isEqualTo("refused");
        });
    }

    @OnEachBackend
    @SuppressWarnings("NullAway") // that is refused
    void nullIsNoMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThatThrownBy(() -> self.pid().send(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> self.alias().send(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> self.sendAfter(Duration.ZERO, null)).isInstanceOf(NullPointerException.class);
        });
    }

    @OnEachBackend
    void aMessageEndsASleep(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.spawn(other -> self.pid().send("wake up"));
            assertThat(self.<String, RuntimeException>untilMessage(() -> {
                        self.io().sleep(Duration.ofHours(1));
                        return "slept";
                    }))
                    .isNull();
            assertThat(self.receive()).isEqualTo("wake up");
            self.io().sleep(Duration.ofNanos(1)); // whatever ended is over
        });
    }

    @OnEachBackend
    void aMessageEndsARead(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ConnectionPair pair = self.io().connectPair(SocketType.STREAM);
            try (Connection near = pair.first(); Connection far = pair.second()) {
                byte[] buffer = new byte[3];
                self.spawn(other -> self.pid().send("look here"));
                assertThat(self.untilMessage(() -> near.read(buffer))).isNull();
                assertThat(self.receive()).isEqualTo("look here");
                // Nothing was lost, and the next read has it.
                far.writeAll(new byte[] {1, 2, 3});
                assertThat(self.untilMessage(() -> near.read(buffer))).isEqualTo(3);
                assertThat(buffer).containsExactly(1, 2, 3);
            }
        });
    }

    @OnEachBackend
    void aMessageThatIsThereEndsItBeforeItBegins(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.pid().send("a");
            AtomicInteger runs = new AtomicInteger();
            assertThat(self.untilMessage(runs::incrementAndGet)).isNull();
            assertThat(runs).hasValue(0);
            assertThat(self.receive()).isEqualTo("a");
            assertThat(self.untilMessage(runs::incrementAndGet)).isEqualTo(1);
        });
    }

    @OnEachBackend
    void whatAMessageEndsDoesNotReceive(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThatThrownBy(() -> self.untilMessage(self::receive))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("receive that afterwards");
            assertThatThrownBy(() -> self.untilMessage(() -> {
                        throw new java.io.IOException("no");
                    }))
                    .hasMessage("no");
            self.pid().send("a");
            assertThat(self.receive()).isEqualTo("a");
        });
    }

    @OnEachBackend
    void aResultThatRacesAMessageIsNotLost(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ConnectionPair pair = self.io().connectPair(SocketType.STREAM);
            try (Connection near = pair.first(); Connection far = pair.second()) {
                for (int i = 0; i < 50; i++) {
                    int round = i;
                    self.spawn(other -> self.pid().send(round));
                    self.spawn(other -> far.writeAll(new byte[] {(byte) round}));
                    byte[] buffer = new byte[2];
                    Integer count = self.untilMessage(() -> near.read(buffer));
                    assertThat(TestNode.next(self)).isEqualTo(round);
                    assertThat(count == null ? near.read(buffer) : count).isEqualTo(1);
                    assertThat(buffer[0]).isEqualTo((byte) round);
                }
            }
        });
    }

    @OnEachBackend
    void aReceiveThatWaitsSaysSo(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid idle = self.spawn(SpawnOptions.DEFAULT.withName("idle"), TestNode::idle);
            while (self.node().info(idle).orElseThrow().state() != ProcessInfo.State.WAITING) {
                self.io().sleep(Duration.ofMillis(1));
            }
            // The state is told a moment before the task says it.
            while (!self.io().describeTasks().contains("waits: receive as process " + idle + " 'idle'")) {
                self.io().sleep(Duration.ofMillis(1));
            }
            assertThat(self.io().describeTasks()).contains("ReceiveTest").doesNotContain("ControlBlock");
        });
    }
}
