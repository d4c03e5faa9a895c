package dev.gyre.benchmarks;

import picocli.CommandLine.Command;

/** Elements through a queue. */
@Command(
        name = "queue",
        description = "A queue of 128 elements, with several producers or consumers, as neighbours and spread.",
        mixinStandardHelpOptions = true)
final class QueueCommand extends FamilyCommand {
    @Override
    String unit() {
        return "elements";
    }

    @Override
    void programs() {
        for (boolean near : new boolean[] {true, false}) {
            String where = near ? ", same loop" : ", across";
            program("1 to 1" + where, "queue", 1, 1, near);
            program("32 to 1" + where, "queue", 32, 1, near);
            program("1 to 32" + where, "queue", 1, 32, near);
        }
    }
}
