package dev.gyre.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What to run as a child, and how. A value: each method makes another one.
 *
 * <pre>{@code
 * Command sort = Command.of("sort", "-n").withInput(Stdio.PIPE).withOutput(Stdio.PIPE);
 * }</pre>
 *
 * <p>Without further wishes a child reads nothing, and writes output and errors where this process writes its own: what
 * it prints is seen, and not lost; and it does not have to be read, whereas a child with a pipe that nobody reads stops
 * when some 64 KiB are in there.
 *
 * @param program a path, if it has a slash: a relative one starts at the child's working directory. Otherwise a name
 *     that is looked for in the folders of the child's {@code PATH}, as execvp(3) does: in {@code /bin} and
 *     {@code /usr/bin} where there is none
 * @param arguments those after the program's name
 * @param inheritsEnvironment whether the child has this process's variables, as far as {@code variables} does not say
 *     otherwise
 * @param variables what else it has, by name; without a value for what it does not have
 * @param directory the open folder that {@code path} starts at; empty for the current one of this process
 * @param path the working directory; empty for {@code directory} itself
 * @param input what it reads
 * @param output what it writes
 * @param error where it writes errors and the like
 * @param atClose what {@link Child#close()} does to a child that runs
 */
public record Command(
        String program, List<String> arguments, boolean inheritsEnvironment, Map<String, Optional<String>> variables,
        Optional<Directory> directory, Optional<String> path, Stdio input, Stdio output, Stdio error,
        AtClose atClose) {

    /** What happens to a child that still runs when it is closed. */
    public enum AtClose {
        /** It is killed ({@code SIGKILL}), and its end awaited. Not so what it has started itself. */
        KILL,
        /** It goes on. When it ends while this process lives, it leaves nothing behind. */
        LEAVE
    }

    /** Refuses what no program can be given. */
    public Command {
        requireText(program, "program");
        if (program.isEmpty()) {
            throw new IllegalArgumentException("the program has no name");
        }
        arguments = List.copyOf(arguments);
        for (int i = 0; i < arguments.size(); i++) {
            requireText(arguments.get(i), "argument " + (i + 1));
        }
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        variables.forEach(Command::requireVariable);
        path.ifPresent(text -> requireText(text, "working directory"));
        Objects.requireNonNull(directory);
        if (input == Stdio.OUTPUT || output == Stdio.OUTPUT) {
            throw new IllegalArgumentException("only the error stream can be the same as the output");
        }
        Objects.requireNonNull(input);
        Objects.requireNonNull(output);
        Objects.requireNonNull(error);
        Objects.requireNonNull(atClose);
    }

    private static void requireVariable(String name, Optional<String> value) {
        requireText(name, "name of the variable '" + name.replace("\0", "\\0") + "'");
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("a variable cannot have the name '" + name + "'");
        }
        value.ifPresent(text -> requireText(text, "variable " + name));
    }

    /** Programs take text without NUL; an unpaired surrogate stands for a byte that is no UTF-8, or for nothing. */
    private static void requireText(String text, String what) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean pair = Character.isHighSurrogate(each)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (each == 0) {
                throw new IllegalArgumentException("the " + what + " contains a NUL character");
            } else if (Character.isSurrogate(each) && (each < '\udc80' || each > '\udcff')) {
                throw new IllegalArgumentException(
                        "the " + what + " contains an unpaired surrogate that stands for no byte");
            }
        }
    }

    /**
     * A program with its arguments, and everything else as it mostly is: this process's environment and working
     * directory, {@link Stdio#NULL} to read, {@link Stdio#INHERIT} to write, {@link AtClose#KILL}.
     *
     * @param program a path, or a name that is looked for
     * @param arguments those after the program's name; each is one, whatever characters are in it
     * @return the command
     * @throws IllegalArgumentException if there is no name, or a character that no program can be given
     */
    public static Command of(String program, String... arguments) {
        return new Command(program, List.of(arguments), true, Map.of(), Optional.empty(), Optional.empty(), Stdio.NULL,
                Stdio.INHERIT, Stdio.INHERIT, AtClose.KILL);
    }

    /**
     * The same with further arguments.
     *
     * @param more after those that it has
     * @return the command
     */
    public Command withArguments(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new Command(program, all, inheritsEnvironment, variables, directory, path, input, output, error,
                atClose);
    }

    /**
     * The same with these variables and no others.
     *
     * @param only by name; not even {@code PATH} is added
     * @return the command
     * @throws IllegalArgumentException if a name is empty or has a {@code =}, or something a NUL character
     */
    public Command withEnvironment(Map<String, String> only) {
        Map<String, Optional<String>> all = new LinkedHashMap<>();
        only.forEach((name, value) -> all.put(name, Optional.of(value)));
        return new Command(program, arguments, false, all, directory, path, input, output, error, atClose);
    }

    /**
     * The same with a variable, be it instead of one of that name.
     *
     * @param name not empty, without {@code =}
     * @param value its value
     * @return the command
     * @throws IllegalArgumentException if the name is none, or something has a NUL character
     */
    public Command withVariable(String name, String value) {
        return withVariable(name, Optional.of(value));
    }

    /**
     * The same without a variable.
     *
     * @param name not empty, without {@code =}
     * @return the command
     * @throws IllegalArgumentException if the name is none
     */
    public Command withoutVariable(String name) {
        return withVariable(name, Optional.empty());
    }

    private Command withVariable(String name, Optional<String> value) {
        Map<String, Optional<String>> all = new LinkedHashMap<>(variables);
        all.put(name, value);
        return new Command(program, arguments, inheritsEnvironment, all, directory, path, input, output, error,
                atClose);
    }

    /**
     * The same in another working directory.
     *
     * @param newPath as a path of {@link Io#currentDirectory()}
     * @return the command
     */
    public Command withDirectory(String newPath) {
        return new Command(program, arguments, inheritsEnvironment, variables, Optional.empty(), Optional.of(newPath),
                input, output, error, atClose);
    }

    /**
     * The same in another working directory.
     *
     * @param open of the {@link Io} that spawns; must be open when the child is spawned, and not after that
     * @return the command
     */
    public Command withDirectory(Directory open) {
        return new Command(program, arguments, inheritsEnvironment, variables, Optional.of(open), Optional.empty(),
                input, output, error, atClose);
    }

    /**
     * The same with another input.
     *
     * @param newInput not {@link Stdio#OUTPUT}
     * @return the command
     */
    public Command withInput(Stdio newInput) {
        return new Command(program, arguments, inheritsEnvironment, variables, directory, path, newInput, output,
                error, atClose);
    }

    /**
     * The same with another output.
     *
     * @param newOutput not {@link Stdio#OUTPUT}
     * @return the command
     */
    public Command withOutput(Stdio newOutput) {
        return new Command(program, arguments, inheritsEnvironment, variables, directory, path, input, newOutput,
                error, atClose);
    }

    /**
     * The same with another stream for errors.
     *
     * @param newError any
     * @return the command
     */
    public Command withError(Stdio newError) {
        return new Command(program, arguments, inheritsEnvironment, variables, directory, path, input, output,
                newError, atClose);
    }

    /**
     * The same with another end of what still runs.
     *
     * @param newAtClose what {@link Child#close()} does
     * @return the command
     */
    public Command withAtClose(AtClose newAtClose) {
        return new Command(program, arguments, inheritsEnvironment, variables, directory, path, input, output, error,
                newAtClose);
    }

    /** The program and its arguments. What is in the environment is nobody's business. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(program);
        arguments.forEach(argument -> text.append(" '").append(argument).append('\''));
        return text.toString();
    }
}
