package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** TCP echo by processes that own sockets: at a fixed rate, and saturated. */
@Command(
        name = "sockets",
        description = {
            "TCP echo by processes, one for each connection: processor time and latency at a fixed rate, then as many"
                    + " round trips as one processor does. Beside Erlang's gen_tcp, on one scheduler.",
            "The deciding figure is CPU per request at the fixed rate."
        },
        mixinStandardHelpOptions = true)
final class SocketsCommand implements Callable<Integer> {
    private static final int SIZE = 64;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Requests a second over all connections at the fixed rate. Default: ${DEFAULT-VALUE}")
    private long rate;

    @Override
    public Integer call() throws IOException {
        int connections = load.connections(common);
        return load.runEcho(
                common,
                Contenders.SOCKETS,
                new LoadScenario("", SIZE, connections, LoadOptions.rate(common, rate)),
                new LoadScenario("", SIZE, connections, 0));
    }
}
