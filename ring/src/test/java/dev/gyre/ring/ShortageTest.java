package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Processes;
import dev.gyre.linux.ResourceLimit;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a process has no descriptors left, and so can load no further class from a folder. */
class ShortageTest {
    @TempDir
    private Path folder;

    @Test
    void aLoopNeedsNoFurtherClass() throws Exception {
        assertThat(run(WithoutClasses.class)).containsExactly(
                "a callback: NoClassDefFoundError", "a result: 0", "a refusal: -22", "a request to cancel: -125",
                "afterwards: 0");
    }

    /** Runs a program that must end with status 0, with all classes in folders, and returns what it printed. */
    private List<String> run(Class<?> main) throws IOException, InterruptedException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(entry.endsWith(".jar") && Path.of(entry).getFileName().toString().startsWith("gyre-")
                    ? unpacked(Path.of(entry))
                    : entry);
        }
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-cp", String.join(File.pathSeparator, path), main.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the status of %s, which printed:%n%s", main, output).isZero();
        return output.lines().toList();
    }

    private String unpacked(Path jar) throws IOException {
        Path target = Files.createDirectory(folder.resolve(jar.getFileName()));
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
                Path to = target.resolve(entry.getName());
                Files.createDirectories(to.getParent());
                Files.copy(file.getInputStream(entry), to);
            }
        }
        return target.toString();
    }

    /** Its loop was opened in time; one of its callbacks needs a class of its own. */
    static final class WithoutClasses {
        private WithoutClasses() {}

        public static void main(String[] arguments) throws Exception {
            ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
            try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
                int[] results = {1, 1, 1, 1};
                Nop demanding = new Nop(operation -> Needed.greet());
                Nop modest = new Nop(operation -> results[0] = operation.result());
                Timeout timeout = new Timeout(Duration.ofDays(1), operation -> results[1] = operation.result());
                Operation refused = new Operation(operation -> results[3] = operation.result()) {
                    @Override
                    protected void prepare(Submission entry) {
                        entry.operation(Timeout.KIND.opcode(), -1);
                    }

                    @Override
                    public OperationKind kind() {
                        return Timeout.KIND;
                    }
                };
                Nop later = new Nop(operation -> results[2] = operation.result());
                Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum()));
                loop.submit(demanding);
                loop.submit(modest);
                loop.submit(refused);
                loop.submit(timeout);
                try {
                    loop.turn(-1);
                } catch (NoClassDefFoundError missing) {
                    System.out.println("a callback: " + missing.getClass().getSimpleName());
                }
                loop.cancel(timeout);
                while (loop.inFlight() > 0) {
                    loop.turn(-1);
                }
                System.out.println("a result: " + results[0]);
                System.out.println("a refusal: " + results[3]);
                System.out.println("a request to cancel: " + results[1]);
                Processes.setrlimit(Processes.RLIMIT_NOFILE, limit);
                loop.submit(later);
                loop.turn(-1);
                System.out.println("afterwards: " + results[2]);
            }
        }
    }

    /** Not loaded before it is used. */
    private static final class Needed {
        static void greet() {
            System.out.println("a callback: found its class");
        }
    }
}
