package dev.gyre.benchmarks;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement of one server showed.
 *
 * @param figures in the order in which they are reported
 * @param latencies in nanoseconds; null where a benchmark has none
 */
record Sample(Map<Metric, Double> figures, @Nullable Histogram latencies) {}
