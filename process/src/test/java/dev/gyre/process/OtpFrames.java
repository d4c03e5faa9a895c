package dev.gyre.process;

import static dev.gyre.process.SocketScene.ACTIVE;
import static dev.gyre.process.SocketScene.LINES;
import static dev.gyre.process.SocketScene.LOOPBACK;
import static dev.gyre.process.SocketScene.RAW;
import static dev.gyre.process.SocketScene.ZERO;
import static dev.gyre.process.SocketScene.bytes;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import dev.gyre.process.Scene.Scenario;
import dev.gyre.process.SocketScene.DatagramScenario;
import dev.gyre.process.SocketScene.PairScenario;
import dev.gyre.process.SocketScene.SocketScenario;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Those scenarios of {@link OtpTest} that are about frames, listeners, datagrams, and messages beside all that. */
final class OtpFrames {
    private static final TcpOptions SHORT = RAW.withFraming(Framing.LENGTH_2);

    private final Map<String, Scenario> all = new LinkedHashMap<>();

    private OtpFrames() {}

    static Map<String, Scenario> all() {
        OtpFrames scenarios = new OtpFrames();
        scenarios.frames();
        scenarios.cutFrames();
        scenarios.longFrames();
        scenarios.otherFrames();
        scenarios.accepting();
        scenarios.listeners();
        scenarios.ports();
        scenarios.connecting();
        scenarios.mailboxes();
        scenarios.datagrams();
        scenarios.datagramsInTime();
        scenarios.datagramErrors();
        return scenarios.all;
    }

    private void add(String name, SocketScenario scenario) {
        SocketScene.add(all, name, scenario);
    }

    private void pair(String name, TcpOptions options, PairScenario scenario) {
        SocketScene.pair(all, name, options, scenario);
    }

    private void udp(String name, ActiveMode mode, DatagramScenario scenario) {
        SocketScene.datagrams(all, name, UdpOptions.DEFAULT.withActive(mode), scenario);
    }

    /** A frame, there and back. */
    private void frame(String name, Framing framing, String frame) {
        pair(name, RAW.withFraming(framing), (t, s, p) -> {
            t.does(() -> s.send(bytes("abc")));
            t.numbers(p.receive(frame.length()));
            t.send(p, frame);
            t.receives(() -> s.receive(0));
            t.active(s, ActiveMode.ONCE);
            t.send(p, frame);
            t.next();
        });
    }

    private void frames() {
        frame("frames_with_1_byte", Framing.LENGTH_1, "\3abc");
        frame("frames_with_2_bytes", Framing.LENGTH_2, "\0\3abc");
        frame("frames_with_4_bytes", Framing.LENGTH_4, "\0\0\0\3abc");
        pair("a_frame_of_nothing", SHORT, (t, s, p) -> {
            t.send(p, "\0\0\0\1a");
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
            t.does(() -> s.send(bytes("")));
            t.numbers(p.receive(2));
        });
        pair("a_frame_in_pieces", ACTIVE.withFraming(Framing.LENGTH_4), (t, _, p) -> {
            p.setOption(SocketOption.NO_DELAY, true);
            for (char each : "\0\0\0\5hello".toCharArray()) {
                t.send(p, String.valueOf(each));
            }
            t.next();
            t.nothing();
        });
        pair("frames_at_once", RAW.withFraming(Framing.LENGTH_1), (t, s, p) -> {
            t.send(p, "\1a\2bc\1d");
            t.receives(() -> s.receive(0));
            t.active(s, ActiveMode.times(2));
            t.next(3);
        });
        pair("lines", LINES, (t, s, p) -> {
            t.does(() -> s.send(bytes("a\n")));
            t.does(() -> s.send(bytes("b")));
            t.receives(() -> p.receive(3));
            t.send(p, "c\r\nd\n\n");
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
        });
    }

    private void cutFrames() {
        PairScenario receives = (t, s, p) -> {
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
        };
        cut("a_frame_is_cut_at_the_end", SHORT, "\0\1a\0\5hel", receives);
        cut("a_frame_is_cut_at_the_end_in_active_mode", SHORT.withActive(ActiveMode.ALWAYS), "\0\5hel", (t, _, _) -> {
            t.next();
            t.nothing();
        });
        cut("a_line_is_cut_at_the_end", LINES, "a\nb", receives);
        cut("a_line_is_cut_at_the_end_in_active_mode", LINES.withActive(ActiveMode.ALWAYS), "a\nb", (t, _, _) -> {
            t.next(2);
            t.nothing();
        });
    }

    private void cut(String name, TcpOptions options, String sent, PairScenario then) {
        pair(name, options, (t, s, p) -> {
            t.send(p, sent);
            p.close();
            then.run(t, s, p);
        });
    }

