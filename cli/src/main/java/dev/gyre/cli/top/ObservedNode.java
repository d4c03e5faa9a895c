package dev.gyre.cli.top;

import dev.gyre.io.Body;
import dev.gyre.io.BufferedSource;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.process.Observer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A node that is looked at, over the socket of its {@link Observer}. */
public final class ObservedNode implements AutoCloseable {
    private static final String SOCKETS = "/proc/net/unix";
    private static final int SOCKETS_MAX = 64 << 20;
    private static final int LINE_MAX = 1 << 16;

    /** Time for an answer; a million processes take a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of a socket that listens, in {@value #SOCKETS} (proc_net(5)). */
    private static final String LISTENS = "00010000";

    private final Io io;
    private final UnixAddress address;
    private final Connection connection;
    private final BufferedSource answers;

    private ObservedNode(Io io, UnixAddress address, Connection connection) {
        this.io = io;
        this.address = address;
        this.connection = connection;
        this.answers = new BufferedSource(connection);
    }

    /**
     * The nodes of this machine, or this container, that a program has named by its process.
     *
     * @param io to read by
     * @return what {@link #open} takes
     * @throws IOException if the kernel does not tell
     */
    public static List<UnixAddress> all(Io io) throws IOException {
        String prefix = "@" + Observer.NAME_PREFIX.substring(1);
        try (File file = io.currentDirectory().openFile(SOCKETS, OpenOptions.READ);
                BufferedSource source = new BufferedSource(file)) {
            return source.readAllText(SOCKETS_MAX).lines()
                    .map(line -> line.split(" +", -1))
                    .filter(fields -> fields.length >= 8 && fields[3].equals(LISTENS) && fields[7].startsWith(prefix))
                    .map(fields -> new UnixAddress("\0" + fields[7].substring(1)))
                    .toList();
        }
    }

    /**
     * Begins to look.
     *
     * @param io to connect by
     * @param address of the node's socket
     * @return to be closed
     * @throws IOException if nobody is there, or does not want to be looked at, with a message for people
     */
    public static ObservedNode open(Io io, UnixAddress address) throws IOException {
        Connection connection;
        try {
            connection = io.connect(address, ConnectOptions.DEFAULT);
        } catch (IoException failed) {
            if (failed.reason() == Reason.CONNECTION_REFUSED || failed.reason() == Reason.FILE_NOT_FOUND) {
                throw new IOException("no node is at " + shown(address) + ": 'gyre top' without a name looks for those"
                        + " whose program has called Observer.start(node)", failed);
            }
            throw failed;
        }
        boolean open = false;
        try {
            ObservedNode node = new ObservedNode(io, address, connection);
            node.greet();
            open = true;
            return node;
        } finally {
            if (!open) {
                connection.close();
            }
        }
    }

    private void greet() throws IOException {
        String greeting = exchange(this::readLine);
        if (greeting.startsWith("refused")) {
            throw new IOException(shown(address) + " does not answer you: " + clip(greeting));
        }
        if (!greeting.equals(Observer.GREETING)) {
            throw noNode("it says '" + clip(greeting) + "'", null);
        }
    }

    /** The node now. */
    Snapshot ask(Order order, int limit) throws IOException {
        String question = "top " + order + " " + limit + "\n";
        List<String> lines = exchange(() -> {
            connection.writeAll(question.getBytes(StandardCharsets.US_ASCII));
            return readAnswer(limit + 1);
        });
        try {
            return Snapshot.parse(lines);
        } catch (IllegalArgumentException unknown) {
            throw noNode("it answers '" + clip(String.valueOf(unknown.getMessage())) + "'", unknown);
        }
    }

    private List<String> readAnswer(int linesMax) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = readLine(); !line.equals("."); line = readLine()) {
            if (lines.size() == linesMax) {
                throw noNode("its answers do not end", null);
            }
            lines.add(line);
        }
        return lines;
    }

    private String readLine() throws IOException {
        String line = answers.readLine(LINE_MAX);
        if (line == null) {
            throw ended(null);
        }
        return withoutControls(line);
    }

    /** Whoever it is, it does not draw on the terminal. */
    private static String withoutControls(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.codePoints()
                .map(c -> Character.isISOControl(c) && c != '\t' ? ' ' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Does something with the node for a limited time, and says for people what is wrong with it. */
    private <T> T exchange(Body<T, IOException> body) throws IOException {
        try {
            return io.within(Timeout.after(PATIENCE), body);
        } catch (TimeoutException late) {
            throw new IOException(shown(address) + " does not answer in " + PATIENCE.toSeconds() + " s", late);
        } catch (IoException failed) {
            throw switch (failed.reason()) {
                case BROKEN_PIPE, CONNECTION_RESET -> ended(failed);
                case TOO_LONG -> noNode("its lines do not end", failed);
                default -> failed;
            };
        }
    }

    private IOException ended(@Nullable Throwable cause) {
        return new IOException("the node at " + shown(address) + " has ended", cause);
    }

    private IOException noNode(String why, @Nullable Throwable cause) {
        return new IOException(shown(address) + " is no node, or of another version: " + why, cause);
    }

    private static String clip(String text) {
        return text.substring(0, Math.min(text.length(), 100));
    }

    /**
     * How an address is written on the command line.
     *
     * @param address any
     * @return a path, or {@code @} and an abstract name
     */
    public static String shown(UnixAddress address) {
        return address.path().replace('\0', '@');
    }

    @Override
    public void close() {
        connection.close();
    }
}
