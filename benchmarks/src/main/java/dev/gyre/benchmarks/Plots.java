package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.Latencies;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of a scenario as SVG, to stand in a page. */
final class Plots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 380;
    private static final Pattern BEYOND_HUNDREDTHS = Pattern.compile("(\\d\\.\\d\\d)\\d+");
    /** Eight that people with any colour vision tell apart (Okabe and Ito). */
    private static final Color[] COLORS = Stream.of(
                    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0xF0E442)
            .map(Color::new)
            .toArray(Color[]::new);

    private static final int DECADES_MAX = 5;
    private static final int STEPS_PER_DECADE = 20;

    private Plots() {}

    /**
     * The deciding metrics as bars with their spread, then the latency curves where there are any.
     *
     * @throws IOException if a plot cannot be drawn
     */
    static String svg(Report report, String scenario) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Map<String, List<Sample>> samples = report.samples(scenario);
        StringBuilder svg = new StringBuilder();
        List<Sample> first = samples.values().iterator().next();
        for (Metric metric : first.getFirst().figures().keySet()) {
            if (metric.plotted()) {
                svg.append(draw(bars(metric, samples)));
            }
        }
        if (first.getFirst().latencies() != null) {
            svg.append(draw(curves(samples)));
        }
        return svg.toString();
    }

    private static CategoryChart bars(Metric metric, Map<String, List<Sample>> samples) {
        List<String> names = new ArrayList<>();
        List<Double> medians = new ArrayList<>();
        List<Double> spreads = new ArrayList<>();
        samples.forEach((contender, taken) -> {
            List<Double> values = Comparison.values(taken, metric);
            names.add(contender);
            medians.add(Ratio.median(values));
            spreads.add((Collections.max(values) - Collections.min(values)) / 2);
        });
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(metric.title() + ": median, half the spread")
                .build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        chart.addSeries(metric.title(), names, medians, spreads);
        return chart;
    }

    /** Latency by how rare it is: 10 is the 90th percentile, 100 the 99th, and so on. */
    private static XYChart curves(Map<String, List<Sample>> samples) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("latency, all samples")
                .xAxisTitle("one in … requests is slower")
                .yAxisTitle("µs")
                .build();
        style(chart.getStyler());
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setXAxisLogarithmicDecadeOnly(true);
        chart.getStyler().setXAxisDecimalPattern("#,##0");
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        samples.forEach((contender, taken) -> {
            Histogram all = Latencies.histogram();
            taken.stream().map(Sample::latencies).filter(Objects::nonNull).forEach(all::add);
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int i = 0; i <= DECADES_MAX * STEPS_PER_DECADE; i++) {
                double oneIn = Math.pow(10, (double) i / STEPS_PER_DECADE);
                x.add(oneIn);
                y.add(Math.max(1, all.getValueAtPercentile(100 - 100 / oneIn)) / 1e3);
            }
            chart.addSeries(contender, x, y).setMarker(SeriesMarkers.NONE);
        });
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setSeriesColors(COLORS);
        styler.setPlotGridLinesColor(Color.LIGHT_GRAY);
        styler.setLocale(Locale.ROOT);
    }

    private static String draw(IChart chart) throws IOException {
        String document = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
        // Text is drawn as outlines, and most of the document is digits that nobody sees.
        String shorter = BEYOND_HUNDREDTHS.matcher(document).replaceAll("$1");
        return shorter.substring(shorter.indexOf("<svg")) + "\n";
    }
}
