package dev.gyre.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code gyre bench}, as far as the help is concerned.
 *
 * <p>The command itself is the module {@code benchmarks}. Its peers' libraries are no part of the program, so the
 * launcher builds and starts it instead of this one.
 */
final class Bench implements Runnable {
    /** The command, to be added to the program's. */
    CommandSpec spec() {
        CommandSpec spec = Commands.command(
                this, "Measure Gyre side by side with its peers. Built by ./gyre when it is first used.");
        spec.parser().unmatchedOptionsArePositionalParams(true);
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("ARGUMENT")
                .arity("0..*")
                .type(String[].class)
                .description("A benchmark and its options.")
                .build());
    }

    @Override
    public void run() {
        throw new UncheckedIOException(
                new IOException("the benchmarks are a program of their own; start it by ./gyre bench"));
    }
}
