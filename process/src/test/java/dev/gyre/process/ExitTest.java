package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Timeout;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;

/** How processes end, and what others hear of it. */
@Tag("P1")
final class ExitTest {
    private static final ExitReason BAD = ExitReason.of("bad");

    /** Starts a process, and tells why it ended. */
    private static ExitReason reasonOf(Self self, ProcessBody body) {
        return down(self, self.spawnMonitor(body));
    }

    private static ExitReason down(Self self, Monitor monitor) {
        ExitReason reason = self.receive(monitor, TestNode.LONG, message -> switch (message) {
            case Signal.Down(Monitor about, Pid process, ExitReason why) when about == monitor -> {
                assertThat(process).isSameAs(monitor.process());
                yield why;
            }
            default -> null;
        });
        return Objects.requireNonNull(reason, "nobody says why it went down");
    }

    private static Signal.Exit exit(Self self) {
        return (Signal.Exit) TestNode.next(self);
    }

    @OnEachBackend
    void reasonsOfItsOwn(String backend) throws Exception {
        IOException failure = new IOException("no");
        TestNode.run(backend, self -> {
            assertThat(reasonOf(self, _ -> {})).isEqualTo(ExitReason.NORMAL);
            assertThat(reasonOf(self, _ -> {
                throw new ProcessExit(BAD);
            })).isEqualTo(BAD);
            assertThat(reasonOf(self, _ -> {
                throw new ProcessExit(ExitReason.KILL);
            })).isEqualTo(ExitReason.KILL);
            assertThat(reasonOf(self, _ -> {
                throw failure;
            })).isEqualTo(new ExitReason.Failed(failure));
            assertThat(reasonOf(self, _ -> {
                throw new AssertionError("an error");
            })).isInstanceOf(ExitReason.Failed.class);
            assertThat(reasonOf(self, _ -> recurse(0))).isInstanceOfSatisfying(
                    ExitReason.Failed.class,
                    reason -> assertThat(reason.cause()).isInstanceOf(StackOverflowError.class));
        });
    }

    private static long recurse(long depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + 1;
    }

    @OnEachBackend
    void aCancellationThatNobodyAskedForIsAFailure(String backend) throws Exception {
        TestNode.run(backend, self -> assertThat(reasonOf(self, _ -> {
            throw new CanceledException("of something else");
        })).isInstanceOf(ExitReason.Failed.class));
    }

    @OnEachBackend
    void linksPassFailureOn(String backend) throws Exception {
        TestNode.run(backend, self -> {
            // A chain of four; the last one fails.
            ExitReason reason = reasonOf(self, first -> {
                first.spawnLink(second -> {
                    second.spawnLink(third -> {
                        third.spawnLink(fourth -> {
                            throw new ProcessExit(BAD);
                        });
                        TestNode.idle(third);
                    });
                    TestNode.idle(second);
                });
                TestNode.idle(first);
            });
            assertThat(reason).isEqualTo(BAD);
        });
    }

