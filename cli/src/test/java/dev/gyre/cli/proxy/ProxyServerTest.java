package dev.gyre.cli.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.Address;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's engine, between clients and targets that are sockets of the JDK. */
@Tag("T14")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // closing may be interrupted, and comes in the middle, too
final class ProxyServerTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration NEVER = Duration.ZERO;
    private static final ProxyOptions.Limits LIMITS = new ProxyOptions.Limits(100, false, LONG, NEVER, LONG);
    private static final int MANY = 8 * 1024 * 1024;
    private static final int CHUNK_MAX = 300_000;

    /** Both ways at once, and the end of one direction long before that of the other. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void everyByteArrivesAndEachDirectionEndsForItself(String backend) throws Exception {
        byte[] request = random(MANY, 1);
        byte[] answer = random(MANY, 2);
        try (Io io = open(backend); ServerSocket target = listen(); Running proxy = new Running(io, to(target))) {
            try (Socket client = proxy.connect(); Socket server = target.accept()) {
                Thread early = Thread.startVirtualThread(() -> write(server, Arrays.copyOf(answer, MANY / 2)));
                Thread writer = Thread.startVirtualThread(() -> {
                    write(client, request);
                    shutdown(client);
                });
                Thread reader = Thread.startVirtualThread(() -> {
                    assertThat(read(client, MANY / 2)).isEqualTo(Arrays.copyOf(answer, MANY / 2));
                    proxy.seen.add("half");
                });
                assertThat(server.getInputStream().readAllBytes()).isEqualTo(request);
                writer.join();
                early.join();
                reader.join();
                assertThat(proxy.seen.poll()).isEqualTo("half");
                write(server, Arrays.copyOfRange(answer, MANY / 2, MANY));
                assertThat(read(client, MANY / 2)).isEqualTo(Arrays.copyOfRange(answer, MANY / 2, MANY));
                server.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            proxy.awaitNone();
            assertThat(proxy.server.allTargets().getFirst().sent()).isEqualTo(MANY);
            assertThat(proxy.server.allTargets().getFirst().received()).isEqualTo(MANY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void unixSocketsAreJoinedWithTcpAndWithEachOther(String backend, @TempDir Path folder) throws Exception {
        byte[] content = random(1_000_000, 3);
        Path path = folder.resolve("socket");
        try (Io io = open(backend);
                ServerSocket target = listen();
                Running inner = new Running(io, new UnixAddress("\0gyre-proxy-" + backend), to(target));
                Running outer = new Running(io, new UnixAddress(path.toString()), to(inner.server.address()))) {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                try (Socket server = target.accept()) {
                    Thread writer = Thread.startVirtualThread(() -> {
                        write(server, content);
                        shutdown(server);
                    });
                    ByteBuffer read = ByteBuffer.allocate(content.length + 1);
                    while (client.read(read) >= 0) {
                        // up to the end
                    }
                    writer.join();
                    assertThat(Arrays.copyOf(read.array(), read.position())).isEqualTo(content);
                    client.shutdownOutput();
                    assertThat(server.getInputStream().read()).isEqualTo(-1);
                }
            }
            outer.awaitNone();
        }
        assertThat(path).doesNotExist();
    }

    /** A path that was left behind is taken over; one where somebody listens, or a file, is not. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aPathThatWasLeftBehindIsTakenOver(String backend, @TempDir Path folder) throws Exception {
        Address address = new UnixAddress(folder.resolve("socket").toString());
        Address file = new UnixAddress(Files.createFile(folder.resolve("file")).toString());
        try (Io io = open(backend); ServerSocket target = listen()) {
            io.listen(address, ListenOptions.DEFAULT).close();
            try (Running _ = new Running(io, address, to(target))) {
                assertThatThrownBy(() -> new Running(io, address, to(target))).hasMessageContaining("in use");
                assertThatThrownBy(() -> new Running(io, file, to(target))).hasMessageContaining("in use");
            }
        }
        assertThat(folder.resolve("file")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aResetIsPassedOnAsOne(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket target = listen(); Running proxy = new Running(io, to(target))) {
            for (int begun : new int[] {0, 1, MANY}) {
                for (boolean byClient : new boolean[] {true, false}) {
                    try (Socket client = proxy.connect(); Socket server = target.accept()) {
                        Socket breaks = byClient ? client : server;
                        Socket hears = byClient ? server : client;
                        Thread writer = Thread.startVirtualThread(() -> write(breaks, random(begun, 4)));
                        assertThat(read(hears, begun)).hasSize(begun);
                        writer.join();
                        breaks.setSoLinger(true, 0);
                        breaks.close();
                        assertThatThrownBy(() -> hears.getInputStream().read())
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("reset");
                    }
                    proxy.awaitNone();
                }
            }
        }
    }

    /** The target answers and closes before it has read everything: the client reads the answer, then the reset. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void whatCameBeforeAResetIsDelivered(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket target = listen(); Running proxy = new Running(io, to(target))) {
            try (Socket client = proxy.connect()) {
                try (Socket server = target.accept()) {
                    write(client, random(100_000, 5));
                    assertThat(server.getInputStream().read()).isNotNegative();
                    write(server, "answer".getBytes(UTF_8));
                }
                assertThat(new String(read(client, 6), UTF_8)).isEqualTo("answer");
                assertThatThrownBy(() -> {
                            while (true) {
                                client.getOutputStream().write(1);
                            }
                        })
                        .isInstanceOf(SocketException.class);
            }
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aTargetThatIsDownIsSkippedUntilItIsBack(String backend) throws Exception {
        int port;
        try (ServerSocket gone = listen()) {
            port = gone.getLocalPort();
        }
        try (Io io = open(backend); ServerSocket target = listen()) {
            ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0),
                    List.of(to(port), to(target)), Balance.ROUND_ROBIN, LIMITS, NEVER, false, false);
            try (Running proxy = new Running(io, options)) {
                for (int i = 0; i < 4; i++) {
                    try (Socket _ = proxy.connect(); Socket _ = target.accept()) {
                        // joined
                    }
                }
                assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains(":" + port + " is down", "refused", "1 s");
                assertThat(proxy.server.allTargets()).extracting(Target::isUp).containsExactly(false, true);
                try (ServerSocket back = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
                    greet(back);
                    greet(target);
                    while (!proxy.server.allTargets().getFirst().isUp()) {
                        try (Socket client = proxy.connect()) {
                            assertThat(client.getInputStream().read()).isEqualTo('!');
                        }
                    }
                }
                assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains(":" + port + " is up again");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aCheckFindsATargetThatIsDownAndOneThatIsBack(String backend) throws Exception {
        int port;
        try (ServerSocket gone = listen()) {
            port = gone.getLocalPort();
        }
        try (Io io = open(backend)) {
            ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0), List.of(to(port)),
                    Balance.ROUND_ROBIN, LIMITS, Duration.ofMillis(100), false, true);
            try (Running proxy = new Running(io, options)) {
                assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains("is down");
                try (Socket refused = proxy.connect()) {
                    assertThatThrownBy(() -> refused.getInputStream().read()).hasMessageContaining("reset");
                }
                eventually(() -> proxy.server.refused() == 1);
                try (ServerSocket back = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
                        Socket check = back.accept()) {
                    assertThat(check.getInputStream().readAllBytes()).isEqualTo(ProxyHeader.LOCAL);
                    assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains("is up again");
                }
            }
        }
    }

    /** The machine itself has two addresses, and many a server listens at one of them only. */
    @ParameterizedTest
    @CsvSource({"uring, 127.0.0.1", "uring, ::1", "threaded, 127.0.0.1", "threaded, ::1"})
    @Tag("T16")
    void aTargetMayHaveAName(String backend, String host) throws Exception {
        InetAddress address = InetAddress.ofLiteral(host);
        try (Io io = open(backend); ServerSocket target = listen(address)) {
            Destination named = new Destination.Named("target.localhost", target.getLocalPort());
            try (Running proxy = new Running(io, named);
                    Socket client = proxy.connect();
                    Socket server = target.accept()) {
                assertThat(server.getLocalAddress()).isEqualTo(address);
                write(client, new byte[] {7});
                assertThat(server.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    @Tag("T16")
    void aTargetWhoseNameIsNoneIsDown(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket target = listen()) {
            ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0),
                    List.of(new Destination.Named("not..there", 1), to(target)), Balance.ROUND_ROBIN, LIMITS, NEVER,
                    false, false);
            try (Running proxy = new Running(io, options);
                    Socket _ = proxy.connect();
                    Socket _ = target.accept()) {
                assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains("not..there:1 is down", "host name");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void connectionsAreBalanced(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket a = listen(); ServerSocket b = listen()) {
            for (Balance balance : Balance.values()) {
                ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0), List.of(to(a), to(b)), balance,
                        LIMITS, NEVER, false, false);
                try (Running proxy = new Running(io, options)) {
                    List<Socket> held = new ArrayList<>();
                    for (int i = 1; i <= 6; i++) {
                        held.add(proxy.connect());
                        int count = i;
                        eventually(() -> proxy.server.allTargets().stream().mapToInt(Target::active).sum() == count);
                    }
                    assertThat(proxy.server.allTargets()).extracting(Target::active).containsExactly(3, 3);
                    for (Socket socket : held) {
                        socket.close();
                    }
                    drain(a, 3);
                    drain(b, 3);
                    proxy.awaitNone();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void connectionsBeyondTheLimitWaitOrAreReset(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket target = listen()) {
            try (Running proxy = new Running(io, limited(target, new ProxyOptions.Limits(1, false, LONG, NEVER, LONG)));
                    Socket waits = new Socket()) {
                try (Socket first = proxy.connect(); Socket _ = target.accept()) {
                    waits.connect(first.getRemoteSocketAddress());
                    waits.getOutputStream().write(7);
                    assertThat(proxy.server.accepted()).isEqualTo(1);
                }
                try (Socket server = target.accept()) {
                    assertThat(server.getInputStream().read()).isEqualTo(7);
                }
            }
            try (Running proxy = new Running(io, limited(target, new ProxyOptions.Limits(1, true, LONG, NEVER, LONG)));
                    Socket _ = proxy.connect();
                    Socket _ = target.accept();
                    Socket second = proxy.connect()) {
                assertThatThrownBy(() -> second.getInputStream().read()).hasMessageContaining("reset");
                assertThat(proxy.server.refused()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void whatIsIdleIsResetAndWhatMovesIsNot(String backend) throws Exception {
        Duration limit = Duration.ofMillis(400);
        try (Io io = open(backend);
                ServerSocket target = listen();
                Running proxy =
                        new Running(io, limited(target, new ProxyOptions.Limits(9, false, LONG, limit, LONG)));
                Socket idle = proxy.connect();
                Socket idleServer = target.accept();
                Socket busy = proxy.connect();
                Socket busyServer = target.accept()) {
            Thread ticking = Thread.startVirtualThread(() -> {
                while (busyServer.isConnected() && !idle.isClosed()) {
                    io.sleep(Duration.ofMillis(20));
                    write(busyServer, new byte[1]);
                    read(busy, 1);
                }
            });
            assertThatThrownBy(() -> idle.getInputStream().read()).hasMessageContaining("reset");
            assertThatThrownBy(() -> idleServer.getInputStream().read()).hasMessageContaining("reset");
            eventually(() -> proxy.server.active() == 1);
            idle.close();
            ticking.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aTargetThatDoesNotAnswerIsGivenUp(String backend, @TempDir Path folder) throws Exception {
        Address silent = new UnixAddress(folder.resolve("full").toString());
        try (Io io = open(backend);
                ServerSocket target = listen();
                Listener full = io.listen(silent, ListenOptions.DEFAULT.withBacklog(1))) {
            List<Task<Object, Exception>> fillers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                fillers.add(io.concurrent(() -> io.connect(full.localAddress())));
            }
            ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0), List.of(to(silent), to(target)),
                    Balance.ROUND_ROBIN, new ProxyOptions.Limits(9, false, Duration.ofMillis(200), NEVER, LONG),
                    NEVER, false, false);
            eventually(() -> fillers.stream().filter(Task::isDone).count() == 2);
            try (Running proxy = new Running(io, options);
                    Socket client = proxy.connect();
                    Socket server = target.accept()) {
                write(client, new byte[] {9});
                assertThat(read(server, 1)).containsExactly(9);
                assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).contains("full is down: no answer within");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aStoppedProxyLetsItsConnectionsEnd(String backend) throws Exception {
        try (Io io = open(backend); ServerSocket target = listen(); Running proxy = new Running(io, to(target))) {
            try (Socket client = proxy.connect(); Socket server = target.accept()) {
                proxy.server.stop();
                assertThatThrownBy(proxy::connect).isInstanceOf(IOException.class);
                write(client, new byte[] {1});
                assertThat(read(server, 1)).containsExactly(1);
                client.shutdownOutput();
                server.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            proxy.task.await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void connectionsThatDoNotEndAreResetInTheEnd(String backend) throws Exception {
        ProxyOptions.Limits soon = new ProxyOptions.Limits(9, false, LONG, NEVER, Duration.ofMillis(50));
        try (Io io = open(backend);
                ServerSocket target = listen();
                Running proxy = new Running(io, limited(target, soon));
                Socket client = proxy.connect();
                Socket _ = target.accept()) {
            proxy.server.stop();
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
            proxy.task.await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void theTargetLearnsTheClientsAddress(String backend) throws Exception {
        try (Io io = open(backend);
                ServerSocket target = listen();
                Running inner = new Running(io, headers(to(target), true, true));
                Running outer = new Running(io, headers(to(inner.server.address()), false, true));
                Socket client = outer.connect();
                Socket server = target.accept()) {
            write(client, "GET".getBytes(UTF_8));
            ByteBuffer header = ByteBuffer.wrap(read(server, 28));
            assertThat(HexFormat.of().formatHex(header.array(), 0, 16)).isEqualTo("0d0a0d0a000d0a515549540a2111000c");
            assertThat(header.getInt(16)).isEqualTo(0x7f000001);
            assertThat(Short.toUnsignedInt(header.getShort(24))).isEqualTo(client.getLocalPort());
            assertThat(Short.toUnsignedInt(header.getShort(26))).isEqualTo(client.getPort());
            assertThat(new String(read(server, 3), UTF_8)).isEqualTo("GET");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void whatDoesNotBeginWithAHeaderIsReset(String backend) throws Exception {
        try (Io io = open(backend);
                ServerSocket target = listen();
                Running proxy = new Running(io, headers(to(target), true, false))) {
            String signature = "0d0a0d0a000d0a515549540a";
            for (String bad : List.of("474554202f20485454502f312e310d0a", signature + "3111000c" + "00".repeat(12),
                    signature + "2111000b" + "00".repeat(11), signature + "2111ffff", "50524f585920544350342031",
                    signature + "21410000", signature + "21130000", signature)) {
                try (Socket client = proxy.connect()) {
                    write(client, HexFormat.of().parseHex(bad));
                    client.shutdownOutput();
                    assertThatThrownBy(() -> client.getInputStream().read())
                            .as(bad)
                            .hasMessageContaining("reset");
                    assertThat(proxy.seen.poll(10, TimeUnit.SECONDS)).as(bad).contains("connection reset: ");
                }
            }
            for (String good : List.of("20000003040000", "20ff0000", "21000000", "21220000")) {
                try (Socket client = proxy.connect()) {
                    write(client, HexFormat.of().parseHex(signature + good + "aa"));
                    try (Socket server = target.accept()) {
                        assertThat(read(server, 1)).as(good).containsExactly(0xaa);
                    }
                }
            }
        }
    }

    /** Strangers that go on for ever would otherwise fill the terminal, or a disk. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void whatStrangersCauseIsToldInMeasure(String backend) throws Exception {
        int count = 100;
        List<String> told = new ArrayList<>();
        try (Io io = open(backend); ServerSocket target = listen()) {
            Running proxy = new Running(io, headers(to(target), true, false));
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                try (Socket client = proxy.connect()) {
                    write(client, "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
                    assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
                }
            }
            long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
            proxy.close();
            proxy.seen.drainTo(told);
            assertThat(told).hasSizeLessThanOrEqualTo((int) (11 * (seconds + 2)));
        }
        int sum = 0;
        for (String event : told) {
            boolean single = event.contains("no PROXY header");
            sum += single ? 1 : Integer.parseInt(event.replaceFirst(" more connection.*", ""));
        }
        assertThat(sum).as("%s", told).isEqualTo(count);
    }

    /** Who has a descriptor at last, and whose target is slow, does not keep the others from trying. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aShortageOfDescriptorsIsOverForEverybody(String backend) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Io io = open(backend); ServerSocket target = listen()) {
            ResetEvent answered = io.resetEvent();
            Io scarce = connecting(io, () -> {
                int attempt = attempts.incrementAndGet();
                if (attempt <= 2) {
                    throw Operation.CONNECT.failure(Reason.PROCESS_FD_LIMIT, "the target");
                }
                if (attempt == 3) {
                    answered.await();
                }
            });
            try (Running proxy = new Running(scarce, to(target));
                    Socket one = proxy.connect();
                    Socket other = proxy.connect()) {
                one.getOutputStream().write(1);
                other.getOutputStream().write(1);
                try (Socket server = target.accept()) {
                    assertThat(read(server, 1)).containsExactly(1);
                }
                try (Socket next = proxy.connect(); Socket server = target.accept()) {
                    next.getOutputStream().write(2);
                    assertThat(read(server, 1)).as("accepted meanwhile").containsExactly(2);
                }
                answered.set();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aCheckWithoutDescriptorsPauses(String backend) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Io io = open(backend); ServerSocket target = listen()) {
            Io scarce = connecting(io, () -> {
                attempts.incrementAndGet();
                throw Operation.CONNECT.failure(Reason.PROCESS_FD_LIMIT, "the target");
            });
            // The first failure makes the target down, and the next check due at once.
            ProxyOptions options = new ProxyOptions(Ip4Address.loopback(0), List.of(to(target)), Balance.ROUND_ROBIN,
                    LIMITS, Duration.ofNanos(1), false, false);
            long begin = System.nanoTime();
            try (Running proxy = new Running(scarce, options)) {
                eventually(() -> attempts.get() >= 5);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Shortage.PAUSE.multipliedBy(3));
                assertThat(proxy.seen).as("nobody's fault").isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aPathIsGivenBackOnce(String backend, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("proxy");
        Address address = new UnixAddress(path.toString());
        try (Io io = open(backend); ServerSocket target = listen()) {
            Running first = new Running(io, address, to(target));
            assertThat(path).exists();
            first.server.stop();
            assertThat(path).doesNotExist();
            try (Running _ = new Running(io, address, to(target))) {
                first.close();
                assertThat(path).as("the other's").exists();
            }
            assertThat(path).doesNotExist();
        }
    }

    /** The same Io, which does something before it connects. */
    private static Io connecting(Io io, Action<IoException> before) {
        return (Io) java.lang.reflect.Proxy.newProxyInstance(
                Io.class.getClassLoader(), new Class<?>[] {Io.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("connect")) {
                        before.run();
                    }
                    try {
                        return method.invoke(io, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static Io open(String backend) {
        try {
            return Io.open(IoOptions.DEFAULT.withBackend(backend));
        } catch (BackendUnavailable refused) {
            return Assumptions.abort(refused.getMessage());
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static ServerSocket listen(InetAddress address) {
        try {
            return new ServerSocket(0, 50, address);
        } catch (IOException refused) {
            return Assumptions.abort("skipped: the probe 'bind(2) to " + address + "' answered: " + refused);
        }
    }

    private static Destination to(ServerSocket target) {
        return to(target.getLocalPort());
    }

    private static Destination to(int port) {
        return to(Ip4Address.loopback(port));
    }

    private static Destination to(Address address) {
        return new Destination.Fixed(address);
    }

    private static ProxyOptions limited(ServerSocket target, ProxyOptions.Limits limits) {
        return new ProxyOptions(
                Ip4Address.loopback(0), List.of(to(target)), Balance.ROUND_ROBIN, limits, NEVER, false, false);
    }

    private static ProxyOptions headers(Destination target, boolean takes, boolean sends) {
        return new ProxyOptions(
                Ip4Address.loopback(0), List.of(target), Balance.ROUND_ROBIN, LIMITS, NEVER, takes, sends);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** In chunks of any size. */
    private static void write(Socket to, byte[] bytes) {
        Random random = new Random(bytes.length);
        try {
            for (int done = 0; done < bytes.length; ) {
                int chunk = Math.min(bytes.length - done, 1 + random.nextInt(random.nextBoolean() ? CHUNK_MAX : 50));
                to.getOutputStream().write(bytes, done, chunk);
                done += chunk;
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static byte[] read(Socket from, int length) {
        try {
            byte[] bytes = new byte[length];
            InputStream in = from.getInputStream();
            new DataInputStream(in).readFully(bytes);
            return bytes;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void shutdown(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Says something to everybody. */
    private static void greet(ServerSocket target) {
        Thread.startVirtualThread(() -> {
            while (true) {
                try (Socket socket = target.accept()) {
                    socket.getOutputStream().write('!');
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void drain(ServerSocket target, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            target.accept().close();
        }
    }

    private static void eventually(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** A proxy that runs, and what it says. */
    private static final class Running implements AutoCloseable {
        final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        final ProxyServer server;
        final Task<Object, Exception> task;

        Running(Io io, Destination target) throws Exception {
            this(io, Ip4Address.loopback(0), target);
        }

        Running(Io io, Address listen, Destination target) throws Exception {
            this(io, new ProxyOptions(
                    listen, List.of(target), Balance.ROUND_ROBIN, LIMITS, NEVER, false, false));
        }

        Running(Io io, ProxyOptions options) throws Exception {
            server = ProxyServer.open(io, options, seen::add);
            task = io.concurrent(() -> {
                server.run();
                return server;
            });
        }

        Socket connect() throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), ((IpAddress) server.address()).port());
            socket.setTcpNoDelay(true);
            return socket;
        }

        void awaitNone() {
            eventually(() -> server.active() == 0);
        }

        @Override
        public void close() throws Exception {
            server.stop();
            server.abort();
            try {
                task.await();
            } finally {
                server.close();
            }
        }
    }
}
