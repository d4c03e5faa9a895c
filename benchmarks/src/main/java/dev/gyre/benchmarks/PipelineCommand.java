package dev.gyre.benchmarks;

import java.util.List;
import picocli.CommandLine.Command;

/** Requests and replies, one and several at a time. */
@Command(
        name = "pipeline",
        description = "Requests and replies of 64 bytes, of which one or 32 are under way on each connection.",
        mixinStandardHelpOptions = true)
final class PipelineCommand extends FamilyCommand {
    @Override
    String unit() {
        return "replies";
    }

    @Override
    List<Contender> contenders() {
        return Contenders.CONNECTED_RUNTIMES;
    }

    @Override
    void programs() {
        program("request and reply, 64 connections", "exchange", 1, 64, false);
        program("request and reply, 1 connection", "exchange", 1, 1, false);
        program("window of 32, 16 connections", "exchange", 32, 16, false);
        program("window of 32, 1 connection", "exchange", 32, 1, false);
    }
}
