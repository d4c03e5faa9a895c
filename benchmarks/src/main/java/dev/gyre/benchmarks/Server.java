package dev.gyre.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A contender that runs and listens. */
final class Server implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("\\b(?:127\\.0\\.0\\.1|0\\.0\\.0\\.0):(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Child child;
    private final int port;

    private Server(Child child, int port) {
        this.child = child;
        this.port = port;
    }

    /**
     * Starts a contender and waits until it listens.
     *
     * @param cores what to put before its command
     * @throws Unavailable if it cannot run on this machine
     * @throws IOException if it ends, or does not say within 30 s where it listens
     */
    static Server start(Contender contender, Workshop workshop, JavaCommand java, List<String> cores)
            throws Unavailable, IOException {
        Launch launch = contender.recipe().prepare(workshop, java);
        List<String> command = new ArrayList<>(cores);
        command.addAll(launch.command());
        Child child = Child.start(command, workshop.errors(contender.name()));
        try {
            int port = launch.port();
            if (port == Launch.ANNOUNCED) {
                port = announced(child);
            } else {
                awaitListener(child, port);
            }
            child.ignore();
            return new Server(child, port);
        } catch (IOException e) {
            child.close();
            throw new IOException(contender.name() + " did not start: " + e.getMessage(), e);
        }
    }

    long pid() {
        return child.pid();
    }

    int port() {
        return port;
    }

    /** Asks it to end. */
    void closeInput() {
        child.closeInput();
    }

    /**
     * Asks it to end, and waits for longer than {@link #close} would.
     *
     * @throws IOException if it is still there after 30 s
     */
    void awaitEnd() throws IOException {
        closeInput();
        if (!child.endsWithin(PATIENCE)) {
            throw new IOException("it does not end");
        }
    }

    /** Ends it, and waits until it has ended. */
    @Override
    public void close() {
        child.close();
    }

    private static int announced(Child child) throws IOException {
        StringBuilder said = new StringBuilder();
        while (true) {
            String line;
            try {
                line = child.listen(PATIENCE);
            } catch (IOException e) {
                throw new IOException(said + String.valueOf(e.getMessage()), e);
            }
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            said.append(line).append("; ");
        }
    }

    private static void awaitListener(Child child, int port) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            try (Socket _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                return;
            } catch (IOException e) {
                if (!child.isAlive()) {
                    throw new IOException("it ended: " + child.complaint(), e);
                }
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IOException("no listener on port " + port, e);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
