package dev.gyre.process;

import static dev.gyre.process.SocketScene.ACTIVE;
import static dev.gyre.process.SocketScene.LINES;
import static dev.gyre.process.SocketScene.RAW;
import static dev.gyre.process.SocketScene.ZERO;
import static dev.gyre.process.SocketScene.bytes;

import dev.gyre.io.Direction;
import dev.gyre.io.Timeout;
import dev.gyre.process.Scene.Scenario;
import dev.gyre.process.SocketScene.PairScenario;
import dev.gyre.process.SocketScene.SocketScenario;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Those scenarios of {@link OtpTest} that are about connections: their modes, owners and ends. */
final class OtpSockets {
    private static final TcpOptions ONCE = RAW.withActive(ActiveMode.ONCE);
    private static final TcpOptions ACTIVE_LINES = LINES.withActive(ActiveMode.ALWAYS);
    private static final int MUCH = 16_000_000;

    private final Map<String, Scenario> all = new LinkedHashMap<>();

    private OtpSockets() {}

    static Map<String, Scenario> all() {
        OtpSockets scenarios = new OtpSockets();
        scenarios.activeModes();
        scenarios.times();
        scenarios.modesInTurn();
        scenarios.passiveMode();
        scenarios.timeouts();
        scenarios.passiveEnds();
        scenarios.handOver();
        scenarios.handOverAndModes();
        scenarios.handOverRefused();
        scenarios.endsOfOwners();
        scenarios.closing();
        scenarios.halfClosing();
        scenarios.resets();
        scenarios.sending();
        return scenarios.all;
    }

    private void add(String name, SocketScenario scenario) {
        SocketScene.add(all, name, scenario);
    }

    private void pair(String name, TcpOptions options, PairScenario scenario) {
        SocketScene.pair(all, name, options, scenario);
    }

    private void activeModes() {
        pair("active_true", ACTIVE, (t, _, p) -> {
            t.send(p, "a");
            t.next();
            t.send(p, "b");
            t.next();
            p.close();
            t.next();
        });
        pair("active_true_has_all_in_order", ACTIVE_LINES, (t, _, p) -> {
            t.send(p, "a\nb\nc\n");
            t.next(3);
        });
        pair("active_once", ONCE, (t, s, p) -> {
            t.send(p, "a");
            t.next();
            t.send(p, "b");
            t.nothing();
            t.receives(() -> s.receive(0));
        });
        pair("once_of_several_frames", LINES.withActive(ActiveMode.ONCE), (t, s, p) -> {
            t.send(p, "a\nb\nc\n");
            t.next();
            t.receives(() -> s.receive(0));
            t.active(s, ActiveMode.ONCE);
            t.next();
            t.nothing();
        });
        pair("once_twice", LINES, (t, s, p) -> {
            t.active(s, ActiveMode.ONCE);
            t.active(s, ActiveMode.ONCE);
            t.send(p, "a\nb\n");
            t.next();
            t.nothing();
            t.receives(() -> s.receive(0));
        });
        pair("once_after_data", RAW, (t, s, p) -> {
            t.send(p, "a");
            t.active(s, ActiveMode.ONCE);
            t.next();
        });
        pair("once_after_the_end", RAW, (t, s, p) -> {
            p.close();
            t.active(s, ActiveMode.ONCE);
            t.next();
        });
        pair("once_again_and_again", LINES, (t, s, p) -> {
            t.send(p, "a\nb\nc\nd\n");
            for (int i = 0; i < 4; i++) {
                t.active(s, ActiveMode.ONCE);
                t.next();
            }
        });
    }

    /** A mode, and then another one, before so many messages and a line that is received. */
    private void modes(String name, ActiveMode first, ActiveMode second, String lines, int messages) {
        pair(name, LINES, (t, s, p) -> {
            t.active(s, first);
            t.active(s, second);
            t.send(p, lines);
            t.next(messages);
            t.receives(() -> s.receive(0));
        });
    }

