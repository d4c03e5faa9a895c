package dev.gyre.cli;

import static dev.gyre.cli.Commands.duration;
import static dev.gyre.cli.Commands.flag;

import dev.gyre.cli.proxy.Balance;
import dev.gyre.cli.proxy.Destination;
import dev.gyre.cli.proxy.ProxyOptions;
import dev.gyre.cli.proxy.ProxyServer;
import dev.gyre.io.Address;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.spi.name.HostName;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** {@code gyre proxy}: joins connections of TCP and Unix sockets with others. */
final class Proxy implements Runnable {
    private static final int SECONDS_MAX = 86_400;

    /** Two connections, and a pipe for each direction in which many bytes go at once. */
    private static final int DESCRIPTORS_EACH = 6;

    private final CommandSpec spec = Commands.command(
            this,
            "Pass TCP and Unix connections on, each to one of the targets. Ends with Ctrl-C or SIGTERM when the"
                    + " connections have ended, and at once with a second one.");

    private final PositionalParamSpec addresses = PositionalParamSpec.builder()
            .index("0..*")
            .paramLabel("LISTEN TARGET...")
            .hideParamSyntax(true)
            .arity("1") // for each, so that options may stand between them
            .type(List.class)
            .auxiliaryTypes(Destination.class)
            .converters(ProxyAddress::parse)
            .description("Where to listen, and where connections go. Each is a " + ProxyAddress.FORMS
                    + " in the abstract name space. The host of a target may be a name, which is looked up for each"
                    + " connection. LISTEN 0 lets the kernel choose a port.")
            .build();

    private final OptionSpec balance = OptionSpec.builder("--balance")
            .paramLabel("NAME")
            .type(Balance.class)
            .converters(Proxy::balance)
            .defaultValue(Balance.ROUND_ROBIN.toString())
            .description("Which target is next: " + Balance.names() + " (default: ${DEFAULT-VALUE}).")
            .build();

    private final OptionSpec connections = Commands.connections(
            "Connections at once; more wait in the listener's queue (default: 10000, or fewer where the limit of open"
                    + " files, 'ulimit -n', has no room for six descriptors each).");

    private final OptionSpec refuse = flag("Reset connections beyond --connections instead.", "--refuse");
    private final OptionSpec connectTimeout =
            seconds("--connect-timeout", 1, 5, "Time for a target to answer, before the next is tried");
    private final OptionSpec idleTimeout = seconds(
            "--idle-timeout", 0, 600, "Time without a byte in either direction, after which a connection is reset;"
                    + " 0 for any");
    private final OptionSpec drain =
            seconds("--drain", 0, 30, "Time for connections to end when the proxy is told to end");
    private final OptionSpec check = seconds(
            "--check", 0, 5, "Time between two checks of a target, which connect and close; 0 for none");
    private final OptionSpec takesHeader = flag(
            "Clients begin with a PROXY protocol header of version 2; others are reset.", "--accept-proxy");
    private final OptionSpec sendsHeader = flag(
            "Send targets a PROXY protocol header of version 2, with the client's address.", "--send-proxy");

    private final OptionSpec statistics = OptionSpec.builder("--stats")
            .paramLabel("SECONDS")
            .type(Integer.class)
            .converters(new Range(1, SECONDS_MAX))
            .description("Print a line with connections and bytes each SECONDS (default: on a terminal they are shown"
                    + " all the time, elsewhere not).")
            .build();

    private final BackendOptions backend;

