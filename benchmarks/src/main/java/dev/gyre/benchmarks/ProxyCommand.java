package dev.gyre.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A proxy between the load and an echo: small messages, large ones, and connections. */
@Command(
        name = "proxy",
        description = {
            "A TCP proxy in front of an echo: small messages, large ones, and connections of one message each.",
            "The deciding figure is the proxy's CPU per request: a message there and back, or a connection."
        },
        mixinStandardHelpOptions = true)
final class ProxyCommand implements Callable<Integer> {
    private static final int SMALL = 64;
    private static final int LARGE = 1024 * 1024;
    private static final int LARGE_AT_ONCE = 4;
    private static final int HELD = 500;
    private static final int SMOKE_HELD = 20;
    private static final Duration SMOKE = Duration.ofMillis(200);

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections with small messages. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private final DurationOption warmup =
            DurationOption.warmup("10s", "How long each proxy is loaded before it is measured.");

    @Mixin
    private final DurationOption window = DurationOption.window("5s", "How long each measurement takes.");

    @Override
    public Integer call() throws IOException {
        boolean smoke = common.smoke();
        int small = smoke ? LARGE_AT_ONCE : connections;
        int held = smoke ? SMOKE_HELD : HELD;
        Map<String, ProxyScenario> scenarios = new LinkedHashMap<>();
        scenarios.put(small + " connections, " + SMALL + " bytes", new ProxyScenario.Messages(SMALL, small));
        scenarios.put(LARGE_AT_ONCE + " connections, 1 MiB", new ProxyScenario.Messages(LARGE, LARGE_AT_ONCE));
        scenarios.put("new connections, " + SMALL + " bytes each", new ProxyScenario.Connections(SMALL, held));
        LoadScenario.Timing timing = smoke
                ? new LoadScenario.Timing(SMOKE, SMOKE, SMOKE)
                : new LoadScenario.Timing(warmup.value(), window.value());
        Cores cores = Cores.choose();
        try (Workshop workshop = Workshop.open();
                Server target = ProxyScenario.target(workshop, cores);
                LoadGenerator generator = LoadGenerator.start(workshop, cores.load())) {
            return common.run(
                    workshop,
                    Contenders.proxies(target.port()),
                    scenarios,
                    Metric.CPU,
                    new ProxyScenario.Opening(workshop, cores, generator, timing),
                    Map.of("each measurement", timing.window().toMillis() + " ms", "placement",
                            cores.description() + " with the target"));
        } catch (Unavailable refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }
}
