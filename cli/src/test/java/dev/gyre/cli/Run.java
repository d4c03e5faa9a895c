package dev.gyre.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command did.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int code, String out, String err) {
    /** Runs the program as its user would. */
    static Run gyre(String... arguments) {
        return of(Main.commandLine(), arguments);
    }

    /** Runs a program that was put together for a test. */
    static Run of(CommandLine program, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = program.execute(arguments);
        return new Run(code, out.toString(), err.toString());
    }
}
