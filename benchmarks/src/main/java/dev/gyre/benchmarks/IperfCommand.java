package dev.gyre.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Large messages over one connection, from iperf3's client. */
@Command(
        name = "iperf",
        description = {
            "One TCP stream from iperf3's client, as fast as the server receives it.",
            "All servers are told the same by the same client. The deciding figure is how much a server receives in a"
                    + " second of its own processor time; the client's is not counted."
        },
        mixinStandardHelpOptions = true)
final class IperfCommand implements Callable<Integer> {
    private static final Duration SMOKE = Duration.ofSeconds(1);

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "65536",
            description = "Bytes in each write, and in each read. Default: ${DEFAULT-VALUE}")
    private int size;

    @Mixin
    private final DurationOption warmup =
            DurationOption.warmup("5s", "How long each server receives before it is measured.");

    @Mixin
    private final DurationOption window =
            DurationOption.window("5s", "How long each measurement takes, in whole seconds.");

    @Override
    public Integer call() throws IOException {
        Duration warm = common.smoke() ? SMOKE : warmup.value();
        Duration measured = common.smoke() ? SMOKE : window.value();
        Cores cores = Cores.choose();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("warm-up", warm.toSeconds() + " s");
        settings.put("each measurement", measured.toSeconds() + " s");
        settings.put("placement", cores.description());
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    Contenders.IPERF,
                    Map.of("1 stream, " + size + " bytes", new IperfScenario(size, measured)),
                    Metric.BYTES_PER_CPU,
                    new IperfScenario.Opening(workshop, cores, new IperfScenario(size, warm)),
                    settings);
        }
    }
}
