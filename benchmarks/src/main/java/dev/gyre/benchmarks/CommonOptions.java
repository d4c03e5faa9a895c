package dev.gyre.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that all benchmarks have, and how all run. */
final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            defaultValue = "gyre",
            description = "What is compared with the peers. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private String subject;

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description = "What it is compared with. Default: all that there are")
    private @Nullable List<String> peers;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often subject and peer are measured in turn. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(
            names = "--smoke",
            description = "Everything once, with tiny numbers: shows that it works, measures nothing")
    private boolean smoke;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "bench-results",
            description = "Where JSON and a page with plots are written. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Path output;

    boolean smoke() {
        return smoke;
    }

    /**
     * Measures, prints the table, and writes JSON and page.
     *
     * @param workshop for the servers' files
     * @param known whom the options may name
     * @param scenarios by name
     * @param headline the metric that the lines of progress show
     * @param settings what the report says about this run
     * @return the exit code
     * @throws IOException if the report cannot be written
     */
    <T> int run(
            Workshop workshop,
            List<Contender> known,
            Map<String, T> scenarios,
            Metric headline,
            Pairing.Opening<T> opening,
            Map<String, String> settings)
            throws IOException {
        List<Contender> selected = select(known);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        Pairing<T> pairing = new Pairing<>(workshop, scenarios, smoke ? 1 : pairs, headline, opening, progress);
        try {
            pairing.run(selected.getFirst(), selected.subList(1, selected.size()));
        } catch (Unavailable e) {
            progress.println(subject + " cannot run here: " + e.getMessage());
            progress.flush();
            return 1;
        }

        Map<String, String> described = new LinkedHashMap<>(settings);
        for (Contender contender : selected) {
            described.put(contender.name(), contender.description());
        }
        described.put("pairs", Integer.toString(smoke ? 1 : pairs));
        described.putAll(Report.environment());
        Report report = new Report(spec.name(), described, pairing.comparisons(), pairing.skipped());
        out.println(Documents.text(report));
        out.println("written: " + Documents.write(report, output).toAbsolutePath());
        out.flush();
        return pairing.failed() || pairing.comparisons().isEmpty() ? 1 : 0;
    }

    /** The subject, then the peers. */
    private List<Contender> select(List<Contender> known) {
        if (pairs < 1) {
            throw new ParameterException(spec.commandLine(), "--pairs must be at least 1, is " + pairs);
        }
        List<String> names = new ArrayList<>(List.of(subject));
        names.addAll(peers != null
                ? peers
                : known.stream().map(Contender::name).filter(name -> !name.equals(subject)).toList());
        try {
            return Contenders.select(known, names);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
