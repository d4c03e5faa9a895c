package dev.gyre.benchmarks;

import tools.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Writes a report to the terminal, as JSON, and as a page with plots. */
final class Documents {
    /** Where the latency curves of the JSON are read off. */
    private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100};

    /** What the columns of a loaded server mean. */
    private static final List<String> NOTES = List.of(
            "CPU: what the kernel accounted to the server's process during the measurement, in steps of 10 ms of all.",
            "Latency counts from when a request was due; without a rate, from when it was sent.",
            "late: due while its connection was busy, and sent afterwards. skipped: given up, a second's worth waited.",
            "lag: how late the generator itself was. load idle: its head-room; near 0 it was the bottleneck, and"
                    + " requests/s flatters the slower.",
            "others: what else ran on this machine or was withheld from it, 100 being one processor: the noise.");

    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0; font-size: 13px; }
            th, td { border-bottom: 1px solid #ccc; padding: .25rem .6rem; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            svg { max-width: 100%; height: auto; }
            """;

    private Documents() {}

    /** The report for the terminal. */
    static String text(Report report) {
        StringBuilder text = new StringBuilder();
        for (String scenario : report.scenarios()) {
            text.append('\n').append(report.benchmark()).append(", ").append(scenario).append("; medians\n");
            text.append(Tables.text(Tables.figures(report, scenario))).append('\n');
            text.append("median of the pairs' ratios (least–greatest)\n");
            text.append(Tables.text(Tables.ratios(report, scenario)));
        }
        for (String note : notes(report)) {
            text.append('\n').append(note);
        }
        report.skipped().forEach((peer, reason) -> text.append("\nskipped ").append(peer).append(": ").append(reason));
        return text.toString();
    }

    /**
     * Writes {@code bench-NAME.json} and {@code bench-NAME.html}.
     *
     * @param directory is made if it does not exist
     * @return the page
     * @throws IOException if they cannot be written
     */
    static Path write(Report report, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("bench-" + report.benchmark() + ".json"), json(report));
        Path page = directory.resolve("bench-" + report.benchmark() + ".html");
        Files.writeString(page, page(report));
        return page;
    }

    private static String json(Report report) throws IOException {
        List<Object> comparisons = new ArrayList<>();
        for (Comparison comparison : report.comparisons()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("scenario", comparison.scenario());
            fields.put("subject", comparison.subject());
            fields.put("peer", comparison.peer());
            fields.put("ratios", names(comparison.ratios()));
            fields.put("subjectSamples", samples(comparison.subjectSamples()));
            fields.put("peerSamples", samples(comparison.peerSamples()));
            comparisons.add(fields);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("benchmark", report.benchmark());
        document.put("settings", report.settings());
        document.put("skipped", report.skipped());
        document.put("comparisons", comparisons);
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(document);
    }

    private static List<Object> samples(List<Sample> samples) {
        List<Object> list = new ArrayList<>();
        for (Sample sample : samples) {
            Map<String, Object> fields = names(sample.figures());
            Histogram latencies = sample.latencies();
            if (latencies != null) {
                Map<String, Double> curve = new LinkedHashMap<>();
                for (double percentile : PERCENTILES) {
                    curve.put(Double.toString(percentile), latencies.getValueAtPercentile(percentile) / 1e3);
                }
                fields.put("latency µs by percentile", curve);
            }
            list.add(fields);
        }
        return list;
    }

    private static Map<String, Object> names(Map<Metric, ?> byMetric) {
        Map<String, Object> byName = new LinkedHashMap<>();
        byMetric.forEach((metric, value) -> byName.put(metric.title(), value));
        return byName;
    }

    private static String page(Report report) throws IOException {
        StringBuilder body = new StringBuilder();
        for (String scenario : report.scenarios()) {
            body.append("<h2>").append(escape(scenario)).append("</h2>\n");
            body.append("<p>Medians.</p>\n").append(table(Tables.figures(report, scenario)));
            body.append("<p>Median of the pairs' ratios (least–greatest).</p>\n");
            body.append(table(Tables.ratios(report, scenario)));
            body.append(Plots.svg(report, scenario));
        }
        for (String note : notes(report)) {
            body.append("<p>").append(escape(note)).append("</p>\n");
        }
        report.skipped().forEach((peer, reason) ->
                body.append("<p>Skipped ").append(escape(peer)).append(": ").append(escape(reason)).append("</p>\n"));
        StringBuilder settings = new StringBuilder();
        report.settings().forEach((name, value) -> settings.append("<tr><td>").append(escape(name))
                .append("</td><td>").append(escape(value)).append("</td></tr>\n"));
        String title = "gyre bench " + report.benchmark();
        return String.format(
                Locale.ROOT,
                """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>%s</title><style>%s</style></head>
                <body>
                <h1>%s</h1>
                <table>%s</table>
                %s
                </body>
                </html>
                """,
                title, STYLE, title, settings, body);
    }

    private static List<String> notes(Report report) {
        boolean loaded = report.comparisons().stream()
                .anyMatch(comparison -> comparison.subjectSamples().getFirst().figures().containsKey(Metric.IDLE));
        return loaded ? NOTES : List.of();
    }

    private static String table(List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<table>\n");
        for (int i = 0; i < rows.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            html.append("<tr>");
            for (String text : rows.get(i)) {
                html.append('<').append(cell).append('>').append(escape(text)).append("</").append(cell).append('>');
            }
            html.append("</tr>\n");
        }
        return html.append("</table>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
