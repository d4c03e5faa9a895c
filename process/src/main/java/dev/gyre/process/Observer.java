package dev.gyre.process;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.Connection;
import dev.gyre.io.Credentials;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import dev.gyre.io.UnixAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Lets people look at a node, by {@code gyre top}: a process of the node that answers questions about the others over a
 * Unix socket of this machine.
 *
 * <pre>{@code
 * try (Io io = Io.open(); Processes node = Processes.open(io)) {
 *     Pid _ = Observer.start(node);
 *     …
 * }
 * }</pre>
 *
 * <p>The socket has an abstract name, so nothing is left behind of a program that is killed. It answers who has the
 * same user as the program, and the superuser; others are sent away. What it tells is what {@link Processes#info}
 * tells, and no message. It costs nothing while nobody looks; to look at a node of a million processes takes a thread
 * of the {@code Io}'s about a second each time.
 *
 * <p>Questions and answers are lines of text. After {@value #GREETING}, which the node says first, a question is
 * {@code top ORDER LIMIT}; the answer is a line for the node, lines with fields between tabs for processes, and a line
 * with a dot.
 */
public final class Observer {
    /** What names of sockets begin with, when they are not chosen by the program; the process's number comes next. */
    public static final String NAME_PREFIX = "\0gyre-node-";

    /** What a node says first. */
    public static final String GREETING = "gyre-node 1";

    private static final int QUESTION_MAX = 200;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Observer() {}

    /**
     * Starts one under a name that {@code gyre top} finds: that of the operating system's process.
     *
     * @param node to be looked at
     * @return the process, which listens; ending it ends that
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#LISTEN}
     * @throws dev.gyre.io.CanceledException if the calling task was canceled
     */
    public static Pid start(Processes node) throws IoException {
        long process = ProcessHandle.current().pid();
        for (int i = 1; ; i++) {
            try {
                return start(node, new UnixAddress(NAME_PREFIX + process + (i == 1 ? "" : "-" + i)));
            } catch (IoException failed) {
                if (failed.reason() != Reason.ADDRESS_IN_USE) {
                    throw failed;
                }
            }
        }
    }

    /**
     * Starts one at an address.
     *
     * @param node to be looked at
     * @param address where to listen
     * @return the process, which listens; ending it ends that
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#LISTEN}
     * @throws dev.gyre.io.CanceledException if the calling task was canceled
     */
    public static Pid start(Processes node, UnixAddress address) throws IoException {
        try {
            return node.start(SpawnOptions.DEFAULT, self -> listen(self, address));
        } catch (CallException failed) {
            if (failed.reason() instanceof ExitReason.Failed(IoException cause)) {
                throw cause;
            }
            throw failed;
        }
    }

    private static void listen(Self self, UnixAddress address) throws IoException {
        try (Listener listener = self.io().listen(address, ListenOptions.DEFAULT)) {
            int user = ownUser(self, listener);
            self.ready();
            while (true) {
                try {
                    answer(self, listener.accept(), user);
                } catch (IoException failed) {
                    if (!failed.reason().isShortage()) {
                        throw failed;
                    }
                    self.io().sleep(PAUSE);
                }
            }
        }
    }

    /** Who this program is, as the kernel says it of one that connects. */
    private static int ownUser(Self self, Listener listener) throws IoException {
        try (Connection _ = self.io().connect(listener.localAddress());
                Connection accepted = listener.accept()) {
            return accepted.peerCredentials().user();
        }
    }

    /** One who looks has a process of its own, which ends with it. */
    private static void answer(Self self, Connection connection, int user) {
        boolean answered = false;
        try {
            Pid _ = self.spawnLink(
                    SpawnOptions.DEFAULT.withOwned(connection), one -> serve(one, connection, user));
            answered = true;
        } catch (ProcessLimitException _) {
            // Nobody can look now.
        } finally {
            if (!answered) {
                connection.close();
            }
        }
    }

    private static void serve(Self self, Connection connection, int user) {
        try (BufferedSource questions = new BufferedSource(connection)) {
            Credentials peer = connection.peerCredentials();
            if (peer.user() != user && peer.user() != 0) {
                say(connection, "refused: this node answers user " + user + " and the superuser\n");
                return;
            }
            say(connection, GREETING + "\n");
            Survey survey = new Survey(self.node());
            for (String line = questions.readLine(QUESTION_MAX);
                    line != null;
                    line = questions.readLine(QUESTION_MAX)) {
                String question = line;
                say(connection, self.io().blocking(() -> survey.answer(question)));
            }
        } catch (IoException gone) {
            // Whoever looked has left, or asks for too much; the node goes on.
        }
    }

    private static void say(Connection connection, String text) throws IoException {
        connection.writeAll(text.getBytes(StandardCharsets.UTF_8));
    }
}
