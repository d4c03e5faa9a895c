package dev.gyre.cli;

import dev.gyre.cli.copy.Names;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program {@code gyre}.
 *
 * <p>Every command keeps to three exit codes: 0 when it did what was asked; 1 when it could not, with one line on
 * standard error; 2 when it was asked wrongly, with a line that names what is wrong and where help is. A command
 * reports the first kind of failure by throwing an {@link IOException}, whose message must stand alone, and the second
 * by throwing a {@link ParameterException}. Any other exception is a fault of Gyre's own, and only then is a stack
 * trace printed.
 *
 * <p>Commands describe themselves by {@link Commands#command}, not by annotations: reading annotations makes the
 * virtual machine generate classes at every start, for longer than everything else in it takes together.
 */
final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** They go on although nobody reads what they say. */
    private static final Set<String> SERVERS = Set.of("serve", "echo", "proxy");

    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = commandLine().setExecutionStrategy(Main::run).execute(Arguments.exact(arguments));
        StandardError.finish();
        System.exit(code);
    }

    private static int run(ParseResult parsed) {
        if (parsed.hasSubcommand() && SERVERS.contains(parsed.subcommand().commandSpec().name())) {
            StandardError.toBackground();
        }
        return new RunLast().execute(parsed);
    }

    /** The whole tree of commands. Not for two threads at once. */
    static CommandLine commandLine() {
        return new CommandLine(Commands.root()
                        .addSubcommand("serve", new Serve().spec())
                        .addSubcommand("echo", new Echo().spec())
                        .addSubcommand("proxy", new Proxy().spec())
                        .addSubcommand("cp", new Cp().spec())
                        .addSubcommand("top", new Top().spec())
                        .addSubcommand("doctor", new Doctor().spec())
                        .addSubcommand("bench", new Bench().spec())
                        .addSubcommand("train", new Training().spec()))
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::failed);
    }

    private static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + Names.shown(String.valueOf(misuse.getMessage())));
        if (misuse instanceof UnmatchedArgumentException unmatched && name.equals("gyre serve")) {
            ServeOptions.advice(unmatched.getUnmatched()).ifPresent(err::println);
        }
        UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("See '" + name + " --help'.");
        return MISUSED;
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        Exception cause = failure instanceof UncheckedIOException unchecked ? unchecked.getCause() : failure;
        if (!(cause instanceof IOException)) {
            throw failure;
        }
        String message = Names.shown(String.valueOf(cause.getMessage()));
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
        return FAILED;
    }
}
