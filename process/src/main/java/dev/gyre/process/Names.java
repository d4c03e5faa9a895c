package dev.gyre.process;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The registered names of a node. */
final class Names {
    private final Map<String, Pid> pids = new ConcurrentHashMap<>();

    /** Refuses what cannot be a name. */
    static void check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a process is empty");
        }
    }

    @Nullable Pid get(String name) {
        return pids.get(name);
    }

    /** Sorted. */
    List<String> all() {
        return pids.keySet().stream().sorted().toList();
    }

    /** Gives a name to a process; null if that is done, or who has it. */
    @Nullable Pid put(String name, Pid pid) {
        return pids.putIfAbsent(name, pid);
    }

    void remove(String name, Pid pid) {
        pids.remove(name, pid);
    }
}
