package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Timeout;
import dev.gyre.process.ChildSpec.Restart;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;

/** Supervisors: what is restarted when, how children are ended, and children that are added. */
@Tag("P11")
final class SupervisorTest {
    private static final ExitReason BAD = ExitReason.of("bad");

    private record Started(String id, Pid pid) {}

    private record Stopped(String id) {}

    /** A child that says when it starts and when it is ended, and otherwise waits. */
    private static ChildSpec child(String id, Pid observer) {
        return ChildSpec.of(id, self -> {
            self.own(() -> observer.send(new Stopped(id)));
            observer.send(new Started(id, self.pid()));
            self.ready();
            TestNode.idle(self);
        }).awaitingReady();
    }

    private static SupervisorSpec three(Strategy strategy, Pid observer) {
        return SupervisorSpec.of(strategy)
                .withIntensity(10, Duration.ofHours(1))
                .withChild(child("a", observer))
                .withChild(child("b", observer))
                .withChild(child("c", observer));
    }

    private static Pid started(Self self, String id) {
        Started started = (Started) TestNode.next(self);
        assertThat(started.id()).isEqualTo(id);
        return started.pid();
    }

    private static void assertStopped(Self self, String... ids) {
        for (String id : ids) {
            assertThat(TestNode.next(self)).isEqualTo(new Stopped(id));
        }
    }

    private static List<String> running(Supervisor supervisor) {
        return supervisor.children().stream()
                .filter(child -> child.process().isPresent())
                .map(Supervisor.Child::id)
                .toList();
    }

