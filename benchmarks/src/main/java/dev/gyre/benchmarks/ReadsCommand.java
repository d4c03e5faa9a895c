package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Random reads of a file, past the page cache. */
@Command(
        name = "reads",
        description = "Random direct reads of 4 KiB, 128 in flight, beside fio on io_uring.",
        mixinStandardHelpOptions = true)
final class ReadsCommand implements Callable<Integer> {
    private static final int DEPTH = 128;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where the file is made and read; on the device to measure. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path folder;

    @Option(
            names = "--size",
            paramLabel = "MIB",
            defaultValue = "512",
            description = "How large the file is. Default: ${DEFAULT-VALUE}")
    private int sizeMebibytes;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long each measurement takes. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Override
    public Integer call() throws IOException {
        Path file = Files.createTempFile(folder, "gyre-reads", ".data");
        try (Workshop workshop = Workshop.open()) {
            TestFile.fill(file, common.smoke() ? 4 : sizeMebibytes);
            int time = common.smoke() ? 1 : seconds;
            ProgramScenario scenario =
                    new ProgramScenario(List.of(file.toAbsolutePath().toString(), "" + DEPTH, "" + time));
            return common.run(
                    workshop,
                    Contenders.READS,
                    Map.of("random reads", scenario),
                    Metric.READS,
                    new ProgramScenario.Opening(workshop, List.of(Metric.READS, Metric.CPU_PER_READ)),
                    Map.of("depth", Integer.toString(DEPTH)));
        } finally {
            Files.delete(file);
        }
    }
}
