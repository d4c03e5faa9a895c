package dev.gyre.benchmarks;

import java.util.List;
import picocli.CommandLine.Command;

/** Looks names up, beside a name server on the loopback interface. */
@Command(
        name = "lookup",
        description = {
            "Names that are looked up at a dnsmasq on the same machine, IPv4 and IPv6 addresses of each.",
            "Nobody keeps an answer of distinct names; one name again and again is what the JDK keeps for 30 s, and"
                    + " Gyre asks for each time. The deciding figure is CPU for each lookup."
        },
        mixinStandardHelpOptions = true)
final class LookupCommand extends FamilyCommand {
    @Override
    String unit() {
        return "lookups";
    }

    @Override
    List<Contender> contenders() {
        return Contenders.LOOKUPS;
    }

    @Override
    void programs() {
        for (int tasks : new int[] {1, 64}) {
            String name = "distinct names, " + tasks + (tasks == 1 ? " task" : " tasks");
            program(name, "lookups", NameServer.DOMAIN, tasks, true);
        }
        program("one name again, 64 tasks", "lookups", NameServer.DOMAIN, 64, false);
    }
}