    @OnEachBackend
    void childrenStartInOrderAndStopInTheOpposite(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), three(Strategy.ONE_FOR_ONE, self.pid()));
            Pid a = started(self, "a");
            Pid b = started(self, "b");
            Pid c = started(self, "c");
            assertThat(supervisor.children()).containsExactly(
                    new Supervisor.Child("a", Optional.of(a), Restart.PERMANENT),
                    new Supervisor.Child("b", Optional.of(b), Restart.PERMANENT),
                    new Supervisor.Child("c", Optional.of(c), Restart.PERMANENT));
            Monitor monitor = self.monitor(supervisor.pid());
            supervisor.stop();
            assertStopped(self, "c", "b", "a");
            assertThat(TestNode.next(self)).isEqualTo(
                    new Signal.Down(monitor, supervisor.pid(), ExitReason.SHUTDOWN));
        });
    }

    @OnEachBackend
    void oneForOne(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), three(Strategy.ONE_FOR_ONE, self.pid()));
            Object _ = started(self, "a");
            Pid b = started(self, "b");
            Object _ = started(self, "c");
            self.exit(b, BAD);
            assertStopped(self, "b");
            assertThat(started(self, "b")).isNotEqualTo(b);
            assertThat(running(supervisor)).containsExactly("a", "b", "c");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void oneForAll(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), three(Strategy.ONE_FOR_ALL, self.pid()));
            Object _ = started(self, "a");
            Pid b = started(self, "b");
            Object _ = started(self, "c");
            self.exit(b, BAD);
            assertStopped(self, "b", "c", "a");
            Object _ = started(self, "a");
            Object _ = started(self, "b");
            Object _ = started(self, "c");
            assertThat(running(supervisor)).containsExactly("a", "b", "c");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void restForOne(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), three(Strategy.REST_FOR_ONE, self.pid()));
            Object _ = started(self, "a");
            Pid b = started(self, "b");
            Object _ = started(self, "c");
            self.exit(b, ExitReason.KILL);
            assertStopped(self, "b", "c");
            Object _ = started(self, "b");
            Object _ = started(self, "c");
            assertThat(running(supervisor)).containsExactly("a", "b", "c");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void whichChildrenAreRestarted(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(
                    self.node(),
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                            .withIntensity(100, Duration.ofHours(1))
                            .withChild(child("permanent", self.pid()))
                            .withChild(child("transient", self.pid()).withRestart(Restart.TRANSIENT))
                            .withChild(child("temporary", self.pid()).withRestart(Restart.TEMPORARY)));
            Pid permanent = started(self, "permanent");
            Pid temporary;
            Pid changing = started(self, "transient");
            temporary = started(self, "temporary");

            self.exit(permanent, ExitReason.SHUTDOWN);
            assertStopped(self, "permanent");
            Object _ = started(self, "permanent");
            self.exit(changing, BAD);
            assertStopped(self, "transient");
            changing = started(self, "transient");
            self.exit(changing, ExitReason.SHUTDOWN);
            assertStopped(self, "transient");
            self.exit(temporary, BAD);
            assertStopped(self, "temporary");
            while (supervisor.children().size() > 2 || running(supervisor).size() > 1) {
                self.io().sleep(Duration.ofMillis(1));
            }
            assertThat(running(supervisor)).containsExactly("permanent");

            assertThat(supervisor.restartChild("transient")).isEqualTo(started(self, "transient"));
            assertThatThrownBy(() -> supervisor.restartChild("transient"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("runs");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void tooManyRestarts(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            Supervisor supervisor = Supervisor.startLink(
                    self,
                    three(Strategy.ONE_FOR_ONE, self.pid()).withIntensity(2, Duration.ofHours(1)));
            Object _ = started(self, "a");
            Object _ = started(self, "b");
            Pid c = started(self, "c");
            for (int i = 0; i < 2; i++) {
                self.exit(c, BAD);
                assertStopped(self, "c");
                c = started(self, "c");
            }
            self.exit(c, BAD);
            assertStopped(self, "c", "b", "a");
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Exit(supervisor.pid(), ExitReason.SHUTDOWN));
            assertThatThrownBy(supervisor::children).isInstanceOf(CallException.class);
            supervisor.stop();
        });
    }

    @OnEachBackend
    void restartsAreForgottenInTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(
                    self.node(),
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                            .withIntensity(1, Duration.ofMillis(20))
                            .withChild(child("a", self.pid())));
            Pid a = started(self, "a");
            for (int i = 0; i < 4; i++) {
                self.exit(a, BAD);
                assertStopped(self, "a");
                a = started(self, "a");
                self.io().sleep(Duration.ofMillis(30));
            }
            supervisor.stop();
        });
    }

    @OnEachBackend
    void aChildThatDoesNotStartEndsTheSupervisor(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SupervisorSpec spec = three(Strategy.ONE_FOR_ONE, self.pid())
                    .withChild(ChildSpec.of("bad", _ -> {
                        throw new ProcessExit(BAD);
                    }).awaitingReady())
                    .withChild(child("never", self.pid()));
            assertThatThrownBy(() -> Supervisor.start(self.node(), spec))
                    .isInstanceOfSatisfying(
                            CallException.class, failed -> assertThat(failed.reason()).isEqualTo(BAD));
            for (String id : List.of("a", "b", "c")) {
                Object _ = started(self, id);
            }
            assertStopped(self, "c", "b", "a");
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aRestartThatFailsIsTriedAgain(String backend) throws Exception {
        TestNode.run(backend, self -> {
            int[] starts = {0};
            Supervisor supervisor = Supervisor.start(
                    self.node(),
                    SupervisorSpec.of(Strategy.ONE_FOR_ALL)
                            .withIntensity(10, Duration.ofHours(1))
                            .withChild(child("a", self.pid()))
                            .withChild(ChildSpec.of("b", one -> {
                                starts[0]++;
                                if (starts[0] == 2 || starts[0] == 3) {
                                    throw new ProcessExit(BAD);
                                }
                                self.pid().send(new Started("b", one.pid()));
                                one.ready();
                                TestNode.idle(one);
                            }).awaitingReady()));
            Object _ = started(self, "a");
            self.exit(started(self, "b"), BAD);
            for (int i = 0; i < 3; i++) {
                assertStopped(self, "a");
                Object _ = started(self, "a");
            }
            Object _ = started(self, "b");
            assertThat(running(supervisor)).containsExactly("a", "b");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void aChildThatDoesNotEndInTimeIsKilled(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ChildSpec stubborn = ChildSpec.of("stubborn", one -> {
                one.trapExit(true);
                self.pid().send("ready");
                while (true) {
                    self.pid().send(one.receive());
                }
            });
            Supervisor supervisor = Supervisor.start(
                    self.node(),
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                            .withChild(stubborn.withShutdown(Timeout.after(Duration.ofMillis(20)))));
            assertThat(TestNode.next(self)).isEqualTo("ready");
            Monitor monitor = self.monitor(supervisor.children().getFirst().process().orElseThrow());
            supervisor.terminateChild("stubborn");
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Exit(supervisor.pid(), ExitReason.SHUTDOWN));
            assertThat(TestNode.next(self)).isEqualTo(
                    new Signal.Down(monitor, monitor.process(), ExitReason.KILLED));

            // One that is killed at once is not asked.
            Pid second = supervisor.startChild(new ChildSpec(
                    "second",
                    stubborn.body(),
                    SpawnOptions.DEFAULT,
                    Restart.TEMPORARY,
                    Timeout.after(Duration.ZERO),
                    false));
            assertThat(TestNode.next(self)).isEqualTo("ready");
            Monitor ofSecond = self.monitor(second);
            supervisor.terminateChild("second");
            assertThat(TestNode.next(self)).isEqualTo(new Signal.Down(ofSecond, second, ExitReason.KILLED));
            assertThat(supervisor.children()).extracting(Supervisor.Child::id).containsExactly("stubborn");
            supervisor.stop();
        });
    }

    @OnEachBackend
    void tidyingUpThatTakesTooLongIsBrokenOff(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ChildSpec slow = ChildSpec.of("slow", one -> {
                one.own(() -> self.pid().send("closed"));
                one.own(() -> one.io().sleep(Duration.ofHours(1)));
                one.ready();
                TestNode.idle(one);
            }).awaitingReady().withShutdown(Timeout.after(Duration.ofMillis(20)));
            Supervisor supervisor = Supervisor.start(
                    self.node(), SupervisorSpec.of(Strategy.ONE_FOR_ONE).withChild(slow));
            supervisor.stop();
            assertThat(TestNode.next(self)).isEqualTo("closed");
        });
    }

    @OnEachBackend
    void childrenThatAreAdded(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), SupervisorSpec.of(Strategy.ONE_FOR_ONE));
            Pid a = supervisor.startChild(child("a", self.pid()));
            assertThat(started(self, "a")).isSameAs(a);
            assertThatThrownBy(() -> supervisor.startChild(child("a", self.pid())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has a child 'a' already");
            assertThatThrownBy(() -> supervisor.startChild(ChildSpec.of("bad", _ -> {
                        throw new ProcessExit(BAD);
                    }).awaitingReady()))
                    .isInstanceOf(CallException.class);
            assertThatThrownBy(() -> supervisor.deleteChild("a")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> supervisor.terminateChild("b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> supervisor.restartChild("b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> supervisor.deleteChild("b")).isInstanceOf(IllegalArgumentException.class);
            supervisor.terminateChild("a");
            assertStopped(self, "a");
            supervisor.terminateChild("a");
            assertThat(supervisor.children()).containsExactly(
                    new Supervisor.Child("a", Optional.empty(), Restart.PERMANENT));
            supervisor.deleteChild("a");
            assertThat(supervisor.children()).isEmpty();
            supervisor.stop();
        });
    }

    @OnEachBackend
    void treesEndFromTheTop(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor top = Supervisor.start(
                    self.node(),
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                            .withChild(ChildSpec.supervisor("lower", three(Strategy.ONE_FOR_ONE, self.pid()))));
            Object _ = started(self, "a");
            Object _ = started(self, "b");
            Object _ = started(self, "c");
            Supervisor lower = Supervisor.of(
                    self.node(), top.children().getFirst().process().orElseThrow());
            assertThat(running(lower)).containsExactly("a", "b", "c");
            top.stop();
            assertStopped(self, "c", "b", "a");
        });
    }

    @OnEachBackend
    void aSupervisorThatIsKilledLeavesNobody(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Supervisor supervisor = Supervisor.start(self.node(), three(Strategy.ONE_FOR_ONE, self.pid()));
            Object _ = started(self, "a");
            Object _ = started(self, "b");
            Object _ = started(self, "c");
            self.exit(supervisor.pid(), ExitReason.KILL);
            assertThat(List.of(TestNode.next(self), TestNode.next(self), TestNode.next(self)))
                    .containsExactlyInAnyOrder(new Stopped("a"), new Stopped("b"), new Stopped("c"));
        });
    }

    @OnEachBackend
    void aSupervisorEndsWithItsParent(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor parent = self.spawnMonitor(one -> {
                Supervisor _ = Supervisor.startLink(one, three(Strategy.ONE_FOR_ONE, self.pid()));
                self.pid().send("all started");
                TestNode.idle(one);
            });
            Object _ = started(self, "a");
            Object _ = started(self, "b");
            Object _ = started(self, "c");
            assertThat(TestNode.next(self)).isEqualTo("all started");
            self.exit(parent.process(), BAD);
            assertThat(self.<Object>receive(message -> message instanceof Signal.Down ? message : null)).isNotNull();
            assertStopped(self, "c", "b", "a");
        });
    }

    @OnEachBackend
    void tasks(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ProcessTask<Integer> linked = self.async(() -> 6 * 7);
            assertThat(linked.await(TestNode.LONG)).isEqualTo(42);
            assertThat(linked.await(TestNode.LONG)).isEqualTo(42);
            assertThat(linked.isDone()).isTrue();

            Supervisor supervisor = Supervisor.start(self.node(), SupervisorSpec.of(Strategy.ONE_FOR_ONE));
            assertThat(supervisor.<Integer>async(() -> 7).await(TestNode.LONG)).isEqualTo(7);
            ProcessTask<Integer> bad = supervisor.async(() -> {
                throw new IllegalArgumentException("no");
            });
            assertThatThrownBy(() -> bad.await(TestNode.LONG))
                    .isInstanceOf(CallException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            ProcessTask<String> slow = supervisor.async(() -> {
                self.io().sleep(Duration.ofHours(1));
                return "";
            });
            ProcessTask<String> killed = supervisor.async(() -> {
                self.io().sleep(Duration.ofHours(1));
                return "";
            });
            assertThatThrownBy(() -> slow.await(Timeout.after(Duration.ofMillis(5))))
                    .isInstanceOf(TimeoutException.class);
            self.exit(killed.process(), ExitReason.KILL);
            assertFails(killed, ExitReason.KILLED);
            assertFails(
                    supervisor.async(() -> {
                        throw new ProcessExit(BAD);
                    }),
                    BAD);
            assertThat(slow.process().isAlive()).isTrue();
            supervisor.stop();
            assertThat(slow.process().isAlive()).isFalse();

            self.trapExit(true);
            ProcessTask<String> failing = self.async(() -> {
                throw new ProcessExit(BAD);
            });
            assertThatThrownBy(() -> failing.await(TestNode.LONG)).isInstanceOf(CallException.class);
            assertThat(self.receive()).isEqualTo(new Signal.Exit(failing.process(), BAD));
        });
    }

    private static void assertFails(ProcessTask<?> task, ExitReason reason) {
        assertThatThrownBy(() -> task.await(TestNode.LONG))
                .isInstanceOfSatisfying(
                        CallException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    @SuppressWarnings("NullAway") // what is tested
    private static Object nothing() {
        return null;
    }

    @OnEachBackend
    void aTaskWithoutAResultHasFailed(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            ProcessTask<Object> task = self.async(() -> nothing());
            assertThatThrownBy(() -> task.await(TestNode.LONG))
                    .isInstanceOf(CallException.class)
                    .hasRootCauseInstanceOf(NullPointerException.class)
                    .hasStackTraceContaining("the result of a task is null");
        });
    }

    @OnEachBackend
    void badSpecifications(String backend) {
        SupervisorSpec one = SupervisorSpec.of(Strategy.ONE_FOR_ONE).withChild(ChildSpec.of("a", _ -> {}));
        assertThatThrownBy(() -> one.withChild(ChildSpec.of("a", _ -> {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two children have the id 'a'");
        assertThatThrownBy(() -> one.withIntensity(-1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.withIntensity(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
