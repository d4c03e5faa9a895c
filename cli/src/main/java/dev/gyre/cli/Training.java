package dev.gyre.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code gyre train}: goes once through what a start of the other commands goes through, servers up to the answer to
 * a first client.
 *
 * <p>The launcher runs it after a build, while the virtual machine records which classes are used (JEP 514) and how
 * methods behave (JEP 515); hence hidden from the help. What is not reached from here starts slower, and is right all
 * the same.
 */
final class Training implements Runnable {
    private static final List<String> BACKENDS = List.of("auto", "threaded");
    private static final String FILE = "file.html";
    private static final int FILES = 300;
    private static final String REQUESTS =
            """
            GET /%s HTTP/1.1
            Host: localhost

            GET / HTTP/1.1
            Host: localhost
            Connection: close

            """
                    .formatted(FILE)
                    .replace("\n", "\r\n");

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        CommandSpec spec = Commands.command(this, "Run what others run, for the launcher to learn from.");
        spec.usageMessage().hidden(true);
        return spec;
    }

    @Override
    public void run() {
        execute(Writer.nullWriter(), "doctor");
        execute(Writer.nullWriter(), "--version");
        try {
            Path directory = Files.createTempDirectory("gyre-train");
            Path file = Files.writeString(directory.resolve(FILE), "<title>Gyre</title>");
            try {
                for (String backend : BACKENDS) {
                    serve("A message to be echoed.", "echo", "--port=0", "--backend", backend);
                    serve(REQUESTS, "serve", "--port=0", "--backend", backend, directory.toString());
                    proxy(backend);
                    copy(directory, backend);
                }
            } finally {
                Files.delete(file);
                Files.delete(directory);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Copies a folder often enough for methods to be seen at work, and what is there already once. */
    private static void copy(Path directory, String backend) throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Path target = directory.resolve("target");
        for (int i = 0; i < FILES; i++) {
            Files.writeString(source.resolve("file" + i), "A file to be copied.");
        }
        Files.createSymbolicLink(source.resolve("link"), source.resolve("file0"));
        Files.createLink(source.resolve("second"), source.resolve("file1"));
        execute(Writer.nullWriter(), "cp", "--backend", backend, source.toString(), target.toString());
        execute(Writer.nullWriter(), "cp", "-T", "--backend", backend, source.toString(), target.toString());
        for (Path folder : List.of(source, target)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void execute(Writer out, String... arguments) {
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(Writer.nullWriter()));
        program.execute(arguments);
    }

    /** A proxy in front of an echo. */
    private static void proxy(String backend) throws IOException {
        Announcement echo = new Announcement();
        CompletableFuture<Void> target = CompletableFuture.runAsync(
                () -> execute(echo, "echo", "--port=0", "--backend", backend),
                // The common pool may have one thread only, which the proxy will need.
                command -> Thread.ofPlatform().start(command));
        String address = "127.0.0.1:" + echo.port.join();
        serve("A message to be passed on.", "proxy", "--backend", backend, "0", address);
        target.join();
    }

    /** Runs a server until a client has got its answers. */
    private static void serve(String message, String... arguments) throws IOException {
        Announcement announcement = new Announcement();
        CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
            execute(announcement, arguments);
            // If it has announced nothing until now, it never will.
            announcement.port.cancel(false);
        });
        try {
            converse(announcement.port.join(), message);
        } finally {
            Termination.request();
            server.join();
        }
    }

    private static void converse(int port, String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(message.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** What a server prints, and the port in it. */
    private static final class Announcement extends StringWriter {
        private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

        final CompletableFuture<Integer> port = new CompletableFuture<>();

        @Override
        public void flush() {
            Matcher address = ADDRESS.matcher(getBuffer());
            if (address.find()) {
                port.complete(Integer.parseInt(address.group(1)));
            }
        }
    }
}
