package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What many tasks cost that sleep. */
@Command(
        name = "sleepers",
        description = "Memory for each of many tasks that sleep, how late timers are meanwhile on busy processors, and"
                + " the time to cancel all.",
        mixinStandardHelpOptions = true)
final class SleepersCommand implements Callable<Integer> {
    private static final int TASKS_SMOKE = 1000;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--tasks",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many sleep. Default: ${DEFAULT-VALUE}")
    private int tasks;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "For how long the lateness of timers is measured. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Override
    public Integer call() throws IOException {
        int count = common.smoke() ? TASKS_SMOKE : tasks;
        int time = common.smoke() ? 1 : seconds;
        String name = String.format(Locale.ROOT, "%,d sleeping tasks", count);
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    Contenders.SLEEPERS,
                    Map.of(name, new ProgramScenario(List.of("" + count, "" + time))),
                    Metric.MEMORY_PER_TASK,
                    new ProgramScenario.Opening(
                            workshop,
                            List.of(Metric.MEMORY_PER_TASK, Metric.LATENESS, Metric.LATENESS_P99, Metric.CANCEL)),
                    Map.of());
        }
    }
}
