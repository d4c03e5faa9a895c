import dev.gyre.io.*;
import dev.gyre.process.*;
import dev.gyre.process.SocketMessage.*;

/**
 * Connections that go from process to process after a few lines each, and processes that end before that, after it, or
 * are killed. A client whose connection has ended comes again with the line that was not answered.
 */
static final int CLIENTS = 8;
static final int LINES_OF_EACH = 40;
static final Timeout LONG = Timeout.after(Duration.ofSeconds(30));
static final TcpOptions LINES = TcpOptions.DEFAULT.withFraming(Framing.LINE).withFrameMax(100);

void accept(Self self, AtomicInteger port) throws Exception {
    TcpListener listener = self.sockets().listen(
            0, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)).withConnections(LINES));
    port.set(listener.port());
    self.ready();
    while (true) {
        hand(self, self.sockets().accept(listener));
    }
}

void hand(Self self, TcpSocket connection) throws Exception {
    Pid next = self.spawn(this::serve);
    connection.controllingProcess(next);
    next.send(connection);
}

void serve(Self self) throws Exception {
    TcpSocket connection = self.receive(message -> message instanceof TcpSocket socket ? socket : null);
    int left = 1 + self.io().random().nextInt(3);
    while (true) {
        connection.setActive(ActiveMode.ONCE);
        if (!(self.receive() instanceof Data data)) {
            return;
        }
        connection.send(("got " + data.text()).getBytes());
        if (--left == 0) {
            break;
        }
    }
    switch (self.io().random().nextInt(6)) {
        case 0 -> throw new IllegalStateException("before it is handed over");
        case 1 -> self.exit(self.pid(), ExitReason.KILL);
        default -> {}
    }
    connection.setActive(ActiveMode.ONCE); // what comes in the midst of it follows the connection
    hand(self, connection);
    if (self.io().random().nextBoolean()) {
        throw new IllegalStateException("after it was handed over");
    }
}

int talk(Io io, int port, int number) throws Exception {
    int answered = 0;
    while (answered < LINES_OF_EACH) {
        try (Connection connection = io.connect(Ip4Address.loopback(port));
                BufferedSource in = new BufferedSource(connection)) {
            boolean open = true;
            while (open && answered < LINES_OF_EACH) {
                String line = number + " says " + answered;
                connection.writeAll((line + "\n").getBytes());
                String answer = io.within(LONG, () -> in.readLine(100));
                open = answer != null;
                if (open && !answer.equals("got " + line)) {
                    throw new IllegalStateException(answer + " is no answer to " + line);
                }
                answered += open ? 1 : 0;
            }
        } catch (IoException failed) {
            if (failed.reason() != Reason.CONNECTION_RESET && failed.reason() != Reason.BROKEN_PIPE) {
                throw failed;
            }
        }
    }
    return answered;
}

void main(String[] arguments) throws Exception {
    try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
            Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(_ -> {}))) {
        AtomicInteger port = new AtomicInteger();
        Pid acceptor = node.start(SpawnOptions.DEFAULT, self -> accept(self, port));
        List<Task<Integer, Exception>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.add(io.concurrent(() -> talk(io, port.get(), number)));
        }
        int answered = 0;
        for (Task<Integer, Exception> client : clients) {
            answered += client.await();
        }
        node.exit(acceptor, ExitReason.SHUTDOWN);
        io.within(LONG, () -> {
            while (!node.processes().isEmpty()) {
                io.sleep(Duration.ofMillis(1)); // each ends with its connection
            }
            return null;
        });
        IO.println(io.backend() + ": " + answered + " answered");
    }
}
