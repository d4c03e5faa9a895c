package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios that Erlang and this run alike, with the same trace; what differs is told here and in the documents. */
@Tag("P1")
@Tag("P11")
final class OtpTest {
    /** Compiles the scenarios, runs them, and ends. */
    private static final String PROGRAM = """
            {ok, Module, Code} = compile:file("scenarios", [binary, return_errors]),
            {module, Module} = code:load_binary(Module, "scenarios", Code), Module:main(), halt()."""
            .replace('\n', ' ');

    /** What this does where it is not as in Erlang. */
    private static final Map<String, List<String>> DIFFERENCES = Map.of(
            // Erlang says {shutdown,{failed_to_start_child,b,bad}}; here it is the child's own reason.
            "a_child_that_fails_to_start", List.of("failed", "started a", "ended a shutdown", "EXIT bad"));

    private static Process erlang;
    private static Path output;

    /** One start for all; it runs beside the first scenarios. */
    @BeforeAll
    static void startErlang(@TempDir Path directory) throws IOException {
        try (var source = Objects.requireNonNull(OtpTest.class.getResourceAsStream("scenarios.erl"))) {
            Files.copy(source, directory.resolve("scenarios.erl"));
        }
        output = directory.resolve("output");
        try {
            erlang = new ProcessBuilder("erl", "-noshell", "-kernel", "logger_level", "none", "-eval", PROGRAM)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException missing) {
            Assumptions.abort("no Erlang: " + missing.getMessage());
        }
    }

    @AfterAll
    static void endErlang() {
        if (erlang != null) {
            erlang.destroyForcibly();
        }
    }

    @OnEachBackend
    void asInErlang(String backend) throws Exception {
        Map<String, List<String>> here = new LinkedHashMap<>();
        TestNode.once(backend, test -> {
            for (var each : OtpScenarios.all().entrySet()) {
                here.put(each.getKey(), trace(test.node(), each.getValue()));
            }
        });
        Map<String, List<String>> there = erlangTraces();
        there.putAll(DIFFERENCES);
        List<String> different = new ArrayList<>();
        here.forEach((name, trace) -> {
            if (!trace.equals(there.get(name))) {
                different.add(name + ": here " + trace + ", in Erlang " + there.get(name));
            }
        });
        assertThat(different).isEmpty();
        assertThat(here.keySet()).containsExactlyElementsOf(there.keySet());
    }

    /** What is said to be different is. */
    @Test
    void theDifferencesAreThere() throws Exception {
        assertThat(erlangTraces()).hasSizeGreaterThanOrEqualTo(60).allSatisfy((name, trace) -> assertThat(trace)
                .isNotEqualTo(DIFFERENCES.get(name)));
    }

    private static List<String> trace(Processes node, Scene.Scenario scenario) {
        List<String> lines = new ArrayList<>();
        ExitReason reason = node.await(node.spawn(self -> scenario.run(new Scene(self, lines))));
        // It may have ended before anybody waited.
        if (reason != ExitReason.NO_PROCESS && !(reason instanceof ExitReason.Normal)) {
            lines.add("ended " + Scene.text(reason));
        }
        return lines;
    }

    private static Map<String, List<String>> erlangTraces() throws Exception {
        assertThat(erlang.waitFor(60, TimeUnit.SECONDS)).as("erl has ended").isTrue();
        Map<String, List<String>> traces = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
            if (line.startsWith("== ")) {
                lines = new ArrayList<>();
                traces.put(line.substring(3), lines);
            } else {
                lines.add(line);
            }
        }
        return traces;
    }
}
