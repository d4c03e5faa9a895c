package dev.gyre.cli.top;

import dev.gyre.cli.top.Snapshot.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Lines for people of what a node says. */
final class View {
    private static final String HEADER = String.format(
            Locale.ROOT, "%10s %-8s %9s %11s %12s %7s %5s %5s  %s",
            "PID", "STATE", "MAILBOX", "MESSAGES/S", "RECEIVED", "SOCKETS", "OWNS", "LINKS", "PROCESS");

    /** What an idle process takes, and a message that waits, without what they refer to. */
    private static final long PROCESS_BYTES = 1_300;

    private static final long MESSAGE_BYTES = 72;

    private View() {}

    /** The node in one line. */
    static String summary(Snapshot node) {
        return String.format(
                Locale.ROOT, "%s: %,d %s, %,d %s in mailboxes%s, about %s",
                node.program().isEmpty() ? "node" : node.program(),
                node.processes(),
                node.processes() == 1 ? "process" : "processes",
                node.messages(),
                node.messages() == 1 ? "message" : "messages",
                node.rate().isEmpty() ? "" : ", " + node.rate() + " taken in a second",
                bytes(node.processes() * PROCESS_BYTES + node.messages() * MESSAGE_BYTES));
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%,d KiB", bytes >> 10)
                : String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
    }

    /** Names of the columns. */
    static String header() {
        return HEADER;
    }

    /** The processes, in the order in which the node has told them. */
    static List<String> list(Snapshot node) {
        return node.rows().stream().map(row -> line(row, "")).toList();
    }

    /** The processes, each below the one that started it, if that is among them. */
    static List<String> tree(Snapshot node) {
        Map<String, List<Row>> children = new HashMap<>();
        Set<String> known = new HashSet<>();
        node.rows().forEach(row -> known.add(row.pid()));
        List<Row> tops = new ArrayList<>();
        for (Row row : node.rows()) {
            if (known.contains(row.parent())) {
                children.computeIfAbsent(row.parent(), _ -> new ArrayList<>()).add(row);
            } else {
                tops.add(row);
            }
        }
        List<String> lines = new ArrayList<>();
        tops.forEach(top -> grow(lines, top, "", "", children));
        return lines;
    }

    private static void grow(
            List<String> lines, Row row, String branch, String below, Map<String, List<Row>> children) {
        lines.add(line(row, branch));
        List<Row> own = children.getOrDefault(row.pid(), List.of());
        for (int i = 0; i < own.size(); i++) {
            boolean last = i == own.size() - 1;
            grow(lines, own.get(i), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "), children);
        }
    }

    private static String line(Row row, String branch) {
        return String.format(
                Locale.ROOT, "%10s %-8s %9d %11s %12d %7s %5s %5s  %s%s%s",
                row.pid(), row.state(), row.messages(), row.rate(), row.received(), row.sockets(), row.resources(),
                row.links(),
                branch, row.name().isEmpty() ? row.label() : row.name() + " (" + row.label() + ")",
                row.dropped() == 0 ? "" : ", lost " + row.dropped());
    }
}
