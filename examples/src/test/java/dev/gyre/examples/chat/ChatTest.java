package dev.gyre.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.SocketOption;
import dev.gyre.process.CrashReport;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.Processes;
import dev.gyre.process.ProcessesOptions;
import dev.gyre.process.Supervisor;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chat does for those who talk to it, on each backend. */
final class ChatTest {
    private static final int SEEDS = 5;

    /** A chat, and who knocks at its door. */
    private record Hall(Io io, Processes node, Supervisor chat, Queue<CrashReport> crashes) {
        Peer enter() throws Exception {
            return enter(ConnectOptions.DEFAULT);
        }

        Peer enter(ConnectOptions how) throws Exception {
            Peer peer = knock(how);
            peer.awaitOne(line -> line.startsWith("* Welcome, guest"));
            return peer;
        }

        Peer knock(ConnectOptions how) throws Exception {
            return new Peer(io, io.connect(Ip4Address.loopback(Chat.port(node)), how));
        }

        Pid named(String name) {
            return Objects.requireNonNull(node.whereIs(name), name);
        }
    }

    private interface Visit {
        void run(Hall hall) throws Exception;
    }

    /** The same, with two in the lobby. */
    private interface Scene {
        void run(Hall hall, Peer ann, Peer bob) throws Exception;
    }

    private static void chat(String backend, ChatOptions options, Visit visit) throws Exception {
        chat(backend, SEEDS, options, visit);
    }

