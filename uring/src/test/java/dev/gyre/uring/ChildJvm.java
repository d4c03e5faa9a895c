package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Seccomp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A Java virtual machine of its own, which the kernel refuses something: a filter cannot be taken off again. */
final class ChildJvm {
    private static final String NO_FILTER = "no filter: ";

    private ChildJvm() {}

    /** Runs the main method of a class, which must end with status 0, and returns what it printed. */
    static List<String> run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Duser.language=en", "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the status of %s, which printed:%n%s", main, output).isZero();
        List<String> lines = output.lines().toList();
        lines.stream().filter(line -> line.startsWith(NO_FILTER)).findFirst().ifPresent(line -> {
            System.out.println("skipped: the probe 'seccomp(2)' answered: " + line);
            throw new TestAbortedException(line);
        });
        return lines;
    }

    /** In the child: lets the kernel answer a system call with an error from now on. */
    static void refuse(int systemCall, Errno errno) {
        int result = Seccomp.refuse(systemCall, errno);
        if (result < 0) {
            System.out.println(NO_FILTER + Errno.describe(-result));
            System.exit(0);
        }
    }
}
