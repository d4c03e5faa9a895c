import dev.gyre.io.*;

/** Pairs of a client and a server, in one process: a number goes to and fro, and each side adds one. */
static final int PAIRS = 64;
static final int ROUND_TRIPS = 100;

void main() throws Exception {
    AtomicInteger trips = new AtomicInteger();
    try (Io io = Io.open();
            Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Group<Exception> tasks = io.group()) {
        for (int i = 0; i < PAIRS; i++) {
            tasks.concurrent(() -> reply(listener));
            tasks.concurrent(() -> {
                try (Connection connection = io.connect(listener.localAddress())) {
                    trips.addAndGet(request(connection));
                }
            });
        }
        tasks.await();
        IO.println(io.backend() + ": " + trips + " round trips");
    }
}

int request(Connection connection) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
        MemorySegment number = arena.allocate(Integer.BYTES);
        for (int i = 0; i < ROUND_TRIPS; i++) {
            number.set(ValueLayout.JAVA_INT, 0, 2 * i);
            connection.writeAll(number);
            if (!readAll(connection, number) || number.get(ValueLayout.JAVA_INT, 0) != 2 * i + 1) {
                throw new IllegalStateException("a wrong reply to " + 2 * i);
            }
        }
        return ROUND_TRIPS;
    }
}

void reply(Listener listener) throws Exception {
    try (Connection connection = listener.accept();
            Arena arena = Arena.ofConfined()) {
        MemorySegment number = arena.allocate(Integer.BYTES);
        while (readAll(connection, number)) {
            number.set(ValueLayout.JAVA_INT, 0, number.get(ValueLayout.JAVA_INT, 0) + 1);
            connection.writeAll(number);
        }
    }
}

/** Fills a buffer; false at the end of the stream. */
boolean readAll(Connection connection, MemorySegment buffer) throws Exception {
    long filled = 0;
    while (filled < buffer.byteSize()) {
        int count = connection.read(buffer.asSlice(filled));
        if (count < 0) {
            return false;
        }
        filled += count;
    }
    return true;
}
