package dev.gyre.process;

import dev.gyre.io.Timeout;
import dev.gyre.process.ChildSpec.Restart;
import dev.gyre.process.Scene.EndWith;
import dev.gyre.process.Scene.Scenario;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Those scenarios of {@link OtpTest} that are about supervisors, servers and state machines. */
final class OtpTrees {
    private static final ExitReason BAD = Scene.BAD;

    private final Map<String, Scenario> all = new LinkedHashMap<>();

    private OtpTrees() {}

    static Map<String, Scenario> all() {
        OtpTrees scenarios = new OtpTrees();
        scenarios.supervisors();
        scenarios.children();
        scenarios.servers();
        scenarios.machines();
        return scenarios.all;
    }

    private void add(String name, Scenario scenario) {
        all.put(name, scenario);
    }

    private void killsOne(String name, Strategy strategy, int which, int events) {
        add(name, s -> {
            s.self.exit(s.three(strategy).get(which), ExitReason.KILL);
            s.events(events);
            s.stop(s.supervisor);
        });
    }

    private void onlyChild(String name, Restart restart, ExitReason ends, boolean again) {
        add(name, s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, s.child("a", restart));
            s.started().send(ends instanceof ExitReason.Normal ? "stop" : new EndWith(ends));
            if (again) {
                s.started();
            } else {
                s.events(0);
            }
            if (restart != Restart.PERMANENT) {
                s.children(supervisor);
            }
            s.stop(supervisor);
        });
    }

    private void supervisors() {
        add("started_in_order", s -> {
            s.three(Strategy.ONE_FOR_ONE);
            s.children(s.supervisor);
            s.self.unlink(s.supervisor.pid());
            s.self.exit(s.supervisor.pid(), ExitReason.KILL);
        });
        add("ended_in_the_opposite_order", s -> {
            s.three(Strategy.ONE_FOR_ONE);
            s.stop(s.supervisor);
            s.events(3);
        });
        killsOne("one_for_one", Strategy.ONE_FOR_ONE, 1, 1);
        killsOne("one_for_all", Strategy.ONE_FOR_ALL, 1, 5);
        killsOne("rest_for_one", Strategy.REST_FOR_ONE, 1, 3);
        add("too_many_restarts", s -> {
            s.start(Strategy.ONE_FOR_ONE, 1, s.child("a"), s.child("b"));
            s.self.exit(s.started(2).getFirst(), ExitReason.KILL);
            s.self.exit(s.started(), ExitReason.KILL);
            s.ended();
            s.next();
        });
        add("no_restarts_at_all", s -> {
            s.start(Strategy.ONE_FOR_ONE, 0, s.child("a"));
            s.self.exit(s.started(), ExitReason.KILL);
            s.next();
        });
        onlyChild("permanent_comes_back_from_a_normal_end", Restart.PERMANENT, ExitReason.NORMAL, true);
        onlyChild("transient_ends_normally", Restart.TRANSIENT, ExitReason.NORMAL, false);
        onlyChild("transient_ends_for_shutdown", Restart.TRANSIENT, ExitReason.SHUTDOWN, false);
        onlyChild("transient_fails", Restart.TRANSIENT, BAD, true);
        add("temporary_is_forgotten", s -> {
            Supervisor supervisor =
                    s.start(Strategy.ONE_FOR_ONE, 3, s.child("a", Restart.TEMPORARY), s.child("b"));
            s.self.exit(s.started(2).getFirst(), ExitReason.KILL);
            s.events(0);
            s.children(supervisor);
            s.stop(supervisor);
        });
        add("one_for_all_forgets_the_temporary", s -> {
            Supervisor supervisor = s.start(
                    Strategy.ONE_FOR_ALL, 3, s.child("a"), s.child("b", Restart.TEMPORARY), s.child("c"));
            s.self.exit(s.started(3).getFirst(), ExitReason.KILL);
            s.events(4);
            s.children(supervisor);
            s.stop(supervisor);
        });
        add("one_for_all_and_a_transient_that_has_ended", s -> {
            Supervisor supervisor =
                    s.start(Strategy.ONE_FOR_ALL, 3, s.child("a", Restart.TRANSIENT), s.child("b"));
            List<Pid> two = s.started(2);
            two.get(0).send("stop");
            s.events(0);
            s.self.exit(two.get(1), ExitReason.KILL);
            s.events(2);
            s.children(supervisor);
            s.stop(supervisor);
        });
        killsOne("rest_for_one_of_the_last", Strategy.REST_FOR_ONE, 2, 1);
    }

    private void children() {
        add("a_child_that_fails_to_start", s -> {
            try {
                s.start(Strategy.ONE_FOR_ONE, 3, s.child("a"), Scene.failing("b"), s.child("c"));
            } catch (CallException expected) {
                s.out("failed");
            }
            s.started();
            s.ended();
            s.sorted(1);
        });
        add("added_child_that_fails_to_start", s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, s.child("a"));
            s.started();
            try {
                supervisor.startChild(Scene.failing("b"));
            } catch (CallException expected) {
                s.out("failed");
            }
            s.children(supervisor);
            s.stop(supervisor);
        });
        add("terminate_and_restart_a_child", s -> {
            s.three(Strategy.ONE_FOR_ONE);
            s.supervisor.terminateChild("b");
            s.events(1);
            s.children(s.supervisor);
            s.supervisor.restartChild("b");
            s.started();
            s.children(s.supervisor);
            s.stop(s.supervisor);
        });
        add("delete_a_child", s -> {
            s.three(Strategy.ONE_FOR_ONE);
            s.refused(() -> s.supervisor.deleteChild("b"));
            s.supervisor.terminateChild("b");
            s.supervisor.deleteChild("b");
            s.events(1);
            s.children(s.supervisor);
            s.refused(() -> s.supervisor.restartChild("b"));
            s.stop(s.supervisor);
        });
        add("an_id_is_used_once", s -> {
            s.three(Strategy.ONE_FOR_ONE);
            s.refused(() -> s.supervisor.startChild(s.child("b")));
            s.stop(s.supervisor);
        });
        add("a_dynamic_child_is_the_last", s -> {
            s.three(Strategy.REST_FOR_ONE);
            Pid added = s.supervisor.startChild(s.child("d"));
            s.started();
            s.self.exit(added, ExitReason.KILL);
            s.events(1);
            s.stop(s.supervisor);
            s.events(4);
        });
        add("too_slow_to_end", s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, ChildSpec.of("s", one -> {
                one.trapExit(true);
                s.me.send(new Scene.Started("s", one.pid()));
                one.ready();
                one.<Object>receive(_ -> null);
            }).withShutdown(Timeout.after(Duration.ofMillis(20))).awaitingReady());
            Monitor monitor = s.self.monitor(s.started());
            supervisor.terminateChild("s");
            s.down(monitor);
            s.stop(supervisor);
        });
        add("killed_at_once", s -> {
            Supervisor supervisor = s.start(
                    Strategy.ONE_FOR_ONE, 3, s.child("a").withShutdown(Timeout.after(Duration.ZERO)));
            Monitor monitor = s.self.monitor(s.started());
            supervisor.terminateChild("a");
            s.down(monitor);
            s.events(0);
            s.stop(supervisor);
        });
        add("a_supervisor_is_killed", s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, s.child("a"));
            s.started();
            s.self.exit(supervisor.pid(), ExitReason.KILL);
            s.sorted(2);
        });
        add("a_supervisor_is_told_to_end", s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, s.child("a"));
            s.started();
            s.self.exit(supervisor.pid(), ExitReason.SHUTDOWN);
            s.ended();
            s.next();
        });
        add("a_supervisor_gets_other_signals", s -> {
            Supervisor supervisor = s.start(Strategy.ONE_FOR_ONE, 3, s.child("a"));
            s.started();
            s.self.spawn(one -> one.exit(supervisor.pid(), BAD));
            s.events(0);
            s.children(supervisor);
            s.stop(supervisor);
        });
        add("nested_supervisors", s -> {
            SupervisorSpec inner = Scene.spec(Strategy.ONE_FOR_ONE, 1, s.child("x"), s.child("y"));
            Supervisor supervisor = s.start(
                    Strategy.ONE_FOR_ONE, 3, s.child("a"), ChildSpec.supervisor("i", inner), s.child("b"));
            s.started(4);
            s.stop(supervisor);
            s.events(4);
        });
    }

    private record Echo(String text, ReplyTo<String> replyTo) {}

    private record Add(int amount) {}

    private record Total(ReplyTo<Integer> replyTo) {}

    private record Never(ReplyTo<String> replyTo) {}

    private record Defer(ReplyTo<String> replyTo) {}

    private record Fail(ExitReason reason) {}

    private record Delegate(ReplyTo<String> replyTo) {}

    private record ReplyAndStop(ReplyTo<String> replyTo) {}

    /** Adds, answers, and ends as it is told. */
    private static final class Counter implements Server {
        private final Pid observer;
        private int total;
        private @Nullable ReplyTo<String> deferred;
        private boolean tells;

        Counter(Pid observer) {
            this.observer = observer;
        }

        @Override
        public void handle(Self self, Object message) {
            switch (message) {
                case Echo(String text, ReplyTo<String> replyTo) -> replyTo.reply(text);
                case Add(int amount) -> total += amount;
                case Total(ReplyTo<Integer> replyTo) -> replyTo.reply(total);
                case Defer(ReplyTo<String> replyTo) -> deferred = replyTo;
                case Fail(ExitReason reason) -> throw new ProcessExit(reason);
                case Delegate(ReplyTo<String> replyTo) -> self.spawn(_ -> replyTo.reply("delegated"));
                case ReplyAndStop(ReplyTo<String> replyTo) -> {
                    replyTo.reply("done");
                    throw new ProcessExit(ExitReason.NORMAL);
                }
                case String text when text.equals("answer") && deferred != null -> deferred.reply("late");
                case String text when text.equals("stop") -> {
                    tells = true;
                    throw new ProcessExit(ExitReason.NORMAL);
                }
                default -> {}
            }
        }

        @Override
        public void end(Self self) {
            if (tells) {
                observer.send("terminated");
            }
        }
    }

    private static Pid server(Scene s) {
        return s.self.node().start(SpawnOptions.DEFAULT, Server.of(() -> new Counter(s.me)));
    }

    /** With a server, which is killed afterwards. */
    private void serve(String name, BiConsumer<Scene, Pid> scenario) {
        add(name, s -> {
            Pid server = server(s);
            scenario.accept(s, server);
            s.self.exit(server, ExitReason.KILL);
        });
    }

    private void servers() {
        Timeout brief = Timeout.after(Duration.ofMillis(10));
        serve("call", (s, server) -> s.<String>call(server, to -> new Echo("a", to)));
        serve("casts_come_before_a_later_call", (s, server) -> {
            List.of(1, 2, 3).forEach(each -> server.send(new Add(each)));
            s.call(server, Total::new);
        });
        serve("call_takes_too_long", (s, server) -> {
            s.call(server, brief, Never::new);
            s.<String>call(server, to -> new Echo("a", to));
        });
        serve("a_late_answer_is_lost", (s, server) -> {
            s.call(server, brief, Defer::new);
            server.send("answer");
            s.<String>call(server, to -> new Echo("a", to));
            s.nothing();
        });
        add("call_of_the_dead", s -> s.<String>call(s.dead(), to -> new Echo("a", to)));
        serve("the_server_fails_in_a_call", (s, server) -> s.<String>call(server, _ -> new Fail(BAD)));
        serve("the_server_ends_in_a_call", (s, server) -> s.<String>call(server, _ -> new Fail(ExitReason.NORMAL)));
        serve("the_server_is_killed_in_a_call", (s, server) -> {
            s.self.spawn(one -> {
                one.io().sleep(Duration.ofMillis(5));
                one.exit(server, ExitReason.KILL);
            });
            s.call(server, Never::new);
        });
        serve("a_deferred_answer", (s, server) -> {
            s.self.spawn(one -> {
                one.io().sleep(Duration.ofMillis(5));
                server.send("answer");
            });
            s.call(server, Defer::new);
        });
        serve("another_process_answers", (s, server) -> s.call(server, Delegate::new));
        serve("an_answer_and_then_the_end", (s, server) -> {
            Monitor monitor = s.self.monitor(server);
            s.call(server, ReplyAndStop::new);
            s.down(monitor);
        });
        add("a_server_that_fails_to_begin", s -> {
            s.self.trapExit(true);
            try {
                s.self.node().start(SpawnOptions.DEFAULT, Scene.failing("it").body());
            } catch (CallException failed) {
                s.out("failed " + Scene.text(failed.reason()));
            }
            s.nothing();
        });
        add("a_failed_call_ends_the_caller", s -> {
            Pid dead = s.dead();
            Monitor caller = s.self.spawnMonitor(one -> one.<String>call(dead, Timeout.NONE, Never::new));
            s.out(s.self.<String>receive(message -> message
                            instanceof Signal.Down(Monitor about, _, ExitReason.Failed(CallException cause))
                            && about == caller ? "ended " + Scene.text(cause.reason()) : null));
        });
        serve("calls_leave_the_mailbox_alone", (s, server) -> {
            s.me.send("a");
            s.me.send("b");
            s.<String>call(server, to -> new Echo("c", to));
            s.next(2);
        });
        serve("the_end_of_a_server", (s, server) -> {
            Monitor monitor = s.self.monitor(server);
            server.send("stop");
            s.next();
            s.down(monitor);
        });
    }

    private record Within(Duration limit) {}

    /** {@code first} keeps what it does not know; {@code second} keeps k1; {@code third} tells of all. */
    private record Stage(String name, Pid observer) implements StateMachine.State {
        @Override
        public StateMachine.Step handle(Self self, Object event) {
            if (event instanceof Within(Duration limit)) {
                return StateMachine.next(to("timed")).within(limit, "over");
            }
            return switch (name + " " + event) {
                case "timed third", "first third" -> StateMachine.next(to("third"));
                case "first second" -> StateMachine.next(to("second"));
                case "second k1" -> StateMachine.postpone();
                case "second k2" -> {
                    observer.send(event);
                    yield StateMachine.next(to("third"));
                }
                case String text when text.startsWith("first ") && !text.equals("first a") -> StateMachine.postpone();
                default -> {
                    observer.send(event);
                    yield StateMachine.stay();
                }
            };
        }

        private Stage to(String next) {
            return new Stage(next, observer);
        }
    }

    private void machine(String name, List<Object> events, Scenario then) {
        add(name, s -> {
            Pid machine = s.self.spawn(StateMachine.of(StateMachine.next(new Stage("first", s.me))));
            events.forEach(machine::send);
            then.run(s);
            s.self.exit(machine, ExitReason.KILL);
        });
    }

    private void machines() {
        machine("postponed_comes_with_the_next_state", List.of("k2", "a", "second"), s -> s.next(2));
        machine("postponed_comes_in_order_and_first", List.of("k2", "k3", "k4", "third", "b"), s -> s.next(4));
        machine("postponed_twice_comes_before_later_ones", List.of("k1", "k2", "k3", "second"), s -> s.next(3));
        machine("time_of_a_state", List.of(new Within(Duration.ofMillis(5))), Scene::next);
        machine("time_of_a_state_that_is_left", List.of(new Within(Duration.ofMillis(100)), "third", "a"), s -> {
            s.next();
            s.self.io().sleep(Duration.ofMillis(120));
            s.nothing();
        });
    }
}
