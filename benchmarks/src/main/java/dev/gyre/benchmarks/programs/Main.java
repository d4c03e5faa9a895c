package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs one of the programs: {@code RUNTIME PROGRAM ARGUMENT… WARMUP WINDOW}, the last two in milliseconds.
 *
 * <p>Prints what was done a second and the microseconds of processor time for each: first of the first second of
 * the process, counted from here, or of the warm-up if that is shorter; then of the window after the warm-up. Where
 * something is timed, two more figures follow: how many microseconds half of all, and 99 %, took at most in the window.
 */
public final class Main {
    private static final long FIRST_MILLIS = 1000;
    private static final String NETTY = "netty-";

    private Main() {}

    /**
     * Runs it.
     *
     * @param arguments as above
     * @throws Exception if the program cannot be started
     */
    public static void main(String[] arguments) throws Exception {
        Gauge gauge = new Gauge();
        List<String> all = List.of(arguments);
        long warmup = Long.parseLong(all.get(all.size() - 2));
        long window = Long.parseLong(all.getLast());
        Gauge.Reading beginning = new Gauge.Reading(System.nanoTime(), 0, 0);
        start(all.getFirst(), program(all.get(1), all.subList(2, all.size() - 2)), gauge);

        long first = Math.min(warmup, FIRST_MILLIS);
        gauge.awaitMoreThan(beginning); // a processor that others use may get nothing done in so short a time
        Gauge.Reading cold = gauge.readAt(beginning, first);
        Gauge.Reading before = gauge.readAt(beginning, warmup);
        gauge.forget();
        gauge.awaitMoreThan(before);
        Gauge.Reading after = gauge.readAt(beginning, warmup + window);
        String timed = gauge.timed() ? " " + gauge.percentile(50) + " " + gauge.percentile(99) : "";
        System.out.println(cold.since(beginning) + " " + after.since(before) + timed);
        System.out.flush();
        // Nobody tells the tasks to end.
        Runtime.getRuntime().halt(0);
    }

    private static void start(String runtime, Program program, Gauge gauge) throws Exception {
        if (runtime.startsWith(NETTY)) {
            new NettyPrograms(runtime.substring(NETTY.length())).start(program, gauge);
        } else {
            program.start(runtime.equals("jdk") ? new JdkPlatform() : new GyrePlatform(runtime), gauge);
        }
    }

    private static Program program(String name, List<String> arguments) throws IOException {
        return switch (name) {
            case "chat" -> new Chat(number(arguments, 0));
            case "stream" -> new Stream(number(arguments, 0), number(arguments, 1));
            case "exchange" -> new Exchange(number(arguments, 0), number(arguments, 1), flag(arguments, 2));
            case "churn" -> new Churn(number(arguments, 0), flag(arguments, 1));
            case "queue" -> new Queues(number(arguments, 0), number(arguments, 1), flag(arguments, 2));
            case "mixed" -> new Mixed(number(arguments, 0), number(arguments, 1), Mixed::compute);
            case "mixed-appends" ->
                new Mixed(
                        number(arguments, 0),
                        number(arguments, 1),
                        new Appends(Path.of(arguments.get(2)), number(arguments, 3)));
            case "reads" ->
                new Reads(
                        Path.of(arguments.getFirst()),
                        Platform.Mode.valueOf(arguments.get(1)),
                        number(arguments, 2),
                        flag(arguments, 3),
                        flag(arguments, 4));
            case "appends" -> new Appends(Path.of(arguments.getFirst()), number(arguments, 1));
            case "lookups" -> new Lookups(arguments.getFirst(), number(arguments, 1), flag(arguments, 2));
            case "small" -> new SmallFiles(Path.of(arguments.getFirst()), number(arguments, 1));
            default -> throw new IOException("no program is called " + name);
        };
    }

    private static int number(List<String> arguments, int index) {
        return Integer.parseInt(arguments.get(index));
    }

    private static boolean flag(List<String> arguments, int index) {
        return Boolean.parseBoolean(arguments.get(index));
    }
}