    private void times() {
        pair("active_times", LINES.withActive(ActiveMode.times(2)), (t, s, p) -> {
            t.send(p, "a\nb\nc\n");
            t.next(3);
            t.receives(() -> s.receive(0));
        });
        modes("times_add_up", ActiveMode.times(1), ActiveMode.times(2), "a\nb\nc\nd\n", 4);
        modes("times_after_once", ActiveMode.ONCE, ActiveMode.times(2), "a\nb\nc\n", 3);
        modes("times_after_true", ActiveMode.ALWAYS, ActiveMode.times(2), "a\nb\nc\n", 3);
        pair("once_after_times", LINES, (t, s, p) -> {
            t.active(s, ActiveMode.times(5));
            t.active(s, ActiveMode.ONCE);
            t.send(p, "a\nb\n");
            t.next();
            t.nothing();
            t.receives(() -> s.receive(0));
        });
        pair("passive_after_times", RAW, (t, s, p) -> {
            t.active(s, ActiveMode.times(5));
            t.active(s, ActiveMode.PASSIVE);
            t.send(p, "a");
            t.nothing();
            t.receives(() -> s.receive(0));
            t.active(s, ActiveMode.times(1));
            t.send(p, "b");
            t.next(2);
        });
        pair("times_count_down", RAW.withActive(ActiveMode.times(3)), (t, s, p) -> {
            t.send(p, "a");
            t.next();
            t.out(((ActiveMode.Times) s.active()).messages());
        });
        pair("too_many_times", RAW, (t, s, _) -> {
            t.active(s, ActiveMode.times(ActiveMode.TIMES_MAX));
            t.active(s, ActiveMode.times(1));
        });
        pair("no_times", RAW, (t, s, _) -> {
            t.does(() -> s.setActive(ActiveMode.times(0)));
            t.nothing();
        });
        pair("fewer_times", LINES, (t, s, p) -> {
            t.active(s, ActiveMode.times(3));
            t.does(() -> s.setActive(ActiveMode.times(-2)));
            t.send(p, "a\nb\n");
            t.next(2);
        });
    }

