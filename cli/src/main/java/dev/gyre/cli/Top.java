package dev.gyre.cli;

import static dev.gyre.cli.Commands.flag;

import dev.gyre.cli.top.Display;
import dev.gyre.cli.top.ObservedNode;
import dev.gyre.cli.top.Order;
import dev.gyre.io.Io;
import dev.gyre.io.UnixAddress;
import dev.gyre.process.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** {@code gyre top}: looks at a node of processes. */
final class Top implements Runnable {
    private static final int SECONDS_MAX = 3600;
    private static final int LINES_MAX = 10_000;

    private final CommandSpec spec = Commands.command(
            this,
            "Show the processes of a running node: their mailboxes, messages and links. A program lets itself be looked"
                    + " at by Observer.start(node).");

    private final PositionalParamSpec node = PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("NODE")
            .type(UnixAddress.class)
            .converters(Top::address)
            .description("The number of the program's process, or the path of its socket, or @ and an abstract name"
                    + " (default: the only node that there is).")
            .build();

    private final OptionSpec order = OptionSpec.builder("--order")
            .paramLabel("NAME")
            .type(Order.class)
            .converters(Top::order)
            .defaultValue(Order.MESSAGES.toString())
            .description("What comes first has most of this: " + Order.names() + " (default: ${DEFAULT-VALUE}).")
            .build();

    private final OptionSpec tree = flag("Show processes below those that started them.", "--tree");
    private final OptionSpec once = flag("Print one look, as where there is no terminal, or a dumb one.", "--once");

    private final OptionSpec interval = OptionSpec.builder("--interval")
            .paramLabel("SECONDS")
            .type(Integer.class)
            .converters(new Range(1, SECONDS_MAX))
            .defaultValue("2")
            .description("Time between two looks (default: ${DEFAULT-VALUE}).")
            .build();

    private final OptionSpec lines = OptionSpec.builder("--lines")
            .paramLabel("N")
            .type(Integer.class)
            .converters(new Range(1, LINES_MAX))
            .defaultValue("50")
            .description("Processes to print at most, where there is no terminal (default: ${DEFAULT-VALUE}).")
            .build();

    private final BackendOptions backend;

    Top() {
        spec.addPositional(node)
                .addOption(order)
                .addOption(tree)
                .addOption(once)
                .addOption(interval)
                .addOption(lines);
        backend = new BackendOptions(spec, Backend.THREADED);
    }

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    private static UnixAddress address(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("'' is neither a process nor a socket");
        }
        try {
            boolean isNumber = text.chars().allMatch(c -> '0' <= c && c <= '9');
            String path = isNumber
                    ? Observer.NAME_PREFIX + text
                    : text.startsWith("@") ? "\0" + text.substring(1) : text;
            return new UnixAddress(path);
        } catch (IllegalArgumentException refused) {
            throw new TypeConversionException(refused.getMessage());
        }
    }

    private static Order order(String text) {
        try {
            return Order.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new TypeConversionException("'" + text + "' is none of " + Order.names());
        }
    }

    @Override
    public void run() {
        try (Io io = backend.open()) {
            show(io);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void show(Io io) throws IOException {
        Duration between = Duration.ofSeconds(interval.<Integer>getValue());
        try (ObservedNode observed = ObservedNode.open(io, chosen(io))) {
            Display display = new Display(
                    io, observed, spec.commandLine().getOut(), between, order.getValue(), tree.<Boolean>getValue());
            if (once.<Boolean>getValue() || !CpProgress.isTerminal(io, 1) || isDumb(System.getenv("TERM"))) {
                display.once(lines.<Integer>getValue());
            } else {
                display.run();
            }
        }
    }

    /** Whether a terminal of this type only prints lines. */
    static boolean isDumb(@Nullable String type) {
        return "dumb".equals(type);
    }

    private UnixAddress chosen(Io io) throws IOException {
        UnixAddress named = node.getValue();
        if (named != null) {
            return named;
        }
        List<UnixAddress> all = ObservedNode.all(io);
        if (all.isEmpty()) {
            throw new IOException("no node is to be seen here: a program is looked at after Observer.start(node)");
        }
        if (all.size() > 1) {
            String names = all.stream().map(ObservedNode::shown).collect(Collectors.joining(", "));
            throw new ParameterException(spec.commandLine(), "there are several nodes, name one: " + names);
        }
        return all.getFirst();
    }
}
