package dev.gyre.benchmarks;

import picocli.CommandLine.Command;

/** Tasks that all begin on one loop. */
@Command(
        name = "uneven",
        description = "Requests and replies where nobody says where tasks run, so that all begin on one"
                + " loop, and where they are spread.",
        mixinStandardHelpOptions = true)
final class UnevenCommand extends FamilyCommand {
    @Override
    String unit() {
        return "replies";
    }

    @Override
    void programs() {
        program("begun on one loop, 32 connections", "exchange", 1, 32, true);
        program("spread, 32 connections", "exchange", 1, 32, false);
    }
}
