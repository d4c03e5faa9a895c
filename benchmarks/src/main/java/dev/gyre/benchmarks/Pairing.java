package dev.gyre.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures a subject against its peers, in turn: A B A B ….
 *
 * <p>For each peer, both are opened anew (so that chance in how a JIT compiled one process does not decide everything),
 * and every scenario is measured for so many pairs. A comparison that cannot be made, or breaks off, is left out with
 * the reason.
 *
 * @param <T> what can be measured, for instance one kind of load
 */
final class Pairing<T> {
    /** A contender that is ready to be measured. */
    interface Candidate<T> extends AutoCloseable {
        /**
         * Measures it.
         *
         * @throws IOException if it fails
         * @throws Unavailable if it cannot run on this machine
         */
        Sample measure(T scenario) throws IOException, Unavailable;

        @Override
        void close();
    }

    /** Makes a contender ready. */
    @FunctionalInterface
    interface Opening<T> {
        /**
         * Starts the contender and warms it up.
         *
         * @throws IOException if it fails
         * @throws Unavailable if it cannot run on this machine
         */
        Candidate<T> open(Contender contender) throws IOException, Unavailable;
    }

    private final Workshop workshop;
    private final Map<String, T> scenarios;
    private final int pairs;
    private final Metric headline;
    private final Opening<T> opening;
    private final PrintWriter progress;

    private final List<Comparison> comparisons = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private boolean failed;

    /**
     * A plan for measuring.
     *
     * @param scenarios by name, at least one
     * @param pairs at least 1
     * @param headline the metric that the lines of progress show
     */
    Pairing(
            Workshop workshop,
            Map<String, T> scenarios,
            int pairs,
            Metric headline,
            Opening<T> opening,
            PrintWriter progress) {
        this.workshop = workshop;
        this.scenarios = scenarios;
        this.pairs = pairs;
        this.headline = headline;
        this.opening = opening;
        this.progress = progress;
    }

    /**
     * Measures everything, telling on the way; blocks until it is done.
     *
     * @throws Unavailable if the subject cannot run on this machine
     * @throws IOException if its files cannot be written
     */
    void run(Contender subject, List<Contender> peers) throws Unavailable, IOException {
        subject.recipe().prepare(workshop, JavaCommand.fixedHeap());
        for (Contender peer : peers) {
            say(subject.name() + " and " + peer.name() + ": starting");
            try (Candidate<T> b = opening.open(peer);
                    Candidate<T> a = opening.open(subject)) {
                for (Map.Entry<String, T> scenario : scenarios.entrySet()) {
                    comparisons.add(compare(scenario, subject, a, peer, b));
                }
            } catch (Unavailable e) {
                skip(peer, e);
            } catch (IOException e) {
                failed = true;
                skip(peer, e);
            }
        }
    }

    /** What was measured. */
    List<Comparison> comparisons() {
        return comparisons;
    }

    /** The peers that were left out, with the reason. */
    Map<String, String> skipped() {
        return skipped;
    }

    /** Whether a contender that can run here broke off. */
    boolean failed() {
        return failed;
    }

    private Comparison compare(
            Map.Entry<String, T> scenario, Contender subject, Candidate<T> a, Contender peer, Candidate<T> b)
            throws IOException, Unavailable {
        List<Sample> subjectSamples = new ArrayList<>();
        List<Sample> peerSamples = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            subjectSamples.add(measure(subject, a, scenario, pair));
            peerSamples.add(measure(peer, b, scenario, pair));
        }
        return new Comparison(scenario.getKey(), subject.name(), peer.name(), subjectSamples, peerSamples);
    }

    private Sample measure(Contender contender, Candidate<T> candidate, Map.Entry<String, T> scenario, int pair)
            throws IOException, Unavailable {
        try {
            Sample sample = candidate.measure(scenario.getValue());
            double value = sample.figures().getOrDefault(headline, Double.NaN);
            say(String.format(
                    Locale.ROOT,
                    "  %s, pair %d of %d: %s %." + headline.decimals() + "f %s",
                    scenario.getKey(),
                    pair,
                    pairs,
                    contender.name(),
                    value,
                    headline.title()));
            return sample;
        } catch (IOException e) {
            throw new IOException(contender.name() + ", " + scenario.getKey() + ": " + e.getMessage(), e);
        }
    }

    private void skip(Contender peer, Exception cause) {
        String reason = String.valueOf(cause.getMessage());
        skipped.put(peer.name(), reason);
        say("skipped " + peer.name() + ": " + reason);
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }
}
