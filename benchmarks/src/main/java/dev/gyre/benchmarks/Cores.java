package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which processors the processes of a benchmark are pinned to.
 *
 * @param server what to put before a server's command; empty if it is not pinned
 * @param load what to put before the load generator's command; empty if it is not pinned
 * @param description for the report
 */
record Cores(List<String> server, List<String> load, String description) {
    private static final String ALLOWED = "Cpus_allowed_list:";

    /**
     * The first two processors that this process may use: the server's and the generator's.
     *
     * @throws IOException if {@code /proc/self/status} cannot be read
     */
    static Cores choose() throws IOException {
        List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            return new Cores(List.of(), List.of(), "not pinned: there is one processor only");
        }
        if (Tools.find("taskset").isEmpty()) {
            return new Cores(
                    List.of(), List.of(), "not pinned: no taskset on the PATH; install the package util-linux");
        }
        int server = allowed.get(0);
        int load = allowed.get(1);
        return new Cores(
                List.of("taskset", "-c", Integer.toString(server)),
                List.of("taskset", "-c", Integer.toString(load)),
                "server on processor " + server + ", load on processor " + load);
    }

    private static List<Integer> allowed() throws IOException {
        String list = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip())
                .findFirst()
                .orElse("0");
        List<Integer> processors = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int processor = Integer.parseInt(ends[0]); processor <= last; processor++) {
                processors.add(processor);
            }
        }
        return processors;
    }
}
