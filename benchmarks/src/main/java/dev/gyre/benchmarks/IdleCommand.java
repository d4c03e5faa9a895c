package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What connections cost that do nothing. */
@Command(
        name = "idle",
        description = "Memory for each of many connections that had one message echoed and are idle since.",
        mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
    private static final int SMOKE_CONNECTIONS = 100;
    private static final String OPEN_FILES = "Max open files";
    private static final String UNLIMITED = "unlimited";
    private static final int OTHER_DESCRIPTORS = 200;
    private static final Duration SMOKE_WARMUP = Duration.ofMillis(200);

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many connections. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "Bytes in the message. Default: ${DEFAULT-VALUE}")
    private int size;

    @Mixin
    private final DurationOption warmup = DurationOption.warmup(
            "5s",
            "How long each server is loaded before: a task's stack is smaller in compiled code.");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireDescriptors();
        Cores cores = Cores.choose();
        int count = common.smoke() ? SMOKE_CONNECTIONS : connections;
        Duration loaded = common.smoke() ? SMOKE_WARMUP : warmup.value();
        try (Workshop workshop = Workshop.open();
                LoadGenerator generator = LoadGenerator.start(workshop, cores.load())) {
            return common.run(
                    workshop,
                    Contenders.ECHO,
                    Map.of(count + " idle connections", new IdleScenario(count, size, loaded)),
                    Metric.MEMORY_PER_CONNECTION,
                    new IdleScenario.Opening(workshop, cores, generator),
                    Map.of("warm-up", loaded.toMillis() + " ms", "placement", cores.description()));
        }
    }

    /** A JVM raises its soft limit to the hard one by itself, and its children inherit that. */
    private void requireDescriptors() throws IOException {
        String hardLimit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(OPEN_FILES))
                .map(line -> line.substring(OPEN_FILES.length()).strip().split(" +", -1)[1])
                .findFirst()
                .orElse(UNLIMITED);
        if (!hardLimit.equals(UNLIMITED) && Long.parseLong(hardLimit) < (long) connections + OTHER_DESCRIPTORS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connections " + connections + " needs as many open files, and " + OTHER_DESCRIPTORS
                            + " for the rest; the hard limit is " + hardLimit + ": raise it with ulimit -Hn");
        }
    }
}
