package dev.gyre.process;

import dev.gyre.io.Timeout;
import dev.gyre.process.Scene.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The scenarios of {@link OtpTest}, in the order and with the names that they have in {@code scenarios.erl}. */
final class OtpScenarios {
    private static final ExitReason BAD = Scene.BAD;

    private final Map<String, Scenario> all = new LinkedHashMap<>();

    private OtpScenarios() {}

    static Map<String, Scenario> all() {
        OtpScenarios scenarios = new OtpScenarios();
        scenarios.signals();
        scenarios.exits();
        scenarios.kills();
        scenarios.mailboxes();
        scenarios.names();
        scenarios.timers();
        scenarios.all.putAll(OtpTrees.all());
        scenarios.all.putAll(OtpSockets.all());
        scenarios.all.putAll(OtpFrames.all());
        return scenarios.all;
    }

    private void add(String name, Scenario scenario) {
        all.put(name, scenario);
    }

    private record Numbered(int sender, int number) {}

    private static void count(Pid to, int sender, int until) {
        IntStream.rangeClosed(1, until).forEach(number -> to.send(new Numbered(sender, number)));
    }

    private static boolean inOrder(List<Numbered> all, int sender, int until) {
        return all.stream().filter(each -> each.sender == sender).map(Numbered::number).toList()
                .equals(IntStream.rangeClosed(1, until).boxed().toList());
    }

