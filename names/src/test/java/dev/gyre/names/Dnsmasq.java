package dev.gyre.names;

import dev.gyre.io.Ip4Address;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A dnsmasq on the loopback address, with a port of its own and names of its own. */
final class Dnsmasq implements AutoCloseable {
    private final Process process;
    private final Ip4Address address;

    private Dnsmasq(Process process, Ip4Address address) {
        this.process = process;
        this.address = address;
    }

    /** Skips the test where there is none. */
    static Dnsmasq start(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program(), "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/example/", "--log-facility=-",
                "--pid-file=", "--user="));
        int port = freePort();
        command.add("--port=" + port);
        command.addAll(List.of(options));
        Path log = folder.resolve("dnsmasq.log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Dnsmasq server = new Dnsmasq(process, Ip4Address.loopback(port));
        boolean started = false;
        try {
            dev.gyre.io.conformance.Eventually.await("dnsmasq has started", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("dnsmasq has ended: " + text(log));
                }
                return text(log).contains("started");
            });
            started = true;
        } finally {
            if (!started) {
                server.close();
            }
        }
        return server;
    }

    private static String program() {
        for (String path : List.of("/usr/sbin/dnsmasq", "/usr/bin/dnsmasq", "/usr/local/sbin/dnsmasq")) {
            if (Files.isExecutable(Path.of(path))) {
                return path;
            }
        }
        Assumptions.abort("no dnsmasq in /usr/sbin, /usr/bin or /usr/local/sbin");
        throw new AssertionError();
    }

    private static int freePort() throws IOException {
        while (true) {
            try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    ServerSocket tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), udp.getLocalPort()));
                return udp.getLocalPort();
            } catch (java.net.BindException taken) {
                // The next one.
            }
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            return "";
        }
    }

    Ip4Address address() {
        return address;
    }

    /** Makes it silent, without ending it. */
    void suspend() throws Exception {
        signal("STOP");
    }

    /** Lets it go on. */
    void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " failed");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