    @OnEachBackend
    void linksHaveNoDirection(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor parent = self.spawnMonitor(one -> {
                Pid child = one.spawnLink(TestNode::idle);
                self.pid().send(child);
                TestNode.idle(one);
            });
            Pid child = (Pid) TestNode.next(self);
            Monitor ofChild = self.monitor(child);
            self.exit(parent.process(), BAD);
            assertThat(down(self, parent)).isEqualTo(BAD);
            assertThat(down(self, ofChild)).isEqualTo(BAD);
        });
    }

    @OnEachBackend
    void aNormalEndLeavesLinkedProcessesAlone(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid child = self.spawnLink(_ -> {});
            assertThat(self.node().await(child)).isIn(ExitReason.NORMAL, ExitReason.NO_PROCESS);
            TestNode.assertNothingComes(self);
            assertThat(self.node().info(self.pid()).orElseThrow().links()).isEmpty();
        });
    }

    @OnEachBackend
    void whoTrapsExitsIsTold(String backend) throws Exception {
        TestNode.run(backend, self -> {
            assertThat(self.trapExit(true)).isFalse();
            Pid normal = self.spawnLink(_ -> {});
            assertThat(exit(self)).isEqualTo(new Signal.Exit(normal, ExitReason.NORMAL));
            Pid bad = self.spawnLink(_ -> {
                throw new ProcessExit(BAD);
            });
            assertThat(exit(self)).isEqualTo(new Signal.Exit(bad, BAD));
            assertThat(self.trapExit(false)).isTrue();
        });
    }

    @OnEachBackend
    void anExitComesAfterTheMessagesBeforeIt(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            Pid child = self.spawnLink(one -> {
                self.pid().send("a");
                one.exit(self.pid(), BAD);
                self.pid().send("b");
            });
            Monitor monitor = self.monitor(child);
            assertThat(TestNode.next(self)).isEqualTo("a");
            assertThat(exit(self)).isEqualTo(new Signal.Exit(child, BAD));
            assertThat(TestNode.next(self)).isEqualTo("b");
            List<Object> rest = List.of(TestNode.next(self), TestNode.next(self));
            assertThat(rest).contains(new Signal.Exit(child, ExitReason.NORMAL));
            assertThat(rest).anyMatch(each -> each instanceof Signal.Down down && down.monitor() == monitor);
        });
    }

    @OnEachBackend
    void exitSignals(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor plain = self.spawnMonitor(TestNode::idle);
            self.exit(plain.process(), ExitReason.NORMAL); // is for nobody but oneself
            self.exit(plain.process(), BAD);
            assertThat(plain.process().isAlive()).isFalse();
            assertThat(down(self, plain)).isEqualTo(BAD);

            Monitor trapping = self.spawnMonitor(one -> {
                one.trapExit(true);
                self.pid().send("ready");
                while (true) {
                    self.pid().send(one.receive());
                }
            });
            assertThat(TestNode.next(self)).isEqualTo("ready");
            self.exit(trapping.process(), BAD);
            assertThat(exit(self)).isEqualTo(new Signal.Exit(self.pid(), BAD));
            self.exit(trapping.process(), ExitReason.NORMAL);
            assertThat(exit(self)).isEqualTo(new Signal.Exit(self.pid(), ExitReason.NORMAL));
            self.exit(trapping.process(), ExitReason.KILL);
            assertThat(down(self, trapping)).isEqualTo(ExitReason.KILLED);
        });
    }

    @OnEachBackend
    void linksOfAKilledProcessHearThatItWas(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            Pid child = self.spawnLink(TestNode::idle);
            self.exit(child, ExitReason.KILL);
            assertThat(exit(self)).isEqualTo(new Signal.Exit(child, ExitReason.KILLED));
            // A process that ends for KILL by itself has nothing of a signal that kills.
            Pid other = self.spawnLink(_ -> {
                throw new ProcessExit(ExitReason.KILL);
            });
            assertThat(exit(self)).isEqualTo(new Signal.Exit(other, ExitReason.KILL));
        });
    }

    @OnEachBackend
    void aProcessEndsItself(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (ExitReason reason : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, BAD)) {
                assertThat(reasonOf(self, one -> {
                    one.exit(one.pid(), reason);
                    self.pid().send("still here");
                })).isEqualTo(reason);
            }
            assertThat(reasonOf(self, one -> {
                one.trapExit(true);
                one.exit(one.pid(), BAD);
                assertThat(one.receive()).isEqualTo(new Signal.Exit(one.pid(), BAD));
                one.exit(one.pid(), ExitReason.KILL);
            })).isEqualTo(ExitReason.KILLED);
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void whoeverWaitsForTheNetworkOrTimeIsEnded(String backend) throws Exception {
        TestNode.run(backend, self -> {
            AtomicBoolean cleaned = new AtomicBoolean();
            Monitor sleeper = self.spawnMonitor(one -> {
                try {
                    self.pid().send("ready");
                    one.io().sleep(Duration.ofHours(1));
                } finally {
                    cleaned.set(true);
                }
            });
            Monitor acceptor = self.spawnMonitor(one -> {
                try (var listener = one.io().listen(
                        Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                    self.pid().send("ready");
                    one.own(listener.accept());
                }
            });
            assertThat(TestNode.next(self)).isEqualTo("ready");
            assertThat(TestNode.next(self)).isEqualTo("ready");
            self.exit(sleeper.process(), BAD);
            self.exit(acceptor.process(), ExitReason.KILL);
            assertThat(down(self, sleeper)).isEqualTo(BAD);
            assertThat(down(self, acceptor)).isEqualTo(ExitReason.KILLED);
            assertThat(cleaned).isTrue();
        });
    }

    @OnEachBackend
    void aSignalIsFasterThanTheBeginning(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 50; i++) {
                Monitor child = self.spawnMonitor(one -> self.pid().send(one.receive()));
                self.exit(child.process(), BAD);
                assertThat(down(self, child)).isEqualTo(BAD);
            }
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void theFirstReasonCounts(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor child = self.spawnMonitor(one -> {
                try {
                    TestNode.idle(one);
                } catch (CanceledException told) {
                    throw new IllegalStateException("on the way out", told);
                }
            });
            self.exit(child.process(), BAD);
            self.exit(child.process(), ExitReason.KILL);
            assertThat(down(self, child)).isEqualTo(BAD);

            Monitor swallows = self.spawnMonitor(one -> {
                try {
                    TestNode.idle(one);
                } catch (CanceledException told) {
                    assertThatThrownBy(one::receive).isInstanceOf(CanceledException.class);
                }
            });
            self.exit(swallows.process(), BAD);
            assertThat(down(self, swallows)).isEqualTo(BAD);
        });
    }

    @OnEachBackend
    void unlinkedProcessesHearNothing(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 30; i++) {
                Pid child = self.spawnLink(_ -> {
                    throw new ProcessExit(ExitReason.NORMAL);
                });
                self.unlink(child);
                self.unlink(child);
                Monitor other = self.spawnMonitor(one -> {
                    Object _ = one.receive();
                    throw new ProcessExit(BAD);
                });
                self.link(other.process());
                self.link(other.process());
                self.unlink(other.process());
                other.process().send("go");
                assertThat(down(self, other)).isEqualTo(BAD);
            }
        });
    }

    @OnEachBackend
    void aLinkThatIsTakenAwayRacesTheEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            for (int i = 0; i < 50; i++) {
                Pid child = self.spawnLink(_ -> {
                    throw new ProcessExit(BAD);
                });
                self.unlink(child);
                // What came came before.
                Object before = self.receive(Timeout.after(Duration.ZERO));
                assertThat(before).isIn(null, new Signal.Exit(child, BAD));
                assertThat(self.node().await(child)).isIn(BAD, ExitReason.NO_PROCESS);
                assertThat(self.receive(Timeout.after(Duration.ZERO))).isNull();
            }
        });
    }

    @OnEachBackend
    void aLinkToAProcessThatHasEnded(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid gone = self.spawn(_ -> {});
            var _ = self.node().await(gone);
            assertThat(reasonOf(self, one -> {
                one.link(gone);
                self.pid().send("still here");
            })).isEqualTo(ExitReason.NO_PROCESS);
            self.trapExit(true);
            self.link(gone);
            assertThat(exit(self)).isEqualTo(new Signal.Exit(gone, ExitReason.NO_PROCESS));
            self.link(self.pid()); // nothing
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void twoLinkEachOtherAtOnce(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.trapExit(true);
            for (int i = 0; i < 20; i++) {
                Pid peer = self.spawn(one -> {
                    one.link(self.pid());
                    Object _ = one.receive();
                    throw new ProcessExit(BAD);
                });
                self.link(peer);
                peer.send("go");
                assertThat(exit(self)).isEqualTo(new Signal.Exit(peer, BAD));
            }
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void monitorsAreIndependent(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid child = self.spawn(one -> {
                Object _ = one.receive();
            });
            Monitor first = self.monitor(child);
            Monitor second = self.monitor(child);
            Monitor third = self.monitor(child);
            assertThat(first).isNotEqualTo(second);
            assertThat(self.demonitor(second)).isTrue();
            assertThat(self.demonitor(second)).isFalse();
            child.send("go");
            assertThat(down(self, third)).isEqualTo(ExitReason.NORMAL);
            assertThat(down(self, first)).isEqualTo(ExitReason.NORMAL);
            TestNode.assertNothingComes(self);
            assertThat(down(self, self.monitor(child))).isEqualTo(ExitReason.NO_PROCESS);
        });
    }

    @OnEachBackend
    void aWatchThatIsEndedLeavesNoMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int i = 0; i < 50; i++) {
                Monitor monitor = self.spawnMonitor(_ -> {});
                self.demonitor(monitor);
            }
            Monitor late = self.spawnMonitor(_ -> {});
            while (self.node().info(self.pid()).orElseThrow().messages() == 0) {
                self.io().sleep(Duration.ofMillis(1));
            }
            assertThat(self.demonitor(late)).isFalse();
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aWatchOverOneself(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor monitor = self.monitor(self.pid());
            assertThat(self.demonitor(monitor)).isFalse();
            Pid other = self.spawn(one -> self.pid().send(one.monitor(self.pid())));
            Monitor ofOther = (Monitor) TestNode.next(self);
            assertThatThrownBy(() -> self.demonitor(ofOther)).isInstanceOf(IllegalArgumentException.class);
            var _ = self.node().await(other);
            // Who has ended does not watch any more.
            assertThat(self.node().info(self.pid()).orElseThrow().monitoredBy()).isEmpty();
        });
    }

    @OnEachBackend
    void aProtectedRegionIsNotEnded(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Monitor child = self.spawnMonitor(one -> one.io().protect(() -> {
                self.pid().send("in");
                self.pid().send(one.receive());
                return "";
            }));
            assertThat(TestNode.next(self)).isEqualTo("in");
            self.exit(child.process(), ExitReason.KILL);
            child.process().send("go on");
            assertThat(TestNode.next(self)).isEqualTo("go on");
            assertThat(down(self, child)).isEqualTo(ExitReason.KILLED);
        });
    }

    @OnEachBackend
    void aSignalThatComesFromNoProcess(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid plain = test.node().spawn(TestNode::idle);
            test.node().exit(plain, BAD);
            assertThat(test.node().await(plain)).isIn(BAD, ExitReason.NO_PROCESS);
            Pid trapping = test.node().spawn(self -> {
                self.trapExit(true);
                test.node().exit(self.pid(), BAD);
                assertThat(self.receive()).isEqualTo(new Signal.Exit(self.pid(), BAD));
            });
            test.await(trapping);
        });
    }

    @OnEachBackend
    void crashesAreReported(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid bad = test.node().spawn(SpawnOptions.DEFAULT.withName("bad"), self -> {
                self.pid().send("unread");
                throw new ProcessExit(BAD);
            });
            var _ = test.node().await(bad);
            CrashReport report = test.crashes().remove();
            assertThat(report.process()).isSameAs(bad);
            assertThat(report.name()).contains("bad");
            assertThat(report.reason()).isEqualTo(BAD);
            assertThat(report.messages()).isEqualTo(1);
            assertThat(report.label()).isEqualTo("ExitTest");

            // Those who end in an orderly way, or because they are told, have not gone wrong.
            test.await(test.node().spawn(_ -> {}));
            Pid shutdown = test.node().spawn(self -> {
                throw new ProcessExit(ExitReason.SHUTDOWN);
            });
            var _ = test.node().await(shutdown);
            Pid told = test.node().spawn(TestNode::idle);
            test.node().exit(told, BAD);
            var _ = test.node().await(told);
            assertThat(test.crashes()).isEmpty();
        });
    }
}
