package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** TCP echo: saturated, and at a fixed rate. */
@Command(
        name = "echo",
        description = {
            "TCP echo: as many round trips as one processor does, then processor time and latency at a fixed rate.",
            "The deciding figure is CPU per request at the fixed rate."
        },
        mixinStandardHelpOptions = true)
final class EchoCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "40000",
            description = "Requests a second over all connections at the fixed rate. Default: ${DEFAULT-VALUE}")
    private long rate;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "Bytes in a message. Default: ${DEFAULT-VALUE}")
    private int size;

    @Override
    public Integer call() throws IOException {
        int connections = load.connections(common);
        return load.runEcho(
                common,
                Contenders.ECHO,
                new LoadScenario("", size, connections, 0),
                new LoadScenario("", size, connections, LoadOptions.rate(common, rate)));
    }
}
