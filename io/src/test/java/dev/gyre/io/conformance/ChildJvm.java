package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java virtual machine of its own, for what would not leave this one as it was. */
public final class ChildJvm {
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    private ChildJvm() {}

    /** Runs the main method of a class, which must end with status 0, and returns what it printed. */
    public static List<String> run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(List.of(), List.of(COLLECTOR), main, arguments);
    }

    /** The same with a heap of at most so many MiB. */
    public static List<String> runWithHeap(int size, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), List.of("-Xmx" + size + "m", COLLECTOR), main, arguments);
    }

    /**
     * The same for a program whose threads meet a heap that a {@link Hoarder} fills. The small collector has stood
     * still for ever there, in the virtual machine's GCLocker (25.0.1); G1 does without that.
     */
    public static List<String> runWithHoarder(Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), List.of("-Xmx" + Hoarder.HEAP_MIB + "m", "-XX:+UseG1GC"), main, arguments);
    }

    /** The same with at most so many descriptors. */
    public static List<String> runWithDescriptors(int count, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> starter = List.of("sh", "-c", "ulimit -n " + count + "; exec \"$@\"", "sh");
        return run(starter, List.of(COLLECTOR), main, arguments);
    }

    /** The same in a network of its own, which a shell prepares; skipped where nobody may make one. */
    static List<String> runInNetwork(String preparation, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return runOrSkip(
                List.of("unshare", "--net", "sh", "-c", preparation + " && exec \"$@\"", "sh"), main, arguments);
    }

    /** The same where it may mount what nobody else sees, which is gone with it; skipped where nobody may do so. */
    public static List<String> runWithMounts(Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return runOrSkip(List.of("unshare", "--user", "--map-root-user", "--mount"), main, arguments);
    }

    private static List<String> runOrSkip(List<String> starter, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> probe = new ArrayList<>(starter);
        probe.add("true");
        Process probing = new ProcessBuilder(probe).redirectErrorStream(true).start();
        String refusal = new String(probing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (probing.waitFor() != 0) {
            throw Skip.because(String.join(" ", probe), refusal);
        }
        return run(starter, List.of(COLLECTOR), main, arguments);
    }

    /** The same in a process that has inherited that it ignores the ends of its children. */
    static List<String> runIgnoringChildren(Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of("sh", "-c", "trap '' CHLD; exec \"$@\"", "sh"), List.of(COLLECTOR), main, arguments);
    }

    private static List<String> run(List<String> starter, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-Duser.language=en", "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the status of %s, which printed:%n%s", main, output).isZero();
        return output.lines().toList();
    }
}
