import dev.gyre.io.*;

/**
 * Each {@code Io} is closed by two threads at once, while tasks, threads and virtual threads are in the middle of
 * whatever takes time. All of that ends, what is to be tidied up is, and what was opened can still be closed.
 */
static final int ROUNDS = 15;
static final int TASKS = 5;
static final int THREADS = 6;
static final Duration LONG = Duration.ofDays(1);

final AtomicInteger tidied = new AtomicInteger();
final AtomicInteger ended = new AtomicInteger();
final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();

void main(String[] arguments) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
        endInTheMiddle(Io.open(IoOptions.DEFAULT.withBackend(arguments[0])), round % 5);
    }
    IO.println(arguments[0] + ": " + tidied + " tidied up, " + ended + " threads ended");
}

void endInTheMiddle(Io io, int milliseconds) throws Exception {
    Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
    opened.add(listener);
    io.concurrent(() -> {
        while (true) {
            Connection accepted = listener.accept();
            opened.add(accepted);
            io.concurrent(() -> accepted.transferTo(accepted));
        }
    });
    Semaphore begun = io.semaphore(0);
    for (int i = 0; i < TASKS; i++) {
        io.concurrent(() -> tidyUp(io, begun));
        begun.acquire();
    }
    io.concurrent(() -> io.blocking(() -> new SynchronousQueue<>().take()));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
        Callable<?> busy = switch (i) {
            case 0, 1 -> () -> exchange(io, listener.localAddress());
            case 2, 3 -> () -> io.queue(1).get();
            default -> () -> io.within(Timeout.after(LONG), () -> io.concurrent(() -> io.queue(1).get()).await());
        };
        threads.add((i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> untilItEnds(busy)));
    }
    io.sleep(Duration.ofMillis(milliseconds));
    Thread closing = Thread.ofPlatform().start(io::close);
    io.close();
    closing.join();
    for (Thread thread : threads) {
        thread.join();
    }
    for (AutoCloseable each; (each = opened.poll()) != null; ) {
        each.close();
    }
}

Void tidyUp(Io io, Semaphore begun) {
    try {
        begun.release();
        while (true) {
            io.sleep(Duration.ofMillis(1));
        }
    } finally {
        io.protect(() -> {
            io.sleep(Duration.ofMillis(2));
            return tidied.incrementAndGet();
        });
    }
}

Object exchange(Io io, Address address) throws IoException {
    byte[] bytes = new byte[100];
    try (Connection connection = io.connect(address)) {
        while (true) {
            connection.writeAll(bytes);
            connection.read(bytes);
        }
    }
}

/** A thread that is none of the tasks hears of the end where it waits, or at its next call. */
void untilItEnds(Callable<?> busy) {
    try {
        busy.call();
    } catch (IllegalStateException closed) { // a CanceledException is one too
        ended.incrementAndGet();
    } catch (Exception failed) {
        failed.printStackTrace();
    }
}
