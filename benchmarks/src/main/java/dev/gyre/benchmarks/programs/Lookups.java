package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks names up, each with one address of IPv4 and one of IPv6. Counts the lookups.
 *
 * @param domain of the names
 * @param tasks how many look up at the same time
 * @param distinct whether each name is another one
 */
record Lookups(String domain, int tasks, boolean distinct) implements Program {
    private static final int ADDRESSES = 2;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Platform.Names names = platform.names(!distinct);
        AtomicLong next = new AtomicLong();
        for (int i = 0; i < tasks; i++) {
            platform.start(() -> {
                while (true) {
                    String name = (distinct ? "host-" + next.getAndIncrement() : "host") + "." + domain;
                    int found = names.countAddresses(name);
                    if (found != ADDRESSES) {
                        throw new IOException(name + " has " + found + " addresses");
                    }
                    gauge.count();
                }
            });
        }
    }
}
