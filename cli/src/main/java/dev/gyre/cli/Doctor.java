package dev.gyre.cli;

import static dev.gyre.cli.Commands.flag;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code gyre doctor}: what this machine gives to Gyre, and what to change where it could give more.
 *
 * <p>Each subject is a method of {@link Examination}, listed in {@link #EXAMINATIONS} in the order of the report.
 * Warnings do not change the exit code: Gyre works with all of them.
 */
final class Doctor implements Runnable {
    private static final List<Supplier<Section>> EXAMINATIONS =
            List.of(Examination::java, Examination::system, Examination::ioUring, Examination::backend);

    private final OptionSpec json = flag("Print one JSON object instead of text.", "--json");

    private final CommandSpec spec = Commands.command(
                    this, "Say what this machine gives to Gyre, and what to change where it could give more.")
            .addOption(json);

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(EXAMINATIONS.stream().map(Supplier::get).toList());
        if (json.<Boolean>getValue()) {
            report.printJson(out);
        } else {
            report.printText(out);
        }
    }
}
