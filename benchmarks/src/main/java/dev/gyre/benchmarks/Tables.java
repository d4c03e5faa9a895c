package dev.gyre.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a report in rows and columns of text. */
final class Tables {
    private Tables() {}

    /** Each contender's figures in one scenario: the medians of its samples. The first row names the columns. */
    static List<List<String>> figures(Report report, String scenario) {
        List<List<String>> rows = new ArrayList<>();
        report.samples(scenario).forEach((contender, samples) -> {
            if (rows.isEmpty()) {
                List<String> head = new ArrayList<>(List.of(""));
                samples.getFirst().figures().keySet().forEach(metric -> head.add(metric.title()));
                rows.add(head);
            }
            List<String> row = new ArrayList<>(List.of(contender));
            for (Metric metric : samples.getFirst().figures().keySet()) {
                double median = Ratio.median(Comparison.values(samples, metric));
                row.add(String.format(Locale.ROOT, "%,." + metric.decimals() + "f", median));
            }
            rows.add(row);
        });
        return rows;
    }

    /** Subject divided by each peer in one scenario: median, least and greatest. The first row names the columns. */
    static List<List<String>> ratios(Report report, String scenario) {
        List<List<String>> rows = new ArrayList<>();
        for (Comparison comparison : report.comparisons(scenario)) {
            Map<Metric, Ratio> ratios = comparison.ratios();
            if (rows.isEmpty()) {
                List<String> head = new ArrayList<>(List.of(""));
                ratios.keySet().forEach(metric -> head.add(metric.title()));
                rows.add(head);
            }
            List<String> row = new ArrayList<>(List.of(comparison.subject() + " ÷ " + comparison.peer()));
            for (Ratio ratio : ratios.values()) {
                row.add(String.format(
                        Locale.ROOT, "%.2f (%.2f–%.2f)", ratio.median(), ratio.least(), ratio.greatest()));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Rows as lines, the first column aligned to the left, the others to the right. */
    static String text(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(row.getFirst()).repeat(' ', widths[0] - row.getFirst().length());
            for (int i = 1; i < columns; i++) {
                text.repeat(' ', 2 + widths[i] - row.get(i).length()).append(row.get(i));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
