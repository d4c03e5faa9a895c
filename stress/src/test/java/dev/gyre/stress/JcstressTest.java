package dev.gyre.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of jcstress, which are the other classes here, each for a moment; with
 * {@code -Dgyre.jcstress="-m default"}, or other options of jcstress, for longer.
 */
@Tag("jcstress")
final class JcstressTest {
    private static final String OPTIONS = System.getProperty(
            "gyre.jcstress",
            "-m quick -f 1 -iters 1 -time 100 -strideSize 10 -strideCount 10 -sc false -af NONE"
                    + " -jvmArgs -XX:+UseSerialGC");

    private static final String FLAGS = "--enable-native-access=ALL-UNNAMED -Xmx256m";

    /** The only tests that need a ring. */
    private static final String ALL_BUT_LOOPS = "^(?!.*LoopThreadStress).*";

    @Test
    void nothingForbiddenHappens() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "two actors need two processors");
        Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command(folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String printed = Files.readString(output);
        assertThat(status).as("the status of jcstress, which printed:%n%s", printed).isZero();
        assertThat(printed).contains("Failed tests: No matches").doesNotContain("All remaining tests: No matches");
    }

    private static List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-jvmArgsPrepend",
                FLAGS,
                "-r",
                folder.toString()));
        command.addAll(List.of(OPTIONS.split(" ")));
        String refusal = refusal();
        if (refusal != null) {
            System.out.println("jcstress leaves the loops out, for there is no ring here: " + refusal);
            command.addAll(List.of("-t", ALL_BUT_LOOPS));
        }
        return command;
    }

    /** Why there is no ring, or null if there is. */
    private static @Nullable String refusal() {
        try (Loop _ = Loop.open(RingOptions.DEFAULT)) {
            return null;
        } catch (RingException refused) {
            return refused.getMessage();
        }
    }
}
