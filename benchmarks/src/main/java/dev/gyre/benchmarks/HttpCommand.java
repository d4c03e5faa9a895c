package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Static files by HTTP: a small one and a large one, each saturated and at a fixed rate. */
@Command(
        name = "http",
        description = "Static files by HTTP, 1 KiB and 1 MiB: saturated, and at a fixed rate.",
        mixinStandardHelpOptions = true)
final class HttpCommand implements Callable<Integer> {
    private static final int SMALL = 1 << 10;
    private static final int LARGE = 1 << 20;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Requests a second for the small file at the fixed rate. Default: ${DEFAULT-VALUE}")
    private long rate;

    @Option(
            names = "--large-rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Requests a second for the large file at the fixed rate. Default: ${DEFAULT-VALUE}")
    private long largeRate;

    @Override
    public Integer call() throws IOException {
        try (Workshop workshop = Workshop.open()) {
            Map<String, LoadScenario> scenarios = new LinkedHashMap<>();
            addScenarios(scenarios, workshop, "1 KiB", SMALL, rate);
            addScenarios(scenarios, workshop, "1 MiB", LARGE, largeRate);
            return load.run(common, workshop, Contenders.HTTP, scenarios);
        }
    }

    private void addScenarios(
            Map<String, LoadScenario> scenarios, Workshop workshop, String title, int size, long asked)
            throws IOException {
        int connections = load.connections(common);
        long fixed = LoadOptions.rate(common, asked);
        String path = workshop.document(size);
        scenarios.put(title + ", saturated", new LoadScenario(path, size, connections, 0));
        scenarios.put(title + ", " + fixed + " requests/s", new LoadScenario(path, size, connections, fixed));
    }
}
