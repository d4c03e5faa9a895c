package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to sockets, pipes and attributes, the simulated kernel answers as the one that runs the tests. */
@Tag("S2")
final class KernelComparisonTest {
    private static final int STEPS = 300;

    /** So often a script is begun anew where the real kernel's answers tell nothing. */
    private static final int RUNS_MAX = 10;

    private interface Maker {
        ComparedScript make(Io io, String folder) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("T14")
    void datagrams(long seed, @TempDir Path folder) throws Exception {
        compare(seed, folder, (io, path) -> new DatagramScript(io, seed, path));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("T13")
    void connections(long seed, @TempDir Path folder) throws Exception {
        compare(seed, folder, (io, path) -> new StreamScript(io, seed, path));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("T11")
    void attributesAndPipes(long seed, @TempDir Path folder) throws Exception {
        compare(seed, folder, (io, path) -> new AttributeScript(io, seed, path));
    }

    private static void compare(long seed, Path folder, Maker maker) throws Exception {
        List<String> simulated = List.of();
        List<String> real = List.of();
        int same = 0;
        for (int i = 0; i < RUNS_MAX && isInconclusive(real, same); i++) {
            String path = Files.createDirectory(folder.resolve("top" + i)).toString();
            simulated = Simulation.run(
                    SimulationOptions.ofSeed(seed), io -> run(io, path, maker)).value().answers();
            ComparedScript script;
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"))) {
                script = run(io, path, maker);
            }
            real = script.isAmbiguous() ? List.of() : script.answers();
            same = 0;
            while (same < Math.min(STEPS, real.size()) && simulated.get(same).equals(real.get(same))) {
                same++;
            }
        }
        assertThat(real).as("the kernel does not choose ports again").isNotEmpty();
        if (same < STEPS) {
            assertThat(simulated.get(same)).as("seed %d, step %d", seed, same).isEqualTo(real.get(same));
        }
    }

    /** Whether the first answer that differs is one of a machine that was busy with something else. */
    private static boolean isInconclusive(List<String> real, int same) {
        return real.isEmpty() || (same < STEPS && real.get(same).endsWith(ComparedScript.WAITS));
    }

    private static ComparedScript run(Io io, String path, Maker maker) throws Exception {
        ComparedScript script = maker.make(io, path);
        script.run(STEPS);
        return script;
    }
}
