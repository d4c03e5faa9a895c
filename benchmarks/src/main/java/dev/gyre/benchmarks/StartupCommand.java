package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long an HTTP server takes from nothing to its first answer. */
@Command(
        name = "startup",
        description = "Time, processor time and memory from starting an HTTP server to its first answer.",
        mixinStandardHelpOptions = true)
final class StartupCommand implements Callable<Integer> {
    private static final int SIZE = 1 << 10;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        Cores cores = Cores.choose();
        try (Workshop workshop = Workshop.open()) {
            StartupScenario scenario = new StartupScenario(workshop.document(SIZE), SIZE);
            return common.run(
                    workshop,
                    Contenders.HTTP,
                    Map.of("first answer", scenario),
                    Metric.FIRST_ANSWER,
                    new StartupScenario.Opening(scenario, workshop, cores),
                    Map.of("placement", cores.description()));
        }
    }
}
