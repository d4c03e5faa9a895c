package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What one operation of a ring costs by itself. */
@Command(
        name = "nop",
        description = "Time and memory per operation of a ring that does nothing, in batches, beside C on liburing.",
        mixinStandardHelpOptions = true)
final class NopCommand implements Callable<Integer> {
    private static final List<Integer> BATCHES = List.of(1, 16, 128);
    private static final long OPERATIONS = 20_000_000;
    private static final long OPERATIONS_SMOKE = 20_000;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        long operations = common.smoke() ? OPERATIONS_SMOKE : OPERATIONS;
        Map<String, ProgramScenario> scenarios = new LinkedHashMap<>();
        for (int batch : BATCHES) {
            // Single ones take longer, and need not be so many.
            long rounds = operations / Math.max(batch, 4);
            scenarios.put("batch of " + batch, new ProgramScenario(List.of("" + batch, "" + rounds)));
        }
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    Contenders.NOP,
                    scenarios,
                    Metric.NANOS,
                    new ProgramScenario.Opening(workshop, List.of(Metric.NANOS, Metric.ALLOCATED)),
                    Map.of("operations", Long.toString(operations)));
        }
    }
}
