package dev.gyre.http;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A server over a folder of its own. When it is closed, everything that the process had opened for it must be closed
 * too, or the test fails.
 */
final class TestServer implements AutoCloseable {
    final Path folder;
    final Path root;
    final Io io;
    final FileServer server;
    final int port;

    private final List<String> openBefore;

    // What the JDK opens once and keeps, the first time that a socket is closed, must not be taken for a leak.
    static {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            accepted.shutdownOutput();
            client.getInputStream().read();
        } catch (IOException failure) {
            throw new ExceptionInInitializerError(failure);
        }
    }

    private TestServer(String backend, UnaryOperator<ServerOptions> change)
            throws IOException, ConcurrencyUnavailable {
        openBefore = open();
        folder = Files.createTempDirectory("serve");
        root = Files.createDirectory(folder.resolve("root"));
        try {
            io = Io.open(IoOptions.DEFAULT.withLoops(2).withBackend(backend));
        } catch (BackendUnavailable refused) {
            Assumptions.abort(refused.getMessage());
            throw refused;
        }
        server = FileServer.open(io, change.apply(ServerOptions.DEFAULT
                .withRoot(root.toString())
                .withAddress(Ip4Address.loopback(0))));
        port = ((IpAddress) server.address()).port();
    }

    /** The backends to try: all, unless the build names some. */
    static List<String> backends() {
        return List.of(System.getProperty("gyre.test.backends", "uring,threaded").split(",", -1));
    }

    static TestServer start(String backend) throws Exception {
        return new TestServer(backend, options -> options);
    }

    static TestServer start(String backend, UnaryOperator<ServerOptions> change) throws Exception {
        return new TestServer(backend, change);
    }

    static TestServer withLimits(String backend, UnaryOperator<ServerLimits> change) throws Exception {
        return new TestServer(backend, options -> options.withLimits(change.apply(options.limits())));
    }

    Client connect() throws IOException {
        return new Client(port);
    }

    /** One request on a connection of its own. */
    Client.Answer get(String target) throws IOException {
        try (Client client = connect()) {
            return client.get(target);
        }
    }

    Path write(String name, byte[] content) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, content);
    }

    Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        server.close();
        io.close();
        List<String> left = open();
        openBefore.forEach(left::remove);
        Assertions.assertThat(left).as("still open").isEmpty();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What the process has open, except the class files that it loads as it likes. */
    private static List<String> open() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target;
                try {
                    target = Files.readSymbolicLink(descriptor).toString();
                } catch (NoSuchFileException closedMeanwhile) {
                    continue;
                }
                String kind = target.replaceAll("\\d+", "N");
                if (!target.endsWith(".jar") && !target.endsWith(".class") && !target.startsWith("/proc/")
                        && !target.endsWith("/modules") && !target.startsWith("/dev/")) {
                    open.add(kind);
                }
            }
        }
        return open;
    }
}
