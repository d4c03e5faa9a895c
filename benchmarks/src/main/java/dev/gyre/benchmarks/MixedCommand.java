package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Latency beside work. */
@Command(
        name = "mixed",
        description = "Latency of an echo at a fixed rate beside a task that computes 200 µs now and then, and beside"
                + " tasks that append to files and have that written to the device.",
        mixinStandardHelpOptions = true)
final class MixedCommand extends FamilyCommand {
    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where files are made; on the device to measure. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path folder;

    private Path made = Path.of("");

    @Override
    String unit() {
        return "exchanges";
    }

    @Override
    boolean timed() {
        return true;
    }

    @Override
    void programs() {
        program("16 connections, 10000 a second", "mixed", 16, 10_000);
        program("1 connection, 1000 a second, beside 64 appending", "mixed-appends", 1, 1_000, made, 64);
    }

    @Override
    public Integer call() throws IOException {
        made = Files.createTempDirectory(folder, "gyre-mixed").toAbsolutePath();
        try {
            return super.call();
        } finally {
            Workshop.delete(made);
        }
    }
}
