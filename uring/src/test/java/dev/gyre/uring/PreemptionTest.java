package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.conformance.Rounds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * that is.
 *
 * <p>{@code -Dgyre.preemption.part} selects tests by a pattern of their unique ids, and {@code
 * -Dgyre.preemption.oneIn} lets one in so many places count.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PreemptionTest {
    private static final String PART = System.getProperty("gyre.preemption.part", ".*");

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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + agent(),
                "-Dgyre.preemption.oneIn=" + oneIn,
                "-Dgyre.preemption.seed=" + seed));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-Duser.language=en", "-Djava.io.tmpdir=" + folder,
                "-cp", System.getProperty("java.class.path"), PreemptionRun.class.getName(), PART));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as("the status of a run that printed:%n%s", output).isZero();
            assertThat(output.lines())
                    .as("what was printed")
                    .contains("unguarded counts are lost")
                    .anyMatch(line -> line.matches("[1-9]\\d{3,} switches"))
                    .anyMatch(line -> line.matches("[1-9]\\d* tests passed"));
        } finally {
            process.destroyForcibly().waitFor();
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
