package dev.gyre.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Subject divided by peer over the pairs of a comparison.
 *
 * @param median of the pairs' ratios
 * @param least of them
 * @param greatest of them
 */
record Ratio(double median, double least, double greatest) {
    /**
     * The ratios of values measured in pairs.
     *
     * @param subject as many values as {@code peer}, at least one
     */
    static Ratio of(List<Double> subject, List<Double> peer) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < subject.size(); i++) {
            ratios.add(subject.get(i) / peer.get(i));
        }
        ratios.sort(null);
        return new Ratio(median(ratios), ratios.getFirst(), ratios.getLast());
    }

    /** The middle value; of an even number of values the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
