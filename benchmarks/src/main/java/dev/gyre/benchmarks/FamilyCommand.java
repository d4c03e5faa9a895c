package dev.gyre.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A family of small programs, each run on every runtime, first cold and then warm. */
abstract class FamilyCommand implements Callable<Integer> {
    private static final Duration SMOKE = Duration.ofMillis(100);

    /** What is opened and read for the first time takes longer than the rest. */
    private static final Duration SMOKE_WARMUP = Duration.ofMillis(400);

    private static final List<Metric> COUNTED =
            List.of(Metric.COLD_RATE, Metric.COLD_CPU_EACH, Metric.RATE, Metric.CPU_EACH);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final DurationOption warmup = DurationOption.warmup(
            "4s",
            "How long each program runs before it is measured. Its first second is measured by itself.");

    @Mixin
    private final DurationOption window = DurationOption.window("3s", "How long each measurement takes.");

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "Only the programs with this in their name. Default: all")
    private @Nullable String only;

    private final Map<String, List<String>> programs = new LinkedHashMap<>();

    /** What the programs count. */
    abstract String unit();

    /** Tells of the programs, by {@link #program}. */
    abstract void programs();

    /** On whose runtimes they run. */
    List<Contender> contenders() {
        return Contenders.RUNTIMES;
    }

    /** Whether the programs time what they count, too. */
    boolean timed() {
        return false;
    }

    /**
     * One more program; if it is only for show, the first of its kind alone.
     *
     * @param name for the report
     * @param arguments what it is told
     */
    final void program(String name, Object... arguments) {
        if (smoke() && programs.values().stream().anyMatch(told -> told.getFirst().equals(arguments[0]))) {
            return;
        }
        List<String> told = new ArrayList<>();
        for (Object argument : arguments) {
            told.add(argument.toString());
        }
        programs.put(name, told);
    }

    final boolean smoke() {
        return common.smoke();
    }

    @Override
    public Integer call() throws IOException {
        programs();
        String warmupMillis = "" + (smoke() ? SMOKE_WARMUP : warmup.value()).toMillis();
        String windowMillis = "" + (smoke() ? SMOKE : window.value()).toMillis();
        Map<String, ProgramScenario> scenarios = new LinkedHashMap<>();
        programs.forEach((name, told) -> {
            if (only == null || name.contains(only)) {
                List<String> arguments = new ArrayList<>(told);
                arguments.add(warmupMillis);
                arguments.add(windowMillis);
                scenarios.put(name, new ProgramScenario(arguments));
            }
        });
        if (scenarios.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no program has \"" + only + "\" in its name; there are " + String.join("; ", programs.keySet()));
        }
        List<Metric> metrics = new ArrayList<>(COUNTED);
        if (timed()) {
            metrics.add(Metric.TOOK_P50);
            metrics.add(Metric.TOOK_P99);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("counted", unit());
        settings.put("warm-up", warmupMillis + " ms");
        settings.put("each measurement", windowMillis + " ms");
        try (Workshop workshop = Workshop.open()) {
            return common.run(
                    workshop,
                    contenders(),
                    scenarios,
                    Metric.RATE,
                    new ProgramScenario.Opening(workshop, metrics),
                    settings);
        }
    }
}
