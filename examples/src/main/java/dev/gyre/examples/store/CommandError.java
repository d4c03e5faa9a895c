package dev.gyre.examples.store;

import java.io.Serial;

/** The answer to a command that cannot be carried out, which has then changed nothing. Without a stack trace. */
final class CommandError extends RuntimeException {
    static final CommandError NOT_AN_INTEGER = new CommandError("ERR value is not an integer or out of range");
    static final CommandError SYNTAX = new CommandError("ERR syntax error");

    @Serial
    private static final long serialVersionUID = 1;

    /** With the code and the text that the client gets. */
    CommandError(String answer) {
        super(answer, null, false, false);
    }

    String answer() {
        return getMessage();
    }

    static CommandError arguments(String command) {
        return new CommandError("ERR wrong number of arguments for '" + command + "' command");
    }
}
