package dev.gyre.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of jcstress, which are the other classes here, each for a moment; with
 * {@code -Dgyre.jcstress="-m default"}, or other options of jcstress, for longer.
 */
@Tag("jcstress")
final class JcstressTest {
    private static final @Nullable String ASKED = System.getProperty("gyre.jcstress");

    private static final String SHORT = "-m quick -f 1 -iters 1 -time 50 -strideSize 10 -strideCount 10 -sc false"
            + " -af NONE -jvmArgs -XX:+UseSerialGC";

    private static final String FLAGS = "--enable-native-access=ALL-UNNAMED -Xmx256m";

    /** One that hangs has failed; a long run takes hours. */
    private static final long MINUTES_MAX = ASKED == null ? 10 : 24 * 60;

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
        boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String printed = Files.readString(output);
        assertThat(ended).as("jcstress comes to an end; it printed:%n%s", printed).isTrue();
        assertThat(process.exitValue()).as("the status of jcstress, which printed:%n%s", printed).isZero();
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
        command.addAll(List.of((ASKED == null ? SHORT : ASKED).split(" ")));
        return command;
    }
}
