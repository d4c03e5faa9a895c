package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** UDP echo: saturated, and at a fixed rate. */
@Command(
        name = "udp",
        description = {
            "UDP echo: as many round trips as one processor does, then processor time and latency at a fixed rate.",
            "Each client has a socket of its own and one datagram under way; the server has one socket. The deciding"
                    + " figure is CPU per request."
        },
        mixinStandardHelpOptions = true)
final class UdpCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "40000",
            description = "Datagrams a second over all clients at the fixed rate. Default: ${DEFAULT-VALUE}")
    private long rate;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "Bytes in a datagram. Default: ${DEFAULT-VALUE}")
    private int size;

    @Override
    public Integer call() throws IOException {
        int clients = load.connections(common);
        return load.runEcho(
                common,
                Contenders.UDP,
                LoadScenario.datagrams(size, clients, 0),
                LoadScenario.datagrams(size, clients, LoadOptions.rate(common, rate)));
    }
}
