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
    private static final Duration LEAD = Duration.ofMillis(500);
    private static final Duration SMOKE = Duration.ofMillis(200);

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections with small messages. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--warmup",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long each proxy is loaded before it is measured. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Duration warmup;

    @Option(
            names = "--seconds",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long each measurement takes. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Duration window;

    @Override
    public Integer call() throws IOException {
        boolean smoke = common.smoke();
        int small = smoke ? LARGE_AT_ONCE : connections;
        int held = smoke ? SMOKE_HELD : HELD;
        Map<String, ProxyScenario> scenarios = new LinkedHashMap<>();
        scenarios.put(small + " connections, " + SMALL + " bytes", new ProxyScenario.Messages(SMALL, small));
        scenarios.put(LARGE_AT_ONCE + " connections, 1 MiB", new ProxyScenario.Messages(LARGE, LARGE_AT_ONCE));
        scenarios.put("new connections, " + SMALL + " bytes each", new ProxyScenario.Connections(SMALL, held));
        LoadScenario.Timing timing =
                smoke ? new LoadScenario.Timing(SMOKE, SMOKE, SMOKE) : new LoadScenario.Timing(warmup, LEAD, window);
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
