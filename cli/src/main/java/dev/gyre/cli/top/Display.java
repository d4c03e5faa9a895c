package dev.gyre.cli.top;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Shows a node again and again. */
public final class Display {
    /** So many processes a tree is grown from. */
    private static final int TREE_MAX = 2_000;

    private static final String KEYS =
            "q quit  t tree  order: m mailbox  r messages/s  a received  s sockets  o owned  p pid  space now";

    private final Io io;
    private final ObservedNode node;
    private final PrintWriter out;
    private final Duration interval;
    private Order order;
    private boolean tree;

    /**
     * A display.
     *
     * @param io to wait by
     * @param node to be shown
     * @param out where to
     * @param interval between two looks
     * @param order which processes come first
     * @param tree whether they are shown below those that started them
     */
    public Display(Io io, ObservedNode node, PrintWriter out, Duration interval, Order order, boolean tree) {
        this.io = io;
        this.node = node;
        this.out = out;
        this.interval = interval;
        this.order = order;
        this.tree = tree;
    }

    /**
     * Prints the node once, after an interval, so that it is known how many messages are taken in a second.
     *
     * @param limit at most so many processes
     * @throws IOException if the node ends
     */
    public void once(int limit) throws IOException {
        Snapshot _ = node.ask(order, 0);
        io.sleep(interval);
        lines(limit).forEach(out::println);
        out.flush();
    }

    /**
     * Draws the node on a terminal, until {@code q} is pressed.
     *
     * @throws IOException if the node ends, or there is no terminal
     */
    public void run() throws IOException {
        try (Screen screen = Screen.open(out)) {
            while (true) {
                int[] size = screen.size();
                List<String> lines = lines(size[0] - 3);
                lines.add(1, KEYS);
                screen.draw(lines, size);
                if (!awaitKey(screen)) {
                    return;
                }
            }
        }
    }

    /** Until it is time to draw again. False if that is no more wanted. */
    private boolean awaitKey(Screen screen) throws IOException {
        long end = io.now(Clock.AWAKE).plus(interval).nanoseconds();
        while (io.now(Clock.AWAKE).nanoseconds() < end) {
            int key = io.blocking(screen::key);
            Order chosen = Order.byKey(key);
            if (key == 'q' || key == 'Q') {
                return false;
            } else if (chosen != null) {
                order = chosen;
                return true;
            } else if (key == 't') {
                tree = !tree;
                return true;
            } else if (key == ' ') {
                return true;
            }
        }
        return true;
    }

    private List<String> lines(int limit) throws IOException {
        Snapshot seen = tree ? node.ask(Order.PID, TREE_MAX) : node.ask(order, limit);
        List<String> rows = tree ? View.tree(seen) : View.list(seen);
        List<String> lines = new ArrayList<>(List.of(View.summary(seen), View.header()));
        lines.addAll(rows.subList(0, Math.min(rows.size(), Math.max(limit, 0))));
        return lines;
    }
}
