package dev.gyre.benchmarks;

import java.util.List;
import picocli.CommandLine.Command;

/** Short connections. */
@Command(
        name = "churn",
        description = "A connection for each request: connect, 64 bytes there and back, close; and without"
                + " the request.",
        mixinStandardHelpOptions = true)
final class ChurnCommand extends FamilyCommand {
    @Override
    String unit() {
        return "connections";
    }

    @Override
    List<Contender> contenders() {
        return Contenders.CONNECTED_RUNTIMES;
    }

    @Override
    void programs() {
        program("connect, 64 bytes, close; 16 clients", "churn", 16, false);
        program("connect, close; 16 clients", "churn", 16, true);
    }
}
