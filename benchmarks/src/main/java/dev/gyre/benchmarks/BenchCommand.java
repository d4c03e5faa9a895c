package dev.gyre.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code bench}: measures Gyre side by side with its peers.
 *
 * <p>A picocli command, run by {@link Main}. Its subcommands print a table, and
 * write JSON and a page with plots. Exit code 0 if all went well, whatever the figures; 1 if a server that can run here
 * broke off or the subject cannot run here; 2 for wrong options.
 */
@Command(
        name = "bench",
        description = "Measures Gyre side by side with its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {
            EchoCommand.class,
            UdpCommand.class,
            HttpCommand.class,
            ProxyCommand.class,
            StartupCommand.class,
            IdleCommand.class,
            TasksCommand.class,
            SleepersCommand.class,
            ProcessesCommand.class,
            SocketsCommand.class,
            NopCommand.class,
            ReadsCommand.class,
            ChatCommand.class,
            StreamCommand.class,
            PipelineCommand.class,
            ChurnCommand.class,
            QueueCommand.class,
            MixedCommand.class,
            UnevenCommand.class,
            FilesCommand.class,
            LookupCommand.class,
            IperfCommand.class,
            StoreCommand.class
        })
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
                spec.commandLine(), "Which benchmark? There are " + String.join(", ", spec.subcommands().keySet()));
    }

    /** A command line with this command at its root, called as the launcher's users call it. */
    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setCommandName("gyre bench")
                .setParameterExceptionHandler(BenchCommand::misused)
                .setExecutionExceptionHandler(BenchCommand::failed);
    }

    private static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + misuse.getMessage());
        UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("See '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (!(failure instanceof IOException)) {
            throw failure;
        }
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
