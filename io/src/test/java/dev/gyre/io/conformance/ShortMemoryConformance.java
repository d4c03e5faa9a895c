package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.Child;
import dev.gyre.io.Command;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Passable;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Stdio;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a process has no memory left, again and again. */
@Tag("T20")
abstract class ShortMemoryConformance {
    private static final int STREAMS = 8;
    private static final Duration SHORTAGE = Duration.ofSeconds(1);

    /** Threads that are no tasks read connections of loops, which takes the most parts. */
    @Test
    void whatArrivedIsReadOrAnErrorIsTold(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Group<ConcurrencyUnavailable> feeders = io.group(_ -> {})) {
            feeders.concurrent(() -> feedAll(io, listener, feeders));
            String port = Integer.toString(((Ip4Address) listener.localAddress()).port());
            // What the virtual machine has to say of memory stands in between.
            assertThat(String.join("\n", ChildJvm.runWithHoarder(Program.class, io.backend(), port)))
                    .contains("all went on")
                    .doesNotContain("a gap");
        }
    }

    /** Connections are passed again and again, while the heap is full from time to time. */
    @Test
    @Tag("T13")
    void whatIsPassedIsTakenOrClosed(Io io) throws Exception {
        assertThat(String.join("\n", ChildJvm.runWithHoarder(Passing.class, io.backend())))
                .contains("nothing is left open");
    }

    /** Children with pipes are started again and again, while the heap is full from time to time. */
    @Test
    @Tag("T24")
    void aChildIsStartedOrNothingOfItIsLeft(Io io) throws Exception {
        assertThat(String.join("\n", ChildJvm.runWithHoarder(Spawning.class, io.backend())))
                .contains("nothing is left open");
    }

    /** Those of tasks and of groups. Without its flag, io_uring's tasks are the JDK's to run, which loses some then. */
    @Test
    @Tag("T3")
    void anEndIsHeardOf(Io io) throws Exception {
        boolean flag = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.startsWith("--add-opens"));
        if (!flag && io.backend().equals("uring")) {
            throw Skip.because("--add-opens", "not there");
        }
        assertThat(String.join("\n", ChildJvm.runWithHoarder(Ends.class, io.backend())))
                .contains("all were heard of");
    }

    private static void feedAll(Io io, Listener listener, Group<ConcurrencyUnavailable> feeders)
            throws ConcurrencyUnavailable {
        try {
            for (int i = 0; i < STREAMS; i++) {
                Connection connection = listener.accept();
                feeders.concurrent(() -> feed(io, connection));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Messages that together are one sequence, so that what is missing shows. */
    private static void feed(Io io, Connection connection) {
        try (connection) {
            byte[] message = new byte[40];
            int next = 0;
            while (true) {
                for (int i = 0; i < message.length; i++) {
                    message[i] = (byte) next;
                    next = (next + 1) % Stream.PERIOD;
                }
                connection.writeAll(message);
                io.sleep(Duration.ofNanos(200_000));
            }
        } catch (IoException closed) {
            // The reader has seen enough.
        }
    }

    /** Reads from many connections while the heap is full from time to time, and afterwards. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                Stream stream = new Stream(io.connect(Ip4Address.loopback(Integer.parseInt(arguments[1]))));
                // The loop of its first reader receives for it.
                io.concurrent(stream::readOnce).await();
                Thread.ofPlatform().daemon().start(stream::readAll);
                streams.add(stream);
            }
            Eventually.await("all classes", () -> streams.stream().allMatch(stream -> stream.length > 20_000));
            Hoarder.hoardFor(SHORTAGE);
            for (Stream stream : streams) {
                long length = stream.length;
                Eventually.await("no end of the wait", () -> stream.length > length || stream.told);
                if (stream.gap) {
                    System.out.println("a gap");
                }
            }
            System.out.println("all went on");
            System.exit(0);
        }
    }

    /** Passes the ends of a pair through themselves. */
    static final class Passing {
        private static final Duration PATIENCE = Duration.ofMillis(200);

        private Passing() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                Set<String> before = OpenDescriptors.now();
                ConnectionPair way = io.connectPair(SocketType.STREAM);
                Set<String> left = OpenDescriptors.since(before);
                Set<String> taken;
                try (way) {
                    taken = passWithoutMemory(io, way);
                }
                left.retainAll(OpenDescriptors.now()); // who is passed is held, and let go of
                left.addAll(taken);
                System.out.println(left.isEmpty() ? "nothing is left open" : "left: " + left);
            }
            System.exit(0);
        }

        /** Answers what was taken and not closed. */
        private static Set<String> passWithoutMemory(Io io, ConnectionPair way) throws IoException {
            way.second().setOption(SocketOption.PASS_CREDENTIALS, true);
            MemorySegment one = MemorySegment.ofArray(new byte[1]);
            List<Connection> both = List.of(way.first(), way.second());
            for (int i = 0; i < 100; i++) {
                pass(way, both, one);
            }
            Set<String> before = OpenDescriptors.now();
            Thread hoarder = Hoarder.start(SHORTAGE);
            int failed = 0;
            while (hoarder.isAlive()) {
                try {
                    pass(way, both, one);
                } catch (OutOfMemoryError | IoException shortage) {
                    failed++;
                }
            }
            drain(io, way, one);
            System.out.println(failed + " failed");
            return OpenDescriptors.since(before);
        }

        private static void pass(ConnectionPair way, List<Connection> both, MemorySegment one) throws IoException {
            way.first().writeWith(one, both);
            closeAll(way.second().readWith(one, both.size()).passed());
        }

        /** Whatever it takes. */
        private static void closeAll(List<Passable> passed) throws IoException {
            for (int i = 0; i < passed.size(); ) {
                try {
                    passed.get(i).close();
                    i++;
                } catch (OutOfMemoryError again) {
                    Thread.onSpinWait();
                }
            }
        }

        /** Takes what was sent when there was no memory to receive it. */
        private static void drain(Io io, ConnectionPair way, MemorySegment one) throws IoException {
            try {
                while (true) {
                    closeAll(io.within(Timeout.after(PATIENCE), () -> way.second().readWith(one, 2)).passed());
                }
            } catch (TimeoutException empty) {
                // That was all.
            }
        }
    }

    /** Starts tasks that end at once, and waits for each, as tasks and as threads of the program's own. */
    static final class Ends {
        private static final int WARMUP = 100;
        private static final int WAITERS = 9;
        private static final CountDownLatch WARM = new CountDownLatch(WAITERS);
        private static final CountDownLatch WAITING = new CountDownLatch(WAITERS);
        private static volatile boolean over;

        private Ends() {}

        private interface Wait {
            void run() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
            List<Wait> waits = List.of(() -> io.concurrent(() -> 1).await(), () -> together(io), () -> passOn(io));
            for (Wait wait : waits) {
                Thread.ofPlatform().daemon().start(() -> repeat(wait));
                for (int i = 1; i < WAITERS / waits.size(); i++) {
                    io.concurrent(() -> repeat(wait));
                }
            }
            WARM.await();
            Hoarder.hoardFor(SHORTAGE);
            over = true;
            boolean all = WAITING.await(20, TimeUnit.SECONDS);
            System.out.println(
                    all ? "all were heard of" : WAITING.getCount() + " wait for ever:\n" + io.describeTasks());
            System.exit(0);
        }

        private static void together(Io io) throws ConcurrencyUnavailable {
            try (Group<RuntimeException> group = io.group()) {
                group.concurrent(() -> {});
                group.concurrent(() -> {});
            }
        }

        private static void passOn(Io io) throws ConcurrencyUnavailable {
            BoundedQueue<String> queue = io.queue(1);
            Task<?, RuntimeException> giver = io.concurrent(() -> give(queue));
            queue.get();
            giver.await();
        }

        private static String give(BoundedQueue<String> queue) {
            while (true) {
                try {
                    queue.put("element");
                    return "";
                } catch (OutOfMemoryError again) {
                    Thread.onSpinWait();
                }
            }
        }

        private static String repeat(Wait wait) {
            for (int ends = 0; !over; ends++) {
                if (ends == WARMUP) { // all classes are loaded
                    WARM.countDown();
                }
                try {
                    wait.run();
                } catch (OutOfMemoryError | Exception shortage) {
                    Thread.onSpinWait();
                }
            }
            WAITING.countDown();
            return "";
        }
    }

    /** Starts children that end by themselves. */
    static final class Spawning {
        private static final Command COMMAND =
                Command.of("true").withInput(Stdio.PIPE).withOutput(Stdio.PIPE).withError(Stdio.PIPE);

        private Spawning() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                for (int i = 0; i < 10; i++) {
                    io.spawn(COMMAND).close();
                }
                Eventually.await("the reaper has ended", () -> !reaps());
                Set<String> before = OpenDescriptors.now();
                Thread hoarder = Hoarder.start(SHORTAGE);
                int failed = 0;
                while (hoarder.isAlive()) {
                    try {
                        close(io.spawn(COMMAND));
                    } catch (OutOfMemoryError | IoException shortage) {
                        failed++;
                    }
                }
                Eventually.await("the reaper has ended", () -> !reaps());
                Set<String> left = OpenDescriptors.since(before);
                left.addAll(ChildProcesses.children("."));
                System.out.println(left.isEmpty() ? "nothing is left open" : failed + " failed, and left " + left);
            }
            System.exit(0);
        }

        /** Whatever it takes. */
        private static void close(Child child) throws IoException {
            while (true) {
                try {
                    child.close();
                    return;
                } catch (OutOfMemoryError again) {
                    Thread.onSpinWait();
                }
            }
        }

        private static boolean reaps() {
            return Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("gyre-reaper"));
        }
    }

    private static final class Stream {
        static final int PERIOD = 251;

        private final Connection connection;
        private final byte[] buffer = new byte[8192];
        private int next;
        private boolean gap;
        private long read;
        private volatile long length;
        private volatile boolean told;

        Stream(Connection connection) {
            this.connection = connection;
        }

        int readOnce() throws IoException {
            int count = connection.read(buffer);
            for (int i = 0; i < count; i++) {
                gap |= (buffer[i] & 0xFF) != next;
                next = (next + 1) % PERIOD;
            }
            read += Math.max(count, 0);
            length = read;
            return count;
        }

        /** A shortage may be told as what it is, or as the end of the connection, whose bytes nobody had room for. */
        void readAll() {
            while (true) {
                try {
                    if (readOnce() < 0) {
                        break;
                    }
                } catch (OutOfMemoryError again) {
                    Thread.onSpinWait();
                } catch (IoException | LinkageError error) {
                    break;
                }
            }
            told = true;
        }
    }
}