    private static List<Numbered> numbered(Scene s, int many) {
        List<Numbered> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add((Numbered) s.self.receive());
        }
        return all;
    }

    private void signals() {
        add("messages_come_in_order", s -> {
            s.self.spawn(_ -> count(s.me, 1, 200));
            s.out(inOrder(numbered(s, 200), 1, 200));
        });
        add("exit_comes_after_messages", s -> {
            s.self.trapExit(true);
            s.self.spawnLink(_ -> {
                s.me.send("a");
                s.me.send("b");
                throw new ProcessExit(BAD);
            });
            s.next(3);
        });
        add("down_comes_after_messages", s -> {
            s.self.spawnMonitor(_ -> {
                s.me.send("a");
                s.me.send("b");
            });
            s.next(3);
        });
        add("message_after_exit_signal", s -> {
            Pid echo = s.trappingEcho().process();
            s.self.exit(echo, BAD);
            echo.send("m");
            s.self.exit(echo, Scene.reason("worse"));
            s.next(3);
            s.self.exit(echo, ExitReason.KILL);
        });
        add("messages_of_two_senders_each_in_order", s -> {
            s.self.spawn(_ -> count(s.me, 1, 50));
            s.self.spawn(_ -> count(s.me, 2, 50));
            List<Numbered> came = numbered(s, 100);
            s.out(inOrder(came, 1, 50));
            s.out(inOrder(came, 2, 50));
        });
        add("link_and_monitor", s -> {
            s.self.trapExit(true);
            Pid child = s.self.spawnLink(Scene::idle);
            s.self.monitor(child);
            s.self.exit(child, BAD);
            s.sorted(2);
        });
        add("two_monitors", s -> {
            Pid child = s.self.spawn(Scene::idle);
            s.self.monitor(child);
            s.self.monitor(child);
            child.send("stop");
            s.next(2);
            s.nothing();
        });
        add("demonitor_before_the_end", s -> {
            Monitor monitor = s.self.spawnMonitor(Scene::idle);
            s.out(s.self.demonitor(monitor));
            s.self.exit(monitor.process(), ExitReason.KILL);
            s.nothing();
        });
        add("demonitor_after_the_end", s -> {
            Monitor monitor = s.self.spawnMonitor(Scene::idle);
            Monitor other = s.self.monitor(monitor.process());
            s.self.exit(monitor.process(), ExitReason.KILL);
            s.down(other);
            s.out(s.self.demonitor(monitor));
            s.nothing();
        });
        add("monitor_of_the_dead", s -> {
            s.self.monitor(s.dead());
            s.next();
        });
        add("monitor_of_itself", s -> {
            s.self.monitor(s.me);
            s.nothing();
        });
        add("one_of_two_monitors_is_taken_back", s -> {
            Monitor first = s.self.spawnMonitor(Scene::idle);
            s.self.monitor(first.process());
            s.self.demonitor(first);
            first.process().send("stop");
            s.next();
            s.nothing();
        });
    }

    private static void unlinked(Scene s, boolean again) {
        s.self.trapExit(true);
        Pid child = s.self.spawnLink(Scene::idle);
        if (again) {
            s.self.link(child);
        }
        s.self.unlink(child);
        s.self.exit(child, BAD);
        s.nothing();
    }

    /** The reason for which one ends that is linked to one that is linked to one that ends for a reason. */
    private static void chain(Scene s, ExitReason reason) {
        s.down(s.self.spawnMonitor(outer -> {
            outer.spawnLink(middle -> {
                middle.spawnLink(_ -> {
                    throw new ProcessExit(reason);
                });
                Scene.idle(middle);
            });
            Scene.idle(outer);
        }));
    }

    /** The reason for which one ends that is linked to one that ends for a reason. */
    private static void linkedTo(Scene s, ExitReason reason) {
        s.down(s.self.spawnMonitor(outer -> {
            outer.spawnLink(_ -> {
                throw new ProcessExit(reason);
            });
            Scene.idle(outer);
        }));
    }

    private void exits() {
        add("link_to_the_dead_trapping", s -> {
            s.self.trapExit(true);
            s.self.link(s.dead());
            s.next();
        });
        add("link_to_the_dead", s -> {
            Pid dead = s.dead();
            s.down(s.self.spawnMonitor(one -> {
                one.link(dead);
                Scene.idle(one);
            }));
        });
        add("link_twice_is_one_link", s -> {
            s.self.trapExit(true);
            Pid child = s.self.spawnLink(Scene::idle);
            s.self.link(child);
            s.self.link(child);
            s.self.exit(child, BAD);
            s.next();
            s.nothing();
        });
        add("unlink", s -> unlinked(s, false));
        add("unlink_twice_linked", s -> unlinked(s, true));
        add("unlink_from_the_other_side", s -> {
            s.self.trapExit(true);
            Pid child = s.self.spawnLink(one -> {
                one.unlink(s.me);
                s.me.send("unlinked");
                Scene.idle(one);
            });
            s.next();
            s.self.exit(child, BAD);
            s.nothing();
        });
        add("link_to_itself", s -> {
            s.self.link(s.me);
            s.nothing();
        });
        add("normal_end_of_the_linked", s -> {
            s.self.spawnLink(_ -> {});
            s.nothing();
        });
        add("normal_end_of_the_linked_trapping", s -> {
            s.self.trapExit(true);
            s.self.spawnLink(_ -> {});
            s.next();
        });
        add("failure_ends_the_linked", s -> linkedTo(s, BAD));
        add("failure_goes_along_a_chain", s -> chain(s, BAD));
        add("shutdown_goes_along_a_chain", s -> chain(s, ExitReason.SHUTDOWN));
        add("who_traps_breaks_the_chain", s -> {
            Pid outer = s.self.spawnMonitor(one -> {
                one.spawnLink(middle -> {
                    middle.trapExit(true);
                    middle.spawnLink(_ -> {
                        throw new ProcessExit(BAD);
                    });
                    Object _ = middle.<Object>receive(
                            message -> message
                                    instanceof Signal.Exit(_, ExitReason.Other(Object value)) ? value : null);
                    s.me.send("trapped");
                    Scene.idle(middle);
                });
                Scene.idle(one);
            }).process();
            s.next();
            s.alive(outer);
            s.self.exit(outer, ExitReason.KILL);
            s.next();
        });
    }

    private void kills() {
        add("kill_ends_who_traps", s -> {
            Monitor echo = s.trappingEcho();
            s.self.exit(echo.process(), ExitReason.KILL);
            s.down(echo);
            s.nothing();
        });
        add("kill_is_killed_to_the_linked", s -> {
            s.self.trapExit(true);
            s.self.exit(s.self.spawnLink(Scene::idle), ExitReason.KILL);
            s.next();
        });
        add("killed_ends_the_linked", s -> {
            Monitor outer = s.self.spawnMonitor(one -> {
                s.me.send(one.spawnLink(Scene::idle));
                Scene.idle(one);
            });
            s.self.exit((Pid) s.self.receive(), ExitReason.KILL);
            s.down(outer);
            s.alive(outer.process());
        });
        add("killed_is_trapped", s -> {
            Pid echo = s.trappingEcho().process();
            Pid killed = s.self.spawn(one -> {
                one.link(echo);
                echo.send("linked");
                Scene.idle(one);
            });
            s.next();
            s.self.exit(killed, ExitReason.KILL);
            s.next();
            s.alive(echo);
            s.self.exit(echo, ExitReason.KILL);
        });
        add("kill_of_its_own_is_a_reason", s -> {
            s.self.trapExit(true);
            s.self.spawnLink(_ -> {
                throw new ProcessExit(ExitReason.KILL);
            });
            s.next();
        });
        add("kill_of_its_own_ends_the_linked", s -> linkedTo(s, ExitReason.KILL));
        add("kill_of_its_own_is_trapped", s -> {
            Pid echo = s.trappingEcho().process();
            s.self.spawn(one -> {
                one.link(echo);
                throw new ProcessExit(ExitReason.KILL);
            });
            s.next();
            s.alive(echo);
            s.self.exit(echo, ExitReason.KILL);
        });
        add("it_kills_itself", s -> s.down(s.self.spawnMonitor(one -> {
            one.exit(one.pid(), ExitReason.KILL);
            Scene.idle(one);
        })));
        add("it_kills_itself_trapping", s -> s.down(s.self.spawnMonitor(one -> {
            one.trapExit(true);
            one.exit(one.pid(), ExitReason.KILL);
            Scene.idle(one);
        })));
        add("normal_as_a_signal", s -> {
            Pid echo = s.plainEcho().process();
            s.self.exit(echo, ExitReason.NORMAL);
            echo.send("m");
            s.next();
            s.alive(echo);
            s.self.exit(echo, ExitReason.KILL);
            s.next();
        });
        add("normal_as_a_signal_trapped", s -> {
            Pid echo = s.trappingEcho().process();
            s.self.exit(echo, ExitReason.NORMAL);
            s.next();
            s.self.exit(echo, ExitReason.KILL);
        });
        add("normal_to_itself", s -> s.down(s.self.spawnMonitor(one -> {
            one.exit(one.pid(), ExitReason.NORMAL);
            Scene.idle(one);
        })));
        add("signal_to_itself_trapped", s -> {
            s.self.trapExit(true);
            s.self.exit(s.me, BAD);
            s.next();
        });
        add("shutdown_as_a_signal", s -> {
            Monitor echo = s.plainEcho();
            s.self.exit(echo.process(), ExitReason.SHUTDOWN);
            s.down(echo);
        });
        add("the_first_signal_counts", s -> {
            Monitor echo = s.plainEcho();
            s.self.exit(echo.process(), Scene.reason("first"));
            s.self.exit(echo.process(), Scene.reason("second"));
            s.self.exit(echo.process(), ExitReason.KILL);
            s.down(echo);
        });
        add("signal_to_the_dead", s -> {
            s.self.exit(s.dead(), BAD);
            s.nothing();
        });
        add("trapping_is_switched_off", s -> {
            Monitor one = s.self.spawnMonitor(child -> {
                child.trapExit(true);
                child.trapExit(false);
                s.me.send("ready");
                Scene.idle(child);
            });
            s.want("ready");
            s.self.exit(one.process(), BAD);
            s.down(one);
        });
        add("its_own_exit_can_be_caught", s -> s.down(s.self.spawnMonitor(_ -> {
            try {
                throw new ProcessExit(BAD);
            } catch (ProcessExit expected) {
                // It goes on.
            }
        })));
        add("exit_of_a_process_that_ended", s -> {
            Monitor one = s.self.spawnMonitor(Scene::idle);
            one.process().send("stop");
            s.down(one);
            s.self.exit(one.process(), ExitReason.KILL);
            s.alive(one.process());
        });
        add("message_to_the_dead", s -> {
            s.dead().send("m");
            s.nothing();
        });
    }

    private static @Nullable Object only(Object message, String wanted) {
        return message.equals(wanted) ? message : null;
    }

    private void mailboxes() {
        add("selective_receive", s -> {
            List.of("a", "b", "c").forEach(s.me::send);
            s.out(s.self.<Object>receive(message -> only(message, "c")));
            s.next(2);
        });
        add("selective_receive_waits", s -> {
            s.self.spawn(_ -> List.of("a", "b", "x", "c").forEach(s.me::send));
            s.out(s.self.<Object>receive(message -> only(message, "x")));
            s.next(3);
        });
        add("the_oldest_that_matches", s -> {
            List.of("a", 1, 2).forEach(s.me::send);
            s.out(s.self.<Object>receive(message -> message instanceof Integer ? message : null));
            s.next();
            s.out(s.self.<Object>receive(message -> message instanceof Integer ? message : null));
        });
        Scenario zero = s -> out(s, s.self.<Object>receive(
                Timeout.after(Duration.ZERO), message -> only(message, "x")));
        add("zero_does_not_wait", zero);
        add("zero_takes_what_is_there", s -> {
            s.me.send("x");
            zero.run(s);
        });
        add("over_and_others_stay", s -> {
            s.me.send("a");
            out(s, s.self.<Object>receive(Timeout.after(Duration.ofMillis(20)), message -> only(message, "x")));
            s.next();
        });
        add("others_do_not_prolong", s -> {
            Pid chatter = s.self.spawn(one -> {
                while (true) {
                    s.me.send("noise");
                    one.io().sleep(Duration.ofMillis(5));
                }
            });
            out(s, s.self.<Object>receive(Timeout.after(Duration.ofMillis(30)), message -> only(message, "x")));
            s.self.exit(chatter, ExitReason.KILL);
        });
        add("signals_are_messages_in_order", s -> {
            s.self.trapExit(true);
            s.me.send("a");
            s.self.exit(s.me, BAD);
            s.me.send("b");
            s.next(3);
        });
    }

    private static void out(Scene s, @Nullable Object received) {
        s.out(received == null ? "over" : received);
    }

    private void names() {
        add("a_name_finds", s -> {
            Pid echo = s.plainEcho().process();
            s.self.node().register("it", echo);
            s.self.node().send("it", "m");
            s.next();
            s.out(s.self.node().whereIs("it") == echo);
            s.self.exit(echo, ExitReason.KILL);
            s.next();
        });
        add("a_name_is_free_when_down_has_come", s -> {
            Monitor echo = s.plainEcho();
            s.self.node().register("it", echo.process());
            s.self.exit(echo.process(), ExitReason.KILL);
            s.down(echo);
            s.out(s.self.node().whereIs("it") == null);
        });
        add("a_name_is_taken", s -> {
            Pid echo = s.plainEcho().process();
            s.self.node().register("it", echo);
            s.refused(() -> s.self.register("it"));
            s.self.exit(echo, ExitReason.KILL);
            s.next();
        });
        add("one_name_each", s -> {
            s.self.register("it");
            s.refused(() -> s.self.register("that"));
            s.self.node().unregister("it");
            s.refused(() -> s.self.register("that"));
        });
        add("a_name_goes_to_another", s -> {
            s.self.register("it");
            s.self.node().unregister("it");
            Pid echo = s.plainEcho().process();
            s.self.node().register("it", echo);
            s.self.node().send("it", "m");
            s.next();
            s.self.exit(echo, ExitReason.KILL);
            s.next();
        });
        add("nobody_has_the_name", s -> s.refused(() -> s.self.node().send("nobody", "m")));
        add("the_dead_get_no_name", s -> {
            Pid dead = s.dead();
            s.refused(() -> s.self.node().register("it", dead));
        });
        add("an_alias_delivers", s -> {
            Alias alias = s.self.alias();
            alias.send("m");
            s.next();
            s.self.unalias(alias);
            alias.send("n");
            s.nothing();
        });
        add("an_alias_is_given_up_once", s -> {
            Alias alias = s.self.alias();
            s.out(s.self.unalias(alias));
            s.out(s.self.unalias(alias));
        });
        add("what_came_by_an_alias_stays", s -> {
            Alias alias = s.self.alias();
            alias.send("m");
            s.self.<Object>receive(Timeout.after(Duration.ZERO), message -> only(message, "n"));
            s.self.unalias(alias);
            s.next();
        });
    }

    private void timers() {
        add("a_timer_sends", s -> {
            s.self.sendAfter(Duration.ofMillis(5), "m");
            s.next();
        });
        add("a_timer_is_called_off", s -> {
            Timer timer = s.self.sendAfter(Duration.ofMillis(10), "m");
            s.out(timer.cancel());
            s.out(timer.cancel());
            s.nothing();
        });
        add("a_timer_has_sent", s -> {
            Timer timer = s.self.sendAfter(Duration.ofMillis(1), "m");
            s.next();
            s.out(timer.cancel());
        });
        add("timers_send_by_their_time", s -> {
            s.self.sendAfter(Duration.ofMillis(40), "late");
            s.self.sendAfter(Duration.ofMillis(5), "early");
            s.next(2);
        });
        add("a_timer_for_one_that_ends", s -> {
            Monitor one = s.self.spawnMonitor(Scene::idle);
            Timer timer = s.self.node().sendAfter(Duration.ofMinutes(1), one.process(), "m");
            s.self.exit(one.process(), ExitReason.KILL);
            s.down(one);
            s.out(timer.cancel());
        });
        add("a_timer_for_the_dead", s ->
                s.out(s.self.node().sendAfter(Duration.ofMillis(1), s.dead(), "m").cancel()));
    }
}
