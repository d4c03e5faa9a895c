import dev.gyre.io.*;

/** Sockets of all kinds from the beginning: datagrams, streams with options, Unix sockets that pass others on. */
static final int TASKS = 8;
static final int ROUNDS = 20;

void main() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (Io io = Io.open(); Group<Exception> tasks = io.group()) {
        for (int i = 0; i < TASKS; i++) {
            tasks.concurrent(() -> done.addAndGet(ask(io)));
            tasks.concurrent(() -> done.addAndGet(write(io)));
            tasks.concurrent(() -> done.addAndGet(pass(io)));
        }
        tasks.await();
        IO.println(io.backend() + ": " + done + " done");
    }
}

/** Questions that are answered from where they went, several at once. */
int ask(Io io) throws Exception {
    DatagramOptions told = DatagramOptions.DEFAULT.with(DatagramOptions.Flag.DESTINATION);
    int answered = 0;
    try (DatagramSocket server = io.bind(Ip4Address.unspecified(0), told);
            DatagramSocket client = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
        Task<Void, IoException> answering = io.concurrent(() -> {
            for (int i = 0; i < 2 * ROUNDS; i++) {
                Datagram question = server.receive(MemorySegment.ofArray(new byte[100]));
                server.send(new Datagram(question.payload()).address(question.address())
                        .controlToSend(ControlData.NONE.withAddress(question.control().address())));
            }
            return null;
        });
        client.connect(Ip4Address.loopback(((IpAddress) server.localAddress()).port()));
        List<Datagram> rooms = Datagram.divide(Arena.ofAuto().allocate(200), 2);
        for (int i = 0; i < ROUNDS; i++) {
            MemorySegment question = MemorySegment.ofArray(("question " + i).getBytes());
            client.send(List.of(new Datagram(question), new Datagram(question)));
            for (int received = 0; received < 2; ) {
                int count = client.receive(rooms.subList(0, 2 - received));
                for (Datagram answer : rooms.subList(0, count)) {
                    answered += answer.payload().mismatch(question) == -1 ? 1 : 0;
                }
                received += count;
            }
        }
        answering.await();
    }
    return answered / 2;
}

/** Streams with options of either side, written from and read into several buffers. */
int write(Io io) throws Exception {
    ListenOptions listening = ListenOptions.DEFAULT.withOption(SocketOption.KEEP_ALIVE, true);
    ConnectOptions connecting = ConnectOptions.DEFAULT
            .withOption(SocketOption.SEND_BUFFER, 50_000)
            .withOption(SocketOption.KEEP_ALIVE_IDLE, Duration.ofSeconds(30));
    List<MemorySegment> parts = List.of(MemorySegment.ofArray("head".getBytes()),
            Arena.ofAuto().allocate(10_000), MemorySegment.ofArray("tail".getBytes()));
    try (Listener listener = io.listen(Ip4Address.loopback(0), listening)) {
        Task<Integer, IoException> reading = io.concurrent(() -> {
            try (Connection server = listener.accept()) {
                List<MemorySegment> rooms = List.of(MemorySegment.ofArray(new byte[10]), Arena.ofAuto().allocate(999));
                int total = 0;
                for (int count = 0; count >= 0; count = server.read(rooms)) {
                    total += count;
                }
                return server.option(SocketOption.KEEP_ALIVE) ? total : 0;
            }
        });
        try (Connection client = io.connect(listener.localAddress(), connecting)) {
            client.setOption(SocketOption.CORK, true);
            for (int i = 0; i < ROUNDS; i++) {
                client.writeAll(parts);
            }
            client.setOption(SocketOption.CORK, false);
        }
        return reading.await() / 10_008;
    }
}

/** Each message brings the end of another pair, by which a greeting comes. */
int pass(Io io) throws Exception {
    try (ConnectionPair way = io.connectPair(SocketType.SEQPACKET)) {
        Task<Integer, IoException> greeted = io.concurrent(() -> {
            int greetings = 0;
            for (int i = 0; i < ROUNDS; i++) {
                try (Received received = way.second().readWith(MemorySegment.ofArray(new byte[10]), 2)) {
                    Connection passed = (Connection) received.passed().getFirst();
                    greetings += received.count() == 4 && passed.read(new byte[10]) == 5 ? 1 : 0;
                }
            }
            return greetings;
        });
        for (int i = 0; i < ROUNDS; i++) {
            try (ConnectionPair pair = io.connectPair(SocketType.STREAM)) {
                way.first().writeWith(MemorySegment.ofArray("take".getBytes()), List.of(pair.second()));
                pair.first().writeAll("hello".getBytes());
            }
        }
        return greeted.await();
    }
}
