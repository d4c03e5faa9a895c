package dev.gyre.cli;

import dev.gyre.http.FileServer;
import dev.gyre.http.LogOptions;
import dev.gyre.http.LogOptions.Target;
import dev.gyre.http.ServerOptions;
import dev.gyre.io.Action;
import dev.gyre.io.Child;
import dev.gyre.io.Command;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.io.Stdio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code gyre serve}: the files of a folder over HTTP. */
final class Serve implements Runnable {
    /** How long answers that are under way may take when the server is told to end. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final String BROWSER = "xdg-open";

    private final CommandSpec spec =
            Commands.command(this, "Serve the files of a directory over HTTP. Ends with Ctrl-C or SIGTERM.");

    private final ServeOptions options = new ServeOptions(spec);

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public void run() {
        ServerOptions server = options.server();
        try (Io io = options.backend().open();
                FileServer running = open(io, server);
                Termination _ = Termination.handledBy(() -> stop(running), hangup(server, running));
                Group<RuntimeException> helpers = io.group(failure -> warn(String.valueOf(failure.getMessage())))) {
            announce(io, server, running);
            help(io, server, running, helpers);
            running.awaitStop();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static @Nullable Runnable hangup(ServerOptions server, FileServer running) {
        boolean toFile = server.log().map(LogOptions::target).orElse(null) instanceof Target.ToFile;
        return toFile ? running::reopenLog : null;
    }

    private void stop(FileServer server) {
        int answers = server.answering();
        if (answers > 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("serve: ends when " + (answers == 1 ? "an answer is" : answers + " answers are")
                    + " out, in " + GRACE.toSeconds() + " seconds at the latest; a second signal ends it now");
            err.flush();
        }
        server.stop(GRACE);
    }

    /** Says what is served where, and what one should know about it. */
    private void announce(Io io, ServerOptions server, FileServer running) throws IOException {
        String root = io.currentDirectory().realPath(server.root());
        List<String> urls = ServeAddresses.urls((IpAddress) running.address());
        PrintWriter out = spec.commandLine().getOut();
        out.println("serve: " + root + " at " + urls.getFirst() + ", " + io.description());
        urls.stream().skip(1).forEach(url -> out.println("serve: also at " + url));
        out.flush();
        boolean local = ((IpAddress) running.address()).isLoopback();
        if (server.access().hasPlainPasswords()) {
            warn("there are passwords in the file that anybody can read who can read it; htpasswd -B hides them");
        }
        if (server.access().passwords().isPresent() && !local) {
            warn("passwords travel unencrypted: use this only in a network that you trust, or behind a proxy with TLS");
        }
        if (server.paths().singlePage() && isMissing(io, root + "/index.html")) {
            warn("there is no index.html yet, which --spa answers with");
        }
    }

    private static boolean isMissing(Io io, String path) {
        try {
            return io.currentDirectory().stat(path).size() < 0;
        } catch (IoException missing) {
            return true;
        }
    }

    /** Starts what goes on beside the server. */
    private void help(Io io, ServerOptions server, FileServer running, Group<RuntimeException> helpers) {
        Boolean wanted = options.counters();
        boolean logged = server.log().map(LogOptions::target).orElse(null) instanceof Target.ToStream;
        if (wanted == null ? !logged && CpProgress.isTerminal(io) : wanted) {
            ServeStatus status = new ServeStatus(io, running, spec.commandLine().getErr());
            start(helpers, status::show);
        }
        if (options.open()) {
            String url = ServeAddresses.urls((IpAddress) running.address()).getFirst();
            start(helpers, () -> browse(io, url));
        }
    }

    private static void start(Group<RuntimeException> helpers, Action<RuntimeException> action) {
        try {
            helpers.concurrent(action);
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        }
    }

    private void browse(Io io, String url) {
        Command command = Command.of(BROWSER, url)
                .withInput(Stdio.NULL)
                .withOutput(Stdio.NULL)
                .withError(Stdio.NULL)
                .withAtClose(Command.AtClose.LEAVE);
        try (Child browser = io.spawn(command)) {
            if (!browser.await().isSuccess()) {
                warn(BROWSER + " could not open " + url);
            }
        } catch (IoException refused) {
            warn("no browser can be opened: " + refused.getMessage());
        }
    }

    private void warn(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("serve: " + message);
        err.flush();
    }

    private FileServer open(Io io, ServerOptions server) throws IOException {
        try {
            return FileServer.open(io, server);
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        } catch (IoException failed) {
            if (failed.operation() == Operation.OPEN_DIRECTORY) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Cannot serve '" + server.root() + "': " + failed.reason().text() + advice(server.root()));
            }
            throw switch (failed.reason()) {
                case ADDRESS_IN_USE -> advised(failed, "choose another with --port, or any free one with --port 0");
                case ADDRESS_NOT_AVAILABLE -> advised(failed, "give an address of this machine with --host");
                case ACCESS_DENIED, PERMISSION_DENIED -> failed.operation() == Operation.LISTEN
                        ? advised(failed, "ports below 1024 need a privilege; choose another with --port")
                        : failed;
                default -> failed;
            };
        }
    }

    /** For who is used to another server. */
    private static String advice(String root) {
        return root.matches("[0-9]{1,5}") ? "; the port is given by --port " + root : "";
    }

    private static IOException advised(IoException failed, String advice) {
        return new IOException(failed.getMessage() + "; " + advice, failed);
    }
}
