package dev.gyre.cli.copy;

import dev.gyre.io.IoException;
import java.util.ArrayList;
import java.util.List;

/** What went wrong, file by file. All are counted, and the first {@value #SHOWN_MAX} remembered. */
public final class Problems {
    /** How many are remembered. */
    public static final int SHOWN_MAX = 100;

    private final List<String> first = new ArrayList<>();
    private long count;

    /** None yet. */
    Problems() {}

    /** Adds one, as a line that stands alone. */
    synchronized void add(String path, String what) {
        count++;
        if (first.size() < SHOWN_MAX) {
            first.add(Names.shown(path) + ": " + what);
        }
    }

    /** Adds a failure of the kernel's. */
    void add(String path, IoException failure) {
        add(path, failure.operation().verb() + ": " + failure.reason().text());
    }

    /**
     * How many there were.
     *
     * @return 0 or more
     */
    public synchronized long count() {
        return count;
    }

    /**
     * The first of them.
     *
     * @return lines without an end
     */
    public synchronized List<String> first() {
        return List.copyOf(first);
    }
}
