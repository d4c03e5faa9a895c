package dev.gyre.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What commands have in common: {@code --help} and {@code --version}, and kinds of options. */
final class Commands {
    /** Descriptors that the process needs for itself. */
    static final int DESCRIPTORS_KEPT = 64;

    private static final int CONNECTIONS = 10_000;

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

    /** An option without a default for how many connections there may be at once, see {@link #connectionsMax}. */
    static OptionSpec connections(String description) {
        return OptionSpec.builder("--connections")
                .paramLabel("N")
                .type(Integer.class)
                .converters(new Range(1, Integer.MAX_VALUE))
                .description(description)
                .build();
    }

    /**
     * As many connections as were asked for, or else 10,000, or as many as there are descriptors for, to be sure.
     *
     * @param option made by {@link #connections}
     * @param kept descriptors that are needed for other things than connections
     * @param each descriptors that a connection needs
     */
    static int connectionsMax(OptionSpec option, int kept, int each) {
        Integer given = option.getValue();
        return given != null
                ? given
                : connectionsMax(Proc.MOUNTED.limit("Max open files").orElse(Proc.UNLIMITED), kept, each);
    }

    static int connectionsMax(long descriptors, int kept, int each) {
        return Math.clamp((descriptors - kept) / each, 1, CONNECTIONS);
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
