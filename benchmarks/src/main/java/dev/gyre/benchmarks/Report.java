package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param benchmark its name, as on the command line
 * @param settings what it was run with, for people, in order
 * @param comparisons in the order measured
 * @param skipped peers that were left out, with the reason
 */
record Report(
        String benchmark, Map<String, String> settings, List<Comparison> comparisons, Map<String, String> skipped) {

    /** The machine and the JVM that this runs on, as settings. */
    static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("architecture", System.getProperty("os.arch"));
        environment.put("processor", processor());
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        return environment;
    }

    /** The scenarios' names, in the order measured. */
    List<String> scenarios() {
        return comparisons.stream().map(Comparison::scenario).distinct().toList();
    }

    /** One scenario's comparisons, in the order measured. */
    List<Comparison> comparisons(String scenario) {
        return comparisons.stream().filter(comparison -> comparison.scenario().equals(scenario)).toList();
    }

    /** One scenario's samples by contender: the subject, with its samples from all comparisons, first. */
    Map<String, List<Sample>> samples(String scenario) {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (Comparison comparison : comparisons(scenario)) {
            samples.computeIfAbsent(comparison.subject(), _ -> new ArrayList<>()).addAll(comparison.subjectSamples());
        }
        for (Comparison comparison : comparisons(scenario)) {
            samples.computeIfAbsent(comparison.peer(), _ -> new ArrayList<>()).addAll(comparison.peerSamples());
        }
        return samples;
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
