package dev.gyre.examples.chat;

import dev.gyre.io.Timeout;
import dev.gyre.process.ChildSpec;
import dev.gyre.process.MailboxLimit;
import dev.gyre.process.Pid;
import dev.gyre.process.Processes;
import dev.gyre.process.Server;
import dev.gyre.process.SpawnOptions;
import dev.gyre.process.Supervisor;
import dev.gyre.process.SupervisorSpec;
import dev.gyre.process.SupervisorSpec.Strategy;
import dev.gyre.process.TcpSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The processes of the chat, and how they find each other.
 *
 * <pre>
 * chat               starts what fails again
 *  ├─ rooms          a process for each room that somebody is in
 *  ├─ clients        a process for each connection
 *  └─ acceptor       accepts them
 * </pre>
 *
 * <p>Nothing is shared but names: rooms, and clients by what they call themselves, are registered at the node. They end
 * in the opposite order: nobody comes any more, then everybody is told, then the rooms go.
 *
 * <p>Everything that can grow is bounded. A line is read in pieces ({@link BoundedLines}); a connection is read when
 * what came before has been dealt with. A room that is behind makes those wait who speak in it; a client that is behind
 * loses lines and is told how many, so that nobody waits for a slow reader; one that reads nothing is disconnected.
 */
final class Chat {
    /** How many bytes a line may have, with its end. */
    static final int LINE_MAX = 512;

    /** How many lines wait for one who reads slowly. */
    static final int BACKLOG_MAX = 256;

    /** Long enough for what takes no time. */
    static final Timeout MOMENT = Timeout.after(Duration.ofSeconds(5));

    private static final int ROOM_BACKLOG_MAX = 64;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,20}");

    private Chat() {}

    /**
     * Starts it.
     *
     * @throws dev.gyre.process.CallException if it cannot listen; where the address is to blame, the reason is a
     *     {@link dev.gyre.process.ExitReason.Shutdown} with advice
     */
    static Supervisor start(Processes node, ChatOptions options) {
        return Supervisor.start(node, SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                .withIntensity(5, Duration.ofSeconds(10))
                .withChild(supervisor("rooms"))
                .withChild(supervisor("clients"))
                .withChild(ChildSpec.of("acceptor", new Acceptor(options)::run)
                        .withOptions(SpawnOptions.DEFAULT.withName("acceptor"))
                        .awaitingReady()));
    }

    private static ChildSpec supervisor(String name) {
        return ChildSpec.supervisor(name, SupervisorSpec.of(Strategy.ONE_FOR_ONE))
                .withOptions(SpawnOptions.DEFAULT.withName(name));
    }

    /** The port at which it listens. */
    static int port(Processes node) throws TimeoutException {
        Pid acceptor = Objects.requireNonNull(node.whereIs("acceptor"));
        return node.<Integer>call(acceptor, MOMENT, Acceptor.Port::new);
    }

    /**
     * Starts a process for a connection. It waits for {@link Client.Handover}. Temporary, as it cannot come back
     * without the connection; and told to end, it has time for a word, but not for a reader that is slow.
     */
    static Pid startClient(Processes node, String id, TcpSocket connection) {
        return children(node, "clients").startChild(ChildSpec.of(id, Server.of(() -> new Client(connection)))
                .withOptions(SpawnOptions.DEFAULT.withMailbox(BACKLOG_MAX, MailboxLimit.Overflow.DROP))
                .withRestart(ChildSpec.Restart.TEMPORARY)
                .withShutdown(Timeout.after(Duration.ofMillis(200))));
    }

    /**
     * A room; a new one if there is none of this name. Rooms are temporary: nobody misses an empty one, and those in
     * one that has failed ask for it again.
     */
    static Pid room(Processes node, String name) {
        while (true) {
            Pid room = node.whereIs("room " + name);
            if (room != null) {
                return room;
            }
            try {
                return children(node, "rooms").startChild(ChildSpec.of(name, Server.of(() -> new Room(name)))
                        .withOptions(SpawnOptions.DEFAULT
                                .withName("room " + name)
                                .withMailbox(ROOM_BACKLOG_MAX, MailboxLimit.Overflow.BLOCK))
                        .withRestart(ChildSpec.Restart.TEMPORARY));
            } catch (IllegalArgumentException inUse) {
                // Somebody else was faster; or it has just ended, and its supervisor is about to hear of that.
            }
        }
    }

    static Supervisor children(Processes node, String name) {
        return Supervisor.of(node, Objects.requireNonNull(node.whereIs(name)));
    }

    /** Whether this can be the name of a client or a room. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
