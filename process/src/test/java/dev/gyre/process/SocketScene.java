package dev.gyre.process;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IoException;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A scenario of {@link OtpTest} about sockets, over the loopback; counterpart of {@code sockets.erl}. */
final class SocketScene extends Scene {
    static final TcpOptions RAW = TcpOptions.DEFAULT;
    static final TcpOptions ACTIVE = RAW.withActive(ActiveMode.ALWAYS);
    static final TcpOptions LINES = RAW.withFraming(Framing.LINE);
    static final Timeout ZERO = Timeout.after(Duration.ZERO);
    static final Ip4Address LOOPBACK = Ip4Address.loopback(0);

    private SocketScene(Scene scene) {
        super(scene);
    }

    /** What a scenario does. */
    interface SocketScenario {
        void run(SocketScene t) throws Exception;
    }

    /** What it does with a connection, and the other end, which is passive and without frames. */
    interface PairScenario {
        void run(SocketScene t, TcpSocket s, TcpSocket p) throws Exception;
    }

    /** What it does with two sockets of datagrams. */
    interface DatagramScenario {
        void run(SocketScene t, UdpSocket s, UdpSocket p) throws Exception;
    }

    /** What may fail. */
    interface Step {
        void run() throws Exception;
    }

    /** What receives, or fails. */
    interface Receipt {
        byte[] run() throws Exception;
    }

    static void add(Map<String, Scenario> all, String name, SocketScenario scenario) {
        all.put(name, scene -> scenario.run(new SocketScene(scene)));
    }

    static void pair(Map<String, Scenario> all, String name, TcpOptions options, PairScenario scenario) {
        add(all, name, t -> {
            TcpListener listener = t.listen(options);
            TcpSocket peer = t.connect(listener);
            TcpSocket socket = t.self.sockets().accept(listener);
            listener.close();
            scenario.run(t, socket, peer);
        });
    }

    static void datagrams(Map<String, Scenario> all, String name, UdpOptions options, DatagramScenario scenario) {
        add(all, name, t -> scenario.run(t, t.bind(options), t.bind(UdpOptions.DEFAULT)));
    }

    static String text(SocketMessage message) {
        return switch (message) {
            case SocketMessage.Data(_, byte[] bytes) -> "data " + quoted(bytes);
            case SocketMessage.Packet(_, _, byte[] bytes) -> "packet " + quoted(bytes);
            case SocketMessage.Closed _ -> "closed";
            case SocketMessage.Passive _ -> "passive";
            case SocketMessage.Failed(_, Throwable cause) -> "error " + failure(cause);
        };
    }

    private static String quoted(byte[] bytes) {
        return bytes.length == 0
                ? "(empty)"
                : new String(bytes, StandardCharsets.ISO_8859_1).replace("\n", "\\n").replace("\r", "\\r");
    }

    /** In the terms of Erlang. */
    private static String failure(Throwable cause) {
        return switch (cause) {
            case IoException failure -> switch (failure.reason()) {
                case CLOSED -> "closed";
                case TIMED_OUT -> "timeout";
                case TOO_LONG -> "emsgsize";
                case CONNECTION_REFUSED -> "econnrefused";
                case ADDRESS_IN_USE -> "eaddrinuse";
                case ADDRESS_NOT_AVAILABLE -> "eaddrnotavail";
                default -> failure.reason().toString();
            };
            case NotOwnerException _ -> "not_owner";
            case IllegalArgumentException _, IllegalStateException _ -> "refused";
            default -> cause.toString();
        };
    }

    /** What receiving has come to. */
    static String answer(Receipt receipt) {
        try {
            return "ok " + quoted(receipt.run());
        } catch (Exception failure) {
            return failure(failure);
        }
    }

    /** What something has come to that receives nothing. */
    static String done(Step step) {
        try {
            step.run();
            return "ok";
        } catch (Exception failure) {
            return failure(failure);
        }
    }

    void receives(Receipt receipt) {
        out(answer(receipt));
    }

    void does(Step step) {
        out(done(step));
    }

    void numbers(byte[] bytes) {
        out(IntStream.range(0, bytes.length)
                .mapToObj(at -> Integer.toString(bytes[at] & 0xff))
                .collect(Collectors.joining(" ")));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    TcpListener listen(TcpOptions connections) throws IoException {
        return listen(0, TcpListenOptions.DEFAULT.withConnections(connections));
    }

    TcpListener listen(int port, TcpListenOptions options) throws IoException {
        return self.sockets().listen(port, options.withIp(LOOPBACK));
    }

    TcpSocket connect(TcpListener listener) throws IoException {
        return connect(listener.port(), TcpConnectOptions.DEFAULT);
    }

    TcpSocket connect(int port, TcpConnectOptions options) throws IoException {
        return self.sockets().connect("127.0.0.1", port, options);
    }

    UdpSocket bind(UdpOptions options) throws IoException {
        return self.sockets().bind(0, options.withIp(LOOPBACK));
    }

    /** Connects until that takes too long. */
    List<TcpSocket> connected(int port) {
        List<TcpSocket> all = new ArrayList<>();
        TcpConnectOptions options = TcpConnectOptions.DEFAULT.withTimeout(Timeout.after(Duration.ofMillis(100)));
        String answer = "ok";
        while (answer.equals("ok")) {
            answer = done(() -> all.add(connect(port, options)));
        }
        out(answer);
        return all;
    }

    void send(TcpSocket socket, String text) throws IoException {
        socket.send(bytes(text));
    }

    void send(UdpSocket socket, UdpSocket to, String text) throws IoException {
        socket.send(bytes(text), to.localAddress());
    }

    static void reset(TcpSocket socket) throws IoException {
        socket.setOption(SocketOption.RESET_ON_CLOSE, true);
        socket.close();
    }

    void active(ActiveSocket socket, ActiveMode mode) {
        does(() -> socket.setActive(mode));
    }

    /** Waits until so many messages are in its mailbox, and takes none. */
    void holds(int many) {
        while (self.node().info(me).orElseThrow().messages() < many) {
            self.io().sleep(Duration.ofMillis(1));
        }
    }

    /** Starts a process that tells what something has come to. */
    void tells(Receipt receipt) {
        self.spawn(_ -> me.send(answer(receipt)));
    }

    /** Starts one that says that it begins, and then what something has come to; and waits for its beginning. */
    void begins(Receipt receipt) {
        self.spawn(_ -> {
            me.send("ready");
            me.send(answer(receipt));
        });
        next();
    }

    /** A process that tells what comes to it. */
    Pid relay() {
        return self.spawn(one -> {
            while (true) {
                me.send("got " + text(one.receive()));
            }
        });
    }

    void kill(Pid process) {
        Monitor monitor = self.monitor(process);
        self.exit(process, ExitReason.KILL);
        self.<Object>receive(
                message -> message instanceof Signal.Down down && down.monitor() == monitor ? down : null);
    }

    /** How many bytes come until the end. */
    static int count(TcpSocket socket) {
        int total = 0;
        try {
            while (true) {
                total += socket.receive(0).length;
            }
        } catch (IoException end) {
            return total;
        }
    }
}
