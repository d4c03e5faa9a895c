package dev.gyre.checks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways to start a program on the packaged jars. */
enum ColdStart {
    CLASS_PATH(false, false),
    CLASS_PATH_ON_THE_LOOP(false, true),
    MODULE_PATH(true, false),
    MODULE_PATH_ON_THE_LOOP(true, true);

    private final boolean modules;
    private final boolean onTheLoop;

    ColdStart(boolean modules, boolean onTheLoop) {
        this.modules = modules;
        this.onTheLoop = onTheLoop;
    }

    /** The command line for somebody's program, whose classes lie in a folder. */
    List<String> program(Path classes, String main, String... arguments) {
        List<String> command = java();
        if (modules) {
            command.addAll(List.of(
                    "-p", jars(), "--add-modules", "dev.gyre.process,dev.gyre.uring", "-cp", classes.toString(), main));
        } else {
            command.addAll(List.of("-cp", classes + File.pathSeparator + jars(), main));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command line for the program {@code gyre}. */
    List<String> gyre(String... arguments) {
        List<String> command = java();
        command.addAll(modules
                ? List.of("-p", jars(), "-m", "dev.gyre.cli/dev.gyre.cli.Main")
                : List.of("-cp", jars(), "dev.gyre.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=" + (modules ? "dev.gyre.linux" : "ALL-UNNAMED"));
        if (onTheLoop) {
            command.add("--add-opens=java.base/java.lang=" + (modules ? "dev.gyre.uring" : "ALL-UNNAMED"));
        }
        return command;
    }

    /** All jars that the program {@code gyre} consists of, as a path. */
    static String jars() {
        Path built = Tree.ROOT.resolve("cli/target");
        try (Stream<Path> libraries = Files.list(built.resolve("lib"))) {
            return Stream.concat(Stream.of(built.resolve("gyre-cli.jar")), libraries.sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException("no packaged program; run mvn verify from the root", e);
        }
    }
}
