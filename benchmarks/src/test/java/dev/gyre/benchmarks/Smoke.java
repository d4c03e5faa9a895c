package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/**
 * A benchmark once with tiny numbers: every figure is there and makes sense. Says nothing about speed. In several
 * classes, so that they run beside one another.
 */
abstract class Smoke {
    /** Reasons for which a contender is left out rightly; anything else is a failure. */
    private static final List<String> LEGITIMATE = List.of("; install the package ", "no io_uring: ");

    @BeforeAll
    static void theLoadGeneratorCanRun() {
        Needs.ioUring();
    }

    @TempDir
    Path output;

    /** Runs a benchmark, checks all that is common, and returns every sample of its JSON. */
    final List<Map<String, Object>> samples(
            String benchmark, List<Contender> known, int scenarios, String... options) throws IOException {
        String subject = quickest(known);
        List<String> arguments = new ArrayList<>(List.of(benchmark));
        Collections.addAll(arguments, options);
        Collections.addAll(arguments, "--smoke", "--subject=" + subject, "--output=" + output);
        Run run = Run.bench(arguments.toArray(String[]::new));

        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, Object> report =
                JSON.std.mapFrom(Files.readString(output.resolve("bench-" + benchmark + ".json")));
        int skipped = skipped(report).size();
        List<Map<String, Object>> comparisons = objects(report.get("comparisons"));
        assertThat(comparisons).hasSize((known.size() - 1 - skipped) * scenarios);
        assertThat(Files.readString(output.resolve("bench-" + benchmark + ".html"))).contains("<svg", "</html>");
        List<Map<String, Object>> samples = new ArrayList<>();
        for (Map<String, Object> comparison : comparisons) {
            assertThat(run.out()).contains(subject + " ÷ " + comparison.get("peer"));
            assertThat(objects(comparison.get("subjectSamples"))).hasSize(1);
            samples.addAll(objects(comparison.get("subjectSamples")));
            samples.addAll(objects(comparison.get("peerSamples")));
        }
        return samples;
    }

    /** The subject is started once for each peer: best the program that is no Java, where it can run. */
    private static String quickest(List<Contender> known) throws IOException {
        Contender quick = known.stream()
                .filter(contender -> List.of("c", "nginx", "nginx-stream", "fio", "redis").contains(contender.name()))
                .findFirst()
                .orElseGet(() -> known.getFirst());
        try (Workshop workshop = Workshop.open()) {
            quick.recipe().prepare(workshop, JavaCommand.fixedHeap());
            return quick.name();
        } catch (Unavailable e) {
            String failed = "skipped " + quick + ": " + e.getMessage();
            System.out.println(failed);
            Assumptions.assumeTrue(known.stream().anyMatch(contender -> contender.name().equals("jdk")), failed);
            return "jdk";
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> skipped(Map<String, Object> report) {
        Map<String, String> skipped = (Map<String, String>) report.get("skipped");
        skipped.forEach((peer, reason) -> {
            System.out.println("skipped " + peer + ": " + reason);
            assertThat(LEGITIMATE).as(peer + ": " + reason).anyMatch(reason::contains);
        });
        return skipped;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object list) {
        return (List<Map<String, Object>>) list;
    }

    static double figure(Map<String, Object> sample, Metric metric) {
        assertThat(sample).containsKey(metric.title());
        return ((Number) sample.get(metric.title())).doubleValue();
    }

    /** What the load generator has measured makes sense. */
    static void assertLoad(Map<String, Object> sample) {
        assertThat(figure(sample, Metric.REQUESTS)).isPositive();
        double p50 = figure(sample, Metric.P50);
        double p99 = figure(sample, Metric.P99);
        assertThat(p50).isPositive();
        assertThat(p99).isGreaterThanOrEqualTo(p50);
        assertThat(figure(sample, Metric.P999)).isGreaterThanOrEqualTo(p99);
        assertThat(figure(sample, Metric.RESIDENT)).isPositive();
        double user = figure(sample, Metric.CPU_USER);
        double kernel = figure(sample, Metric.CPU_KERNEL);
        assertThat(user).isNotNegative();
        assertThat(kernel).isNotNegative();
        assertThat(figure(sample, Metric.CPU)).isBetween(0.999 * (user + kernel), 1.001 * (user + kernel));
        for (Metric share : List.of(Metric.LATE, Metric.SKIPPED, Metric.IDLE)) {
            assertThat(figure(sample, share)).as(share.title()).isBetween(0.0, 100.0);
        }
    }

    /** What a program has counted makes sense. */
    static void assertCounted(Map<String, Object> sample) {
        assertThat(figure(sample, Metric.RATE)).isPositive();
        assertThat(figure(sample, Metric.CPU_EACH)).isNotNegative();
        assertThat(figure(sample, Metric.COLD_RATE)).isNotNegative();
    }
}
