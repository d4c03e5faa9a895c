package dev.gyre.benchmarks;

import java.util.List;
import picocli.CommandLine.Command;

/** One side writes, the other one reads. */
@Command(
        name = "stream",
        description = "Writes of several sizes, as fast as the other side reads.",
        mixinStandardHelpOptions = true)
final class StreamCommand extends FamilyCommand {
    @Override
    String unit() {
        return "writes";
    }

    @Override
    List<Contender> contenders() {
        return Contenders.CONNECTED_RUNTIMES;
    }

    @Override
    void programs() {
        for (int connections : new int[] {1, 16}) {
            String where = connections == 1 ? ", 1 connection" : ", " + connections + " connections";
            program("64 B" + where, "stream", 64, connections);
            program("4 KiB" + where, "stream", 4 << 10, connections);
            program("64 KiB" + where, "stream", 64 << 10, connections);
            program("1 MiB" + where, "stream", 1 << 20, connections);
        }
    }
}
