package dev.gyre.benchmarks;

import picocli.CommandLine.Command;

/** Fan-out: what one client says, all others hear. */
@Command(name = "chat", description = "A chat: what one client says, all others hear.", mixinStandardHelpOptions = true)
final class ChatCommand extends FamilyCommand {
    @Override
    String unit() {
        return "lines heard";
    }

    @Override
    void programs() {
        program("20 clients", "chat", 20);
    }
}
