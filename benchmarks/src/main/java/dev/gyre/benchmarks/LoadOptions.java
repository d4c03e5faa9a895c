package dev.gyre.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of benchmarks that load servers, and how those run. */
final class LoadOptions {
    private static final int SMOKE_CONNECTIONS = 8;
    private static final long SMOKE_RATE = 2000;
    private static final LoadScenario.Timing SMOKE_TIMING =
            new LoadScenario.Timing(Duration.ofMillis(200), Duration.ofMillis(20), Duration.ofMillis(200));

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections to the server. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private final DurationOption warmup =
            DurationOption.warmup("15s", "How long each server is loaded before it is measured.");

    @Mixin
    private final DurationOption window = DurationOption.window("10s", "How long each measurement takes.");

    /** The connections asked for, or a few if it is only for show. */
    int connections(CommonOptions common) {
        return common.smoke() ? SMOKE_CONNECTIONS : connections;
    }

    /** The rate asked for, or a low one if it is only for show. */
    static long rate(CommonOptions common, long asked) {
        return common.smoke() ? Math.min(SMOKE_RATE, asked) : asked;
    }

    /**
     * Measures echo.
     *
     * @return the exit code
     */
    int runEcho(CommonOptions common, List<Contender> known, LoadScenario... scenarios) throws IOException {
        Map<String, LoadScenario> titled = new LinkedHashMap<>();
        for (LoadScenario scenario : scenarios) {
            titled.put(scenario.title(), scenario);
        }
        try (Workshop workshop = Workshop.open()) {
            return run(common, workshop, known, titled);
        }
    }

    /**
     * Starts the generator and measures.
     *
     * @return the exit code
     */
    int run(CommonOptions common, Workshop workshop, List<Contender> known, Map<String, LoadScenario> scenarios)
            throws IOException {
        LoadScenario.Timing timing =
                common.smoke() ? SMOKE_TIMING : new LoadScenario.Timing(warmup.value(), window.value());
        Cores cores = Cores.choose();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("warm-up", seconds(timing.warmup()));
        settings.put("each measurement", seconds(timing.window()));
        settings.put("placement", cores.description());
        try (LoadGenerator generator = LoadGenerator.start(workshop, cores.load())) {
            LoadScenario.Opening opening =
                    new LoadScenario.Opening(workshop, cores, generator, timing, List.copyOf(scenarios.values()));
            return common.run(workshop, known, scenarios, Metric.CPU, opening, settings);
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
