package dev.gyre.process;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What one who looks at a node is told, and was told last. */
final class Survey {
    /** So many processes are told of at once. */
    static final int LIMIT_MAX = 10_000;

    private final Processes node;

    /** Numbers of processes, and how many messages they had taken in, at the last question. */
    private long[] numbers = {};

    private long[] counts = {};
    private long nanos;

    /** A process at this moment. */
    private record Seen(ControlBlock block, long messages, long received, long recently) {}

    Survey(Processes node) {
        this.node = node;
    }

    /** The answer to a question, whole lines. */
    String answer(String question) {
        String[] words = question.split(" ", -1);
        if (words.length != 3 || !words[0].equals("top")) {
            return "error\ta question is: top ORDER LIMIT\n.\n";
        }
        Comparator<Seen> order;
        int limit;
        try {
            order = order(words[1]);
            limit = Integer.parseInt(words[2]);
        } catch (IllegalArgumentException unknown) {
            return "error\t" + clean(String.valueOf(unknown.getMessage())) + "\n.\n";
        }
        return lines(order, Math.clamp(limit, 0, LIMIT_MAX));
    }

    private static Comparator<Seen> order(String name) {
        ToLongFunction<Seen> most = switch (name) {
            case "messages" -> Seen::messages;
            case "received" -> Seen::received;
            case "rate" -> Seen::recently;
            case "resources" -> seen -> seen.block.resources();
            case "sockets" -> seen -> seen.block.sockets();
            case "pid" -> seen -> 0;
            default -> throw new IllegalArgumentException("unknown order " + name);
        };
        return Comparator.comparingLong(most).reversed().thenComparing(seen -> seen.block.pid);
    }

    private String lines(Comparator<Seen> order, int limit) {
        List<ControlBlock> blocks = node.blocks();
        long now = node.nanoTime();
        double seconds = nanos == 0 ? 0 : (now - nanos) / 1e9;
        long[] newNumbers = new long[blocks.size()];
        long[] newCounts = new long[blocks.size()];
        PriorityQueue<Seen> top = new PriorityQueue<>(order.reversed());
        long messages = 0;
        long recently = 0;
        int old = 0;
        for (int i = 0; i < newNumbers.length; i++) {
            ControlBlock block = blocks.get(i);
            long number = block.pid.number();
            long received = block.received();
            newNumbers[i] = number;
            newCounts[i] = received;
            while (old < numbers.length && numbers[old] < number) {
                old++;
            }
            long before = old < numbers.length && numbers[old] == number ? counts[old] : 0;
            Seen seen = new Seen(block, block.length(), received, nanos == 0 ? 0 : Math.max(0, received - before));
            messages += seen.messages;
            recently += seen.recently;
            top.add(seen);
            if (top.size() > limit) {
                top.remove();
            }
        }
        numbers = newNumbers;
        counts = newCounts;
        nanos = now;
        String shown = top.stream().sorted(order).map(seen -> line(seen, seconds)).collect(Collectors.joining());
        return "node\t" + newNumbers.length + "\t" + messages + "\t" + rate(recently, seconds) + "\t" + clean(program())
                + "\n" + shown + ".\n";
    }

    /** The class that the program began with, or what else the JDK was told to run; its arguments are its own. */
    private static String program() {
        return System.getProperty("sun.java.command", "").split(" ", 2)[0];
    }

    private static String line(Seen seen, double seconds) {
        ProcessInfo info = seen.block.info();
        Pid parent = seen.block.parent;
        return String.join(
                        "\t",
                        info.process().toString(),
                        parent == null ? "" : parent.toString(),
                        clean(info.name().orElse("")),
                        clean(info.label()),
                        state(info.state(), seen.block),
                        Long.toString(seen.messages),
                        Long.toString(seen.received),
                        rate(seen.recently, seconds),
                        Long.toString(info.dropped()),
                        Integer.toString(info.links().size()),
                        Integer.toString(info.monitoredBy().size()),
                        Integer.toString(seen.block.resources()),
                        Integer.toString(info.sockets()))
                + "\n";
    }

    private static String state(ProcessInfo.State state, ControlBlock block) {
        return state == ProcessInfo.State.RUNNING && block.isBlocked()
                ? "blocked"
                : state.name().toLowerCase(Locale.ROOT);
    }

    private static String rate(long count, double seconds) {
        return seconds <= 0 ? "" : String.format(Locale.ROOT, "%.1f", count / seconds);
    }

    /** Without what would end a field or a line, or what a terminal would obey. */
    private static String clean(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
