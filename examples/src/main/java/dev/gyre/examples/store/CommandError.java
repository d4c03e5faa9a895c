package dev.gyre.examples.store;

import java.io.Serial;

/** The answer to a command that cannot be carried out, which has then changed nothing. Without a stack trace. */
final class CommandError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String answer;

    /** With the code and the text that the client gets. */
    CommandError(String answer) {
        super(answer, null, false, false);
        this.answer = answer;
    }

    String answer() {
        return answer;
    }

    static CommandError notAnInteger() {
        return new CommandError("ERR value is not an integer or out of range");
    }

    static CommandError syntax() {
        return new CommandError("ERR syntax error");
    }

    static CommandError arguments(String command) {
        return new CommandError("ERR wrong number of arguments for '" + command + "' command");
    }
}