    private static void chat(String backend, int seeds, ChatOptions options, Visit visit) throws Exception {
        if (backend.equals("simulated")) {
            for (int seed = 1; seed <= seeds; seed++) {
                Simulation.run(SimulationOptions.ofSeed(seed), io -> {
                    visit(io, options, visit);
                    return "";
                });
            }
            return;
        }
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(backend))) {
            visit(io, options, visit);
        }
    }

    private static void visit(Io io, ChatOptions options, Visit visit) throws Exception {
        Queue<CrashReport> crashes = new ConcurrentLinkedQueue<>();
        try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(crashes::add))) {
            Supervisor chat = Chat.start(node, options.withAddress(Ip4Address.loopback(0)));
            visit.run(new Hall(io, node, chat, crashes));
            chat.stop();
            assertThat(node.processes()).isEmpty();
        }
        assertThat(crashes).isEmpty();
    }

    /** A scene of two who have heard of each other. */
    private static void inTheLobby(String backend, ChatOptions options, Scene scene) throws Exception {
        chat(backend, options, hall -> {
            try (Peer ann = hall.enter().called("ann").in("lobby"); Peer bob = hall.enter().called("bob").in("lobby")) {
                ann.reads("* bob has joined lobby");
                scene.run(hall, ann, bob);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void peopleTalk(String backend) throws Exception {
        chat(backend, ChatOptions.DEFAULT, hall -> {
            try (Peer ann = hall.enter().called("ann"); Peer bob = hall.enter().called("bob")) {
                ann.in("lobby");
                bob.in("lobby");
                ann.reads("* bob has joined lobby");
                ann.type("hello, bob");
                bob.reads("ann: hello, bob");
                bob.type("hällo\r");
                ann.reads("bob: hällo");
                bob.type("/who");
                bob.reads("* In lobby: ann, bob");
                bob.type("/msg ANN  psst");
                ann.reads("bob (to you): psst");
                bob.type("/nick rob");
                bob.reads("* You are rob now.");
                ann.reads("* bob is rob now");
                bob.type("/join attic");
                bob.reads("* You are in attic.");
                ann.reads("* rob has left lobby");
                bob.type("/leave");
                bob.reads("* You are in no room.");
                bob.type("hello?");
                bob.reads("* You are in no room. Go into one with /join ROOM.");
                bob.type("/quit");
                bob.reads("* Good bye!");
                assertThat(bob.line()).isNull();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void mistakesAreAnswered(String backend) throws Exception {
        chat(backend, ChatOptions.DEFAULT, hall -> {
            try (Peer ann = hall.enter().called("ann"); Peer bob = hall.enter().called("bob")) {
                bob.type("/nick Ann");
                bob.reads("* Somebody else is called Ann.");
                bob.type("/nick guest1");
                bob.reads("* Somebody else is called guest1.");
                bob.type("/nick GUEST99");
                bob.reads("* Somebody else is called GUEST99.");
                bob.type("/nick a b");
                bob.reads("* A name has 1 to 20 letters and digits.");
                bob.type("/join " + "x".repeat(21));
                bob.reads("* A room's name has 1 to 20 letters and digits.");
                bob.type("/msg nobody hello");
                bob.reads("* Nobody is called nobody.");
                bob.type("/msg ann");
                bob.reads("* To tell somebody: /msg NAME TEXT");
                bob.type("/dance");
                bob.reads("* There is no /dance. /help tells what there is.");
                bob.type("/leave");
                bob.reads("* You are in no room. Go into one with /join ROOM.");
                bob.type("");
                bob.type("/help");
                bob.await("* Everything else is said to those in your room.");
                ann.in("lobby");
                bob.in("lobby");
                ann.reads("* bob has joined lobby");
                bob.send(new byte[] {'a', 27, '[', 0, (byte) 0xff, 'b', '\n'});
                ann.reads("bob: a[\ufffdb");
                bob.type("one\u009b2J line\u0085only");
                ann.reads("bob: one2J lineonly");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void longLinesAreAnsweredOnce(String backend) throws Exception {
        inTheLobby(backend, ChatOptions.DEFAULT, (hall, ann, bob) -> {
            bob.type("x".repeat(Chat.LINE_MAX - 1));
            ann.reads("bob: " + "x".repeat(Chat.LINE_MAX - 1));
            bob.type("x".repeat(Chat.LINE_MAX));
            bob.reads("* A line has 512 bytes at most. That one was not read.");
            byte[] huge = "y".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            bob.send(huge);
            bob.reads("* A line has 512 bytes at most. That one was not read.");
            bob.type(" the end of that line");
            bob.type("and the next");
            ann.reads("bob: and the next");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void whoDisconnectsHasLeft(String backend) throws Exception {
        chat(backend, ChatOptions.DEFAULT, hall -> {
            try (Peer ann = hall.enter().called("ann").in("lobby")) {
                try (Peer bob = hall.enter().called("bob").in("lobby")) {
                    bob.send("in the middle of a".getBytes(StandardCharsets.UTF_8));
                }
                ann.reads("* bob has joined lobby");
                ann.reads("* bob has left lobby");
                try (Peer bob = hall.enter().called("bob").in("lobby")) {
                    bob.connection.setOption(SocketOption.RESET_ON_CLOSE, true);
                }
                ann.reads("* bob has joined lobby");
                ann.reads("* bob has left lobby");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void noMoreThanSoManyConnections(String backend) throws Exception {
        chat(backend, ChatOptions.DEFAULT.withConnectionsMax(2), hall -> {
            try (Peer ann = hall.enter(); Peer bob = hall.enter(); Peer cid = hall.knock(ConnectOptions.DEFAULT)) {
                cid.reads("* There are 2 people here, and no room for more. Try again later.");
                assertThat(cid.line()).isNull();
                ann.type("/quit");
                ann.await("* Good bye!");
                assertThat(ann.line()).isNull();
                enterAtLast(hall).close();
                bob.in("lobby");
            }
        });
    }

    /** The place of one who has gone is free as soon as the acceptor has heard of that. */
    private static Peer enterAtLast(Hall hall) throws Exception {
        while (true) {
            Peer peer = hall.knock(ConnectOptions.DEFAULT);
            if (Objects.requireNonNull(peer.line()).startsWith("* Welcome")) {
                return peer;
            }
            peer.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void aSlowReaderHoldsNobodyUp(String backend) throws Exception {
        chat(backend, 1, ChatOptions.DEFAULT.withStallMax(Duration.ofSeconds(20)), hall -> {
            ConnectOptions narrow = ConnectOptions.DEFAULT.withOption(SocketOption.RECEIVE_BUFFER, 4096);
            try (Peer slow = hall.enter(narrow).called("slow").in("lobby");
                    Peer ann = hall.enter().called("ann").in("lobby");
                    Peer bob = hall.enter().called("bob").in("lobby")) {
                bob.type("/who");
                bob.await("* In lobby: slow, ann, bob");
                Pid slowOne = hall.named("client slow");
                int said = 0;
                while (hall.node.info(slowOne).orElseThrow().dropped() == 0) {
                    for (int i = 0; i < 100; i++) {
                        ann.type(said++ + " " + "x".repeat(490));
                    }
                    String last = "ann: " + (said - 1) + " ";
                    bob.awaitOne(line -> line.startsWith(last));
                }
                slow.awaitOne(line -> line.matches("\\* \\d+ lines were lost here, since you read too slowly."));
                slow.type("/back");
                slow.await("* There is no /back. /help tells what there is."); // so it has all that there was
                ann.type("again");
                slow.await("ann: again");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void whoReadsNothingIsDisconnected(String backend) throws Exception {
        chat(backend, 1, ChatOptions.DEFAULT.withStallMax(Duration.ofMillis(100)), hall -> {
            ConnectOptions narrow = ConnectOptions.DEFAULT.withOption(SocketOption.RECEIVE_BUFFER, 4096);
            try (Peer slow = hall.enter(narrow).called("slow").in("lobby");
                    Peer ann = hall.enter().called("ann").in("lobby")) {
                Peer bob = hall.enter().called("bob").in("lobby");
                boolean there = true;
                while (there) {
                    for (int i = 0; i < 100; i++) {
                        ann.type(i + " " + "x".repeat(490));
                    }
                    there = !bob.awaitOne(line -> line.startsWith("ann: 99 ")).contains("* slow has left lobby");
                    hall.io.sleep(Duration.ofMillis(10)); // time for others, in a simulation too
                }
                bob.close();
                assertThat(slow.lastLine()).isNotNull();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void aRoomThatFailsComesBack(String backend) throws Exception {
        inTheLobby(backend, ChatOptions.DEFAULT, (hall, ann, bob) -> {
            hall.node.exit(hall.named("room lobby"), ExitReason.KILL);
            String told = "* lobby has failed. You are in it again; what was just said may be lost.";
            ann.reads(told);
            bob.reads(told);
            ann.type("still here?");
            bob.reads("ann: still here?");
            ann.type("/who");
            assertThat(ann.line()).isIn("* In lobby: ann, bob", "* In lobby: bob, ann");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void anAcceptorThatFailsComesBackAndCountsOn(String backend) throws Exception {
        inTheLobby(backend, ChatOptions.DEFAULT.withConnectionsMax(2), (hall, ann, bob) -> {
            Pid acceptor = hall.named("acceptor");
            hall.node.exit(acceptor, ExitReason.KILL);
            ExitReason _ = hall.node.await(acceptor);
            while (hall.node.whereIs("acceptor") == null) {
                hall.io.sleep(Duration.ofMillis(1));
            }
            ann.type("still here?");
            bob.reads("ann: still here?");
            try (Peer cid = hall.knock(ConnectOptions.DEFAULT)) {
                cid.reads("* There are 2 people here, and no room for more. Try again later.");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void theEndIsAnnounced(String backend) throws Exception {
        chat(backend, ChatOptions.DEFAULT, hall -> {
            try (Peer ann = hall.enter().called("ann"); Peer bob = hall.enter().called("bob").in("lobby")) {
                hall.chat.stop();
                ann.reads("* The server ends this connection. Good bye!");
                assertThat(ann.line()).isNull();
                bob.reads("* The server ends this connection. Good bye!");
                assertThat(bob.line()).isNull();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded", "simulated"})
    void twoHundredPeople(String backend) throws Exception {
        chat(backend, 1, ChatOptions.DEFAULT, hall -> {
            List<Peer> people = new ArrayList<>();
            try {
                for (int i = 0; i < 200; i++) {
                    people.add(hall.enter().called("p" + i).in("lobby"));
                }
                for (int i = 0; i < 200; i += 10) {
                    people.get(i).type("I am " + i);
                }
                for (int i = 0; i < 200; i++) {
                    Set<String> missing = new HashSet<>();
                    for (int j = 0; j < 200; j += 10) {
                        missing.add("p" + j + ": I am " + j);
                    }
                    missing.remove("p" + i + ": I am " + i);
                    people.get(i).awaitOne(line -> missing.remove(line) && missing.isEmpty());
                }
            } finally {
                people.forEach(Peer::close);
            }
        });
    }
}
