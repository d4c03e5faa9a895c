package dev.gyre.io.conformance;

import java.util.HashSet;
import java.util.Set;

/** Platform threads that belong to some open {@code Io}. */
final class BackendThreads {
    /** They serve the process and not one {@code Io}. */
    private static final Set<String> SHARED = Set.of("gyre-interrupter", "gyre-reaper", "gyre-timer");

    private static final String ORPHANS = "gyre-orphans-";

    private BackendThreads() {}

    static Set<Thread> now() {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            if (name.startsWith("gyre-") && !name.startsWith(ORPHANS) && !SHARED.contains(name)) {
                found.add(thread);
            }
        }
        return found;
    }

    static Set<Thread> since(Set<Thread> before) {
        Set<Thread> found = now();
        found.removeAll(before);
        return found;
    }
}
