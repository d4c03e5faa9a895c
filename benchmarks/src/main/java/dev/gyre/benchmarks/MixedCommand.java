package dev.gyre.benchmarks;

import picocli.CommandLine.Command;

/** Latency beside work. */
@Command(
        name = "mixed",
        description = "Latency of an echo at a fixed rate beside a task that computes 200 µs now and then, and beside"
                + " tasks that append to files and have that written to the device.",
        mixinStandardHelpOptions = true)
final class MixedCommand extends FileFamilyCommand {
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
        program("1 connection, 1000 a second, beside 64 appending", "mixed-appends", 1, 1_000, made(), 64);
    }
}
