package dev.gyre.cli;

import dev.gyre.http.FileServer;
import dev.gyre.http.ServerLimits;
import dev.gyre.http.ServerOptions;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code gyre serve}: the files of a folder over HTTP. */
final class Serve implements Runnable {
    /** How long answers that are under way may take when the server is told to end. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int SECONDS_MAX = 86_400;

    private final CommandSpec spec =
            Commands.command(this, "Serve the files of a directory over HTTP. Ends with Ctrl-C or SIGTERM.");

    private final PositionalParamSpec directory = PositionalParamSpec.builder()
            .paramLabel("DIR")
            .arity("0..1")
            .type(String.class)
            .defaultValue(".")
            .description("What to serve (default: the current directory).")
            .build();

    private final OptionSpec listing = OptionSpec.builder("--listing")
            .type(boolean.class)
            .negatable(true)
            .defaultValue(Boolean.toString(ServerOptions.DEFAULT.listing()))
            .fallbackValue("true")
            .description("Show what is in a directory that has no index.html (default: ${DEFAULT-VALUE}).")
            .build();

    private final OptionSpec dotFiles = OptionSpec.builder("--dot-files")
            .type(boolean.class)
            .defaultValue(Boolean.toString(ServerOptions.DEFAULT.dotFiles()))
            .description("Serve and list names that begin with a dot, too.")
            .build();

    private final OptionSpec connections = number(
            "--connections", "N", 1, Integer.MAX_VALUE, ServerLimits.DEFAULT.connectionsMax(),
            "Connections at once; more are told to come back (default: ${DEFAULT-VALUE}).");

    private final OptionSpec headBytes = number(
            "--head-bytes", "N", 256, 1 << 20, ServerLimits.DEFAULT.headBytesMax(),
            "Longest request line with header fields (default: ${DEFAULT-VALUE}).");

    private final OptionSpec requestTimeout = seconds(
            "--request-timeout", ServerLimits.DEFAULT.headTimeout(),
            "Time for a request to arrive, in seconds (default: ${DEFAULT-VALUE}).");

    private final OptionSpec idleTimeout = seconds(
            "--idle-timeout", ServerLimits.DEFAULT.idleTimeout(),
            "Time between two requests, in seconds (default: ${DEFAULT-VALUE}).");

    private final OptionSpec writeTimeout = seconds(
            "--write-timeout", ServerLimits.DEFAULT.writeStall(),
            "Time in which a client takes nothing of an answer, in seconds (default: ${DEFAULT-VALUE}).");

    private final AddressOptions address;
    private final BackendOptions backend;

    Serve() {
        spec.addPositional(directory).addOption(listing).addOption(dotFiles);
        address = new AddressOptions(spec);
        backend = new BackendOptions(spec);
        spec.addOption(connections)
                .addOption(headBytes)
                .addOption(requestTimeout)
                .addOption(idleTimeout)
                .addOption(writeTimeout);
    }

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public void run() {
        ServerOptions options = options();
        try (Io io = backend.open();
                FileServer server = open(io, options);
                Termination _ = Termination.handledBy(() -> stop(server))) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("serve: " + options.root() + " at http://" + server.address() + "/, " + io.description());
            out.flush();
            server.awaitStop();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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

    private FileServer open(Io io, ServerOptions options) throws IOException {
        try {
            return FileServer.open(io, options);
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        } catch (IoException failed) {
            if (failed.operation() == Operation.OPEN_DIRECTORY) {
                throw new ParameterException(
                        spec.commandLine(), "Cannot serve '" + options.root() + "': " + failed.reason().text());
            }
            throw switch (failed.reason()) {
                case ADDRESS_IN_USE -> advised(failed, "choose another with --port, or any free one with --port 0");
                case ACCESS_DENIED, PERMISSION_DENIED ->
                    advised(failed, "ports below 1024 need a privilege; choose another with --port");
                case ADDRESS_NOT_AVAILABLE -> advised(failed, "give an address of this machine with --host");
                default -> failed;
            };
        }
    }

    private ServerOptions options() {
        IpAddress where = address.literal(spec);
        String root = directory.getValue();
        if (root.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "DIR is empty; the current directory is '.', and the default");
        }
        int headBytesMax = headBytes.getValue();
        ServerLimits limits = ServerLimits.DEFAULT
                .withConnectionsMax(connections.getValue())
                .withHeadBytesMax(headBytesMax)
                .withTargetBytesMax(Math.max(headBytesMax / 2, 1))
                .withHeadTimeout(duration(requestTimeout))
                .withIdleTimeout(duration(idleTimeout))
                .withWriteStall(duration(writeTimeout));
        return ServerOptions.DEFAULT
                .withRoot(root)
                .withAddress(where)
                .withListing(listing.getValue())
                .withDotFiles(dotFiles.getValue())
                .withLimits(limits);
    }

    private static IOException advised(IoException failed, String advice) {
        return new IOException(failed.getMessage() + "; " + advice, failed);
    }

    private static Duration duration(OptionSpec option) {
        int seconds = option.getValue();
        return Duration.ofSeconds(seconds);
    }

    private static OptionSpec seconds(String name, Duration standard, String description) {
        return number(name, "SECONDS", 1, SECONDS_MAX, (int) standard.toSeconds(), description);
    }

    private static OptionSpec number(
            String name, String label, int least, int most, int standard, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(int.class)
                .converters(new Range(least, most))
                .defaultValue(Integer.toString(standard))
                .description(description)
                .build();
    }
}
