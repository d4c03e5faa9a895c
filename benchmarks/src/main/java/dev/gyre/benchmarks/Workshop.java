package dev.gyre.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A temporary directory for what the servers need: documents, a compiled program, configuration, their logs. */
final class Workshop implements AutoCloseable {
    /** Leaves a process behind that reads the standard input, and becomes the program. */
    private static final String UNTIL_INPUT_ENDS_SCRIPT =
            "exec 3<&0; (cat <&3; kill -TERM $$) >/dev/null 2>&1 & exec 3<&- </dev/null; exec \"$@\"";

    /** Where distributions put it. */
    private static final List<Path> STREAM_MODULES = List.of(
            Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_stream_module.so"));

    private final Path directory;
    private final Path documents;
    private final Thread interrupted = new Thread(this::deleteQuietly);

    private Workshop(Path directory, Path documents) {
        this.directory = directory;
        this.documents = documents;
    }

    /**
     * A new directory, with nothing in it yet.
     *
     * @throws IOException if it cannot be made
     */
    static Workshop open() throws IOException {
        Path directory = Files.createTempDirectory("gyre-bench");
        Workshop workshop = new Workshop(directory, Files.createDirectory(directory.resolve("documents")));
        Runtime.getRuntime().addShutdownHook(workshop.interrupted);
        return workshop;
    }

    /** The directory that the HTTP servers serve. */
    Path documents() {
        return documents;
    }

    /**
     * Makes sure that a document of this size exists.
     *
     * @return its path on the servers
     */
    String document(int size) throws IOException {
        String name = size + ".bin";
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (' ' + i % 64);
        }
        Files.write(documents.resolve(name), bytes);
        return "/" + name;
    }

    /** A file for the standard error of a process. */
    Path errors(String name) {
        return directory.resolve(name + ".err");
    }

    /** A folder of this name. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** A folder of this name, without what was in it. */
    Path emptyFolder(String name) throws IOException {
        delete(folder(name));
        return folder(name);
    }

    /** A file for the AOT cache of a program; not there until somebody makes it. */
    Path cache(String name) {
        return directory.resolve(name + ".aot");
    }

    /** Has a program that knows nothing of us end with its standard input. Its pid is that of the command. */
    static List<String> untilInputEnds(List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS_SCRIPT, "sh"));
        wrapped.addAll(command);
        return wrapped;
    }

    /**
     * Compiles one of the programs in C.
     *
     * @param name of the source, without its ending
     * @return its command
     * @throws Unavailable if there is no compiler or no liburing
     */
    List<String> inC(String name) throws Unavailable, IOException {
        Path program = directory.resolve(name);
        if (Files.exists(program)) {
            return List.of(program.toString());
        }
        Path compiler = Tools.require("gcc", "gcc");
        Path source = directory.resolve(name + ".c");
        Files.writeString(source, resource("peers/" + name + ".c"));
        List<String> command = List.of(
                compiler.toString(), "-O2", "-o", program.toString(), source.toString(), "-luring");
        try (Child gcc = Child.start(command, errors("gcc"))) {
            String output = gcc.rest();
            if (!Files.exists(program)) {
                throw new Unavailable("gcc could not compile " + name + ".c against liburing; install the package"
                        + " liburing-dev (liburing-devel), 2.3 or newer. It said: " + output + gcc.complaint());
            }
        }
        return List.of(program.toString());
    }

    /**
     * Compiles one of the programs in Erlang.
     *
     * @param name of the source, without its ending
     * @param schedulers on how many threads processes run
     * @return its command
     * @throws Unavailable if there is no Erlang
     */
    List<String> inErlang(String name, int schedulers) throws Unavailable, IOException {
        Path erlang = Tools.require("erl", "erlang-base (erlang-erts)");
        Path compiler = Tools.require("erlc", "erlang-base (erlang-erts)");
        Path program = directory.resolve(name + ".beam");
        if (!Files.exists(program)) {
            Path source = directory.resolve(name + ".erl");
            Files.writeString(source, resource("peers/" + name + ".erl"));
            List<String> command =
                    List.of(compiler.toString(), "-o", directory.toString(), source.toString());
            try (Child child = Child.start(command, errors("erlc"))) {
                String output = child.rest();
                if (!Files.exists(program)) {
                    throw new Unavailable("erlc could not compile " + name + ".erl: " + output + child.complaint());
                }
            }
        }
        return List.of(
                erlang.toString(), "+S", "" + schedulers, "+P", "2000000", "-noshell", "-pa", directory.toString(),
                "-s", name, "main", "-extra");
    }

    /**
     * Configures nginx, on a port that was free a moment ago.
     *
     * @throws Unavailable if it is not installed
     */
    Launch nginx() throws Unavailable, IOException {
        return nginx("nginx", Map.of("@ROOT@", documents.toString()));
    }

    /**
     * Configures nginx as a proxy, on a port that was free a moment ago.
     *
     * @param targets the addresses that it passes connections on to
     * @throws Unavailable if it is not installed, or has no such module
     */
    Launch proxy(List<String> targets) throws Unavailable, IOException {
        Path module = STREAM_MODULES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new Unavailable(
                        "no stream module of nginx; install the package libnginx-mod-stream (nginx-mod-stream)"));
        String servers = "server " + String.join("; server ", targets) + ";";
        return nginx("nginx-stream", Map.of("@MODULE@", module.toString(), "@SERVERS@", servers));
    }

    /**
     * iperf3's server, on a port that was free a moment ago.
     *
     * @throws Unavailable if it is not installed
     */
    Launch iperf() throws Unavailable, IOException {
        String program = Tools.require("iperf3", "iperf3").toString();
        int port = freePort();
        return new Launch(
                untilInputEnds(List.of(program, "--server", "--bind", "127.0.0.1", "--port", "" + port)), port);
    }

    /**
     * Redis's server, which appends to a file and syncs it every second, on a port that was free a moment ago.
     *
     * @param rewriteMin how many bytes the file has at least before it is rewritten
     * @throws Unavailable if it is not installed
     */
    Launch redis(long rewriteMin) throws Unavailable, IOException {
        String program = Tools.require("redis-server", "redis-server (redis)").toString();
        int port = freePort();
        return new Launch(
                untilInputEnds(List.of(
                        program, "--bind", "127.0.0.1", "--port", "" + port, "--dir", emptyFolder("redis").toString(),
                        "--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
                        "--auto-aof-rewrite-min-size", "" + rewriteMin)),
                port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private Launch nginx(String name, Map<String, String> settings) throws Unavailable, IOException {
        Path program = Tools.require("nginx", "nginx");
        Path prefix = folder(name);
        int port = freePort();
        Path configuration = prefix.resolve("nginx.conf");
        String text = resource(name + ".conf")
                .replace("@PREFIX@", prefix.toString())
                .replace("@PORT@", Integer.toString(port));
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            text = text.replace(setting.getKey(), setting.getValue());
        }
        Files.writeString(configuration, text);
        return new Launch(
                untilInputEnds(List.of(
                        program.toString(), "-p", prefix.toString(), "-c", configuration.toString(), "-e", "stderr")),
                port);
    }

    /** Deletes everything. So does the end of the JVM. */
    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(interrupted);
        delete(directory);
    }

    private void deleteQuietly() {
        try {
            delete(directory);
        } catch (IOException e) {
            System.err.println("could not delete " + directory + ": " + e.getMessage());
        }
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.toList();
        }
        for (Path file : files.reversed()) {
            Files.delete(file);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(Workshop.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
