package dev.gyre.benchmarks;

import tools.jackson.jr.ob.JSON;
import dev.gyre.benchmarks.load.Load;
import dev.gyre.benchmarks.load.Measurement;
import dev.gyre.benchmarks.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The load generator's process, one for a whole benchmark. */
final class LoadGenerator implements AutoCloseable {
    private static final String RESULT = "result ";
    private static final String ERROR = "error ";

    /** How long it may take beyond what it was asked for: to connect, and to give up on a server that went silent. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Child child;

    private LoadGenerator(Child child) {
        this.child = child;
    }

    /**
     * Starts it.
     *
     * @throws IOException if java cannot be run
     */
    static LoadGenerator start(Workshop workshop, List<String> cores) throws IOException {
        List<String> command = new ArrayList<>(cores);
        command.addAll(JavaCommand.fixedHeap().program(Load.class.getName(), List.of()));
        return new LoadGenerator(Child.start(command, workshop.errors("load")));
    }

    /**
     * Loads a server and measures it; blocks until that is over.
     *
     * @throws IOException if the server refuses, answers wrongly, or goes silent
     */
    Measurement load(Workload workload) throws IOException {
        String answer = ask("load", workload);
        if (!answer.startsWith(RESULT)) {
            throw new IOException("the load generator answered: " + answer);
        }
        return JSON.std.beanFrom(Measurement.class, answer.substring(RESULT.length()));
    }

    /**
     * Opens connections to a server and has each answered once. They stay open until {@link #release}.
     *
     * @throws IOException if the server refuses or answers wrongly
     */
    void hold(Workload workload) throws IOException {
        ask("hold", workload);
    }

    /** Closes the connections that {@link #hold} opened. */
    void release() throws IOException {
        child.tell("release");
    }

    @Override
    public void close() {
        child.close();
    }

    private String ask(String command, Workload workload) throws IOException {
        child.tell(command + " " + JSON.std.asString(workload));
        Duration expected = Duration.ofNanos(workload.leadNanos() + workload.windowNanos());
        String answer = child.listen(expected.plus(PATIENCE));
        if (answer.startsWith(ERROR)) {
            throw new IOException(answer.substring(ERROR.length()));
        }
        return answer;
    }
}