    private void modesInTurn() {
        pair("receive_while_active", ACTIVE, (t, s, p) -> {
            t.receives(() -> s.receive(0));
            t.send(p, "a");
            t.next();
        });
        pair("passive_holds_back", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.next();
            t.active(s, ActiveMode.PASSIVE);
            t.send(p, "b");
            t.nothing();
            t.receives(() -> s.receive(0));
        });
        pair("what_came_stays_in_passive_mode", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.holds(1);
            t.active(s, ActiveMode.PASSIVE);
            t.next();
        });
        pair("data_before_the_end", RAW, (t, s, p) -> {
            t.send(p, "a");
            p.close();
            t.active(s, ActiveMode.ALWAYS);
            t.next(2);
            t.nothing();
        });
        pair("times_end_before_the_end", RAW, (t, s, p) -> {
            t.send(p, "a");
            p.close();
            t.active(s, ActiveMode.times(1));
            t.next(2);
            t.nothing();
            t.active(s, ActiveMode.ONCE);
            t.next();
        });
    }

    private void passiveMode() {
        pair("receive_what_is_there", RAW, (t, s, p) -> {
            t.send(p, "abc");
            t.receives(() -> s.receive(0));
        });
        pair("receive_a_part", RAW, (t, s, p) -> {
            t.send(p, "abc");
            t.receives(() -> s.receive(2));
            t.receives(() -> s.receive(1));
        });
        pair("receive_over_parts", RAW, (t, s, p) -> {
            t.tells(() -> s.receive(6));
            for (String part : List.of("ab", "c", "def")) {
                t.send(p, part);
            }
            t.next();
        });
        pair("receive_with_zero", RAW, (t, s, _) -> t.receives(() -> s.receive(0, ZERO)));
        pair("receive_the_rest_with_zero", LINES, (t, s, p) -> {
            t.send(p, "a\nb\n");
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0, ZERO));
            t.receives(() -> s.receive(0, ZERO));
        });
        pair("receive_what_came_with_zero", RAW, (t, s, p) -> {
            t.send(p, "a");
            t.receives(() -> s.receive(0, ZERO));
            t.receives(() -> s.receive(0));
        });
    }

    private void timeouts() {
        Timeout moment = Timeout.after(Duration.ofMillis(20));
        pair("receive_takes_too_long", RAW, (t, s, p) -> {
            t.receives(() -> s.receive(5, moment));
            t.send(p, "hello");
            t.receives(() -> s.receive(5));
        });
        pair("too_long_in_the_middle", RAW, (t, s, p) -> {
            t.send(p, "hel");
            t.receives(() -> s.receive(5, moment));
            t.send(p, "lo");
            t.receives(() -> s.receive(5));
        });
        pair("too_long_in_the_middle_of_a_frame", RAW.withFraming(Framing.LENGTH_2), (t, s, p) -> {
            t.send(p, "\0\5hel");
            t.receives(() -> s.receive(0, moment));
            t.send(p, "lo");
            t.receives(() -> s.receive(0));
        });
        pair("too_long_and_then_once", LINES, (t, s, p) -> {
            t.send(p, "hel");
            t.receives(() -> s.receive(0, moment));
            t.active(s, ActiveMode.ONCE);
            t.send(p, "lo\n");
            t.next();
        });
    }

    private void passiveEnds() {
        pair("receive_less_than_nothing", RAW, (t, s, _) -> t.receives(() -> s.receive(-1)));
        pair("receive_so_many_of_frames", LINES, (t, s, p) -> {
            t.send(p, "abc\n");
            t.receives(() -> s.receive(2));
            t.receives(() -> s.receive(0));
        });
        pair("receive_until_the_end", RAW, (t, s, p) -> {
            t.send(p, "abc");
            p.close();
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
        });
        pair("receive_after_the_end", RAW, (t, s, p) -> {
            p.close();
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
        });
        pair("the_end_before_enough", RAW, (t, s, p) -> {
            t.send(p, "abc");
            p.close();
            t.receives(() -> s.receive(5));
            t.receives(() -> s.receive(0));
        });
        pair("two_receive_at_once", RAW, (t, s, p) -> {
            t.tells(() -> s.receive(1));
            t.tells(() -> s.receive(1));
            t.send(p, "ab");
            t.sorted(2);
        });
        pair("another_process_receives", RAW, (t, s, p) -> {
            t.tells(() -> s.receive(0));
            t.send(p, "a");
            t.next();
        });
        pair("who_receives_is_killed", RAW, (t, s, p) -> {
            t.kill(t.self.spawn(_ -> {
                byte[] _ = s.receive(0);
            }));
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
    }

    private static void handsOver(SocketScene t, ProcessSocket socket, Pid to) {
        t.does(() -> socket.controllingProcess(to));
    }

    private void handOver() {
        pair("handed_over", RAW, (t, s, p) -> {
            handsOver(t, s, t.relay());
            t.active(s, ActiveMode.ONCE);
            t.send(p, "a");
            t.next();
        });
        pair("handed_over_with_messages", ACTIVE_LINES, (t, s, p) -> {
            Pid relay = t.relay();
            t.send(p, "a\nb\nc\n");
            t.holds(3);
            handsOver(t, s, relay);
            t.send(p, "d\n");
            t.next(4);
        });
        pair("handed_over_while_data_comes", ACTIVE_LINES, (t, s, p) -> {
            Pid relay = t.relay();
            t.self.spawn(_ -> {
                for (int number = 1; number <= 20; number++) {
                    t.send(p, number + "\n");
                }
            });
            t.holds(1);
            handsOver(t, s, relay);
            t.next(20);
        });
        pair("handed_over_beside_other_messages", ACTIVE, (t, s, p) -> {
            Pid relay = t.relay();
            t.me.send("m");
            t.send(p, "a");
            t.holds(2);
            t.me.send("n");
            handsOver(t, s, relay);
            t.sorted(3);
        });
    }

    private void handOverAndModes() {
        pair("handed_over_in_once", ONCE, (t, s, p) -> {
            handsOver(t, s, t.relay());
            t.send(p, "a");
            t.next();
            t.send(p, "b");
            t.nothing();
            t.receives(() -> s.receive(0));
        });
        pair("handed_over_after_once", ONCE, (t, s, p) -> {
            Pid relay = t.relay();
            t.send(p, "a");
            t.holds(1);
            handsOver(t, s, relay);
            t.next();
            t.active(s, ActiveMode.ONCE);
            t.send(p, "b");
            t.next();
        });
        pair("handed_over_after_times", RAW.withActive(ActiveMode.times(1)), (t, s, p) -> {
            Pid relay = t.relay();
            t.send(p, "a");
            t.holds(2);
            handsOver(t, s, relay);
            t.sorted(2);
        });
        PairScenario afterTheEnd = (t, s, p) -> {
            Pid relay = t.relay();
            t.send(p, "a");
            p.close();
            t.holds(2);
            handsOver(t, s, relay);
            t.next(2);
        };
        pair("handed_over_after_the_end", ACTIVE, afterTheEnd);
        pair("handed_over_after_the_end_of_one_direction", ACTIVE, afterTheEnd);
        pair("handed_on", ACTIVE_LINES, (t, s, p) -> {
            Pid relay = t.relay();
            Pid first = t.self.spawn(one -> {
                one.<Object>receive(message -> message.equals("go") ? message : null);
                s.controllingProcess(relay);
            });
            t.send(p, "a\nb\n");
            t.holds(2);
            handsOver(t, s, first);
            first.send("go");
            t.next(3);
            t.send(p, "c\n");
            t.next();
        });
        pair("handed_back", ACTIVE, (t, s, p) -> {
            Pid other = t.self.spawn(one -> {
                one.<Object>receive(message -> message.equals("go") ? message : null);
                s.controllingProcess(t.me);
            });
            t.send(p, "a");
            t.holds(1);
            handsOver(t, s, other);
            other.send("go");
            t.next();
        });
    }

    private void handOverRefused() {
        pair("handed_over_by_another", RAW, (t, s, p) -> {
            t.self.spawn(one -> t.me.send(SocketScene.done(() -> s.controllingProcess(one.pid()))));
            t.next();
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        pair("handed_over_to_the_dead", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.holds(1);
            handsOver(t, s, t.dead());
            t.nothing();
            t.active(s, ActiveMode.ONCE);
            t.send(p, "b");
            t.next();
        });
        pair("handed_over_to_itself", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.holds(1);
            handsOver(t, s, t.me);
            t.next();
        });
        pair("handed_over_after_it_was_closed", RAW, (t, s, _) -> {
            s.close();
            handsOver(t, s, t.relay());
        });
    }

    private void endsOfOwners() {
        pair("handed_over_to_a_linked_process_that_fails", RAW, (t, s, p) -> {
            t.self.trapExit(true);
            Pid linked = t.self.spawnLink(one -> {
                Object _ = one.receive();
                throw new ProcessExit(Scene.BAD);
            });
            handsOver(t, s, linked);
            linked.send("go");
            t.next();
            t.receives(() -> p.receive(0));
        });
        pair("handed_over_by_a_linked_process_that_fails", RAW, (t, s, p) -> {
            Monitor outer = t.self.spawnMonitor(one -> {
                Pid linked = one.spawnLink(Scene::idle);
                Object _ = one.receive();
                t.me.send(SocketScene.done(() -> s.controllingProcess(linked)));
                throw new ProcessExit(Scene.BAD);
            });
            handsOver(t, s, outer.process());
            outer.process().send("go");
            t.next();
            t.down(outer);
            t.receives(() -> p.receive(0));
        });
        add("the_first_owner_ends", t -> {
            TcpListener listener = t.listen(RAW);
            TcpSocket p = t.connect(listener);
            Monitor first = t.self.spawnMonitor(one -> {
                TcpSocket accepted = one.sockets().accept(listener);
                accepted.controllingProcess(t.me);
                t.me.send(accepted);
            });
            TcpSocket s = t.self.receive(message -> message instanceof TcpSocket it ? it : null);
            t.down(first);
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        pair("the_owner_ends", RAW, (t, s, p) -> {
            Pid owner = t.self.spawn(Scene::idle);
            handsOver(t, s, owner);
            owner.send("stop");
            t.receives(() -> p.receive(0));
        });
        pair("the_owner_is_killed", RAW, (t, s, p) -> {
            Pid owner = t.self.spawn(Scene::idle);
            handsOver(t, s, owner);
            t.kill(owner);
            t.receives(() -> p.receive(0));
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("a")));
        });
        pair("the_owner_ends_while_another_receives", RAW, (t, s, _) -> {
            Pid owner = t.self.spawn(Scene::idle);
            handsOver(t, s, owner);
            t.begins(() -> s.receive(0));
            t.kill(owner);
            t.next();
        });
    }

    private void closing() {
        pair("closed_while_another_receives", RAW, (t, s, _) -> {
            t.begins(() -> s.receive(0));
            s.close();
            t.next();
        });
        pair("closed_by_another", RAW, (t, s, p) -> {
            t.down(t.self.spawnMonitor(_ -> s.close()));
            t.receives(() -> s.receive(0));
            t.receives(() -> p.receive(0));
        });
        pair("closed_twice", RAW, (t, s, _) -> {
            t.does(s::close);
            t.does(s::close);
        });
        pair("used_after_it_was_closed", RAW, (t, s, _) -> {
            s.close();
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0, ZERO));
            t.does(() -> s.send(bytes("a")));
        });
        pair("options_after_it_was_closed", RAW, (t, s, _) -> {
            s.close();
            t.active(s, ActiveMode.ONCE);
            t.nothing();
        });
        pair("addresses_after_it_was_closed", RAW, (t, s, _) -> {
            s.close();
            t.does(s::remoteAddress);
            t.does(s::localAddress);
        });
        pair("addresses", RAW, (t, s, p) -> {
            t.out(s.remoteAddress().equals(p.localAddress()));
            t.out(s.localAddress().equals(p.remoteAddress()));
        });
        pair("what_came_stays_when_closed", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.holds(1);
            s.close();
            t.next();
            t.nothing();
        });
        pair("closing_is_not_told_to_who_does_it", ACTIVE, (t, s, _) -> {
            s.close();
            t.nothing();
        });
        pair("closed_with_data_that_nobody_took", RAW, (t, s, p) -> {
            t.send(p, "abc");
            s.close();
            t.receives(() -> p.receive(0));
        });
        pair("closed_after_much_was_sent", RAW, (t, s, p) -> {
            t.self.spawn(_ -> t.me.send(SocketScene.count(p)));
            s.send(new byte[1_000_000]);
            s.close();
            t.next();
        });
    }

    private void halfClosing() {
        pair("shutdown_of_writing", RAW, (t, s, p) -> {
            t.does(() -> s.shutdown(Direction.WRITE));
            t.receives(() -> p.receive(0));
            t.send(p, "a");
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("b")));
        });
        pair("shutdown_of_writing_in_active_mode", ACTIVE, (t, s, p) -> {
            t.does(() -> s.shutdown(Direction.WRITE));
            t.send(p, "a");
            t.next();
            p.close();
            t.next();
        });
        pair("shutdown_of_reading", RAW, (t, s, _) -> {
            t.does(() -> s.shutdown(Direction.READ));
            t.receives(() -> s.receive(0));
        });
        pair("shutdown_of_both", RAW, (t, s, p) -> {
            t.does(() -> s.shutdown(Direction.BOTH));
            t.receives(() -> p.receive(0));
            t.does(() -> s.send(bytes("a")));
        });
        pair("shutdown_after_it_was_closed", RAW, (t, s, _) -> {
            s.close();
            t.does(() -> s.shutdown(Direction.WRITE));
        });
        pair("the_peer_ends_a_direction", RAW, (t, s, p) -> {
            p.shutdown(Direction.WRITE);
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("a")));
        });
        pair("the_peer_ends_a_direction_in_active_mode", ACTIVE, (t, s, p) -> {
            p.shutdown(Direction.WRITE);
            t.next();
            t.does(() -> s.send(bytes("a")));
        });
        pair("exit_on_close_is_false", RAW, (t, s, p) -> {
            t.send(p, "a");
            p.shutdown(Direction.WRITE);
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("b")));
            t.receives(() -> p.receive(0));
        });
        pair("exit_on_close_is_false_in_active_mode", ACTIVE, (t, s, p) -> {
            p.shutdown(Direction.WRITE);
            t.next();
            t.does(() -> s.send(bytes("b")));
            t.receives(() -> p.receive(0));
            t.nothing();
        });
    }

    private void resets() {
        pair("reset", RAW, (t, s, p) -> {
            SocketScene.reset(p);
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("a")));
        });
        PairScenario inActiveMode = (t, _, p) -> {
            SocketScene.reset(p);
            t.next();
            t.nothing();
        };
        pair("reset_in_active_mode", ACTIVE, inActiveMode);
        pair("reset_is_shown", ACTIVE, inActiveMode);
        pair("reset_after_data", ACTIVE, (t, _, p) -> {
            t.send(p, "a");
            t.holds(1);
            SocketScene.reset(p);
            t.next(2);
            t.nothing();
        });
        pair("reset_while_another_receives", RAW, (t, s, p) -> {
            t.begins(() -> s.receive(5));
            SocketScene.reset(p);
            t.next();
        });
        pair("reset_while_another_sends", RAW, (t, s, p) -> {
            t.begins(() -> {
                s.send(new byte[MUCH]);
                return bytes("sent");
            });
            SocketScene.reset(p);
            t.next();
        });
    }

    private void sending() {
        pair("send_nothing", RAW, (t, s, p) -> {
            t.does(() -> s.send(bytes("")));
            t.does(() -> s.send(bytes("a")));
            t.receives(() -> p.receive(0));
        });
        pair("send_of_another_process", RAW, (t, s, p) -> {
            t.self.spawn(_ -> t.me.send(SocketScene.done(() -> s.send(bytes("a")))));
            t.next();
            t.receives(() -> p.receive(0));
        });
        pair("send_to_a_peer_that_has_closed", RAW, (t, s, p) -> {
            p.close();
            String answer = "ok";
            while (answer.equals("ok")) {
                answer = SocketScene.done(() -> s.send(bytes("a")));
            }
            t.out(answer);
        });
        pair("send_takes_too_long", RAW.withSendTimeout(Timeout.after(Duration.ofMillis(30))), (t, s, p) -> {
            t.does(() -> s.send(new byte[MUCH]));
            t.does(() -> s.send(bytes("y")));
            t.out(p.receive(MUCH).length);
            t.does(() -> s.send(bytes("z")));
            s.close();
            t.receives(() -> p.receive(1));
        });
        pair("send_while_messages_come", ACTIVE, (t, s, p) -> {
            t.send(p, "a");
            t.holds(1);
            t.does(() -> s.send(bytes("b")));
            t.next();
            t.receives(() -> p.receive(0));
        });
    }
}
