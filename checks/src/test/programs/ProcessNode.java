import dev.gyre.io.*;
import dev.gyre.process.*;
import dev.gyre.process.SocketMessage.*;

/**
 * A node of processes: echo servers in each active mode and with frames, whose connections are handed over; a server
 * that fails, and is started again by its supervisor; and in the end somebody who looks at the node.
 */
static final List<ActiveMode> MODES =
        List.of(ActiveMode.ONCE, ActiveMode.times(3), ActiveMode.ALWAYS, ActiveMode.PASSIVE);
static final List<Framing> FRAMINGS = List.of(Framing.RAW, Framing.LINE, Framing.LENGTH_2);
static final int CLIENTS = 4;
static final int MESSAGES = 10;
static final byte[] MESSAGE = "a message of some length\n".getBytes();
static final dev.gyre.io.Timeout LONG = dev.gyre.io.Timeout.after(Duration.ofSeconds(30));

record Add(int amount) {}

record Get(ReplyTo<Integer> replyTo) {}

/** A server that fails when it has to take something away. */
static final class Counter implements Server {
    private int total;

    @Override
    public void handle(Self self, Object message) {
        switch (message) {
            case Add(int amount) when amount < 0 -> throw new IllegalArgumentException("less than nothing");
            case Add(int amount) -> total += amount;
            case Get(ReplyTo<Integer> replyTo) -> replyTo.reply(total);
            default -> {}
        }
    }
}

void main(String[] arguments) throws Exception {
    AtomicInteger crashes = new AtomicInteger();
    ProcessesOptions options = ProcessesOptions.DEFAULT.withCrashHandler(_ -> crashes.incrementAndGet());
    try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0])); Processes node = Processes.open(io, options)) {
        Supervisor supervisor = Supervisor.start(node, SupervisorSpec.of(SupervisorSpec.Strategy.ONE_FOR_ONE)
                .withIntensity(3, Duration.ofSeconds(60))
                .withChild(ChildSpec.of("counter", Server.of(Counter::new))
                        .withOptions(SpawnOptions.DEFAULT.withName("counter"))
                        .awaitingReady()));
        if (!(node.run(this::exchange) instanceof ExitReason.Shutdown)) {
            throw new IllegalStateException("the exchange has failed");
        }
        int total = total(node);
        Pid before = node.whereIs("counter");
        node.send("counter", new Add(-1));
        node.await(before);
        while (node.whereIs("counter") == null || total(node) != 0) {
            io.sleep(Duration.ofMillis(1));
        }
        IO.println(io.backend() + ": " + total + " echoed, " + crashes + " crash");
        awaitTrue(io, () -> node.processes().size() == 2); // whoever has served a client has ended as well
        Pid observer = Observer.start(node);
        IO.println("node " + ProcessHandle.current().pid());
        int alone = node.processes().size();
        awaitTrue(io, () -> node.processes().size() > alone);
        awaitTrue(io, () -> node.processes().size() == alone);
        node.exit(observer, ExitReason.SHUTDOWN);
        supervisor.stop();
        IO.println("ends");
    }
}

int total(Processes node) throws Exception {
    try {
        return node.<Integer>call(node.whereIs("counter"), LONG, Get::new);
    } catch (CallException ended) {
        return -1;
    }
}

void awaitTrue(Io io, BooleanSupplier event) {
    while (!event.getAsBoolean()) {
        io.sleep(Duration.ofMillis(1));
    }
}

/** Has all pairs of a mode and a framing at work at the same time. */
void exchange(Self self) throws Exception {
    int clients = 0;
    for (ActiveMode mode : MODES) {
        for (Framing framing : FRAMINGS) {
            TcpOptions options = TcpOptions.DEFAULT.withFraming(framing);
            TcpListener listener = self.sockets().listen(
                    0, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)).withConnections(options));
            self.spawnLink(acceptor -> accept(acceptor, listener, mode));
            for (int i = 0; i < CLIENTS; i++) {
                self.spawnMonitor(client -> ask(client, listener.port(), options));
                clients++;
            }
        }
    }
    for (int i = 0; i < clients; i++) {
        if (!(self.receive() instanceof Signal.Down(_, _, ExitReason.Normal _))) {
            throw new IllegalStateException("a client has failed");
        }
    }
    throw new ProcessExit(ExitReason.SHUTDOWN); // which ends the acceptors
}

void accept(Self self, TcpListener listener, ActiveMode mode) throws Exception {
    while (true) {
        TcpSocket connection = self.sockets().accept(listener);
        Pid next = self.spawn(one -> serve(one, mode));
        connection.controllingProcess(next);
        next.send(connection);
    }
}

void serve(Self self, ActiveMode mode) throws Exception {
    TcpSocket connection = self.receive(message -> message instanceof TcpSocket socket ? socket : null);
    connection.setActive(mode);
    boolean passive = mode instanceof ActiveMode.Passive;
    while (true) {
        switch (passive ? receive(connection) : self.receive()) {
            case Data(TcpSocket socket, byte[] bytes) -> {
                socket.send(bytes);
                if (mode == ActiveMode.ONCE) {
                    socket.setActive(mode);
                }
            }
            case Passive(ActiveSocket socket) -> socket.setActive(mode);
            default -> {
                return;
            }
        }
    }
}

SocketMessage receive(TcpSocket connection) throws IoException {
    try {
        return new Data(connection, connection.receive(0));
    } catch (IoException closed) {
        return new Closed(connection);
    }
}

void ask(Self self, int port, TcpOptions options) throws Exception {
    TcpSocket connection = self.sockets().connect(
            "127.0.0.1", port, TcpConnectOptions.DEFAULT.withConnection(options));
    for (int i = 0; i < MESSAGES; i++) {
        connection.send(MESSAGE);
        byte[] answer = connection.receive(options.framing() == Framing.RAW ? MESSAGE.length : 0, LONG);
        if (!Arrays.equals(answer, MESSAGE)) {
            throw new IllegalStateException("another answer");
        }
        self.node().send("counter", new Add(1));
    }
}
