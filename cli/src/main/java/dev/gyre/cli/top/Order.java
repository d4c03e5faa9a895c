package dev.gyre.cli.top;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which processes are shown first. */
public enum Order {
    /** Those with the longest mailboxes. */
    MESSAGES('m'),
    /** Those that took in most messages lately. */
    RATE('r'),
    /** Those that took in most messages ever. */
    RECEIVED('a'),
    /** Those that own most, without sockets. */
    RESOURCES('o'),
    /** Those that own most sockets. */
    SOCKETS('s'),
    /** Those that were started first. */
    PID('p');

    private final char key;

    Order(char key) {
        this.key = key;
    }

    /**
     * All, as they are written.
     *
     * @return between commas
     */
    public static String names() {
        return Stream.of(values()).map(Order::toString).collect(Collectors.joining(", "));
    }

    /** The one whose key was pressed, or null. */
    static @Nullable Order byKey(int key) {
        return Stream.of(values()).filter(order -> order.key == key).findFirst().orElse(null);
    }

    char key() {
        return key;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
