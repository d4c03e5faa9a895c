package dev.gyre.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What commands have in common: {@code --help} and {@code --version}, and kinds of options. */
final class Commands {
    private Commands() {}

    /** The program itself, which does nothing without a command. */
    static CommandSpec root() {
        CommandSpec spec = described(
                CommandSpec.create(),
                "Direct-style I/O for the JVM: on io_uring, or on threads where that is refused.");
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        return spec.name("gyre");
    }

    /**
     * A command that runs by {@code body}, without options of its own yet.
     *
     * @param body what the command does; an exception from it ends the command as {@link Main} says
     * @param description what the command is for, one sentence
     */
    static CommandSpec command(Runnable body, String description) {
        return described(CommandSpec.wrapWithoutInspection(body), description);
    }

    /**
     * A command that says how it ended.
     *
     * @param body what the command does, and returns the exit code of; exceptions as with the other
     * @param description what the command is for, one sentence
     */
    static CommandSpec command(Callable<Integer> body, String description) {
        return described(CommandSpec.wrapWithoutInspection(body), description);
    }

    /** An option without a value, which is false where it is not given. */
    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .defaultValue("false")
                .description(description)
                .build();
    }

    /** The value of an option that is a number of seconds. */
    static Duration duration(OptionSpec option) {
        int seconds = option.getValue();
        return Duration.ofSeconds(seconds);
    }

    private static CommandSpec described(CommandSpec spec, String description) {
        spec.usageMessage().description(description);
        return spec.versionProvider(new Version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version and exit.")
                        .build());
    }
}
