package dev.gyre.names;

import dev.gyre.io.IpAddress;
import dev.gyre.io.spi.name.HostName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of hosts (hosts(5)): lines of an address, the name of its host, and aliases. */
final class Hosts {
    static final Hosts EMPTY = new Hosts(Map.of());

    private final Map<String, Host> byName;

    /**
     * What the table says of a name.
     *
     * @param canonicalName the first name of the first line that has it
     * @param addresses those of all lines that have it, in their order
     */
    record Host(String canonicalName, List<IpAddress> addresses) {}

    private Hosts(Map<String, Host> byName) {
        this.byName = byName;
    }

    /** Lines that are none are passed over, as the C library does. */
    static Hosts parse(String text) {
        Map<String, Host> byName = new HashMap<>();
        text.lines().forEach(line -> addLine(byName, line));
        return new Hosts(byName);
    }

    private static void addLine(Map<String, Host> byName, String line) {
        int comment = line.indexOf('#');
        String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
        if (words.length < 2) {
            return;
        }
        IpAddress address;
        try {
            address = IpAddress.parse(words[0], 0);
        } catch (IllegalArgumentException _) {
            return;
        }
        for (int i = 1; i < words.length; i++) {
            byName.computeIfAbsent(HostName.plain(words[i]), _ -> new Host(words[1], new ArrayList<>(1)))
                    .addresses()
                    .add(address);
        }
    }

    /** Null if the table has no such name. */
    @Nullable Host find(String host) {
        return byName.get(HostName.plain(host));
    }
}
