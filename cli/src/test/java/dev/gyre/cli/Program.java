package dev.gyre.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for programs of the tests' class path, to be run as processes of their own. */
final class Program {
    /** With this flag, tasks run on the threads of the loops. */
    static final String TASKS_ON_LOOPS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private Program() {}

    /** A class with a main method, with the flags that the launcher would set. */
    static List<String> of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                TASKS_ON_LOOPS,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts it; what it says on standard error is shown. */
    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What runs a command whose standard error is a pipe that is full, and that nobody reads. */
    static List<String> withFullStandardError(Path pipe) {
        return List.of("sh", "-c", """
                mkfifo "$0" && exec 3<>"$0"
                dd if=/dev/zero of="$0" bs=4096 oflag=nonblock 2>/dev/null
                exec "$@" 2>&3
                """, pipe.toString());
    }

    /** Sends it a signal. */
    static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
}
