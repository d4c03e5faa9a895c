package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What tasks and their synchronisation cost by themselves. */
@Command(
        name = "tasks",
        description = "Time to start and await a task, to lock a free mutex, to hand an element from task to task by a"
                + " queue that stores none and by one that stores 16, and for two tasks to take turns without a queue.",
        mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    private static final int MILLIS_SMOKE = 10;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "500",
            description = "How long each of JMH's iterations takes. Default: ${DEFAULT-VALUE}")
    private int millis;

    @Override
    public Integer call() throws IOException {
        String time = "" + (common.smoke() ? MILLIS_SMOKE : millis);
        Map<String, ProgramScenario> scenarios = new LinkedHashMap<>();
        scenarios.put("start and await", new ProgramScenario(List.of("spawn", time)));
        scenarios.put("lock and unlock", new ProgramScenario(List.of("lock", time)));
        scenarios.put("hand over", new ProgramScenario(List.of("handOver", time)));
        scenarios.put("pass on by a queue of 16", new ProgramScenario(List.of("passOn", time)));
        scenarios.put("take turns", new ProgramScenario(List.of("takeTurns", time)));
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    Contenders.TASKS,
                    scenarios,
                    Metric.NANOS,
                    new ProgramScenario.Opening(workshop, List.of(Metric.NANOS)),
                    Map.of("JMH iterations", "5 of " + time + " ms, after as many uncounted"));
        }
    }
}
