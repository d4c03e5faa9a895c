package dev.gyre.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Subject and peer, measured in turn.
 *
 * @param scenario what was measured, for instance {@code saturated}
 * @param subject the subject's name
 * @param peer the peer's name
 * @param subjectSamples one for each pair
 * @param peerSamples one for each pair
 */
record Comparison(
        String scenario, String subject, String peer, List<Sample> subjectSamples, List<Sample> peerSamples) {

    /** Subject divided by peer, for the metrics where that says something. */
    Map<Metric, Ratio> ratios() {
        Map<Metric, Ratio> ratios = new EnumMap<>(Metric.class);
        for (Metric metric : subjectSamples.getFirst().figures().keySet()) {
            if (metric.compared()) {
                ratios.put(metric, Ratio.of(values(subjectSamples, metric), values(peerSamples, metric)));
            }
        }
        return ratios;
    }

    /** One metric of several samples. */
    static List<Double> values(List<Sample> samples, Metric metric) {
        return samples.stream()
                .map(sample -> sample.figures().getOrDefault(metric, Double.NaN))
                .toList();
    }
}
