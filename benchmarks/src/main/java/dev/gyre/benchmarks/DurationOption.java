package dev.gyre.benchmarks;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * An option that says how long something takes, for a field with {@code @Mixin}. Benchmarks differ in its default, and
 * in what exactly takes so long, neither of which an annotation could be told.
 */
@Command
final class DurationOption {
    private final OptionSpec option;

    private DurationOption(String name, String defaultValue, String description) {
        this.option = OptionSpec.builder(name)
                .paramLabel("DURATION")
                .type(Duration.class)
                .converters(new DurationConverter())
                .defaultValue(defaultValue)
                .description(description + " Default: ${DEFAULT-VALUE}")
                .build();
    }

    /** The option {@code --warmup}. */
    static DurationOption warmup(String defaultValue, String description) {
        return new DurationOption("--warmup", defaultValue, description);
    }

    /** The option {@code --seconds}. */
    static DurationOption window(String defaultValue, String description) {
        return new DurationOption("--seconds", defaultValue, description);
    }

    /** Called by picocli. */
    @Spec(Spec.Target.MIXEE)
    void addTo(CommandSpec command) {
        command.addOption(option);
    }

    /** What the command line says, or the default. */
    Duration value() {
        return option.getValue();
    }
}
