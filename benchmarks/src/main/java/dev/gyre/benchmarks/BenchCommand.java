package dev.gyre.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code bench}: measures Gyre side by side with its peers.
 *
 * <p>A picocli command, to be mounted in a command line or run by {@link Main}. Its subcommands print a table, and
 * write JSON and a page with plots. Exit code 0 if all went well, whatever the figures; 1 if a server that can run here
 * broke off or the subject cannot run here; 2 for wrong options.
 */
@Command(
        name = "bench",
        description = "Measures Gyre side by side with its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {EchoCommand.class, HttpCommand.class, StartupCommand.class, IdleCommand.class})
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** For picocli. */
    @SuppressWarnings("NullAway") // picocli sets the spec before it calls run.
    public BenchCommand() {}

    /**
     * Asks for a subcommand.
     *
     * @throws ParameterException always
     */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "bench what? " + String.join(", ", spec.subcommands().keySet()));
    }

    /** A command line with this command at its root, which understands durations. */
    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand());
    }
}
