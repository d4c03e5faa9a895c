package dev.gyre.cli.top;

import java.util.ArrayList;
import java.util.List;

/**
 * A node at a moment.
 *
 * @param processes how many it has
 * @param messages how many are in all mailboxes
 * @param rate messages taken in a second, as text; empty in the first snapshot
 * @param program what the node is part of
 * @param rows the processes that were asked for, in the order that was
 */
record Snapshot(long processes, long messages, String rate, String program, List<Row> rows) {
    /**
     * A process. What is not a number to the display is text, as the node says it.
     *
     * @param pid as {@code <12>}
     * @param parent who started it; empty for nobody
     * @param name under which it is registered, or empty
     * @param label where its function was written
     */
    record Row(
            String pid,
            String parent,
            String name,
            String label,
            String state,
            long messages,
            long received,
            String rate,
            long dropped,
            String links,
            String watchers,
            String resources,
            String sockets) {
        private static final int FIELDS = 13;

        static Row parse(String line) {
            String[] fields = line.split("\t", -1);
            if (fields.length < FIELDS) {
                throw new IllegalArgumentException(line);
            }
            return new Row(
                    fields[0], fields[1], fields[2], fields[3], fields[4], Long.parseLong(fields[5]),
                    Long.parseLong(fields[6]), fields[7], Long.parseLong(fields[8]), fields[9], fields[10], fields[11],
                    fields[12]);
        }
    }

    /**
     * Reads an answer.
     *
     * @param lines without the last, which is a dot
     * @throws IllegalArgumentException if they are none
     */
    static Snapshot parse(List<String> lines) {
        String[] node = lines.isEmpty() ? new String[0] : lines.getFirst().split("\t", -1);
        if (node.length < 5 || !node[0].equals("node")) {
            throw new IllegalArgumentException(lines.isEmpty() ? "nothing" : lines.getFirst());
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            rows.add(Row.parse(line));
        }
        return new Snapshot(Long.parseLong(node[1]), Long.parseLong(node[2]), node[3], node[4], rows);
    }
}
