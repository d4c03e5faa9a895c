package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What processes cost that send messages. */
@Command(
        name = "processes",
        description = "Processes that send messages: two that send to and fro, one that starts"
                + " others, a ring of 10,000, and 1,000 that send to one; with --memory, the memory of each of many"
                + " that wait. Start it with taskset -c 0, so that all run on the same processor; with --schedulers=2,"
                + " with taskset -c 0,1.",
        mixinStandardHelpOptions = true)
final class ProcessesCommand implements Callable<Integer> {
    private static final int COUNT_SMOKE = 2_000;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many are sent in each round. Default: ${DEFAULT-VALUE}")
    private int messages;

    @Mixin
    private final DurationOption warmup = DurationOption.warmup(
            "5s",
            "How long each program runs rounds after its first one, before it is measured.");

    @Mixin
    private final DurationOption window = DurationOption.window("2s", "How long each measurement takes.");

    @Option(
            names = "--schedulers",
            paramLabel = "N",
            defaultValue = "1",
            description = "On how many threads they run. Default: ${DEFAULT-VALUE}")
    private int schedulers;

    @Option(names = "--memory", description = "Measure memory, instead of time.")
    private boolean memory;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many wait while memory is measured. Default: ${DEFAULT-VALUE}")
    private int processes;

    @Override
    public Integer call() throws IOException {
        Map<String, ProgramScenario> scenarios = new LinkedHashMap<>();
        if (memory) {
            int count = common.smoke() ? COUNT_SMOKE : processes;
            scenarios.put(
                    String.format(Locale.ROOT, "%,d waiting processes", count),
                    new ProgramScenario(List.of("idle", "" + count)));
        } else {
            int count = common.smoke() ? COUNT_SMOKE : messages;
            scenarios.put("ping-pong", program("pingPong", count));
            scenarios.put("spawn and reply", program("spawn", Math.max(1, count / 2)));
            scenarios.put("ring of 10,000", program("ring", count));
            scenarios.put("fan-in of 1,000", program("fanIn", count));
        }
        List<Metric> metrics =
                memory ? List.of(Metric.MEMORY_PER_PROCESS) : List.of(Metric.FIRST_NANOS, Metric.WARM_NANOS);
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    memory ? Contenders.MANY_PROCESSES : Contenders.processes(schedulers),
                    scenarios,
                    metrics.getLast(),
                    new ProgramScenario.Opening(workshop, metrics),
                    memory
                            ? Map.of()
                            : Map.of("warm-up", millis(warmup) + " ms", "each measurement", millis(window) + " ms"));
        }
    }

    private ProgramScenario program(String what, int count) {
        return new ProgramScenario(List.of(what, "" + count, millis(warmup), millis(window)));
    }

    private String millis(DurationOption option) {
        return "" + (common.smoke() ? 0 : option.value().toMillis());
    }
}
