package dev.gyre.benchmarks.tasks;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Has JMH run one of {@link GyreTasks} or {@link JdkTasks}: {@code TaskBenchmarks CLASS METHOD MILLIS}. Prints the
 * nanoseconds per operation, from five iterations of so many milliseconds, after as many for warming up.
 *
 * <p>JMH starts no further process: this is one of its own for each measurement, started with the flags that it needs.
 */
public final class TaskBenchmarks {
    /** So many make one call of a benchmark, since each begins by starting a task from outside. */
    static final int OPERATIONS = 10_000;

    /** Of the queues that store. */
    static final int CAPACITY = 16;

    private static final int ITERATIONS = 5;

    private TaskBenchmarks() {}

    /**
     * Runs it.
     *
     * @param arguments as above
     * @throws RunnerException if JMH cannot run it
     */
    public static void main(String[] arguments) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(Long.parseLong(arguments[2]));
        Options options = new OptionsBuilder()
                .include("\\." + arguments[0] + "\\." + arguments[1] + "$")
                .forks(0)
                .warmupIterations(ITERATIONS)
                .warmupTime(time)
                .measurementIterations(ITERATIONS)
                .measurementTime(time)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        for (RunResult result : results) {
            System.out.printf(Locale.ROOT, "%.3f%n", result.getPrimaryResult().getScore());
        }
    }
}
