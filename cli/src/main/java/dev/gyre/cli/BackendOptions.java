package dev.gyre.cli;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** On which backend a command runs, and how wide: for every command that opens an {@code Io}. */
final class BackendOptions {
    static final int LOOPS_MAX = 1024;

    private final OptionSpec backend;

    private final OptionSpec loops = OptionSpec.builder("--loops")
            .paramLabel("N")
            .type(int.class)
            .converters(new Range(1, LOOPS_MAX))
            .defaultValue(Integer.toString(Runtime.getRuntime().availableProcessors()))
            .description("Loops, each on a thread of its own (default: one per processor, here ${DEFAULT-VALUE}).")
            .build();

    /** Makes the options part of a command. */
    BackendOptions(CommandSpec command) {
        this(command, Backend.AUTO);
    }

    /** The same, for a command that another backend suits better. */
    BackendOptions(CommandSpec command, Backend standard) {
        backend = OptionSpec.builder("--backend")
                .paramLabel("NAME")
                .type(Backend.class)
                .converters(Backend::parse)
                .defaultValue(standard.toString())
                .description("Where operations run: " + Backend.names() + " (default: ${DEFAULT-VALUE}).")
                .build();
        command.addOption(backend).addOption(loops);
    }

    /**
     * Opens what was asked for.
     *
     * @throws BackendUnavailable if it does not work here
     */
    Io open() throws BackendUnavailable {
        IoOptions options = IoOptions.DEFAULT.withLoops(loops());
        return Io.open(backend() == Backend.AUTO ? options : options.withBackend(backend().toString()));
    }

    /** The backend asked for. */
    Backend backend() {
        return backend.getValue();
    }

    /** How many loops to run, from 1 to {@value #LOOPS_MAX}; the threaded backend has none. */
    int loops() {
        return loops.getValue();
    }
}
