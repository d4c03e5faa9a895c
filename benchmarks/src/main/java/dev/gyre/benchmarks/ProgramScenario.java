package dev.gyre.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A program that is started for each measurement, measures itself, and prints its figures in one line.
 *
 * @param arguments what it is told
 */
record ProgramScenario(List<String> arguments) {
    /**
     * Starts the programs.
     *
     * @param metrics what each prints, in this order
     */
    record Opening(Workshop workshop, List<Metric> metrics) implements Pairing.Opening<ProgramScenario> {
        @Override
        public Pairing.Candidate<ProgramScenario> open(Contender contender) throws IOException, Unavailable {
            Launch launch = contender.recipe().prepare(workshop, JavaCommand.fixedHeap());
            return new Candidate(this, contender, launch);
        }
    }

    private record Candidate(Opening opening, Contender contender, Launch launch)
            implements Pairing.Candidate<ProgramScenario> {
        @Override
        public Sample measure(ProgramScenario scenario) throws IOException {
            List<String> command = new ArrayList<>(launch.command());
            command.addAll(scenario.arguments);
            try (Child child = Child.start(command, opening.workshop.errors(contender.name()))) {
                String output = child.rest().strip();
                List<String> figures = List.of(output.split(" ", -1));
                if (figures.size() != opening.metrics.size()) {
                    throw new IOException(contender + " printed \"" + output + "\": " + child.complaint());
                }
                Map<Metric, Double> sample = new EnumMap<>(Metric.class);
                for (int i = 0; i < figures.size(); i++) {
                    sample.put(opening.metrics.get(i), Double.valueOf(figures.get(i)));
                }
                return new Sample(sample, null);
            }
        }

        @Override
        public void close() {
            // Nothing stays between measurements.
        }
    }
}
