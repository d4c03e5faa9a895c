package dev.gyre.benchmarks;

import picocli.CommandLine.Command;

/** Latency beside work. */
@Command(
        name = "mixed",
        description = "Latency of an echo at a fixed rate beside a task that computes 200 µs now and then.",
        mixinStandardHelpOptions = true)
final class MixedCommand extends FamilyCommand {
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
    }
}
