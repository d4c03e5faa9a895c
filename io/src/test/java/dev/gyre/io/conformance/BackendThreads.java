package dev.gyre.io.conformance;

import java.util.HashSet;
import java.util.Set;

/** Platform threads that belong to some open {@code Io}. */
final class BackendThreads {
    /** It serves the process and not one {@code Io}. */
    private static final String SHARED = "gyre-interrupter";

    private BackendThreads() {}

    static Set<Thread> now() {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("gyre-") && !thread.getName().equals(SHARED)) {
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
