package dev.gyre.cli.proxy;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which of the targets that are up is the next connection's. */
public enum Balance {
    /** One after the other. */
    ROUND_ROBIN,
    /** The one with the fewest connections; of several, one after the other. */
    LEAST_CONNECTIONS;

    /**
     * By the name that it prints.
     *
     * @param text for instance {@code round-robin}
     * @return the one with that name
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    public static Balance parse(String text) {
        return Arrays.stream(values())
                .filter(balance -> balance.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of " + names()));
    }

    /**
     * All of them.
     *
     * @return their names with commas between
     */
    public static String names() {
        return Arrays.stream(values()).map(Balance::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
