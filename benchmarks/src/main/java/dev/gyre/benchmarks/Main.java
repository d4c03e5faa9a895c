package dev.gyre.benchmarks;

/** The command {@code bench} as a program of its own. */
public final class Main {
    private Main() {}

    /**
     * Runs it and ends the JVM with its exit code.
     *
     * @param arguments of {@link BenchCommand}
     */
    public static void main(String[] arguments) {
        System.exit(BenchCommand.commandLine().execute(arguments));
    }
}