    private void longFrames() {
        TcpOptions bounded = RAW.withFraming(Framing.LENGTH_4).withFrameMax(4 + 10);
        pair("a_frame_is_too_long", bounded, (t, s, p) -> {
            t.send(p, "\0\0\0\13hello");
            t.receives(() -> s.receive(0));
            t.receives(() -> p.receive(0));
        });
        pair("a_frame_is_too_long_in_active_mode", bounded.withActive(ActiveMode.ALWAYS), (t, _, p) -> {
            t.send(p, "\0\0\0\13hello");
            t.next(2);
            t.receives(() -> p.receive(0));
        });
        pair("a_line_is_too_long", LINES.withFrameMax(8), (t, s, p) -> {
            t.send(p, "0123456789\n");
            t.receives(() -> s.receive(0));
            t.receives(() -> p.receive(0));
        });
        pair("a_message_is_too_long_for_its_frame", RAW.withFraming(Framing.LENGTH_1), (t, s, p) -> {
            t.does(() -> s.send(new byte[256]));
            t.does(() -> s.send(bytes("a")));
            t.numbers(p.receive(2));
        });
    }

    private void otherFrames() {
        pair("from_lines_to_bytes", LINES, (t, s, p) -> {
            t.send(p, "5\nhello6\n");
            t.receives(() -> s.receive(0));
            t.does(() -> s.setFraming(Framing.RAW));
            t.receives(() -> s.receive(5));
            t.does(() -> s.setFraming(Framing.LINE));
            t.receives(() -> s.receive(0));
        });
        pair("from_lines_to_frames_in_once", LINES.withActive(ActiveMode.ONCE), (t, s, p) -> {
            t.send(p, "go\n\0\1a");
            t.next();
            t.does(() -> {
                s.setFraming(Framing.LENGTH_2);
                s.setActive(ActiveMode.ONCE);
            });
            t.next();
            t.does(() -> s.send(bytes("b")));
            t.numbers(p.receive(3));
        });
    }

    private static void accepts(SocketScene t, TcpListener listener, Timeout limit) {
        t.does(() -> t.self.sockets().accept(listener, limit));
    }

