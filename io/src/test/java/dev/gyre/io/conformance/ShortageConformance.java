package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.Command;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Received;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Stdio;
import dev.gyre.io.Task;
import dev.gyre.io.Timestamp;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a process has no descriptors left. */
abstract class ShortageConformance {
    private static final int DESCRIPTORS_MAX = 100;

    @Test
    @Tag("A3")
    void anAcceptSaysSoAndFindsItsConnectionLater(Io io) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(DESCRIPTORS_MAX, Program.class, io.backend()))
                .containsExactly("not busy", "accepted");
    }

    @Test
    @Tag("T13")
    void whatIsPassedAndHasNoRoomIsSaidToBeMissing(Io io) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(DESCRIPTORS_MAX, Passing.class, io.backend()))
                .containsExactly("1 of 3, cut: true, sent by itself: true",
                        "3 of 3, cut: false, sent by itself: true");
    }

    /** Where classes are files, none can be loaded in a shortage, and one that was missed is missed for good. */
    @Test
    @Tag("T12")
    void whatIsFirstUsedThenWorksAfterwards(Io io) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(DESCRIPTORS_MAX, FirstUse.class, io.backend()))
                .containsExactly("all refused", "all done");
    }

    /** Opens this and that for the first time when there is no descriptor left, and again when there are some. */
    static final class FirstUse {
        private FirstUse() {}

        private interface Use {
            AutoCloseable open() throws IoException;
        }

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                List<Use> uses = List.of(
                        () -> io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT),
                        () -> io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT),
                        () -> io.connectPair(SocketType.SEQPACKET),
                        () -> io.currentDirectory().openFile("/dev/null", OpenOptions.READ),
                        () -> io.currentDirectory().openDirectory("/"),
                        () -> io.currentDirectory().listing(),
                        io::watcher,
                        () -> io.spawn(Command.of("true").withInput(Stdio.PIPE)));
                // What this program needs itself must be there before the shortage.
                assertThat(run(io, () -> () -> {})).isNull();
                assertThat(Reason.PROCESS_FD_LIMIT).isNotNull();
                List<FileInputStream> hoard = Program.hoard();
                List<Reason> refusals = new ArrayList<>();
                for (Use use : uses) {
                    refusals.add(run(io, use));
                }
                for (FileInputStream each : hoard) {
                    each.close();
                }
                refusals.removeIf(reason -> reason == Reason.PROCESS_FD_LIMIT || reason == Reason.WATCHER_LIMIT);
                System.out.println(refusals.isEmpty() ? "all refused" : "not refused: " + refusals);
                List<Reason> failures = new ArrayList<>();
                for (Use use : uses) {
                    failures.add(run(io, use));
                }
                failures.removeIf(Objects::isNull);
                System.out.println(failures.isEmpty() ? "all done" : "failed: " + failures);
            }
        }

        /** In a task, which fails and ends; the reason, or null. */
        private static @Nullable Reason run(Io io, Use use) throws Exception {
            try {
                return io.<@Nullable Reason, Exception>concurrent(() -> {
                    use.open().close();
                    return null;
                }).await();
            } catch (IoException refused) {
                return refused.reason();
            }
        }
    }

    /** Something is passed three times, when there is one descriptor left, and again when there are some. */
    static final class Passing {
        private Passing() {}

        public static void main(String[] arguments) throws Exception {
            MemorySegment one = MemorySegment.ofArray(new byte[1]);
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
                    ConnectionPair way = io.connectPair(SocketType.STREAM)) {
                List<Connection> three = List.of(way.first(), way.first(), way.first());
                way.second().setOption(SocketOption.PASS_CREDENTIALS, true);
                // What this program needs itself must be there before the shortage.
                way.first().writeWith(one, three);
                way.second().readWith(one, 3).close();
                List<FileInputStream> hoard = Program.hoard();
                hoard.removeLast().close();
                way.first().writeWith(one, three);
                Received few = way.second().readWith(one, 3);
                few.close();
                for (FileInputStream each : hoard) {
                    each.close();
                }
                way.first().writeWith(one, three);
                Received all = way.second().readWith(one, 3);
                all.close();
                for (Received each : List.of(few, all)) {
                    System.out.println(each.passed().size() + " of 3, cut: " + each.passedCut() + ", sent by itself: "
                            + way.first().peerCredentials().equals(each.credentials()));
                }
            }
        }
    }

    /** A task waits for a connection, which comes when there are no descriptors. */
    static final class Program {
        private static final Duration PAUSE = Duration.ofMillis(10);
        private static final int REFUSALS = 30;

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
                    Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                AtomicInteger refusals = new AtomicInteger();
                // What this program needs itself must be there before the shortage.
                io.connect(listener.localAddress()).close();
                io.concurrent(() -> accept(io, listener, refusals)).await().close();
                Eventually.await("a clock", () -> io.now(Clock.PROCESS_CPU).since(io.now(Clock.PROCESS_CPU)) != null);
                Task<Connection, IoException> accepting = io.concurrent(() -> accept(io, listener, refusals));
                List<FileInputStream> hoard = hoard();
                hoard.removeLast().close();
                try (Connection client = io.connect(listener.localAddress())) {
                    Eventually.await("refusals", () -> refusals.get() > 0);
                    Timestamp before = io.now(Clock.PROCESS_CPU);
                    Eventually.await("refusals", () -> refusals.get() > REFUSALS);
                    Duration busy = io.now(Clock.PROCESS_CPU).since(before);
                    Duration most = PAUSE.multipliedBy(REFUSALS).dividedBy(2);
                    System.out.println(busy.compareTo(most) < 0 ? "not busy" : "busy for " + busy);
                    for (FileInputStream each : hoard) {
                        each.close();
                    }
                    try (Connection server = accepting.await()) {
                        Sockets.assertConnected(client, server);
                        System.out.println("accepted");
                    }
                }
            }
        }

        /** As {@link Listener#accept} asks for. */
        private static Connection accept(Io io, Listener listener, AtomicInteger refusals) throws IoException {
            while (true) {
                try {
                    return listener.accept();
                } catch (IoException refused) {
                    if (refused.reason() != Reason.PROCESS_FD_LIMIT) {
                        throw refused;
                    }
                    refusals.incrementAndGet();
                    io.sleep(PAUSE);
                }
            }
        }

        /** All descriptors that there are. */
        private static List<FileInputStream> hoard() throws IOException {
            List<FileInputStream> hoard = new ArrayList<>();
            while (true) {
                try {
                    hoard.add(new FileInputStream("/dev/null"));
                } catch (IOException none) {
                    return hoard;
                }
            }
        }
    }
}
