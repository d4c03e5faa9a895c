package dev.gyre.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example's store and Redis, under redis-benchmark. */
@Command(
        name = "store",
        description = {
            "The key-value store of the examples beside redis-server: SET and GET from redis-benchmark, one request"
                    + " at a time on each connection, and 16.",
            "All append to a file, and sync it every second. The deciding figure is the server's CPU per request."
        },
        mixinStandardHelpOptions = true)
final class StoreCommand implements Callable<Integer> {
    private static final Duration SMOKE = Duration.ofMillis(100);

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "50",
            description = "Connections of redis-benchmark. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private final DurationOption warmup =
            DurationOption.warmup("12s", "How long each server is loaded before it is measured.");

    @Mixin
    private final DurationOption window = DurationOption.window("3s", "About how long each measurement takes.");

    @Override
    public Integer call() throws IOException {
        Duration warm = common.smoke() ? SMOKE : warmup.value();
        Duration measured = common.smoke() ? SMOKE : window.value();
        Map<String, StoreScenario> scenarios = new LinkedHashMap<>();
        for (int pipelined : List.of(1, 16)) {
            for (String command : List.of("SET", "GET")) {
                scenarios.put(command + ", -P " + pipelined, new StoreScenario(command, pipelined, connections));
            }
        }
        Cores cores = Cores.choose();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("warm-up", warm.toMillis() + " ms");
        settings.put("each measurement", "as many requests as take about " + measured.toMillis() + " ms");
        settings.put("connections", Integer.toString(connections));
        settings.put("placement", cores.description());
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    Contenders.STORE,
                    scenarios,
                    Metric.CPU,
                    new StoreScenario.Opening(workshop, cores, List.copyOf(scenarios.values()), warm, measured),
                    settings);
        }
    }
}
