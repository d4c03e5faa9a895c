package dev.gyre.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code gyre train}: goes once through what a start of the other commands goes through.
 *
 * <p>The launcher runs it after a build, while the virtual machine records which classes are used (JEP 514); hence
 * hidden from the help. What is not reached from here starts slower, and is right all the same.
 */
final class Training implements Runnable {
    private static final List<List<String>> RUNS = List.of(List.of("doctor"), List.of("--version"));

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        CommandSpec spec = Commands.command(this, "Run what others run, for the launcher to learn from.");
        spec.usageMessage().hidden(true);
        return spec;
    }

    @Override
    public void run() {
        for (List<String> run : RUNS) {
            CommandLine program = Main.commandLine();
            program.setOut(new PrintWriter(Writer.nullWriter()));
            program.execute(run.toArray(String[]::new));
        }
    }
}
