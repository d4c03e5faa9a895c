package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Directory;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to files and folders, the simulated kernel answers as the real one that runs the test. */
@Tag("S1")
@Tag("T11")
final class HostComparisonTest {
    private static final int STEPS = 4000;

    /** The folder is so deep that what {@code ..} leads to is ours as well. */
    private static final String TOP = "n/".repeat(20) + "top";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 126, 138})
    void answersAreTheSame(long seed, @TempDir Path folder) throws Exception {
        String path = folder.toRealPath().resolve(TOP).toString();
        List<String> real;
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"));
                Directory top = io.currentDirectory().makeOpenPath(path)) {
            real = FileScript.run(top, seed, STEPS);
        }
        List<String> simulated = Simulation.run(SimulationOptions.ofSeed(seed), io -> {
            try (Directory top = io.currentDirectory().makeOpenPath(path)) {
                return FileScript.run(top, seed, STEPS);
            }
        }).value();
        for (int i = 0; i < STEPS; i++) {
            assertThat(simulated.get(i)).as("seed %d, step %d", seed, i).isEqualTo(real.get(i));
        }
    }
}