    private void accepting() {
        add("accept_with_zero", t -> accepts(t, t.listen(RAW), ZERO));
        add("accept_takes_too_long", t -> {
            TcpListener listener = t.listen(RAW);
            accepts(t, listener, Timeout.after(Duration.ofMillis(10)));
            TcpSocket p = t.connect(listener);
            TcpSocket s = t.self.sockets().accept(listener);
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        add("accept_who_waits_with_zero", t -> {
            TcpListener listener = t.listen(RAW);
            t.connect(listener);
            accepts(t, listener, ZERO);
            accepts(t, listener, Timeout.NONE);
        });
        add("accept_one_that_has_sent_and_closed", t -> {
            TcpListener listener = t.listen(RAW);
            TcpSocket p = t.connect(listener);
            t.send(p, "a");
            p.close();
            TcpSocket s = t.self.sockets().accept(listener);
            t.receives(() -> s.receive(0));
            t.receives(() -> s.receive(0));
        });
        add("accepted_in_the_mode_of_the_listener", t -> {
            TcpListener listener = t.listen(LINES.withActive(ActiveMode.times(1)));
            t.send(t.connect(listener), "a\nb\n");
            TcpSocket s = t.self.sockets().accept(listener);
            t.next(2);
            t.receives(() -> s.receive(0));
        });
        add("who_accepts_is_killed", t -> {
            TcpListener listener = t.listen(RAW);
            t.kill(t.self.spawn(one -> one.sockets().accept(listener)));
            TcpSocket p = t.connect(listener);
            TcpSocket s = t.self.sockets().accept(listener);
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        add("several_accept", t -> {
            TcpListener listener = t.listen(RAW);
            for (int i = 0; i < 3; i++) {
                t.self.spawn(one -> {
                    TcpSocket s = one.sockets().accept(listener);
                    t.me.send(SocketScene.answer(() -> s.receive(0)));
                    Scene.idle(one);
                });
            }
            for (String text : List.of("a", "b", "c")) {
                t.send(t.connect(listener), text);
            }
            t.sorted(3);
        });
        add("who_has_accepted_ends", t -> {
            TcpListener listener = t.listen(RAW);
            t.self.spawn(one -> one.sockets().accept(listener));
            TcpSocket p = t.connect(listener);
            t.receives(() -> p.receive(0));
        });
    }

    /** Another process accepts a connection, and tells what that has come to. */
    private static void beginsToAccept(SocketScene t, TcpListener listener) {
        t.self.spawn(one -> {
            t.me.send("ready");
            t.me.send(SocketScene.done(() -> one.sockets().accept(listener)));
        });
        t.next();
    }

    private void listeners() {
        add("closed_while_another_accepts", t -> {
            TcpListener listener = t.listen(RAW);
            beginsToAccept(t, listener);
            listener.close();
            t.next();
            accepts(t, listener, Timeout.NONE);
        });
        add("the_owner_of_a_listener_ends", t -> {
            Monitor owner = t.self.spawnMonitor(one -> {
                t.me.send(one.sockets().listen(0, TcpListenOptions.DEFAULT.withIp(LOOPBACK)));
                Scene.idle(one);
            });
            TcpListener listener = t.self.receive(message -> message instanceof TcpListener it ? it : null);
            int port = listener.port();
            TcpSocket p = t.connect(listener);
            TcpSocket s = t.self.sockets().accept(listener);
            beginsToAccept(t, listener);
            owner.process().send("stop");
            t.self.<Object>receive(message -> message instanceof Signal.Down ? message : null);
            t.next();
            t.does(() -> t.connect(port, TcpConnectOptions.DEFAULT));
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        add("a_listener_is_handed_over", t -> {
            TcpListener listener = t.listen(RAW);
            int port = listener.port();
            Monitor owner = t.self.spawnMonitor(Scene::idle);
            t.does(() -> listener.controllingProcess(owner.process()));
            owner.process().send("stop");
            t.down(owner);
            accepts(t, listener, Timeout.NONE);
            t.does(() -> t.connect(port, TcpConnectOptions.DEFAULT));
        });
    }

    private void ports() {
        add("a_port_is_taken", t -> {
            int port = t.listen(RAW).port();
            t.does(() -> t.listen(port, TcpListenOptions.DEFAULT));
        });
        add("a_port_is_free_again", t -> {
            TcpListener listener = t.listen(RAW);
            int port = listener.port();
            TcpSocket p = t.connect(listener);
            TcpSocket s = t.self.sockets().accept(listener);
            listener.close();
            t.does(() -> t.listen(port, TcpListenOptions.DEFAULT));
            t.send(p, "a");
            t.receives(() -> s.receive(0));
        });
        add("a_port_that_is_none", t -> {
            t.does(() -> t.listen(65_536, TcpListenOptions.DEFAULT));
            t.does(() -> t.listen(-1, TcpListenOptions.DEFAULT));
        });
        add("a_backlog_that_is_none", t -> t.does(() -> TcpListenOptions.DEFAULT.withBacklog(-1)));
        add("an_address_of_another_machine", t -> t.does(() -> t.self.sockets()
                .listen(0, TcpListenOptions.DEFAULT.withIp(IpAddress.parse("192.0.2.1", 0)))));
    }

    private void connecting() {
        add("connect_to_nobody", t -> {
            TcpListener listener = t.listen(RAW);
            int port = listener.port();
            listener.close();
            t.does(() -> t.connect(port, TcpConnectOptions.DEFAULT));
        });
        add("the_backlog_is_full", t -> {
            TcpListener listener = t.listen(0, TcpListenOptions.DEFAULT.withBacklog(1));
            for (TcpSocket _ : t.connected(listener.port())) {
                TcpSocket _ = t.self.sockets().accept(listener);
            }
            t.out("accepted");
            List<TcpSocket> _ = t.connected(listener.port());
        });
        add("connect_to_a_port_that_is_none", t -> t.does(() -> t.connect(65_536, TcpConnectOptions.DEFAULT)));
        add("connect_from_an_address", t -> {
            TcpListener listener = t.listen(RAW);
            t.connect(listener.port(), TcpConnectOptions.DEFAULT.withLocal(Ip4Address.parse("127.0.0.2", 0)));
            TcpSocket s = t.self.sockets().accept(listener);
            t.out(((IpAddress) s.remoteAddress()).withPort(0).toString().replace(":0", ""));
        });
        add("connect_in_active_mode", t -> {
            TcpListener listener = t.listen(RAW);
            TcpSocket c = t.connect(
                    listener.port(),
                    TcpConnectOptions.DEFAULT.withConnection(
                            RAW.withFraming(Framing.LENGTH_1).withActive(ActiveMode.ONCE)));
            t.send(t.self.sockets().accept(listener), "\1a\1b");
            t.next();
            t.receives(() -> c.receive(0));
        });
    }

    private void mailboxes() {
        pair("another_message_is_waited_for", ACTIVE, (t, _, p) -> {
            t.send(p, "a");
            t.holds(1);
            t.me.send("m");
            t.want("m");
            t.out("m");
            t.next();
        });
        pair("messages_and_data_in_order", ACTIVE, (t, _, p) -> {
            t.send(p, "a");
            t.holds(1);
            t.me.send("m");
            t.send(p, "b");
            t.holds(3);
            t.me.send("n");
            t.next(4);
        });
        pair("data_and_the_end_among_messages", ACTIVE, (t, _, p) -> {
            t.me.send("m");
            t.send(p, "a");
            t.holds(2);
            p.close();
            t.holds(3);
            t.me.send("n");
            t.next(4);
        });
        pair("a_message_comes_while_data_is_received", RAW, (t, s, p) -> {
            Pid other = t.self.spawn(one -> {
                t.me.send(SocketScene.answer(() -> s.receive(0)));
                t.me.send(one.receive());
            });
            other.send("m");
            t.send(p, "a");
            t.next(2);
        });
        pair("two_sockets", ACTIVE, (t, _, p) -> {
            TcpListener listener = t.listen(RAW.withActive(ActiveMode.ONCE));
            TcpSocket q = t.connect(listener);
            TcpSocket _ = t.self.sockets().accept(listener);
            t.send(p, "a");
            t.holds(1);
            t.send(q, "b");
            t.holds(2);
            t.send(p, "c");
            t.next(3);
        });
        pair("an_exit_signal_among_data", ACTIVE, (t, _, p) -> {
            t.self.trapExit(true);
            t.send(p, "a");
            t.holds(1);
            t.self.exit(t.me, Scene.BAD);
            t.send(p, "b");
            t.next(3);
        });
    }

    private void datagrams() {
        udp("udp", ActiveMode.PASSIVE, (t, s, p) -> {
            t.send(p, s, "a");
            t.receives(() -> s.receive().bytes());
        });
        udp("udp_active_true", ActiveMode.ALWAYS, (t, s, p) -> {
            t.send(p, s, "a");
            t.send(p, s, "b");
            t.next(2);
        });
        udp("udp_active_once", ActiveMode.ONCE, (t, s, p) -> {
            t.send(p, s, "a");
            t.send(p, s, "b");
            t.next();
            t.nothing();
            t.receives(() -> s.receive().bytes());
            t.active(s, ActiveMode.ONCE);
            t.send(p, s, "c");
            t.next();
        });
        udp("udp_active_times", ActiveMode.times(2), (t, s, p) -> {
            t.send(p, s, "a");
            t.send(p, s, "b");
            t.send(p, s, "c");
            t.next(3);
            t.receives(() -> s.receive().bytes());
        });
        udp("udp_of_nothing", ActiveMode.ONCE, (t, s, p) -> {
            t.send(p, s, "");
            t.next();
            t.send(p, s, "");
            t.receives(() -> s.receive().bytes());
        });
        UdpOptions narrow = UdpOptions.DEFAULT.withReceiveBuffer(4);
        SocketScene.datagrams(all, "udp_longer_than_the_buffer", narrow, (t, s, p) -> {
            t.send(p, s, "abcdef");
            t.send(p, s, "g");
            t.receives(() -> s.receive().bytes());
            t.active(s, ActiveMode.ONCE);
            t.next();
        });
    }

    private void datagramsInTime() {
        udp("udp_receive_while_active", ActiveMode.ALWAYS, (t, s, _) -> t.receives(() -> s.receive().bytes()));
        udp("udp_receive_with_zero", ActiveMode.PASSIVE, (t, s, _) -> t.receives(() -> s.receive(ZERO).bytes()));
        udp("udp_receive_takes_too_long", ActiveMode.PASSIVE, (t, s, p) -> {
            t.receives(() -> s.receive(Timeout.after(Duration.ofMillis(10))).bytes());
            t.send(p, s, "a");
            t.receives(() -> s.receive().bytes());
        });
        udp("udp_closed_while_another_receives", ActiveMode.PASSIVE, (t, s, _) -> {
            t.begins(() -> s.receive().bytes());
            s.close();
            t.next();
        });
        udp("udp_used_after_it_was_closed", ActiveMode.PASSIVE, (t, s, p) -> {
            s.close();
            t.receives(() -> s.receive().bytes());
            t.does(() -> s.send(bytes("a"), p.localAddress()));
        });
    }

    private void datagramErrors() {
        udp("udp_handed_over_with_messages", ActiveMode.ALWAYS, (t, s, p) -> {
            Pid relay = t.relay();
            t.send(p, s, "a");
            t.send(p, s, "b");
            t.holds(2);
            t.does(() -> s.controllingProcess(relay));
            t.send(p, s, "c");
            t.next(3);
        });
        udp("udp_to_nobody", ActiveMode.PASSIVE, (t, s, p) -> {
            Ip4Address nobody = Ip4Address.loopback(p.port());
            p.close();
            t.does(() -> s.connect(nobody));
            t.does(() -> s.send(bytes("a")));
            t.receives(() -> s.receive().bytes());
        });
        udp("udp_to_nobody_in_active_mode", ActiveMode.ALWAYS, (t, s, p) -> {
            Ip4Address nobody = Ip4Address.loopback(p.port());
            p.close();
            t.does(() -> s.connect(nobody));
            t.does(() -> s.send(bytes("a")));
            t.next();
            t.out(s.active() == ActiveMode.ALWAYS);
        });
    }
}
