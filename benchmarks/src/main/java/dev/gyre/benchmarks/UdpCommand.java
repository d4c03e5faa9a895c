package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
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
        long fixed = LoadOptions.rate(common, rate);
        String what = clients + " clients, " + size + " bytes";
        Map<String, LoadScenario> scenarios = new LinkedHashMap<>();
        scenarios.put("saturated, " + what, LoadScenario.datagrams(size, clients, 0));
        scenarios.put(fixed + " datagrams/s, " + what, LoadScenario.datagrams(size, clients, fixed));
        try (Workshop workshop = Workshop.open()) {
            return load.run(common, workshop, Contenders.UDP, scenarios);
        }
    }
}
