package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios that Erlang and this run alike, with the same trace. What Erlang does is in {@code traces.txt}, made by
 * {@code traces.escript}; where it is installed, it is asked whether it still does. What is different here is in
 * {@code differences.txt}, and explained in the documents.
 */
@Tag("P1")
@Tag("P11")
final class OtpTest {
    private static final List<String> FILES = List.of("traces.escript", "scenarios.erl", "sockets.erl");

    /** Null where Erlang is not installed. */
    private static @Nullable Process erlang;

    private static String missing = "";
    private static Path output;

    /** It runs beside the scenarios here. */
    @BeforeAll
    static void startErlang(@TempDir Path directory) throws IOException {
        for (String file : FILES) {
            try (InputStream source = resource(file)) {
                Files.copy(source, directory.resolve(file));
            }
        }
        output = directory.resolve("output");
        try {
            erlang = new ProcessBuilder("escript", "traces.escript")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException failure) {
            missing = failure.toString();
        }
    }

    @AfterAll
    static void endErlang() {
        if (erlang != null) {
            erlang.destroyForcibly();
        }
    }

    /** What Erlang has printed: its release, and the trace of each scenario. */
    private record Traces(String release, Map<String, List<String>> all) {
        static Traces of(List<String> output) {
            Map<String, List<String>> traces = new LinkedHashMap<>();
            List<String> trace = new ArrayList<>();
            for (String line : output.subList(1, output.size())) {
                if (line.startsWith("== ")) {
                    trace = new ArrayList<>();
                    traces.put(line.substring(3), trace);
                } else {
                    trace.add(line);
                }
            }
            return new Traces(output.getFirst(), traces);
        }

        static Traces committed(String file) throws IOException {
            try (var lines = new BufferedReader(new InputStreamReader(resource(file), StandardCharsets.UTF_8))) {
                return of(lines.readAllLines());
            }
        }

        /** Where others are not the same. */
        List<String> differences(Map<String, List<String>> others) {
            List<String> different = new ArrayList<>();
            others.forEach((name, trace) -> {
                if (!trace.equals(all.get(name))) {
                    different.add(name + ": " + trace + ", in " + release + " " + all.get(name));
                }
            });
            return different;
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
        Traces there = Traces.committed("traces.txt");
        there.all.putAll(Traces.committed("differences.txt").all);
        assertThat(there.differences(here)).isEmpty();
        assertThat(here.keySet()).containsExactlyElementsOf(there.all.keySet());
    }

    /** What is said to be different is. */
    @Test
    void theDifferencesAreThere() throws Exception {
        Traces there = Traces.committed("traces.txt");
        assertThat(there.all).hasSizeGreaterThanOrEqualTo(90);
        assertThat(Traces.committed("differences.txt").all).allSatisfy((name, trace) -> assertThat(trace)
                .isNotEqualTo(Objects.requireNonNull(there.all.get(name))));
    }

    /** Another release may have other traces: these are told, and no failure. */
    @Test
    void erlangHasTheseTraces() throws Exception {
        Process process = erlang;
        if (process == null) {
            Assumptions.abort("no Erlang: " + missing);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("Erlang has ended").isTrue();
        Traces committed = Traces.committed("traces.txt");
        Traces now = Traces.of(Files.readAllLines(output, StandardCharsets.UTF_8));
        List<String> differences = committed.differences(now.all);
        Assumptions.assumeTrue(
                differences.isEmpty() || now.release.equals(committed.release),
                () -> now.release + " has other traces than " + committed.release + ": " + differences);
        assertThat(differences).isEmpty();
        assertThat(now.all.keySet()).containsExactlyElementsOf(committed.all.keySet());
    }

    private static List<String> trace(Processes node, Scene.Scenario scenario) {
        List<String> lines = new ArrayList<>();
        ExitReason reason = node.run(self -> scenario.run(new Scene(self, lines)));
        if (!(reason instanceof ExitReason.Normal)) {
            lines.add("ended " + Scene.text(reason));
        }
        return lines;
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(OtpTest.class.getResourceAsStream(file), file);
    }
}
