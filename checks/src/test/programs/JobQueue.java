import dev.gyre.io.*;
import dev.gyre.process.*;
import dev.gyre.process.SocketMessage.*;

/**
 * A queue of jobs over lines: {@code add ID NUMBER} is answered with {@code done ID SQUARE}. Workers are supervised,
 * and crash on every seventh job, which another one does then; mailboxes are bounded, and whoever sends too much waits.
 */
static final int CLIENTS = 4;
static final int JOBS = 50;
static final int WORKERS = 3;
static final Timeout LONG = Timeout.after(Duration.ofSeconds(30));
static final TcpOptions LINES = TcpOptions.DEFAULT.withFraming(Framing.LINE).withFrameMax(100);

record Job(Pid client, String id, int number, int attempt) {}

record Idle(Pid worker) {}

record Done(String id, int square) {}

/** Gives jobs to workers that are idle, and takes them back from those that end. */
static final class Dispatcher implements Server {
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private final ArrayDeque<Pid> idle = new ArrayDeque<>();
    private final Map<Pid, Job> running = new HashMap<>();

    @Override
    public void handle(Self self, Object message) {
        switch (message) {
            case Job job -> waiting.add(job);
            case Idle(Pid worker) -> {
                if (running.remove(worker) == null) {
                    self.monitor(worker);
                }
                idle.add(worker);
            }
            case Signal.Down(Monitor _, Pid worker, ExitReason _) -> {
                idle.remove(worker);
                Job lost = running.remove(worker);
                if (lost != null) {
                    waiting.addFirst(new Job(lost.client(), lost.id(), lost.number(), lost.attempt() + 1));
                }
            }
            default -> throw new IllegalStateException("not for a dispatcher: " + message);
        }
        while (!waiting.isEmpty() && !idle.isEmpty()) {
            Job job = waiting.remove();
            Pid worker = idle.remove();
            running.put(worker, job);
            worker.send(job);
        }
    }
}

void work(Self self) {
    while (true) {
        self.node().send("dispatcher", new Idle(self.pid()));
        Job job = (Job) self.receive();
        if (job.number() % 7 == 0 && job.attempt() == 0) {
            throw new IllegalStateException("it is not my day");
        }
        self.io().sleep(Duration.ofMillis(job.number() % 3));
        job.client().send(new Done(job.id(), job.number() * job.number()));
    }
}

void accept(Self self, AtomicInteger port) throws Exception {
    TcpListener listener = self.sockets().listen(
            0, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)).withConnections(LINES));
    port.set(listener.port());
    self.ready();
    while (true) {
        TcpSocket connection = self.sockets().accept(listener);
        SpawnOptions bounded = SpawnOptions.DEFAULT.withMailbox(8, MailboxLimit.Overflow.BLOCK);
        connection.controllingProcess(self.spawn(bounded, client -> serve(client, connection)));
        connection.setActive(ActiveMode.ONCE);
    }
}

void serve(Self self, TcpSocket connection) throws Exception {
    while (true) {
        switch (self.receive()) {
            case Data data -> {
                String[] words = data.text().strip().split(" ");
                Job job = new Job(self.pid(), words[1], Integer.parseInt(words[2]), 0);
                self.node().send("dispatcher", job);
                connection.setActive(ActiveMode.ONCE);
            }
            case Done(String id, int square) -> connection.send(("done " + id + " " + square + "\n").getBytes());
            default -> {
                return;
            }
        }
    }
}

/** Hands all in at once, and answers with how many were done, each of them once. */
int useIt(Io io, int port, int first) throws Exception {
    try (Connection connection = io.connect(Ip4Address.loopback(port));
            BufferedSource in = new BufferedSource(connection)) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < JOBS; i++) {
            lines.append("add %d %d\n".formatted(i, first + i));
        }
        connection.writeAll(lines.toString().getBytes());
        BitSet done = new BitSet();
        while (done.cardinality() < JOBS) {
            String[] words = io.within(LONG, () -> in.readLine(100)).split(" ");
            int id = Integer.parseInt(words[1]);
            if (done.get(id) || Integer.parseInt(words[2]) != (first + id) * (first + id)) {
                throw new IllegalStateException("again, or wrong: " + String.join(" ", words));
            }
            done.set(id);
        }
        return done.cardinality();
    }
}

void main(String[] arguments) throws Exception {
    AtomicInteger crashes = new AtomicInteger();
    ProcessesOptions options = ProcessesOptions.DEFAULT.withCrashHandler(_ -> crashes.incrementAndGet());
    try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0])); Processes node = Processes.open(io, options)) {
        SupervisorSpec workers = SupervisorSpec.of(SupervisorSpec.Strategy.ONE_FOR_ONE)
                .withIntensity(1000, Duration.ofSeconds(5));
        for (int i = 0; i < WORKERS; i++) {
            workers = workers.withChild(ChildSpec.of("worker " + i, this::work));
        }
        SpawnOptions named = SpawnOptions.DEFAULT.withName("dispatcher").withMailbox(4, MailboxLimit.Overflow.BLOCK);
        AtomicInteger port = new AtomicInteger();
        Supervisor top = Supervisor.start(node, SupervisorSpec.of(SupervisorSpec.Strategy.REST_FOR_ONE)
                .withChild(ChildSpec.of("dispatcher", Server.of(Dispatcher::new)).withOptions(named).awaitingReady())
                .withChild(ChildSpec.supervisor("workers", workers))
                .withChild(ChildSpec.of("acceptor", self -> accept(self, port)).awaitingReady()));
        List<Task<Integer, Exception>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int first = i * JOBS;
            clients.add(io.concurrent(() -> useIt(io, port.get(), first)));
        }
        int done = 0;
        for (Task<Integer, Exception> client : clients) {
            done += client.await();
        }
        top.stop();
        IO.println(io.backend() + ": " + done + " done, " + crashes + " crashes");
    }
}
