package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.conformance.Rounds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The conformance suite, in a virtual machine in which a fiber is switched out wherever the JDK could block: at such a
 * place nothing may be half done that the loop or another of its fibers looks at. {@link PreemptionAgent} says where
 * that is. Two such machines share the suite, unless a part of it is asked for.
 *
 * <p>{@code -Dgyre.preemption.part} selects tests by a pattern of their unique ids, and {@code
 * -Dgyre.preemption.oneIn} lets one in so many places count.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PreemptionTest {
    /** Half of the suite by the initials of its nested classes, which takes about as long as the other half. */
    private static final String HALF = ".*/\\[nested-class:[A-N].*";

    private static final List<String> PARTS = Optional.ofNullable(System.getProperty("gyre.preemption.part"))
            .map(List::of)
            .orElse(List.of(HALF, "(?!" + HALF + ").*"));

    @TempDir
    private Path folder;

    @BeforeAll
    static void onTheLoop() {
        Assumptions.assumeTrue(VirtualThreads.schedulable(), VirtualThreads.refusal());
    }

    @Test
    void fibersMayBeSwitchedOutWhereverTheJdkMayBlock() throws Exception {
        assertPasses(Integer.getInteger("gyre.preemption.oneIn", 1), 1);
    }

    /** Where each place counts, fibers take turns in much the same order every time. Here they do not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    @Tag("stress")
    void fibersMayBeSwitchedOutAtSomeOfThosePlaces(int seed) throws Exception {
        Rounds.requireStress();
        assertPasses(Integer.getInteger("gyre.preemption.oneIn", 3), seed);
    }

    private void assertPasses(int oneIn, int seed) throws IOException, InterruptedException {
        Path agent = agent();
        List<Run> runs = new ArrayList<>();
        try {
            for (String part : PARTS) {
                runs.add(start(agent, oneIn, seed, part));
            }
            for (Run run : runs) {
                run.assertPasses();
            }
        } finally {
            for (Run run : runs) {
                run.process.destroyForcibly().waitFor();
            }
        }
    }

    private Run start(Path agent, int oneIn, int seed, String part) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + agent,
                "-Dgyre.preemption.oneIn=" + oneIn,
                "-Dgyre.preemption.seed=" + seed));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-Duser.language=en", "-Djava.io.tmpdir=" + folder,
                "-cp", System.getProperty("java.class.path"), PreemptionRun.class.getName(), part));
        Path output = Files.createTempFile(folder, "run", ".txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        return new Run(process, output);
    }

    private record Run(Process process, Path output) {
        void assertPasses() throws IOException, InterruptedException {
            int status = process.waitFor();
            String printed = Files.readString(output);

            assertThat(status).as("the status of a run that printed:%n%s", printed).isZero();
            assertThat(printed.lines())
                    .as("what was printed")
                    .contains("unguarded counts are lost")
                    .anyMatch(line -> line.matches("[1-9]\\d{3,} switches"))
                    .anyMatch(line -> line.matches("[1-9]\\d* tests passed"));
        }
    }

    /** A jar that names the agent, whose class is on the class path. */
    private Path agent() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", PreemptionAgent.class.getName());
        Path jar = folder.resolve("agent.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }
}
