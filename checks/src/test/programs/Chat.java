import dev.gyre.io.*;

/** A chat: what one client says, all others hear. Server and clients are in one process. */
static final int CLIENTS = 20;
static final int LINES = 25;
static final int LINE = 32;

/** A client as the server sees it. */
record Member(Connection connection, BoundedQueue<byte[]> out) {}

void main() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    try (Io io = Io.open();
            Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Group<Exception> tasks = io.group()) {
        tasks.concurrent(() -> serve(io, listener));
        for (int i = 0; i < CLIENTS; i++) {
            byte[] line = "%31d\n".formatted(i).getBytes();
            tasks.concurrent(() -> {
                try (Connection connection = io.connect(listener.localAddress());
                        Group<Exception> directions = io.group()) {
                    directions.concurrent(() -> say(connection, line, LINES));
                    directions.concurrent(() -> heard.addAndGet(hear(connection)));
                    directions.await();
                }
            });
        }
        tasks.await();
        IO.println(io.backend() + ": " + heard + " lines were heard");
    }
}

void serve(Io io, Listener listener) throws Exception {
    List<Member> members = new ArrayList<>();
    try (Group<Exception> tasks = io.group()) {
        for (int i = 0; i < CLIENTS; i++) {
            members.add(new Member(listener.accept(), io.queue(16)));
        }
        for (Member member : members) {
            tasks.concurrent(() -> listen(member, members));
            tasks.concurrent(() -> tell(member));
        }
        tasks.await();
    }
}

/** Passes on what a member says, until it goes. */
void listen(Member member, List<Member> members) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
        MemorySegment line = arena.allocate(LINE);
        while (readAll(member.connection(), line)) {
            byte[] bytes = line.toArray(ValueLayout.JAVA_BYTE);
            for (Member other : members) {
                if (other != member) {
                    other.out().put(bytes);
                }
            }
        }
    }
    member.out().close();
    member.connection().close();
}

void tell(Member member) throws Exception {
    try {
        while (true) {
            say(member.connection(), member.out().get(), 1);
        }
    } catch (QueueClosedException gone) {
        // It has heard everything.
    }
}

void say(Connection connection, byte[] line, int times) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, line);
        for (int i = 0; i < times; i++) {
            connection.writeAll(bytes);
        }
    }
}

/** Hears all that the others say, and says how many lines that was. */
int hear(Connection connection) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
        MemorySegment line = arena.allocate(LINE);
        int lines = 0;
        while (lines < (CLIENTS - 1) * LINES && readAll(connection, line)) {
            lines += line.get(ValueLayout.JAVA_BYTE, LINE - 1) == '\n' ? 1 : 0;
        }
        return lines;
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