    Proxy() {
        spec.addPositional(addresses)
                .addOption(balance)
                .addOption(connections)
                .addOption(refuse)
                .addOption(connectTimeout)
                .addOption(idleTimeout)
                .addOption(drain)
                .addOption(check)
                .addOption(takesHeader)
                .addOption(sendsHeader)
                .addOption(statistics);
        backend = new BackendOptions(spec);
    }

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public void run() {
        ProxyOptions options = options();
        ProxyDisplay display = new ProxyDisplay(spec.commandLine().getErr());
        try (Io io = backend.open();
                ProxyServer server = open(io, options, display);
                Group<RuntimeException> watching = io.group();
                Termination _ = Termination.handledBy(() -> stop(server, options, display))) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("proxy: " + server.address() + " to " + joined(options.targets()) + ", " + io.description());
            out.flush();
            watch(io, server, display, watching);
            server.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        }
    }

    private static void stop(ProxyServer server, ProxyOptions options, ProxyDisplay display) {
        server.stop();
        int active = server.active();
        if (active > 0) {
            display.event("ends with its " + (active == 1 ? "one connection" : active + " connections") + ", after "
                    + options.limits().drain().toSeconds() + " s at most; the same signal again ends it at once");
        }
    }

    private void watch(Io io, ProxyServer server, ProxyDisplay display, Group<RuntimeException> watching)
            throws ConcurrencyUnavailable {
        Integer interval = statistics.getValue();
        if (interval != null) {
            watching.concurrent(() -> display.print(io, server, Duration.ofSeconds(interval)));
        } else if (CpProgress.isTerminal(io)) {
            watching.concurrent(() -> display.draw(io, server));
        }
    }

    private static ProxyServer open(Io io, ProxyOptions options, ProxyDisplay display) throws IOException {
        try {
            return ProxyServer.open(io, options, display::event);
        } catch (IoException failed) {
            boolean tcp = options.listen() instanceof IpAddress;
            String advice = switch (failed.reason()) {
                case ADDRESS_IN_USE -> tcp
                        ? "choose another port, or any free one with 0"
                        : "another program listens there, or it is a file";
                case ACCESS_DENIED, PERMISSION_DENIED -> tcp
                        ? "ports below 1024 need a privilege; choose another"
                        : "choose a directory that you may write to";
                case ADDRESS_NOT_AVAILABLE -> "give an address of this machine";
                case FILE_NOT_FOUND -> "the directory is not there";
                default -> null;
            };
            throw advice == null ? failed : new IOException(failed.getMessage() + "; " + advice, failed);
        }
    }

    private ProxyOptions options() {
        List<Destination> all = addresses.getValue();
        if (all == null || all.size() < 2) {
            String missing = all == null ? "where to listen, and where to pass connections on" : "a target";
            throw wrong("Missing " + missing + ": LISTEN TARGET...");
        }
        Address listen = listen(all.getFirst());
        List<Destination> targets = all.subList(1, all.size());
        for (Destination target : targets) {
            if (port(target) == 0) {
                throw wrong("The target '" + target + "' has no port");
            }
            if (ProxyAddress.leadsTo(listen, target)) {
                throw wrong("The target '" + target + "' is where the proxy listens: it would be its own client");
            }
        }
        return new ProxyOptions(listen, targets, balance.getValue(), limits(), duration(check),
                takesHeader.getValue(), sendsHeader.getValue());
    }

    /** A name could have several addresses, or another one tomorrow. */
    private Address listen(Destination where) {
        return switch (where) {
            case Destination.Fixed(Address address) -> address;
            case Destination.Named(String host, int port) when HostName.isLocalhost(host) ->
                Ip4Address.loopback(port);
            case Destination.Named named ->
                throw wrong("LISTEN '" + named + "' is a name; give an address of this machine, or 0.0.0.0:"
                        + named.port() + " for all that it has");
        };
    }

    /** -1 where there are none. */
    private static int port(Destination target) {
        return switch (target) {
            case Destination.Fixed(IpAddress address) -> address.port();
            case Destination.Fixed _ -> -1;
            case Destination.Named named -> named.port();
        };
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private ProxyOptions.Limits limits() {
        int most = Commands.connectionsMax(connections, Commands.DESCRIPTORS_KEPT, DESCRIPTORS_EACH);
        return new ProxyOptions.Limits(
                most, refuse.getValue(), duration(connectTimeout), duration(idleTimeout), duration(drain));
    }

    private static String joined(List<Destination> targets) {
        return String.join(", ", targets.stream().map(Destination::toString).toList());
    }

    private static Balance balance(String text) {
        try {
            return Balance.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }

    private static OptionSpec seconds(String name, int least, int standard, String description) {
        return OptionSpec.builder(name)
                .paramLabel("SECONDS")
                .type(int.class)
                .converters(new Range(least, SECONDS_MAX))
                .defaultValue(Integer.toString(standard))
                .description(description + ", in seconds (default: ${DEFAULT-VALUE}).")
                .build();
    }
}
